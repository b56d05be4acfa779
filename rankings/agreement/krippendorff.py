"""Krippendorff's alpha for nominal, ordinal, interval and ratio ratings, with missing ones."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from rankings.agreement.model import probabilities
from rankings.agreement.patterns import Patterns, Rows, of_ratings
from rankings.agreement.resampling import Part, Sample
from rankings.agreement.result import Agreement, of_patterns
from rankings.agreement.scales import Interval, Nominal, Ratio, Scale
from rankings.checks import Floats
from rankings.errors import RankingError

type Level = Literal["nominal", "ordinal", "interval", "ratio"]


def krippendorff_alpha(
    ratings: ArrayLike,
    level: Level = "nominal",
    *,
    categories: ArrayLike | None = None,
    model: ArrayLike | None = None,
) -> Agreement:
    """Return Krippendorff's alpha: one minus the disagreement within units over that between all ratings.

    Parameters
    ----------
    ratings : float array, shape (n_raters, n_units)
        NaN where a rater did not rate a unit. Units with fewer than two ratings do not enter.
    level : "nominal", "ordinal", "interval" or "ratio"
        How far apart two ratings are: different or not; by the ratings between them in rank; by their difference; or
        by their difference over their sum.
    categories : float array, shape (n_categories,), optional
        The ratings that could be given, in ascending order; by default those that were.
    model : float array, shape (n_units, n_categories), optional
        Each unit's probability of each category under a model, for `expected`.

    Returns
    -------
    Agreement
        `expected` is one minus the ratio of the two expected disagreements, given the number of ratings of each unit:
        exact but for ordinal distances, which are taken at the expected number of ratings of each category.

    Raises
    ------
    RankingError
        If the ratings are not a matrix of two raters or more, no unit has two ratings, all are the same, one is
        infinite or not among the categories, or one on a ratio scale is below 0.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section D.
    """
    patterns = of_ratings(ratings, categories, least=2)
    expected = None if model is None else _expected(patterns, level, model)
    return of_patterns(f"Krippendorff's alpha ({level})", patterns, _sample(patterns, level), expected)


@dataclass(frozen=True, eq=False)
class FixedAlpha:
    """Alpha with distances that do not depend on the ratings drawn.

    Attributes
    ----------
    multiplicity : float array, shape (n_patterns,)
        Units of each pattern.
    counts : sparse float array, shape (n_patterns, n_values)
        Ratings of a unit that have each value.
    scale : Scale
        Distances between the values.
    within : float array, shape (n_patterns,)
        Disagreement within a unit.
    """

    multiplicity: Floats
    counts: Rows
    scale: Scale
    within: Floats

    def parts(self, weights: Floats) -> tuple[Part, Part]:
        totals = self.counts.T @ weights
        observed = Part(self.within @ weights, self.within[:, None])
        return observed, _chance(self.counts, totals, *self.scale.between(totals))


@dataclass(frozen=True, eq=False)
class OrdinalAlpha:
    """Alpha with distances in mean ranks, which move with the ratings drawn.

    Attributes
    ----------
    multiplicity : float array, shape (n_patterns,)
        Units of each pattern.
    counts : sparse float array, shape (n_patterns, n_values)
        Ratings of a unit that have each value.
    share : float array, shape (n_patterns,)
        What a pair of ratings of a unit counts.
    """

    multiplicity: Floats
    counts: Rows
    share: Floats

    def parts(self, weights: Floats) -> tuple[Part, Part]:
        totals = self.counts.T @ weights
        n, cubes = totals.sum(axis=0), (totals**3).sum(axis=0)
        between, slopes = n * (n**3 - cubes) / 6, (4 * n**3 - cubes - 3 * n * totals**2) / 6
        return self._observed(weights, totals), _chance(self.counts, totals, between, slopes)

    def _observed(self, weights: Floats, totals: Floats) -> Part:
        """Return the distances within units; a unit drawn once more moves the ranks of all others too."""
        ranks, share = _mean_ranks(totals), 2 * self.share[:, None]
        sizes: Floats = self.counts.sum(axis=1)[:, None]
        sums = self.counts @ ranks
        within = share * (sizes * (self.counts @ ranks**2) - sums**2)
        pairs = share * weights
        by_rank = 2 * (ranks * (self.counts.T @ (pairs * sizes)) - self.counts.T @ (pairs * sums))
        by_total = np.cumsum(by_rank[::-1], axis=0)[::-1] - by_rank / 2
        return Part((weights * within).sum(axis=0), within + self.counts @ by_total)


def _chance(counts: Rows, totals: Floats, between: Floats, slopes: Floats) -> Part:
    """Return what the distances between all ratings make of pairs drawn without replacement."""
    others = totals.sum(axis=0) - 1
    total = between / others
    return Part(total, counts @ ((slopes - total) / others))


def _sample(patterns: Patterns, level: Level) -> Sample:
    counts, multiplicity = patterns.counts, patterns.multiplicity
    # Every rating counts the same. Where all ratings of a unit are, rounding would make their distance more than 0.
    share = patterns.mixed / (patterns.sizes - 1)
    if level == "ordinal":
        return OrdinalAlpha(multiplicity, counts, share)
    scale = _scale(level, patterns.values, multiplicity @ counts)
    return FixedAlpha(multiplicity, counts, scale, share * scale.within(counts))


def _scale(level: Level, values: Floats, totals: Floats) -> Scale:
    """Return the distances between values that so many ratings have; the ordinal ones depend on that."""
    if level == "nominal":
        return Nominal()
    if level == "ordinal":
        return Interval.of(_mean_ranks(totals), totals)
    if level == "interval":
        return Interval.of(values, totals)
    if level == "ratio":
        return Ratio.of(values)
    raise RankingError(f"level must be nominal, ordinal, interval or ratio, not {level!r}")


def _mean_ranks(totals: Floats) -> Floats:
    """Return the mean rank, from 0, of the ratings of each value among all."""
    return np.cumsum(totals, axis=0) - totals / 2


def _expected(patterns: Patterns, level: Level, model: ArrayLike) -> float:
    """Return one minus the ratio of the two disagreements that the model expects."""
    sizes = np.where(patterns.unit_sizes > 1, patterns.unit_sizes, 0)
    rows = probabilities(model, len(sizes), len(patterns.values))
    totals = sizes @ rows
    scale = _scale(level, patterns.values, totals)
    within = float(sizes @ scale.within(csr_array(rows)))
    between = float(scale.between(totals[:, None])[0][0]) - within
    if between <= 0:
        raise RankingError("the model gives every unit the same category; without variation, alpha is undefined")
    return 1 - (float(sizes.sum()) - 1) * within / between
