"""Side bias: what is shown first wins more often than its own worth explains, for everyone or for one rater.

Which work stood first was drawn by chance, so that without such a bias each residual has its sign by chance too: the sum of
residuals over submissions has mean 0 and the sum of their squares as its variance, whatever raters like. Orders that
Salon did not draw are left out: they may follow the answer.
"""

import numpy as np

from feedback.results.checks.finding import STUDY, Tried, beyond, either
from feedback.results.checks.pairs import by_cluster, moments
from feedback.results.checks.reading import Reading
from feedback.results.sample import Floats

FAULT = "side bias"
TOLERATED = 0.2  # logits by which a rater may differ from the others


def lean(reading: Reading) -> tuple[Floats, Floats, Floats]:
    """By rater: the sum of what was shown first won beyond expectation, its variance, and its growth by logit."""
    row, excess, growth = [], [], []
    for slug, pairs in reading.pairs.items():
        fit = reading.fits[slug]
        told = reading.sample.drawn[pairs.row] & (reading.sample.size[pairs.row] > 1)
        rater, drop, weight = pairs.rater[told], pairs.drop[told], pairs.weight[told]
        expected, variance = moments(fit.reliability[rater] * drop, fit.tie)
        row.append(pairs.row[told])
        excess.append(weight * (pairs.answer[told] - expected))
        growth.append(weight * variance / 2)
    if not row:
        return (np.zeros(reading.n_raters),) * 3
    at, (total, by_logit) = by_cluster(np.concatenate(row), np.concatenate(excess), np.concatenate(growth))
    rater, n = reading.sample.rater[at], reading.n_raters
    return (np.bincount(rater, total, n), np.bincount(rater, total**2, n), np.bincount(rater, by_logit, n))


def check(reading: Reading) -> list[Tried]:
    total, variance, growth = lean(reading)
    if not variance.sum():
        return []
    side, error = float(total.sum() / growth.sum()), float(np.sqrt(variance.sum()) / growth.sum())
    tried = [Tried(FAULT, STUDY, None, float(either(side / error)), {"side": side, "error": error})]
    known = np.flatnonzero(variance > 0)
    others = (total.sum() - total[known]) / np.maximum(growth.sum() - growth[known], 1e-9)
    own, its_error = total[known] / growth[known], np.sqrt(variance[known]) / growth[known]
    spread = np.hypot(its_error, error)
    p = np.minimum(2 * beyond((np.abs(own - others) - TOLERATED) / spread), 1)
    return tried + [
        Tried(FAULT, ("rater", (int(r),)), None, float(p[i]), {"side": float(own[i]), "others": float(others[i])})
        for i, r in enumerate(known)
    ]
