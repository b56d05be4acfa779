"""Agreement of pairs of raters on the same unit: percent agreement, Fleiss's kappa and Gwet's AC1."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from rankings.agreement.model import probabilities
from rankings.agreement.patterns import Patterns, Rows, of_counts, of_ratings
from rankings.agreement.resampling import Part
from rankings.agreement.result import Agreement, of_patterns
from rankings.checks import Floats
from rankings.errors import RankingError


def percent_agreement(
    ratings: ArrayLike, *, categories: ArrayLike | None = None, model: ArrayLike | None = None
) -> Agreement:
    """Return the share of pairs of raters who rate a unit the same, in the mean of the units.

    A tie is a category like any other: two raters who both answer it agree, a tie and a preference differ. Chance is
    not taken off, so that the value depends on the number of categories and how often each is used.

    Parameters
    ----------
    ratings : float array, shape (n_raters, n_units)
        NaN where a rater did not rate a unit. Units with fewer than two ratings do not enter.
    categories : float array, shape (n_categories,), optional
        The ratings that could be given, in ascending order; by default those that were.
    model : float array, shape (n_units, n_categories), optional
        Each unit's probability of each category under a model, for `expected`.

    Returns
    -------
    Agreement
        `value` is between 0 and 1; `expected` is exact.

    Raises
    ------
    RankingError
        If the ratings are not a matrix of two raters or more, no unit has two ratings, or a rating is infinite or not
        among the categories.

    References
    ----------
    Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., chapter 2.
    """
    patterns = of_ratings(ratings, categories, least=2)
    return _agreement("percent agreement", patterns, (1.0, 0.0), model)


def fleiss_kappa(counts: ArrayLike, *, model: ArrayLike | None = None) -> Agreement:
    """Return Fleiss's kappa: agreement of pairs of raters beyond that of ratings drawn from all units.

    Parameters
    ----------
    counts : int array, shape (n_units, n_categories)
        How many raters put each unit in each category. Where units have different numbers of ratings, each unit counts
        the same; units with one rating enter the chance agreement only.
    model : float array, shape (n_units, n_categories), optional
        Each unit's probability of each category under a model, for `expected`.

    Returns
    -------
    Agreement
        `expected` is one minus the ratio of the exact expected disagreements.

    Raises
    ------
    RankingError
        If the counts are not a matrix of integers of 0 or more, no unit has two ratings, or all are the same.

    References
    ----------
    Fleiss (1971), Psychological Bulletin 76. For differing numbers of ratings: Gwet (2014), Handbook of Inter-Rater
    Reliability, 4th ed., chapter 2.
    """
    return _agreement("Fleiss's kappa", of_counts(counts, least=1), (0.0, 1.0), model)


def gwet_ac1(ratings: ArrayLike, *, categories: ArrayLike | None = None, model: ArrayLike | None = None) -> Agreement:
    """Return Gwet's AC1: agreement of pairs of raters beyond that of raters who guess where they do not know.

    Parameters
    ----------
    ratings : float array, shape (n_raters, n_units)
        NaN where a rater did not rate a unit. Units with one rating enter the chance agreement only.
    categories : float array, shape (n_categories,), optional
        The ratings that could be given, in ascending order; by default those that were. AC1 depends on their number.
    model : float array, shape (n_units, n_categories), optional
        Each unit's probability of each category under a model, for `expected`.

    Returns
    -------
    Agreement
        `expected` is one minus the ratio of the exact expected disagreements.

    Raises
    ------
    RankingError
        If the ratings are not a matrix of two raters or more, no unit has two ratings, there is only one category, or
        a rating is infinite or not among the categories.

    References
    ----------
    Gwet (2008), British Journal of Mathematical and Statistical Psychology 61.
    """
    patterns = of_ratings(ratings, categories, least=1)
    n_categories = len(patterns.values)
    if n_categories < 2:
        raise RankingError("all ratings are the same; name the categories that could be given with categories=")
    return _agreement("Gwet's AC1", patterns, (1.0, -1 / (n_categories - 1)), model)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of ratings of a unit; by chance they differ as a linear function of the spread of all ratings.

    The spread is the probability that two ratings differ if each is drawn from a unit of its own.

    Attributes
    ----------
    multiplicity : float array, shape (n_patterns,)
        Units of each pattern.
    shares : sparse float array, shape (n_patterns, n_values)
        Share of a unit's ratings that have each value.
    paired : float array, shape (n_patterns,)
        1 where a unit has two ratings or more, else 0.
    differ : float array, shape (n_patterns,)
        Share of the unit's pairs that differ, 0 without a pair.
    chance : tuple of float
        Chance disagreement without spread, and how it changes with the spread.
    """

    multiplicity: Floats
    shares: Rows
    paired: Floats
    differ: Floats
    chance: tuple[float, float]

    def parts(self, weights: Floats) -> tuple[Part, Part]:
        n_units = weights.sum(axis=0)
        means = self.shares.T @ weights / n_units
        alike = (means**2).sum(axis=0)
        base, gain = self.chance
        each = base + gain * (1 - alike)
        each_slopes = 2 * gain * (alike - self.shares @ means) / n_units
        n_paired, paired = self.paired @ weights, self.paired[:, None]
        observed = Part(self.differ @ weights, self.differ[:, None])
        return observed, Part(n_paired * each, paired * each + n_paired * each_slopes)


def _agreement(measure: str, patterns: Patterns, chance: tuple[float, float], model: ArrayLike | None) -> Agreement:
    sizes = patterns.sizes
    alike: Floats = (patterns.counts * patterns.counts).sum(axis=1)
    differ = (sizes**2 - alike) / np.maximum(sizes * (sizes - 1), 1)
    shares = csr_array(patterns.counts / sizes[:, None])
    sample = Pairs(patterns.multiplicity, shares, (sizes > 1).astype(float), differ, chance)
    expected = None if model is None else _expected(patterns, chance, model)
    return of_patterns(measure, patterns, sample, expected)


def _expected(patterns: Patterns, chance: tuple[float, float], model: ArrayLike) -> float:
    """Return one minus the ratio of the two disagreements that the model expects."""
    sizes = patterns.unit_sizes
    rows = probabilities(model, len(sizes), len(patterns.values))[sizes > 0]
    sizes = sizes[sizes > 0]
    alike = (rows**2).sum(axis=1)
    luck = ((1 - alike) / sizes).sum() / len(sizes) ** 2
    spread = 1 - (rows.mean(axis=0) ** 2).sum() - luck
    base, gain = chance
    if base + gain * spread <= 0:
        raise RankingError("the model gives every unit the same category; without variation, kappa is undefined")
    return float(1 - (1 - alike[sizes > 1].mean()) / (base + gain * spread))
