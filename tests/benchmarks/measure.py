"""Ours and its floor, run in turn, and what came of it as a row of the table."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from django.db import connection

type Run = Callable[[], Any]
type Tell = Callable[[list[float]], str]


@dataclass(frozen=True)
class Row:
    """A line of the table; only the first two are always there."""

    what: str
    ours: str
    floor: str = "–"
    ratio: str = "–"
    spread: str = "–"
    against: str = "–"


def cpu_time() -> float:
    """Seconds of CPU that this process has had, and the process at the other end of its connection to PostgreSQL."""
    spent = time.process_time()
    if connection.vendor == "postgresql" and connection.connection:
        at_work = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")  # only if it is on this machine
        if at_work.exists():
            spent += int(at_work.read_text().split()[0]) / 1e9
    return spent


def spent_by(run: Run) -> float:
    """The CPU time of one run."""
    before = cpu_time()
    run()
    return cpu_time() - before


def told_by(run: Run) -> float:
    """What the run itself has measured."""
    return float(run())


def nothing() -> None:
    """Before most runs there is nothing to do."""


def beside(
    what: str,
    ours: Run,
    floor: Run,
    *,
    against: str,
    tell: Tell,
    runs: int = 9,
    before: Run = nothing,
    measured: Callable[[Run], float] = spent_by,
) -> Row:
    """Both in turn, after one turn that does not count; `before` makes ready for ours and is not measured."""

    def one_turn() -> tuple[float, float]:
        before()
        return measured(ours), measured(floor)

    one_turn()
    turns = [one_turn() for _ in range(runs)]
    one, other = (list(column) for column in zip(*turns, strict=True))
    ratios = [mine / least for mine, least in turns]
    return Row(
        what=what,
        ours=tell(one),
        floor=tell(other),
        ratio=f"**{short(median(one) / median(other))}**",
        spread=f"{short(min(ratios))}–{short(max(ratios))}",
        against=against,
    )


def each(number: int = 1) -> Tell:
    """The median time of one of so many in a run."""
    return lambda seconds: _time(median(seconds) / number)


def rate(number: int, things: str) -> Tell:
    """How many of them a second."""
    return lambda seconds: f"{number / median(seconds):,.0f} {things}/s"


def with_the_slowest(seconds: list[float]) -> str:
    """The median time, and that which one in twenty exceeds."""
    return f"{_time(median(seconds))} (p95 {_time(quantiles(seconds, n=20)[-1])})"


def megabytes(sizes: list[float]) -> str:
    return f"{median(sizes) / 1e6:.1f} MB"


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.{1 if seconds >= 0.01 else 2}f} ms"


def short(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.1f}" if ratio >= 10 else f"{ratio:.2f}"
