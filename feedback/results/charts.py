"""Pictures of results, as numbers that templates draw."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from feedback.results.standings import Board, Row

MARGIN = 3.0  # per cent kept free at both ends


@dataclass(frozen=True)
class Mark:
    """One interval: the row, and where it lies, in per cent of the width."""

    row: Row
    low: str
    high: str
    value: str


@dataclass(frozen=True)
class Forest:
    """Intervals on one shared axis, with its ticks in per cent of the width."""

    marks: list[Mark]
    ticks: list[tuple[str, str]]


def reach_of(boards: Sequence[Board]) -> float:
    """How far from nought the widest interval reaches, so that all boards share one axis."""
    bounds = (abs(bound) for board in boards for row in board.rows for bound in (row.estimate.low, row.estimate.high))
    return max([1.0, *bounds])


def forest(rows: Sequence[Row], reach: float) -> Forest:
    """A forest plot of estimates in logits, from -reach to +reach."""
    step = 1 if reach <= 4 else math.ceil(reach / 4)

    def place(value: float) -> str:
        return f"{MARGIN + (value + reach) / (2 * reach) * (100 - 2 * MARGIN):.2f}"

    whole = math.floor(reach / step) * step
    return Forest(
        marks=[Mark(row, place(row.estimate.low), place(row.estimate.high), place(row.estimate.value)) for row in rows],
        ticks=[(place(tick), f"{tick:+d}" if tick else "0") for tick in range(-whole, whole + 1, step)],
    )
