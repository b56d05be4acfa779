"""Taste camps: raters who differ from the fit in the same direction together, on one half of the prompts as on the other.

On each half, what two raters' residuals have in common is the sum of their products over what both judged. Without camps the
two halves know nothing of each other: turning all residuals of a rater on one half round changes nothing, so that the sum over
pairs of raters of the one half's times the other's has mean 0, and its variance and skewness are those under such turns
(Pearson's type III). What a rater's own reliability explains is taken out on each half apart, or its error would stand in both.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import gammaincc

from feedback.results.checks.finding import SMALLEST, STUDY, Tried, beyond
from feedback.results.checks.reading import Reading
from feedback.results.checks.together import residuals
from feedback.results.sample import Floats

FAULT = "taste camps"
FEWEST_RATERS, FEWEST_PROMPTS = 6, 4


class Camps(NamedTuple):
    """How likely such likeness is without camps, and which way each rater leans."""

    p: float
    lean: Floats


def camps(reading: Reading) -> Camps | None:
    """None where there are too few raters or prompts to tell."""
    if not reading.pairs:
        return None
    table, prompt = residuals(reading)
    if len(np.unique(prompt)) < FEWEST_PROMPTS or (reading.judged > 0).sum() < FEWEST_RATERS:
        return None
    first, second = (
        _alike((part @ part.T).toarray()) for part in (table[:, prompt % 2 == 0], table[:, prompt % 2 == 1])
    )
    both = first * second
    total, variance = float(both.sum()), 2 * float((both**2).sum())
    skewness = 8 * float(np.sum((both @ both) * both)) / max(variance, 1e-12) ** 1.5
    leading: Floats = np.linalg.eigh(first + second)[1][:, -1]
    return Camps(_tail(total / np.sqrt(max(variance, 1e-12)), skewness), leading)


def _alike(product: Floats) -> Floats:
    """Correlations of raters less their mean, which the fit to all of them makes negative; 0 with oneself."""
    spread = np.sqrt(np.maximum(product.diagonal(), 1e-9))
    found: Floats = product / np.outer(spread, spread)
    there = (product.diagonal() > 0) & ~np.eye(len(product), dtype=bool)
    there &= there.T
    return np.where(there, found - found[there].mean(), 0.0)


def _tail(z: float, skewness: float) -> float:
    """The chance of more, for a standardised gamma of this skewness."""
    if skewness < 1e-3:
        return float(beyond(z))
    shape = 4 / skewness**2
    return max(float(gammaincc(shape, max(shape + z * np.sqrt(shape), 0.0))), SMALLEST)


def check(reading: Reading) -> list[Tried]:
    found = camps(reading)
    if found is None:
        return []
    one, other = (tuple(int(r) for r in np.flatnonzero(side)) for side in (found.lean > 1e-9, found.lean < -1e-9))
    return [Tried(FAULT, STUDY, None, found.p, {"camps": (one, other)})]
