"""Habits of single raters: answers faster than can be read, and the same words as a reason again and again."""

import numpy as np

from feedback.results.checks.finding import Tried, at_least
from feedback.results.checks.pairs import Flags, numbered
from feedback.results.checks.reading import Reading
from feedback.results.sample import Floats, Ints

SPEEDING, WORDS = "speeding", "copied reasons"
FLOOR, OFTEN = 0.25, 0.2  # of the panel's median time; the share of answers below it that is tolerated
TIMES, TOLERATED = 3, 0.1  # words used so often by one rater count as copied; more than others do, and this share
ENOUGH = 10


def check(reading: Reading) -> list[Tried]:
    dwell = reading.sample.dwell[reading.rows]
    told = np.isfinite(dwell)
    floor = FLOOR * float(np.median(dwell[told])) if told.any() else 0.0
    n, below = _counts(reading, told, dwell < floor)
    tried = _tried(SPEEDING, n, below, np.full(reading.n_raters, OFTEN), {"floor": floor})
    words = reading.sample.rationale[reading.rows]
    n, copied = _counts(reading, words >= 0, _copied(reading.rater, words))
    others = (copied.sum() - copied) / np.maximum(n.sum() - n, 1)
    return tried + _tried(WORDS, n, copied, np.minimum(others + TOLERATED, 1.0), {})


def _counts(reading: Reading, told: Flags, such: Flags) -> tuple[Ints, Ints]:
    """By rater: how many, and how many such."""
    return (
        np.bincount(reading.rater[told], minlength=reading.n_raters),
        np.bincount(reading.rater[told & such], minlength=reading.n_raters),
    )


def _tried(fault: str, n: Ints, such: Ints, share: Floats, says: dict[str, float]) -> list[Tried]:
    p = at_least(such, n, share)
    return [
        Tried(fault, ("rater", (int(r),)), None, float(p[r]), {"n": int(n[r]), "such": int(such[r]), **says})
        for r in np.flatnonzero(n >= ENOUGH)
    ]


def _copied(rater: Ints, words: Ints) -> Flags:
    """Whether the rater has used these words `TIMES` times or more."""
    told = np.flatnonzero(words >= 0)
    _, at = numbered(rater[told] * (int(words.max(initial=0)) + 1) + words[told])
    copied = np.zeros(len(words), dtype=bool)
    copied[told] = np.bincount(at)[at] >= TIMES if len(at) else False
    return copied
