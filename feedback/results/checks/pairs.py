"""Pairs told apart on a criterion, and what a fit expects of them.

A set of K works counts as its pairs, each weighing 2 / K, so that it counts as the K - 1 choices that its order is; ties
within sets say nothing, for a best among four leaves three unordered. Scores of single works are read as each rater's order of
the works of one prompt.
"""

from dataclasses import dataclass, fields
from functools import cached_property
from itertools import combinations
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from feedback.results.sample import ANSWERED, Answers, Floats, Ints, Sample

type Flags = NDArray[np.bool_]
type Columns = tuple[NDArray[Any], ...]  # row, a, b, answer, weight

TABLE = 8
NEAREST = 12  # scores of one prompt that a score is set beside


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a fit with raters says of one criterion: by work, by rater, and for all."""

    value: Floats
    reliability: Floats  # 1 for the common rater
    side: Floats  # logits for what is shown first, the position of everyone included
    tie: float


@dataclass(frozen=True, eq=False)
class Told:
    """Pairs told apart on one criterion, the work shown earlier as `a`: shape (n_pairs,) each."""

    row: Ints  # the submission
    rater: Ints
    prompt: Ints
    a: Ints
    b: Ints
    answer: Floats  # 1 for `a`, -1 for `b`, 0 for a tie
    weight: Floats
    place: Ints  # the same number for the same two works, whichever way they stood

    def __len__(self) -> int:
        return len(self.row)

    def kept(self, which: Flags | Ints) -> Self:
        """Some of the pairs."""
        return type(self)(*(getattr(self, field.name)[which] for field in fields(self)))


@dataclass(frozen=True, eq=False)
class Pairs(Told):
    """The same beside what the fit expects."""

    drop: Floats  # value of `a` less that of `b`
    slope: Floats  # of this rater's answers on it
    expected: Floats  # the mean answer of this rater under the fit
    variance: Floats

    @cached_property
    def residual(self) -> Floats:
        """Answer less expectation, by weight."""
        return self.weight * (self.answer - self.expected)

    @property
    def steepness(self) -> tuple[Floats, Floats]:
        """Score and information of each pair on its rater's reliability: a logit moves an answer of ±1 by half."""
        return self.residual * self.drop / 2, self.weight * self.variance * self.drop**2 / 4

    @cached_property
    def straight(self) -> Floats:
        """1 where the work with the lower number is `a`, -1 where it is `b`: the same however they stood."""
        return np.where(self.a < self.b, 1.0, -1.0)


def told_apart(sample: Sample, answers: Answers, rows: Flags) -> Told:
    """Every pair told apart in these rows."""
    answered = np.flatnonzero(rows & (answers.outcome == ANSWERED))
    row, a, b, answer, weight = (
        _of_ratings(sample, answers, answered)
        if sample.shown.shape[1] == 1
        else _of_sets(sample, answers, answered[sample.size[answered] > 1])
    )
    told = Told(
        row=row,
        rater=sample.rater[row],
        prompt=sample.prompt[row],
        a=a,
        b=b,
        answer=answer,
        weight=weight,
        place=np.minimum(a, b) * len(sample.works.ids) + np.maximum(a, b),
    )
    return told if sample.shown.shape[1] == 2 else told.kept(np.argsort(row, kind="stable"))


def _of_sets(sample: Sample, answers: Answers, at: Ints) -> Columns:
    """Of works shown together; a tie in a set of more than two says nothing."""
    size, found = sample.size[at], []
    for i, j in combinations(range(sample.shown.shape[1]), 2):
        rank_a, rank_b = answers.ranks[at, i], answers.ranks[at, j]
        told = (rank_a > 0) & (rank_b > 0) & ((size == 2) | (rank_a != rank_b))
        answer = np.sign(rank_b[told] - rank_a[told]).astype(np.float64)
        row = at[told]
        found.append((row, sample.shown[row, i], sample.shown[row, j], answer, 2.0 / sample.size[row]))
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))


def _of_ratings(sample: Sample, answers: Answers, at: Ints) -> Columns:
    """Of works of one prompt that a rater scored one by one, each beside the `NEAREST` before it; the row is the later one."""
    at = at[np.isfinite(answers.score[at])]
    at = at[np.lexsort((at, sample.prompt[at], sample.rater[at]))]
    group = np.cumsum(
        np.diff(sample.rater[at], prepend=-1).astype(bool) | np.diff(sample.prompt[at], prepend=-1).astype(bool)
    )
    size = np.minimum(np.bincount(group)[group], NEAREST + 1) if len(at) else group
    found = []
    for apart in range(1, NEAREST + 1):
        together = np.flatnonzero(group[apart:] == group[:-apart])
        together = together[sample.shown[at[together], 0] != sample.shown[at[together + apart], 0]]
        before, row = at[together], at[together + apart]
        answer = np.sign(answers.score[before] - answers.score[row])
        found.append((row, sample.shown[before, 0], sample.shown[row, 0], answer, 2.0 / size[together]))
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))


def beside(told: Told, fit: Fitted) -> Pairs:
    """Put what the fit expects beside what was answered."""
    drop = fit.value[told.a] - fit.value[told.b]
    slope = fit.reliability[told.rater]
    expected, variance = moments(slope * drop + fit.side[told.rater], fit.tie)
    columns = {field.name: getattr(told, field.name) for field in fields(Told)}
    return Pairs(**columns, drop=drop, slope=slope, expected=expected, variance=variance)


def moments(logit: Floats, tie: float) -> tuple[Floats, Floats]:
    """Mean and variance of an answer of 1, 0 or -1 in Davidson's model."""
    grown = np.exp(-np.abs(logit))
    total = 1 + grown + tie * np.sqrt(grown)
    expected = np.sign(logit) * (1 - grown) / total
    return expected, (1 + grown) / total - expected**2


def by_cluster(key: Ints, *values: Floats) -> tuple[Ints, list[Floats]]:
    """The distinct keys, and sums of values over each."""
    found, at = numbered(key)
    return found, [np.bincount(at, value, len(found)) for value in values]


def numbered(key: Ints) -> tuple[Ints, Ints]:
    """The distinct keys, and which of them each is: by a table where that is not much larger than the keys, else by sorting."""
    size = int(key.max(initial=-1)) + 1
    if size > TABLE * len(key):
        return np.unique(key, return_inverse=True)
    there = np.zeros(size, dtype=bool)
    there[key] = True
    found = np.flatnonzero(there)
    number = np.empty(size, dtype=np.int64)
    number[found] = np.arange(len(found))
    return found, number[key]
