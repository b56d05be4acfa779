"""Halo: answers on one criterion that follow those on another beyond what the works explain.

Residuals of one submission on two criteria are correlated; raters who judge each on its own share a little, and `TOLERATED`
is allowed for. Fisher's z, averaged over the pairs of criteria, counts each submission once.
"""

from itertools import combinations

import numpy as np

from feedback.results.checks.finding import STUDY, Tried, beyond
from feedback.results.checks.pairs import Pairs, numbered
from feedback.results.checks.reading import Reading
from feedback.results.sample import Floats, Ints

FAULT = "halo"
TOLERATED = 0.3
ENOUGH = 20  # submissions with answers on both


def check(reading: Reading) -> list[Tried]:
    if len(reading.pairs) < 2:
        return []
    sums, n = _sums(reading)
    study, of_raters = _correlation(sums.sum(axis=2)), _correlation(sums)
    tried = []
    if n.sum() >= ENOUGH:
        z = (np.arctanh(study) - np.arctanh(TOLERATED)) * np.sqrt(n.sum() - 3)
        tried.append(Tried(FAULT, STUDY, None, float(beyond(z)), {"correlation": float(study)}))
    expected = max(TOLERATED, float(study))
    for r in np.flatnonzero(n >= ENOUGH):
        z = (np.arctanh(of_raters[r]) - np.arctanh(expected)) * np.sqrt(n[r] - 3)
        says = {"correlation": float(of_raters[r]), "others": float(study)}
        tried.append(Tried(FAULT, ("rater", (int(r),)), None, float(beyond(z)), says))
    return tried


def _sums(reading: Reading) -> tuple[Floats, Floats]:
    """Products and squares of residuals, shape (n_pairs_of_criteria, 3, n_raters); and submissions by rater."""
    n_raters, rater_of = reading.n_raters, reading.sample.rater
    every, found, most = list(reading.pairs.values()), [], np.zeros(n_raters)
    keys = [_keys(reading, pairs) for pairs in every]
    for one, other in combinations(range(len(every)), 2):
        _, at, there = np.intersect1d(keys[one], keys[other], return_indices=True)
        x, y, rater = every[one].residual[at], every[other].residual[there], every[one].rater[at]
        found.append([np.bincount(rater, part, n_raters) for part in (x * y, x * x, y * y)])
        rows, _ = numbered(every[one].row[at])
        most = np.maximum(most, np.bincount(rater_of[rows], minlength=n_raters))
    return np.array(found), most


def _keys(reading: Reading, pairs: Pairs) -> Ints:
    """A number for each pair of a submission, the same on every criterion."""
    if reading.sample.shown.shape[1] == 2:
        return pairs.row
    return pairs.row * len(reading.sample.works.ids) ** 2 + pairs.place


def _correlation(sums: Floats) -> Floats:
    """Averaged over pairs of criteria as Fisher's z."""
    both, one, other = sums[:, 0], sums[:, 1], sums[:, 2]
    found = both / np.sqrt(np.maximum(one * other, 1e-12))
    return np.asarray(np.tanh(np.arctanh(np.clip(found, -0.999, 0.999)).mean(axis=0)))
