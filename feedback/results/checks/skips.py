"""Skips not at random: what is skipped, or said to be beyond judging, depends on the generators shown.

Each rater has a rate of skipping. Given it, the skips of submissions that show a generator vary about what is expected;
the variance is that between prompts, for a prompt may be hard as a whole.
"""

import numpy as np

from feedback.results.checks.finding import Tried, either
from feedback.results.checks.pairs import by_cluster
from feedback.results.checks.reading import Reading
from feedback.results.sample import CANNOT_JUDGE, NOBODY, SKIPPED

FAULT = "skips"
ENOUGH = 10  # skips of submissions that show the generator


def check(reading: Reading) -> list[Tried]:
    sample, tried = reading.sample, []
    outcomes = np.stack([answers.outcome for answers in sample.criteria.values()])
    skipped = np.isin(outcomes, (CANNOT_JUDGE, SKIPPED)).any(axis=0)[reading.rows].astype(np.float64)
    if skipped.sum() < ENOUGH:
        return []
    rate = np.bincount(reading.rater, skipped, reading.n_raters) / np.maximum(reading.judged, 1)
    excess = skipped - rate[reading.rater]
    shown = sample.shown[reading.rows]
    made = np.where(shown == NOBODY, NOBODY, sample.works.generator[shown])
    prompt = sample.prompt[reading.rows]
    for g in range(len(sample.generators)):
        there = (made == g).any(axis=1)
        if skipped[there].sum() < ENOUGH or there.all():
            continue
        share = by_cluster(prompt, there.astype(np.float64), np.ones(len(there)))
        usual = (share[1][0] / share[1][1])[np.searchsorted(share[0], prompt)]
        _, (push,) = by_cluster(prompt, excess * (there - usual))
        variance = max(float((push**2).sum()), float(((rate * (1 - rate))[reading.rater] * (there - usual) ** 2).sum()))
        if variance == 0:
            continue
        says = {"share": float(skipped[there].mean()), "elsewhere": float(skipped[~there].mean())}
        tried.append(Tried(FAULT, ("generator", (g,)), None, float(either(push.sum() / np.sqrt(variance))), says))
    return tried
