"""Cohen's kappa of two raters, plain and weighted."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from rankings.agreement import resampling
from rankings.agreement.model import probabilities
from rankings.agreement.patterns import coded, numbers, placed
from rankings.agreement.resampling import Part
from rankings.agreement.result import Agreement
from rankings.checks import Floats, Ints
from rankings.errors import RankingError

WIDEST = 4096  # distinct ratings, whose weights are kept as a full matrix


def cohen_kappa(
    a: ArrayLike,
    b: ArrayLike,
    weights: Literal["linear", "quadratic"] | ArrayLike | None = None,
    *,
    categories: ArrayLike | None = None,
    model: ArrayLike | None = None,
) -> Agreement:
    """Return Cohen's kappa: agreement of two raters beyond that of the same ratings given to units at random.

    Parameters
    ----------
    a, b : float arrays, shape (n_units,)
        Each rater's rating of each unit.
    weights : "linear", "quadratic" or float array, shape (n_categories, n_categories), optional
        How much a disagreement counts: by the places of the two categories, their difference or its square; or by a
        matrix, `a`'s category in the row and `b`'s in the column, 0 on the diagonal. By default all disagreements count
        the same.
    categories : float array, shape (n_categories,), optional
        The ratings that could be given, in ascending order; by default those that were, so that a category which nobody
        used leaves no gap.
    model : float array, shape (n_units, n_categories), optional
        Each unit's probability of each category under a model that both raters follow, for `expected`.

    Returns
    -------
    Agreement
        `expected` is one minus the ratio of the exact expected disagreements.

    Raises
    ------
    RankingError
        If the ratings differ in number, one is missing, infinite or not among the categories, all are the same, or
        weights are not 0 on the diagonal and 0 or more elsewhere.

    References
    ----------
    Cohen (1960), Educational and Psychological Measurement 20. Cohen (1968), Psychological Bulletin 70.
    """
    first, second = _ratings("a", a), _ratings("b", b)
    if len(first) != len(second):
        raise RankingError(f"a rated {len(first)} units and b {len(second)}; give both ratings of every unit")
    values, codes = coded(np.concatenate([first, second]))
    if categories is not None:
        values, codes = placed(values, codes, categories, np.tile(np.arange(len(first)), 2))
    if len(values) > WIDEST:
        raise RankingError(f"ratings have {len(values)} distinct values; kappa takes {WIDEST} at most")
    costs = _costs(len(values), weights)
    cells, multiplicity = np.unique(codes[: len(first)] * len(values) + codes[len(first) :], return_counts=True)
    sample = TwoRaters(multiplicity.astype(float), *np.divmod(cells, len(values)), costs)
    return Agreement(
        measure="Cohen's kappa" if weights is None else "weighted kappa",
        value=resampling.agreement(sample),
        expected=None if model is None else _expected(costs, len(first), model),
        n_units=len(first),
        n_raters=2,
        n_ratings=2 * len(first),
        sample=sample,
    )


@dataclass(frozen=True, eq=False)
class TwoRaters:
    """Units by what two raters said; chance keeps each rater's totals and pairs them at random.

    Attributes
    ----------
    multiplicity : float array, shape (n_patterns,)
        Units of each pair of categories.
    first, second : int arrays, shape (n_patterns,)
        The pair.
    costs : float array, shape (n_categories, n_categories)
        How much each pair disagrees.
    """

    multiplicity: Floats
    first: Ints
    second: Ints
    costs: Floats

    def parts(self, weights: Floats) -> tuple[Part, Part]:
        of_first, of_second = (self._totals(side, weights) for side in (self.first, self.second))
        to_first, to_second = self.costs @ of_second, self.costs.T @ of_first
        n_units = weights.sum(axis=0)
        chance = (of_first * to_first).sum(axis=0) / n_units
        differ = self.costs[self.first, self.second]
        slopes = (to_first[self.first] + to_second[self.second] - chance) / n_units
        return Part(differ @ weights, differ[:, None]), Part(chance, slopes)

    def _totals(self, side: Ints, weights: Floats) -> Floats:
        """Sum the weights of each category, shape (n_categories, n_rounds)."""
        totals = np.zeros((len(self.costs), weights.shape[1]))
        np.add.at(totals, side, weights)
        return totals


def _ratings(name: str, values: ArrayLike) -> Floats:
    given = numbers(name, values, 1).astype(float)
    if not len(given):
        raise RankingError(f"{name} is empty: there is no rating to compare")
    known = np.isfinite(given)
    if not known.all():
        unit = int(np.argmin(known))
        raise RankingError(f"{name}'s rating of unit {unit} is {given[unit]}; leave out units that only one rated")
    return given


def _costs(n_categories: int, weights: str | ArrayLike | None) -> Floats:
    """Return how much each pair of categories disagrees, shape (n_categories, n_categories)."""
    places = np.arange(n_categories, dtype=float)
    apart = abs(places[:, None] - places)
    if weights is None:
        return (apart > 0).astype(float)
    if isinstance(weights, str):
        if weights not in ("linear", "quadratic"):
            raise RankingError(f"weights must be 'linear', 'quadratic' or a matrix, not {weights!r}")
        return apart if weights == "linear" else apart**2
    costs = numbers("weights", weights, 2).astype(float)
    if costs.shape != apart.shape:
        raise RankingError(f"weights has shape {costs.shape} for {n_categories} categories; name them with categories=")
    if not (np.isfinite(costs) & (costs >= 0)).all() or costs.diagonal().any():
        raise RankingError("weights of disagreements must be 0 on the diagonal, and finite and 0 or more elsewhere")
    return costs


def _expected(costs: Floats, n_units: int, model: ArrayLike) -> float:
    """Return one minus the ratio of the two disagreements that the model expects."""
    rows = probabilities(model, n_units, len(costs))
    means = rows.mean(axis=0)
    chance = means @ costs @ means
    if chance <= 0:
        raise RankingError("the model gives every unit the same category; without variation, kappa is undefined")
    return float(1 - ((rows @ costs) * rows).sum(axis=1).mean() / chance)
