"""Intervals that hold all at once, and which rows can be told apart: max-t over draws of the joint covariance."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from feedback.results.boards.spread import Spread
from feedback.results.sample import Floats, Ints

SEED = 0
WORK = 40_000_000
"""Differences looked at in all draws together."""

MOST, LEAST = 4000, 200
"""Draws: so many of a few rows, and one-step rounds of many."""

TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Bands:
    """What holds of all rows of a part at once in a share `level` of repetitions.

    Intervals: all values lie in theirs. Rows told apart: every one of them truly differs that way. Both by the greatest
    of all |error| / standard error in draws from the joint covariance (max-t: Hothorn, T., Bretz, F. and Westfall, P.
    (2008), Biometrical J. 50(3), section 3); in parts too large for one by Sidak's bound, taking errors as independent.
    """

    spread: Spread
    level: float = 0.95

    @cached_property
    def half(self) -> Floats:
        """Half the width of each interval: (n,)."""
        spread = self.spread
        if spread.covariance is None:
            return self._sidak(len(spread.values)) * spread.errors
        return self._quantile(np.abs(self._draws / np.maximum(spread.errors, TINY)).max(axis=1)) * spread.errors

    @cached_property
    def ahead(self) -> Floats:
        """Differences in units of the least that tells them apart, (n, n): above 1, the row is above the column."""
        values = self.spread.values
        least = np.maximum(self._apart * self.difference_errors, TINY)
        return np.asarray((values[:, None] - values[None, :]) / least)

    @cached_property
    def difference_errors(self) -> Floats:
        """Standard errors of all differences: (n, n)."""
        covariance = self.spread.covariance
        variance = self.spread.errors**2
        together = 0.0 if covariance is None else 2 * covariance
        return np.sqrt(np.maximum(variance[:, None] + variance[None, :] - together, 0))

    @cached_property
    def ranks(self) -> Ints:
        """The best and the worst place that each row may have: (n, 2), 1 is best.

        They hold all at once (Mogstad, M. et al. (2024), Rev. Econ. Stud. 91(1), section 3.2).
        """
        better, worse = (self.ahead < -1).sum(axis=1), (self.ahead > 1).sum(axis=1)
        return np.column_stack([1 + better, len(better) - worse])

    def groups(self, order: Ints) -> Ints:
        """The first and last place in `order`, (n, 2), of the run around each place that nothing tells apart from it."""
        apart: NDArray[np.bool_] = np.abs(self.ahead[np.ix_(order, order)]) > 1
        n = len(order)
        place = np.arange(n)
        above = np.where(apart & (place[None, :] < place[:, None]), place[None, :] + 1, 0).max(axis=1, initial=0)
        below = np.where(apart & (place[None, :] > place[:, None]), place[None, :] - 1, n - 1).min(
            axis=1, initial=n - 1
        )
        return np.column_stack([above + 1, below + 1])

    @cached_property
    def _apart(self) -> float:
        """How many standard errors of their difference tell two rows apart."""
        n = len(self.spread.values)
        if self.spread.covariance is None or n == 1:
            return self._sidak(n * (n - 1) // 2)
        draws = self._draws
        largest = np.zeros(len(draws))
        for row in range(n - 1):
            scale = np.maximum(self.difference_errors[row, row + 1 :], TINY)
            moved = np.abs(draws[:, row + 1 :] - draws[:, row, None]) / scale
            np.maximum(largest, moved.max(axis=1), out=largest)
        return self._quantile(largest)

    @cached_property
    def _draws(self) -> Floats:
        """Joint errors: (n_draws, n)."""
        covariance, freedom = cast("Floats", self.spread.covariance), self.spread.freedom
        n = len(covariance)
        number = int(np.clip(WORK // n**2, LEAST, MOST))
        scale, turn = np.linalg.eigh(covariance)
        drawn = _normal(number, n) @ (turn * np.sqrt(np.maximum(scale, 0))).T
        if np.isinf(freedom):
            return np.asarray(drawn)
        squares = np.random.default_rng(SEED + 1).chisquare(freedom, (number, 1))
        return np.asarray(drawn / np.sqrt(squares / freedom))

    def _quantile(self, largest: Floats) -> float:
        """The draw that a share `level` of new ones stays below."""
        at = int(np.ceil((len(largest) + 1) * self.level)) - 1
        return float(np.partition(largest, at)[at])

    def _sidak(self, number: int) -> float:
        return float(ndtri(1 - (1 - self.level ** (1 / max(number, 1))) / 2))


@lru_cache(maxsize=4)
def _normal(number: int, n: int) -> Floats:
    """The same draws for all parts of one size: (number, n)."""
    return np.random.default_rng(SEED).standard_normal((number, n))
