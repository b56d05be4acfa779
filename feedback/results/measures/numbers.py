"""How a measured number is told: with its interval, or not at all and why."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

NORMAL_95 = 1.959963984540054
DIGITS = 6

type Json = dict[str, Any]


@dataclass(frozen=True)
class Number:
    """A value with its 95 % interval; None where it must not be shown, and then `why` says so."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why: str = ""

    @classmethod
    def about(cls, value: float, error: float, least: float = -math.inf, most: float = math.inf) -> "Number":
        """A normal interval, cut where no value can lie."""
        half = NORMAL_95 * error
        return cls(value, max(value - half, least), min(value + half, most))

    def told(self) -> Json:
        why = {"why": self.why} if self.why else {}
        return told(value=self.value, low=self.low, high=self.high, **why)


def told(**numbers: Any) -> Json:
    """The same as JSON: plain numbers of six digits, and None where one is not finite."""
    return {name: _plain(value) for name, value in numbers.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, str | bool | int | None):
        return value
    if isinstance(value, float | np.floating):
        return round(float(value), DIGITS) if math.isfinite(value) else None
    if isinstance(value, np.generic | np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, Iterable):
        return [_plain(inner) for inner in value]
    raise TypeError(f"a {type(value).__name__} cannot be told as JSON")
