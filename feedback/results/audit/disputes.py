"""How far the answers on a comparison contradict one another and the scores, and on which they do so most."""

from dataclasses import dataclass

import numpy as np

from feedback.results.audit.verdicts import Counts, Verdicts
from feedback.results.sample import ANSWERED, NOBODY, Answers, Floats, Ints, Sample

RAREST = 0.01  # no answer is taken for rarer: a fit cannot know better
ONE, NEITHER, OTHER = range(3)  # columns of counts, and of what the scores expect


@dataclass(frozen=True)
class Disputed:
    """A comparison by the ids of its works; `value` is in nats an answer."""

    works: frozenset[int]
    value: float
    answers: int


@dataclass(frozen=True, eq=False)
class Scored:
    """What a fit says of works by their number in the sample: NaN where it says nothing; parts are not compared."""

    values: Floats
    parts: Ints
    tie: float


def expected_of(difference: Floats, tie: float) -> Floats:
    """How often the one, neither and the other are answered where their strengths differ by so much; shape (n, 3)."""
    half = np.exp(np.asarray(difference) / 2)
    weights = np.stack([half, np.full_like(half, tie), 1 / half], axis=-1)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def dispute_of(counts: Ints, expected: Floats) -> Floats:
    """How disputed what was answered so often is, in nats an answer; NaN in `expected` expects nothing.

    It is the entropy of the answers, and how much more they surprise the scores than the scores themselves expect. A
    few answers may be chance, so that n of them count by n / (n + 1).
    """
    number = counts.sum(axis=1)
    shares = counts / number[:, None]
    likely = np.clip(expected, RAREST, 1)
    surprise = -((shares - expected) * np.log(likely)).sum(axis=1)
    return np.asarray((_entropy(shares) + np.fmax(surprise, 0)) * number / (number + 1))


def most_disputed(sample: Sample, answers: Answers, scored: Scored, most: int) -> list[Disputed]:
    """The comparisons of the study that are disputed most on a criterion; those that nobody disputes are not among them."""
    rows = np.flatnonzero(sample.scored & (answers.outcome == ANSWERED))
    if not len(rows):
        return []
    if sample.shown.shape[1] == 1:
        comparison, value, number = _apart(sample, answers, rows)
    else:
        comparison, value, number = _compared(sample, answers, scored, rows)
    first = np.empty(int(comparison.max()) + 1, np.int64)
    first[sample.comparison[rows[::-1]]] = rows[::-1]
    worst = np.argsort(-value, kind="stable")[:most]
    return [
        Disputed(_works_at(sample, int(first[comparison[at]])), float(value[at]), int(number[at]))
        for at in worst.tolist()
        if value[at] > 0
    ]


def _compared(sample: Sample, answers: Answers, scored: Scored, rows: Ints) -> tuple[Ints, Floats, Ints]:
    """Comparisons, their disputes (a set's is the mean over its pairs) and how many answered."""
    told = Counts.of(Verdicts.of(sample, answers, rows))
    known = scored.parts[told.low] == scored.parts[told.high]
    difference = np.where(known, scored.values[told.low] - scored.values[told.high], np.nan)
    disputes = dispute_of(told.counts, expected_of(difference, scored.tie))
    comparisons, of = np.unique(told.comparison, return_inverse=True)
    number = np.zeros(len(comparisons), np.int64)
    np.maximum.at(number, of, told.number)
    return comparisons, np.bincount(of, disputes) / np.bincount(of), number


def _apart(sample: Sample, answers: Answers, rows: Ints) -> tuple[Ints, Floats, Ints]:
    """Of single works: how far their scores lie apart, by the spread of all scores of the study."""
    comparisons, of = np.unique(sample.comparison[rows], return_inverse=True)
    scores, number = answers.score[rows], np.bincount(of)
    means = np.bincount(of, scores) / number
    spread = np.sqrt(np.bincount(of, (scores - means[of]) ** 2) / number)
    whole = scores.std() or 1.0
    return comparisons, spread / whole * number / (number + 1), number


def _works_at(sample: Sample, row: int) -> frozenset[int]:
    shown = sample.shown[row]
    return frozenset(sample.works.ids[shown[shown != NOBODY]].tolist())


def _entropy(shares: Floats) -> Floats:
    return np.asarray(-(shares * np.log(np.where(shares > 0, shares, 1))).sum(axis=1))
