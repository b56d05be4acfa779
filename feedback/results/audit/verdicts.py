"""Judgements of any size as verdicts on two works at a time."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Self

import numpy as np

from feedback.results.sample import NOBODY, Answers, Floats, Ints, Sample


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Two works of a submission each: shape (n,).

    `low` is the work of the lower number, `high` the other; `verdict` is 1, 0 or -1 for the low one, neither and the
    high one. `step` is how far they were set apart: the strength where it was asked, else the ranks between them.
    `first` is 1 where the low one was shown before the other, else -1. `pair` is one number for the same two works
    in the same comparison.
    """

    n_works: int
    row: Ints
    comparison: Ints
    low: Ints
    high: Ints
    verdict: Ints
    step: Ints
    first: Ints

    @cached_property
    def pair(self) -> Ints:
        return np.asarray((self.comparison * self.n_works + self.low) * self.n_works + self.high)

    @classmethod
    def of(cls, sample: Sample, answers: Answers, rows: Ints) -> Self:
        """Of the submissions at these rows, which answered."""
        told = [_between(sample, answers, rows, pair) for pair in combinations(range(sample.shown.shape[1]), 2)]
        return cls(len(sample.works.ids), *(np.concatenate(column) for column in zip(*told, strict=True)))


@dataclass(frozen=True, eq=False)
class Counts:
    """How often the one, neither and the other of two works were answered: shapes (n,) and (n, 3)."""

    pair: Ints
    comparison: Ints
    low: Ints
    high: Ints
    counts: Ints

    @classmethod
    def of(cls, told: Verdicts) -> Self:
        pair, first, at = np.unique(told.pair, return_index=True, return_inverse=True)
        counts = np.bincount(at * 3 + 1 - told.verdict, minlength=3 * len(pair)).reshape(-1, 3)
        return cls(pair, told.comparison[first], told.low[first], told.high[first], counts)

    @property
    def number(self) -> Ints:
        return np.asarray(self.counts.sum(axis=1))

    @property
    def mean(self) -> Floats:
        """The mean verdict, from 1 where all are for the one to -1."""
        return np.asarray((self.counts[:, 0] - self.counts[:, 2]) / self.number)


def _between(sample: Sample, answers: Answers, rows: Ints, places: tuple[int, int]) -> tuple[Ints, ...]:
    """The fields of the verdicts on what stood at two places of the screen."""
    works, ranks = sample.shown[rows][:, places], answers.ranks[rows][:, places].astype(np.int64)
    said = (works != NOBODY).all(axis=1) & (ranks > 0).all(axis=1)
    if sample.asked != "full" and sample.shown.shape[1] > 2:
        said &= ranks[:, 0] != ranks[:, 1]  # of what was not picked nothing is known
    row, works, ahead = rows[said], works[said], (ranks[:, 1] - ranks[:, 0])[said]
    first = np.where(works[:, 0] < works[:, 1], 1, -1)
    strength = np.abs(answers.strength[row].astype(np.int64))
    step = np.where(strength > 0, strength, np.abs(ahead))
    return row, sample.comparison[row], works.min(axis=1), works.max(axis=1), np.sign(ahead) * first, step, first
