"""Ranks: which places an item may have, given how sure its differences from all others are."""

from typing import Protocol

import numpy as np
from scipy.special import stdtrit

from rankings.checks import Floats, Ints

EXACT = 2000
"""In parts of up to so many items the exact covariance of every two is used."""

ROWS = 256
"""Items that are compared with all others at a time."""


class Compared(Protocol):
    """What of Strengths is needed here."""

    @property
    def values(self) -> Floats: ...

    @property
    def components(self) -> Ints: ...

    @property
    def standard_errors(self) -> Floats: ...

    def covariance_of(self, items: Ints) -> Floats: ...


def rank_intervals(strengths: Compared, freedom: Floats, level: float) -> Ints:
    """Return the best and the worst rank of each item in its part, shape (n_items, 2)."""
    ranks = np.ones((len(strengths.values), 2), dtype=np.int64)
    for part in np.unique(strengths.components):
        members = np.flatnonzero(strengths.components == part)
        if len(members) > 1:
            bound = stdtrit(freedom[members], 1 - (1 - level) / (2 * (len(members) - 1)))
            ranks[members] = _ranks_of_part(strengths, members, bound)
    return ranks


def _ranks_of_part(strengths: Compared, members: Ints, bound: Floats) -> Ints:
    """Count, for each item, those that are surely better and those that are not surely worse."""
    values = strengths.values[members]
    variance = strengths.standard_errors[members] ** 2
    # Centring alone makes values covary by about -mean(variance) / n; judgements of a pair only make its values move
    # together. So this is the most that a difference can vary.
    shared = np.full((1, len(members)), -np.where(np.isfinite(variance), variance, 0.0).mean() / len(members))
    covariance = strengths.covariance_of(members) if len(members) <= EXACT else None
    if covariance is not None:
        covariance = np.where(
            np.isfinite(covariance), covariance, 0.0
        )  # of what nothing is known, nothing is told apart
    ranks = np.empty((len(members), 2), dtype=np.int64)
    for start in range(0, len(members), ROWS):
        some = slice(start, start + ROWS)
        together = shared if covariance is None else covariance[some]
        spread = variance[some, None] + variance - 2 * together
        ahead = (values - values[some, None]) / np.sqrt(np.maximum(spread, np.finfo(float).tiny))
        wider = np.maximum(bound[some, None], bound)
        ranks[some, 0] = 1 + (ahead > wider).sum(axis=1)
        ranks[some, 1] = len(members) - (ahead < -wider).sum(axis=1)
    return ranks
