"""At what constant rate a film's frames are shown, and how often each of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

TOP_RATE = Fraction(120)
_USUAL = [Fraction(rate) for rate in (8, 10, 12, 15, 16, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120)]
_NTSC = [Fraction(rate * 1000, 1001) for rate in (24, 30, 48, 60, 120)]


@dataclass(frozen=True, slots=True)
class Timing:
    """A constant rate, and for each frame of the source how many frames of that rate show it."""

    rate: Fraction
    shows: tuple[int, ...]

    @property
    def frames(self) -> int:
        return sum(self.shows)

    @property
    def seconds(self) -> Fraction:
        return self.frames / self.rate


def timing(times: Sequence[Fraction], tick: Fraction, stated: Fraction | None) -> Timing:
    """The timing of frames due at `times`, which were rounded to `tick`; `stated` is the rate the file claims.

    Frames at even distances keep their rate and are shown once each. Others are laid on the grid of the smallest
    distance between two of them, each repeated until the next is due: so a film that stutters stutters still. Above
    `TOP_RATE` frames are dropped.
    """
    if len(times) < 2:
        return Timing(_meant(stated or Fraction(25), stated), (1,) * len(times))
    span = times[-1] - times[0]
    mean = span / (len(times) - 1)
    even = mean > 0 and all(abs(time - times[0] - mean * n) <= tick for n, time in enumerate(times))
    if even and 1 / mean <= TOP_RATE * Fraction(1001, 1000):
        return Timing(_meant(1 / mean, stated, slack=tick / span), (1,) * len(times))
    smallest = min((after - before for before, after in pairwise(times) if after > before), default=Fraction(1, 25))
    rate = min(TOP_RATE, _meant(1 / smallest, None, slack=tick / smallest))
    places = [math.floor((time - times[0]) * rate + Fraction(1, 2)) for time in times]
    return Timing(rate, tuple(max(0, after - before) for before, after in pairwise([*places, max(places) + 1])))


def _meant(rate: Fraction, stated: Fraction | None, *, slack: Fraction = Fraction(0)) -> Fraction:
    """The rate that was meant by one measured from rounded times, which may be off by that share."""
    usual = sorted([*_USUAL, *_NTSC], key=lambda one: abs(one - rate))
    for one in [stated, *usual]:
        if one and abs(one / rate - 1) <= slack + Fraction(1, 10**5):
            return one
    return rate.limit_denominator(1001)
