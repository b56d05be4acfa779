"""A task's rows of the table: ours beside each contender, the goal, and what was reached."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from statistics import median
from textwrap import shorten

import numpy as np

from tests.benchmarks.measure import each, megabytes, short
from tests.benchmarks.rankings.errors import Error, Results
from tests.benchmarks.rankings.judgements import Given
from tests.benchmarks.rankings.turns import Figures, in_turn

type Row = tuple[str, ...]

HEAD = ("Judgements", "Ours", "Beside", "Its", "Goal", "Reached", "Spread", "Error of ours", "Error of its")
LEFT_OUT = "left out: takes minutes"


class By(Enum):
    """What is compared."""

    SECONDS = "CPU seconds of the runs after the first"
    FIRST = "CPU seconds of the first run of a process"
    MEMORY = "bytes by which the first run lets the process grow"
    ERROR = "the error of the result"


@dataclass(frozen=True)
class Goal:
    """Ours is to be so many times as fast as the other, or to take no more than so many times what that takes."""

    bound: float
    faster: bool

    def __str__(self) -> str:
        if self.bound in {0, math.inf}:
            return "–"
        return f"≥ {self.bound:g} × as fast" if self.faster else f"≤ {self.bound:g} × its"

    def ratio(self, ours: float, its: float) -> float:
        return its / ours if self.faster else ours / its

    def told(self, reached: float) -> str:
        met = reached >= self.bound if self.faster else reached <= self.bound
        return f"**{short(reached)} ×** {'as fast' if self.faster else 'its'}{'' if met else ', missed'}"


def faster(least: float) -> Goal:
    return Goal(least, faster=True)


def within(most: float) -> Goal:
    return Goal(most, faster=False)


NO_GOAL, NO_BOUND = faster(0), within(math.inf)


@dataclass(frozen=True)
class Beside:
    """Another contender or, without one, a constant. One that takes minutes runs only if everything is asked for."""

    name: str
    contender: str = ""
    goal: Goal = NO_GOAL
    by: By = By.SECONDS
    turns: int = 5
    minutes: bool = False
    constant: float = math.nan


@dataclass(frozen=True)
class Task:
    """What is given to ours and those beside it; `error` makes the measure of a result, told what all came to."""

    what: str
    given: Callable[[], Given]
    ours: str
    beside: tuple[Beside, ...]
    error: Callable[[Given, Results], Error]
    turns: int = 5
    near: float = 1e-6


def rows(task: Task, *, everything: bool) -> Iterator[Row]:
    """A row for each beside ours; the first says what the task is."""
    given = task.given()
    turns = {task.ours: task.turns} | {
        other.contender: other.turns for other in task.beside if other.contender and (everything or not other.minutes)
    }
    figures = in_turn(given, turns)
    results = {name: done.result for name, done in figures.items() if done.result is not None}
    error = task.error(given, results)
    ours = figures[task.ours]
    for number, other in enumerate(task.beside):
        its = _figures(other, figures)
        yield (
            task.what if number == 0 else "",
            "–" if number and ours.failure else _told(ours, other.by, error),
            other.name,
            _told(its, other.by, error),
            str(other.goal),
            *_compared(other.goal, _numbers(ours, other.by, error), _numbers(its, other.by, error)),
            _off(ours, error, task.near) if number == 0 else "",
            _off(its, error),
        )


def _figures(other: Beside, figures: Mapping[str, Figures]) -> Figures:
    if other.contender:
        return figures.get(other.contender, Figures(failure=LEFT_OUT))
    return Figures(first=other.constant, result=np.array(math.nan))


def _numbers(figures: Figures, by: By, error: Error) -> list[float]:
    if figures.result is None:
        return []
    match by:
        case By.SECONDS:
            return figures.seconds
        case By.FIRST:
            return [figures.first]
        case By.MEMORY:
            return [figures.growth]
        case By.ERROR:
            return [error(figures.result)]


def _told(figures: Figures, by: By, error: Error) -> str:
    numbers = _numbers(figures, by, error)
    if not numbers:
        return shorten(figures.failure, 90, placeholder=" …")
    if by is By.ERROR:
        return f"{numbers[0]:.3g}"
    return megabytes(numbers) if by is By.MEMORY else each()(numbers)


def _compared(goal: Goal, ours: list[float], its: list[float]) -> tuple[str, str]:
    """The ratio of medians, and the least and the greatest of one turn."""
    if not ours or not its:
        return "–", "–"
    reached = goal.told(goal.ratio(median(ours), median(its)))
    beside = its if len(its) == len(ours) else [median(its)] * len(ours)
    ratios = [goal.ratio(*turn) for turn in zip(ours, beside, strict=True)]
    return reached, f"{short(min(ratios))}–{short(max(ratios))}" if len(ratios) > 1 else "–"


def _off(figures: Figures, error: Error, near: float = math.inf) -> str:
    if figures.result is None or np.isnan(figures.result).all():
        return "–"
    off = error(figures.result)
    return f"{off:.2g}{'' if off <= near else ', missed'}"
