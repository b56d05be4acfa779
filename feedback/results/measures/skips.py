"""Skips that are not at random: is one generator's work left unjudged more often than another's?"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import chdtrc

from feedback.results.measures.numbers import Json, told
from feedback.results.sample import ANSWERED, NOBODY, NOT_ASKED, Ints, Sample
from rankings.checks import Floats

ROUNDING = 1e-9
FEWEST = 10  # skips, below which the test says nothing


@dataclass(frozen=True, eq=False)
class Skips:
    """How often comparisons with each generator were skipped, beside what the same raters' habit lets expect."""

    p: float | None
    generators: Ints  # by number
    skipped: Floats
    expected: Floats
    shown: Floats
    why: str = ""

    def told(self, ids: Ints) -> Json:
        known = {"why": self.why} if self.why else {}
        columns = (ids[self.generators], self.skipped, self.expected, self.shown)
        names = ("generator", "skipped", "expected", "shown")
        by = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        return told(p=self.p, by=by, **known)


def measure(sample: Sample, criterion: str) -> Skips:
    """The score test of a logistic regression of skipping on the generators shown, each rater with a habit of their own."""
    outcome = sample.criteria[criterion].outcome
    rows = np.flatnonzero(sample.scored & (outcome != NOT_ASKED))
    skipped = (outcome[rows] != ANSWERED).astype(float)
    raters, rater, times = np.unique(sample.rater[rows], return_inverse=True, return_counts=True)
    habit = np.bincount(rater, skipped, len(raters)) / np.maximum(times, 1)
    size = len(sample.generators)
    makers = np.where(sample.shown[rows] == NOBODY, NOBODY, sample.works.generator[sample.shown[rows]])
    by_rater = _summed(makers, rater * size, np.ones(len(rows)), len(raters) * size).reshape(len(raters), size)
    of_all = np.zeros(len(rows), dtype=np.int64)
    counts = (_summed(makers, of_all, skipped, size), habit @ by_rater, by_rater.sum(axis=0))
    found = (np.arange(size), *counts)
    if size < 2 or skipped.sum() < FEWEST:
        return Skips(None, *found, why=f"{skipped.sum():.0f} of {FEWEST} skips" if size > 1 else "one generator alone")
    weight = habit * (1 - habit) * times / np.maximum(times - 1, 1)
    spread = _products(makers, weight[rater], size) - (by_rater * (weight / times)[:, None]).T @ by_rater
    score, freedom = counts[0] - counts[1], int(np.linalg.matrix_rank(spread, rtol=ROUNDING, hermitian=True))
    statistic = float(score @ np.linalg.pinv(spread, rcond=ROUNDING, hermitian=True) @ score)
    return Skips(float(chdtrc(freedom, statistic)) if freedom else None, *found)


def _summed(makers: Ints, start: Ints, weight: Floats, cells: int) -> Floats:
    """The weights of the rows in which each generator stands, in cells that begin at each row's start."""
    total = np.zeros(cells)
    for column in makers.T:
        known = column != NOBODY
        total += np.bincount((start + column)[known], weight[known], cells)
    return total


def _products(makers: Ints, weight: Floats, size: int) -> Floats:
    """The weighted sum over rows of the products of how often two generators stand in it, shape (size, size)."""
    total = np.zeros(size * size)
    for one, other in product(makers.T, makers.T):
        known = (one != NOBODY) & (other != NOBODY)
        total += np.bincount((one * size + other)[known], weight[known], size * size)
    return total.reshape(size, size)
