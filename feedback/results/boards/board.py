"""A leaderboard: rows of one level on one criterion, part by part, best first."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from feedback.results.boards.bands import Bands
from feedback.results.boards.line import Line
from feedback.results.boards.net import Confounder
from feedback.results.sample import Floats, Ints

MOST_BEATS = 40
STEPS, SHARES = np.polynomial.hermite_e.hermegauss(24)  # of a standard normal distribution
SHARES /= SHARES.sum()


@dataclass(frozen=True, eq=False)
class Board:
    """Items by number: shape (n,) each. Nothing is compared across parts.

    `keys` are numbers in the sample, `part` the part of each, `bands` what holds of each part. `net` is NaN where it is
    not known. `tie` is Davidson's nu.
    """

    keys: Ints
    judgements: Ints
    part: Ints
    bands: tuple[Bands, ...]
    tie: float = 0.0
    line: Line | None = None
    net: Floats | None = None
    confounders: tuple[Confounder, ...] = ()

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def values(self) -> Floats:
        return self._spread_out([bands.spread.values for bands in self.bands])

    @cached_property
    def errors(self) -> Floats:
        return self._spread_out([bands.spread.errors for bands in self.bands])

    @cached_property
    def half(self) -> Floats:
        """Half the width of the simultaneous interval."""
        return self._spread_out([bands.half for bands in self.bands])

    def _spread_out(self, of_parts: list[Floats]) -> Floats:
        found = np.full(len(self.keys), np.nan)
        for bands, values in zip(self.bands, of_parts, strict=True):
            found[bands.spread.items] = values
        return found

    @cached_property
    def order(self) -> Ints:
        """Part by part, the best first."""
        return np.lexsort((self.keys, -self.values, self.part))

    @property
    def parts(self) -> int:
        return len(self.bands)

    def beats(self) -> list[list[float | None]] | None:
        """The chance that a judgement prefers the row to the column, in the order of the board; None if it is large.

        A tie counts half and neither is shown first. It is the mean over what the difference may be; null between parts.
        """
        if len(self) > MOST_BEATS or len(self) < 2:
            return None
        chances = np.full((len(self), len(self)), np.nan)
        for bands in self.bands:
            values, items = bands.spread.values, bands.spread.items
            half = (values[:, None] - values)[..., None] / 2 + bands.difference_errors[..., None] * STEPS / 2
            ahead, behind = np.exp(half), np.exp(-half)
            chances[np.ix_(items, items)] = ((ahead + self.tie / 2) / (ahead + behind + self.tie)) @ SHARES
        np.fill_diagonal(chances, np.nan)
        told = chances[np.ix_(self.order, self.order)].tolist()
        return [[None if np.isnan(chance) else round(chance, 4) for chance in row] for row in told]

    def told(self, ids: Ints) -> dict[str, Any]:
        """As JSON; `ids` are those of the sample's works or generators."""
        return {
            "rows": self._rows(ids),
            "beats": self.beats(),
            "line": self.line.told() if self.line and self.parts == 1 else None,
            "simultaneous": True,
            "sentence_facts": self._facts(ids),
        }

    def _rows(self, ids: Ints) -> list[dict[str, Any]]:
        groups, ranks = np.zeros((len(self), 2), np.int64), np.zeros((len(self), 2), np.int64)
        for bands in self.bands:
            items = bands.spread.items
            order = np.argsort(np.argsort(self.order, kind="stable")[items], kind="stable")
            groups[items[order]] = bands.groups(order)
            ranks[items] = bands.ranks
        acceptable = self.line.acceptable(self.values) if self.line and self.parts == 1 else None
        return [
            {
                "id": int(ids[self.keys[at]]),
                "value": _rounded(self.values[at]),
                "se": _rounded(self.errors[at]),
                "low": _rounded(self.values[at] - self.half[at]),
                "high": _rounded(self.values[at] + self.half[at]),
                "group": groups[at].tolist(),
                "rank": ranks[at].tolist(),
                "judgements": int(self.judgements[at]),
                "component": int(self.part[at]),
                "net": None if self.net is None else _rounded(self.net[at]),
                "acceptable": None if acceptable is None else _rounded(acceptable[at]),
            }
            for at in self.order.tolist()
        ]

    def _facts(self, ids: Ints) -> dict[str, Any]:
        """What a sentence about the board needs: who leads, and whether anything is told apart at all."""
        leaders = [] if self.parts != 1 else np.flatnonzero(self.bands[0].ranks[:, 0] == 1).tolist()
        apart = sum(int((bands.ahead > 1).sum()) for bands in self.bands)
        most = sum(len(bands.spread.items) * (len(bands.spread.items) - 1) // 2 for bands in self.bands)
        first = [int(ids[self.keys[at]]) for at in self.order.tolist() if at in set(leaders)]
        return {
            "parts": self.parts,
            "leaders": first,
            "apart": apart,
            "pairs": most,
            "errors": sorted({bands.spread.inflation for bands in self.bands}),
            "confounders": [one.told() for one in self.confounders],
        }


def _rounded(value: float) -> float | None:
    return round(float(value), 6) if np.isfinite(value) else None
