"""Drift: a rater whose care changes on the way, and a generator whose chances do.

A rater's answers follow the fit with a constant slope, so that sums of residual × difference return to 0 by chance: the
largest excursion over its own scale has Kolmogorov's distribution. For a generator it is the trend of its residuals over
each rater's own time.
"""

import numpy as np
from scipy.special import kolmogorov

from feedback.results.checks.finding import SMALLEST, Tried, either
from feedback.results.checks.pairs import Flags, by_cluster
from feedback.results.checks.reading import Reading
from feedback.results.sample import NOBODY, Floats, Ints

RATER, GENERATOR = "drift", "drift of a generator"
ENOUGH = 30  # submissions


def check(reading: Reading) -> list[Tried]:
    timed = reading.kept(_timed(reading))
    return [*_of_raters(timed), *_of_generators(timed)] if timed.pairs else []


def _timed(reading: Reading) -> Flags:
    """Rows of raters whose answers came at times of their own: many at one moment were brought along, in any order."""
    order = np.argsort(reading.rater, kind="stable")  # rows come in the order of time
    rater, at = reading.rater[order], reading.sample.at[reading.rows][order]
    new = np.diff(at, prepend=-np.inf).astype(bool) | np.diff(rater, prepend=-1).astype(bool)
    distinct = np.bincount(rater[new], minlength=reading.n_raters)
    return np.asarray((distinct > 0.9 * reading.judged)[reading.sample.rater])


def excursions(reading: Reading) -> tuple[Ints, Floats, Floats]:
    """By rater: submissions, the largest excursion in units of its scale, and the share of them at which it is reached."""
    row = np.concatenate([pairs.row for pairs in reading.pairs.values()])
    push = np.concatenate([pairs.residual * pairs.drop for pairs in reading.pairs.values()])
    at, (value,) = by_cluster(row, push)
    rater = reading.sample.rater[at]
    order = np.argsort(rater, kind="stable")  # rows come in the order of time
    rater, value = rater[order], value[order]
    n = np.bincount(rater, minlength=reading.n_raters)
    first = np.cumsum(n) - n
    value = value - (np.bincount(rater, value, len(n)) / np.maximum(n, 1))[rater]
    walk = np.cumsum(value)
    walk -= np.concatenate([[0.0], walk])[first][rater]
    scale = np.sqrt(np.maximum(np.bincount(rater, value**2, len(n)), 1e-12))
    largest, where = np.zeros(len(n)), np.zeros(len(n))
    for r in np.flatnonzero(n):
        mine = np.abs(walk[first[r] : first[r] + n[r]])
        where[r] = (mine.argmax() + 1) / n[r]
        largest[r] = mine.max() / scale[r]
    return n, largest, where


def _of_raters(reading: Reading) -> list[Tried]:
    n, largest, where = excursions(reading)
    return [
        Tried(
            RATER,
            ("rater", (int(r),)),
            None,
            max(float(kolmogorov(largest[r])), SMALLEST),
            {"n": int(n[r]), "excursion": float(largest[r]), "after": float(where[r])},
        )
        for r in np.flatnonzero(n >= ENOUGH)
    ]


def _of_generators(reading: Reading) -> list[Tried]:
    n_prompts, n_generators = len(reading.sample.prompts), len(reading.sample.generators)
    late, made = _own_time(reading), reading.sample.works.generator
    keys, pushes, growths = [], [], []
    for pairs in reading.pairs.values():
        for work, other, sign in ((pairs.a, pairs.b, 1.0), (pairs.b, pairs.a, -1.0)):
            told = (made[work] != NOBODY) & (made[work] != made[other])
            key = (pairs.rater * n_prompts + pairs.prompt) * n_generators + made[work]
            keys.append(key[told])
            pushes.append((sign * pairs.residual * late[pairs.row])[told])
            growths.append((pairs.weight * pairs.variance * late[pairs.row] ** 2)[told] / 2)
    if not keys:
        return []
    at, (push, growth) = by_cluster(*(np.concatenate(column) for column in (keys, pushes, growths)))
    total, variance, by_logit = (
        np.bincount(at % n_generators, value, n_generators) for value in (push, push**2, growth)
    )
    return [
        Tried(
            GENERATOR,
            ("generator", (int(g),)),
            None,
            float(either(total[g] / np.sqrt(variance[g]))),
            {"logits": float(total[g] / by_logit[g])},
        )
        for g in np.flatnonzero((variance > 0) & (by_logit > 0))
    ]


def _own_time(reading: Reading) -> Floats:
    """From -1/2 at a rater's first submission to 1/2 at the last, by their order."""
    rater = reading.sample.rater
    order = np.argsort(rater, kind="stable")
    n = np.bincount(rater, minlength=reading.n_raters)
    first = (np.cumsum(n) - n)[rater[order]]
    late = np.empty(len(rater))
    late[order] = (np.arange(len(rater)) - first + 0.5) / n[rater[order]] - 0.5
    return late
