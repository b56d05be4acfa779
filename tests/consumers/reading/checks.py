"""Checks of consumers: each a row of the table."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

Run = Callable[[Path], str]


class Check(NamedTuple):
    """What one consumer does with the releases of a folder; `run` says what it found, or raises."""

    consumer: str
    what: str
    run: Run


CHECKS: list[Check] = []


def check(consumer: str, what: str) -> Callable[[Run], Run]:
    """The function is a check of the consumer, a package by its name."""

    def noted(run: Run) -> Run:
        CHECKS.append(Check(consumer, what, run))
        return run

    return noted
