"""Drift: a rater whose care changes on the way, and a generator whose chances do.

A rater's answers follow the fit with a constant slope, so that sums of residual × difference are a bridge that returns to
0: one way it goes further than x times its scale with chance exp(-2x²) (Smirnov, N. V. (1939)), seen at n places only as if
by .58 / √n less (Siegmund, D. (1985), Sequential Analysis, section X.2). Care that sinks is looked for first. For a
generator it is the trend of its residuals over each rater's own time.
"""

from typing import NamedTuple

import numpy as np

from feedback.results.checks.finding import SMALLEST, Tried, either
from feedback.results.checks.pairs import Flags, by_cluster
from feedback.results.checks.reading import Reading
from feedback.results.sample import NOBODY, Floats, Ints

RATER, GENERATOR = "drift", "drift of a generator"
ENOUGH = 30  # submissions
UNSEEN = 0.5826  # between two places, in steps
SINKING = 0.9  # of the false alarms; care that rises has the rest


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


class Excursions(NamedTuple):
    """By rater: submissions; how far the walk goes where care sinks and where it rises, in units of its scale; and the
    share of the submissions at which it goes furthest."""

    n: Ints
    sinking: Floats
    rising: Floats
    after: Floats

    @property
    def largest(self) -> Floats:
        return np.maximum(self.sinking, self.rising)

    @property
    def p(self) -> Floats:
        """How likely so large a one is, either way."""
        further = UNSEEN / np.sqrt(np.maximum(self.n, 1))
        ways = ((self.sinking, SINKING), (self.rising, 1 - SINKING))
        least = np.min([np.exp(-2 * (way + further) ** 2) / share for way, share in ways], axis=0)
        return np.clip(least, SMALLEST, 1.0)


def excursions(reading: Reading) -> Excursions:
    """The walk of each rater: what is left of residual × difference once their mean is taken out, summed up."""
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
    sinking, rising, after = np.zeros((3, len(n)))
    for r in np.flatnonzero(n):
        mine = walk[first[r] : first[r] + n[r]]
        after[r] = (np.abs(mine).argmax() + 1) / n[r]
        sinking[r], rising[r] = mine.max() / scale[r], -mine.min() / scale[r]
    return Excursions(n, np.maximum(sinking, 0), np.maximum(rising, 0), after)


def _of_raters(reading: Reading) -> list[Tried]:
    found = excursions(reading)
    p = found.p
    return [
        Tried(
            RATER,
            ("rater", (int(r),)),
            None,
            float(p[r]),
            {"n": int(found.n[r]), "excursion": float(found.largest[r]), "after": float(found.after[r])},
        )
        for r in np.flatnonzero(found.n >= ENOUGH)
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
