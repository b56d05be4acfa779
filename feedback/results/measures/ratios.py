"""Shares of a whole over units that were judged apart, with an interval by resampling those units."""

import math
from dataclasses import dataclass

import numpy as np

from feedback.results.measures.numbers import NORMAL_95, Number
from feedback.results.sample import Ints
from rankings.agreement.resampling import Part, Sample, interval
from rankings.checks import Floats
from rankings.errors import RankingError

ROUNDS, SEED = 1000, 0
MOST_PATTERNS = 4096


@dataclass(frozen=True, eq=False)
class Ratio:
    """Units by how much of what they weigh is missing: units with equal numbers are one pattern."""

    times: Floats
    missing: Floats
    weight: Floats

    @classmethod
    def of(cls, missing: Floats, weight: Floats) -> "Ratio":
        patterns, times = np.unique(missing + 1j * weight, return_counts=True)
        return cls(times.astype(float), patterns.real, patterns.imag)

    @property
    def multiplicity(self) -> Floats:
        return self.times

    @property
    def value(self) -> float:
        return 1 - float(self.times @ self.missing) / float(self.times @ self.weight)

    def parts(self, weights: Floats) -> tuple[Part, Part]:
        return (
            Part(self.missing @ weights, self.missing[:, None]),
            Part(self.weight @ weights, self.weight[:, None]),
        )

    def told(self) -> Number:
        return with_interval(self.value, self)


def by_cluster(cluster: Ints, missing: Floats, weight: Floats) -> Ratio:
    """Units that hang together count as one."""
    _, number = np.unique(cluster, return_inverse=True)
    return Ratio.of(np.bincount(number, missing), np.bincount(number, weight))


def with_interval(value: float, sample: Sample) -> Number:
    """The value with its interval over other units of the kind; without one where they are too few or too alike.

    Of a few thousand patterns the units are drawn again and again, a pattern at a time, which is exact. Of more there
    are so many units that the root of what is missing is normal.
    """
    try:
        if len(sample.multiplicity) <= MOST_PATTERNS:
            return Number(value, *interval(sample, 0.95, ROUNDS, SEED))
    except RankingError as refusal:
        return Number(value, why=str(refusal))
    times = sample.multiplicity
    observed, chance = sample.parts(times[:, None])
    pull = (observed.slopes / observed.total - chance.slopes / chance.total)[:, 0]
    off = pull - (times @ pull) / times.sum()
    root = math.sqrt(max(1 - value, 0.0))
    half = NORMAL_95 * root / 2 * math.sqrt(float(times @ off**2))
    return Number(value, 1 - (root + half) ** 2, 1 - max(root - half, 0.0) ** 2)
