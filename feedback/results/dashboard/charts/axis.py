"""From numbers to pixels, and the round numbers between."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """A straight scale: `low` lies at pixel `start`, `high` at pixel `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def tick_said(tick: float) -> str:
    """+2, 0, −1.5."""
    return f"{tick:+g}".replace("-", "−") if tick else "0"


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most so many round numbers from low to high: steps of 1, 2, 2.5 or 5 times a power of ten."""
    span = high - low
    power = 10 ** math.floor(math.log10(span / most))
    step = next(
        unit * power
        for unit in (1, 2, 2.5, 5, 10)
        if math.floor(high / (unit * power)) - math.ceil(low / (unit * power)) < most
    )
    return [
        round(number * step, 10) for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]
