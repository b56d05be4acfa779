"""Gold and repeats: answers beside an expert's, and beside the rater's own to the same works.

A submission counts once, however many criteria it answers: it is right (or the same) if it is on most of them. Gold: at
least `RIGHT` of the answers. Repeats, of pairs alone: as many as the fit expects of a rater of common reliability, but for
`SPARED`. Both exact, by the binomial distribution.
"""

import numpy as np

from feedback.results.checks.finding import Tried, at_most
from feedback.results.checks.pairs import Flags, moments
from feedback.results.checks.reading import Reading
from feedback.results.sample import ANSWERED, Answers, Floats, Ints, Sample

GOLD, REPEATS = "failed gold", "failed repeats"
RIGHT, SPARED = 0.7, 0.1
ENOUGH = 6

type Counts = tuple[Ints, Ints]


def check(reading: Reading) -> list[Tried]:
    sample = reading.sample
    tried = _tried(reading, GOLD, gold(sample), np.full(reading.n_raters, RIGHT))
    if sample.shown.shape[1] == 2:
        tried += _tried(reading, REPEATS, repeats(sample), expected_repeats(reading) - SPARED)
    return tried


def _tried(reading: Reading, fault: str, counts: Counts, share: Floats) -> list[Tried]:
    (found, n), raters = counts, reading.sample.raters
    p = at_most(found, n, share)
    return [
        Tried(fault, ("rater", (int(r),)), None, float(p[r]), {"n": int(n[r]), "such": int(found[r])})
        for r in np.flatnonzero((n >= ENOUGH) & ~raters.excluded & (raters.kind != "machine"))
    ]


def gold(sample: Sample) -> Counts:
    """By rater: answers that agree with the expert's, of how many: more pairs of works in its order than against it."""
    right, n = np.zeros((2, len(sample)))
    for slug, answers in sample.criteria.items():
        key = sample.expected[slug]
        rows = np.flatnonzero((key > 0).any(axis=1) & (answers.outcome == ANSWERED))
        n[rows] += 1
        right[rows] += _concord(answers.ranks[rows], key[rows]) > 0
    return _by_rater(sample, right, n)


def repeats(sample: Sample) -> Counts:
    """By rater: repeats answered as the first time, of how many: more pairs of works in the same order than turned round."""
    same, n = np.zeros((2, len(sample)))
    again = np.flatnonzero(sample.repeat_of >= 0)
    for answers in sample.criteria.values():
        rows, both = _both(sample, answers, again, sample.repeat_of[again])
        n[rows] += 1
        same[rows] += both > 0
    return _by_rater(sample, same, n)


def expected_repeats(reading: Reading) -> Floats:
    """By rater: the least, over the criteria, of the mean chance that a pair is answered alike twice."""
    sample, n_raters, chances = reading.sample, reading.n_raters, [np.full(reading.n_raters, 1.0)]
    again = np.flatnonzero(sample.repeat_of >= 0)
    a, b = sample.shown[again].T
    for fit in reading.fits.values():
        expected, variance = moments(fit.value[a] - fit.value[b], fit.tie)
        decided = variance + expected**2
        alike = (decided**2 + expected**2) / 2 + (1 - decided) ** 2
        n = np.maximum(np.bincount(sample.rater[again], minlength=n_raters), 1)
        chances.append(np.bincount(sample.rater[again], alike, n_raters) / n)
    return np.min(chances, axis=0)


def _by_rater(sample: Sample, such: Floats, n: Floats) -> Counts:
    """Submissions of which most criteria are such, and submissions."""
    told, width = n > 0, len(sample.raters.ids)
    most = told & (2 * such > n)
    return np.bincount(sample.rater[most], minlength=width), np.bincount(sample.rater[told], minlength=width)


def _both(sample: Sample, answers: Answers, again: Ints, first: Ints) -> tuple[Ints, Floats]:
    """Rows that were answered twice, and how far the two orders agree; ties both times agree."""
    told: Flags = (answers.outcome[again] == ANSWERED) & (answers.outcome[first] == ANSWERED)
    again, first = again[told], first[told]
    now, before = (
        np.take_along_axis(answers.ranks[rows], np.argsort(sample.shown[rows], axis=1), axis=1)
        for rows in (again, first)
    )
    tied = (np.ptp(now, axis=1) == 0) & (np.ptp(before, axis=1) == 0)
    return again, np.where(tied, 1, _concord(now, before))


def _concord(one: np.ndarray, other: np.ndarray) -> Floats:
    """Pairs of works in the same order less those in the opposite one."""
    total = np.zeros(len(one))
    for i in range(one.shape[1]):
        for j in range(i + 1, one.shape[1]):
            there = (one[:, i] > 0) & (one[:, j] > 0) & (other[:, i] > 0) & (other[:, j] > 0)
            total += there * np.sign(one[:, i].astype(int) - one[:, j]) * np.sign(other[:, i].astype(int) - other[:, j])
    return total
