"""Kendall's coefficient of concordance, for raters who rank the same items."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from rankings.agreement import resampling
from rankings.agreement.patterns import numbers
from rankings.agreement.ranks import mean_ranks
from rankings.agreement.resampling import Part
from rankings.agreement.result import Agreement
from rankings.checks import Floats
from rankings.errors import RankingError

ROUNDING = 1e-6  # how far two probabilities may be from summing to one


@dataclass(frozen=True, eq=False, repr=False)
class Concordance(Agreement):
    """Kendall's W, and the test that the raters rank at random.

    Attributes
    ----------
    chi_square : float
        Friedman's statistic, n_raters (n_items - 1) W, corrected for ties.
    p_value : float
        Its probability to be so large if all raters rank at random, by the chi-square distribution with n_items - 1
        degrees of freedom; close for 8 items and more, or 15 raters and more.
    """

    chi_square: float
    p_value: float


def kendall_w(ranks: ArrayLike, *, model: ArrayLike | None = None) -> Concordance:
    """Return Kendall's W, corrected for ties: 1 if all raters rank the items the same.

    W grows as raters are fewer: raters at random show 1 / n_raters. With the mean rank correlation rho of two raters
    it is ``(1 + (n_raters - 1) rho) / n_raters``.

    Parameters
    ----------
    ranks : float array, shape (n_raters, n_items)
        Ranks or scores, the same way round for all raters; equal values are a tie. Every rater ranks every item.
    model : float array, shape (n_items, n_items), optional
        Probability that the item of the row is ranked above that of the column under a model without ties, for
        `expected`; the diagonal is not read.

    Returns
    -------
    Concordance
        An Agreement whose units are the items. Its interval is over raters: the ranks of an item depend on the other
        items, so that the items are fixed and the raters are the sample; the interval is for the W of as many other
        raters. `expected` is exact, for raters who follow the model.

    Raises
    ------
    RankingError
        If there are fewer than two raters or items, an entry is missing or infinite, or every rater ties all items.

    References
    ----------
    Kendall and Babington Smith (1939), Annals of Mathematical Statistics 10. Kendall (1970), Rank Correlation Methods,
    4th ed., chapter 6. Legendre (2005), Journal of Agricultural, Biological and Environmental Statistics 10.
    """
    table = numbers("ranks", ranks, 2).astype(float)
    n_raters, n_items = table.shape
    if n_raters < 2 or n_items < 2:
        raise RankingError(f"ranks has {n_raters} raters and {n_items} items; concordance needs two of both")
    known = np.isfinite(table)
    if not known.all():
        rater, item = np.argwhere(~known)[0]
        raise RankingError(f"rater {rater} has no rank for item {item}; leave out raters who did not rank every item")
    sample = Rankings(2 * mean_ranks(table) - (n_items + 1))
    value = resampling.agreement(sample)
    chi_square = n_raters * (n_items - 1) * value
    return Concordance(
        measure="Kendall's W",
        value=value,
        expected=None if model is None else _expected(n_raters, n_items, model),
        n_units=n_items,
        n_raters=n_raters,
        n_ratings=table.size,
        sample=sample,
        chi_square=chi_square,
        p_value=float(chdtrc(n_items - 1, chi_square)),
    )


@dataclass(frozen=True, eq=False)
class Rankings:
    """Rankings of the same items, each rater a pattern of their own.

    Two draws of the same rater say nothing of how raters agree, so that only pairs of different raters are counted.

    Attributes
    ----------
    ranks : float array, shape (n_raters, n_items)
        Twice the mean ranks, centred: whole numbers.
    """

    ranks: Floats

    @property
    def multiplicity(self) -> Floats:
        return np.ones(len(self.ranks))

    def parts(self, weights: Floats) -> tuple[Part, Part]:
        sums = self.ranks.T @ weights
        squares = (self.ranks**2).sum(axis=1)[:, None]
        n = weights.sum(axis=0)
        variance, pairs = (squares * weights).sum(axis=0), n**2 - (weights**2).sum(axis=0)
        shared = (sums**2).sum(axis=0) - (squares * weights**2).sum(axis=0)
        pair_slopes, shared_slopes = 2 * (n - weights), 2 * (self.ranks @ sums - squares * weights)
        whole, whole_slopes = variance * pairs, squares * pairs + variance * pair_slopes
        observed = Part(whole - n * shared, whole_slopes - shared - n * shared_slopes)
        few = len(weights) / (len(weights) - 1)
        return observed, Part(few * whole, few * whole_slopes)


def _expected(n_raters: int, n_items: int, model: ArrayLike) -> float:
    """Return W where the variance of the items' expected ranks is what two raters share."""
    above = numbers("model", model, 2).astype(float)
    if above.shape != (n_items, n_items):
        raise RankingError(f"model has shape {above.shape} for {n_items} items; give every pair's probability")
    np.fill_diagonal(above, 0.5)
    bad = (above < 0) | ~(abs(above + above.T - 1) < ROUNDING)
    if bad.any():
        i, j = np.argwhere(bad)[0]
        raise RankingError(f"model of items {i} and {j}: the two must be 0 or more and sum to one")
    shared = np.mean((above.sum(axis=1) - n_items / 2) ** 2) * 12 / (n_items**2 - 1)
    return float((1 + (n_raters - 1) * shared) / n_raters)
