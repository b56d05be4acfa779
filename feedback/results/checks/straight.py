"""Straight-lining: the same place chosen as just before, or the other one every time, whatever is shown there.

Places are drawn by chance. Among a rater's answers in the order given, those that name one place as the best match the one
before with a chance of 1 / K; a tenth more (or less) is tolerated, which a bias of 0.9 logits to one side stays within.
The p-value is the binomial's, exact.
"""

import numpy as np

from feedback.results.checks.finding import Tried, at_least, at_most
from feedback.results.checks.reading import Reading
from feedback.results.sample import ANSWERED, Answers, Ints

FAULT = "straight-lining"
TOLERATED = 0.1
ENOUGH = 15  # places chosen


def check(reading: Reading) -> list[Tried]:
    tried = []
    for slug, answers in reading.sample.criteria.items():
        n, same, chance = matches(reading, answers)
        held = at_least(same, n, np.minimum(chance + TOLERATED, 1))
        turned = at_most(same, n, np.maximum(chance - TOLERATED, 0))
        for r in np.flatnonzero(n >= ENOUGH):
            says = {"n": int(n[r]), "same": int(same[r]), "expected": float(chance[r] * n[r])}
            p = min(1.0, 2 * float(min(held[r], turned[r])))
            tried.append(Tried(FAULT, ("rater", (int(r),)), slug, p, says))
    return tried


def matches(reading: Reading, answers: Answers) -> tuple[Ints, Ints, np.ndarray]:
    """By rater: answers that follow another, those that name the same place, and the chance of it."""
    sample, n_raters = reading.sample, reading.n_raters
    named = (answers.ranks == 1).sum(axis=1) == 1
    told = np.flatnonzero(reading.rows & sample.drawn & (answers.outcome == ANSWERED) & (sample.size > 1) & named)
    told = told[np.argsort(sample.rater[told], kind="stable")]
    place, rater, size = (answers.ranks[told] == 1).argmax(axis=1), sample.rater[told], sample.size[told]
    follows = rater[1:] == rater[:-1]
    who = rater[1:][follows]
    n = np.bincount(who, minlength=n_raters)
    same = np.bincount(who, (place[1:] == place[:-1])[follows], n_raters).astype(np.int64)
    chance = np.bincount(who, 1 / np.maximum(size[1:], size[:-1])[follows], n_raters) / np.maximum(n, 1)
    return n, same, chance
