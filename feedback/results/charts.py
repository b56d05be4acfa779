"""Pictures of results, as numbers that templates draw."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from feedback.results.standings import Row

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


def forest(rows: Sequence[Row]) -> Forest:
    """A forest plot of estimates in logits, symmetric about nought."""
    reach = max([1.0, *(abs(bound) for row in rows for bound in (row.estimate.low, row.estimate.high))])
    step = 1 if reach <= 4 else math.ceil(reach / 4)

    def place(value: float) -> str:
        return f"{MARGIN + (value + reach) / (2 * reach) * (100 - 2 * MARGIN):.2f}"

    whole = math.floor(reach / step) * step
    return Forest(
        marks=[
            Mark(row, place(row.estimate.low), place(row.estimate.high), place(row.estimate.value)) for row in rows
        ],
        ticks=[(place(tick), f"{tick:+d}" if tick else "0") for tick in range(-whole, whole + 1, step)],
    )
