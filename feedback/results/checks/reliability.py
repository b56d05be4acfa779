"""Reversed and random raters: how steeply a rater's answers follow the differences that the others see.

Each rater's slope is fitted to the values that the others' answers give alone, or it would show the rater's own share in
them. Criteria count by their information. Its error is the larger of the model's and the spread between the rater's prompts, so
that a taste of one's own does not pass for certainty. Reversed: below 0. Random: below `LEAST` times the mean of the others'.
"""

from typing import NamedTuple

import numpy as np

from feedback.results.checks.finding import Tried, beyond
from feedback.results.checks.pairs import Pairs, by_cluster
from feedback.results.checks.reading import Reading
from feedback.results.sample import Floats

REVERSED, RANDOM = "reversed rater", "random rater"
LEAST = 0.5
ENOUGH = 20  # pairs
FEWEST_RATERS = 3
CLEARLY = 3.0  # errors by which the others' mean slope is above 0, or there is nothing to reverse


class Slopes(NamedTuple):
    """By rater: the slope on what the others see, its error, the others' mean and its error, and pairs judged."""

    value: Floats
    error: Floats
    others: Floats
    others_error: Floats
    n: Floats


def check(reading: Reading) -> list[Tried]:
    if not reading.pairs or (reading.judged > 0).sum() < FEWEST_RATERS:
        return []
    tried, pooled = [], slopes(list(reading.others.values()), reading)
    z = (LEAST * pooled.others - pooled.value) / np.hypot(pooled.error, LEAST * pooled.others_error)
    for r in np.flatnonzero(pooled.n >= ENOUGH):
        says = {"slope": float(pooled.value[r]), "others": float(pooled.others[r]), "least": LEAST}
        tried.append(Tried(RANDOM, ("rater", (int(r),)), None, float(beyond(z[r])), says))
    for slug, pairs in reading.others.items():
        own = slopes([pairs], reading)
        agreed = own.others > CLEARLY * own.others_error
        for r in np.flatnonzero((own.n >= ENOUGH) & agreed):
            says = {"slope": float(own.value[r]), "error": float(own.error[r]), "others": float(own.others[r])}
            p = float(beyond(-own.value[r] / own.error[r]))
            tried.append(Tried(REVERSED, ("rater", (int(r),)), slug, p, says))
    return tried


def slopes(every: list[Pairs], reading: Reading) -> Slopes:
    """Pooled over these pairs, which stand beside the others' values and the rater's slope on them."""
    n_raters, n_prompts = reading.n_raters, len(reading.sample.prompts)
    known, weighted, n = np.zeros((3, n_raters))
    keys, pushes = [], []
    for pairs in every:
        push, information = pairs.steepness
        known += np.bincount(pairs.rater, information, n_raters)
        weighted += np.bincount(pairs.rater, information * pairs.slope, n_raters)
        n += np.bincount(pairs.rater, minlength=n_raters)
        keys.append(pairs.rater * n_prompts + pairs.prompt)
        pushes.append(push)
    at, (push,) = by_cluster(np.concatenate(keys), np.concatenate(pushes))
    variance = np.maximum(known, np.bincount(at // n_prompts, push**2, n_raters))
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = known.sum() - known
        return Slopes(
            np.where(known > 0, weighted / known, np.nan),
            np.where(known > 0, np.sqrt(variance) / known, np.inf),
            (weighted.sum() - weighted) / rest,
            np.sqrt(variance.sum() - variance) / rest,
            n,
        )
