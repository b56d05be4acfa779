"""How well each generator of the small hours works: what goes wrong in what it makes, in any medium."""

from dataclasses import dataclass

from feedback.intake.demonstration.panel import GENERATORS, Generator


@dataclass(frozen=True, slots=True)
class Manner:
    """A generator and its habits.

    `flicker`: how much the brightness, loudness or surface jumps from one moment or place to the next, 0 … 1.
    `coarse`: whether time, tone and form are cut into few steps. `breaks`: whether something tears half-way.
    """

    generator: Generator
    flicker: float
    coarse: bool
    breaks: bool


MANNERS = tuple(
    Manner(generator, flicker, coarse, breaks)
    for generator, flicker, coarse, breaks in zip(
        GENERATORS, (0.0, 0.06, 0.0, 0.35), (False, False, True, False), (False, False, False, True), strict=False
    )
)
