"""Distances between ratings that do not depend on how often each is given: nominal, interval and ratio."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rankings.agreement.patterns import Rows
from rankings.checks import Floats
from rankings.errors import RankingError

WIDEST = 4096  # distinct values of a ratio scale, whose distances are kept as a full matrix


class Scale(Protocol):
    """How far apart ratings are, in squared distances."""

    def within(self, rows: Rows) -> Floats:
        """Sum the distances of all ordered pairs of ratings in each row, shape (n_rows,)."""

    def between(self, totals: Floats) -> tuple[Floats, Floats]:
        """Sum them over all ratings, given how many have each value in each round, shape (n_values, n_rounds).

        Returns
        -------
        float array, shape (n_rounds,)
        float array, shape (n_values, n_rounds)
            Its derivative by each total.
        """


@dataclass(frozen=True, eq=False)
class Nominal:
    """Two ratings are the same or not."""

    def within(self, rows: Rows) -> Floats:
        alike: Floats = (rows * rows).sum(axis=1)
        return rows.sum(axis=1) ** 2 - alike

    def between(self, totals: Floats) -> tuple[Floats, Floats]:
        n = totals.sum(axis=0)
        return n**2 - (totals**2).sum(axis=0), 2 * (n - totals)


@dataclass(frozen=True, eq=False)
class Interval:
    """Two ratings are as far apart as their difference.

    Attributes
    ----------
    values : float array, shape (n_values,)
    """

    values: Floats

    @classmethod
    def of(cls, values: Floats, totals: Floats) -> "Interval":
        """Measure `values` from that of most ratings, so that digits are kept and one value alone has no spread."""
        return cls(values - values[np.argmax(totals)])

    def within(self, rows: Rows) -> Floats:
        return 2 * (rows.sum(axis=1) * (rows @ self.values**2) - (rows @ self.values) ** 2)

    def between(self, totals: Floats) -> tuple[Floats, Floats]:
        n, first, second = totals.sum(axis=0), self.values @ totals, self.values**2 @ totals
        values = self.values[:, None]
        return 2 * (n * second - first**2), 2 * (second + n * values**2 - 2 * first * values)


@dataclass(frozen=True, eq=False)
class Ratio:
    """Two ratings are as far apart as their difference over their sum.

    Attributes
    ----------
    distances : float array, shape (n_values, n_values)
    """

    distances: Floats

    @classmethod
    def of(cls, values: Floats) -> "Ratio":
        """Measure the distances of `values` in ascending order."""
        if values[0] < 0:
            raise RankingError(f"a ratio scale starts at 0, but {values[0]:g} is among the ratings; try 'interval'")
        if len(values) > WIDEST:
            raise RankingError(f"ratings have {len(values)} distinct values; round them to {WIDEST} for a ratio scale")
        sums = np.add.outer(values, values)
        sums[sums == 0] = 1.0
        return cls((np.subtract.outer(values, values) / sums) ** 2)

    def within(self, rows: Rows) -> Floats:
        sums: Floats = (rows * (rows @ self.distances)).sum(axis=1)
        return sums

    def between(self, totals: Floats) -> tuple[Floats, Floats]:
        reach = self.distances @ totals
        return (totals * reach).sum(axis=0), 2 * reach
