"""Each rater against each: how often two of them agree, those alike side by side."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from feedback.results.measures.numbers import Json, told
from feedback.results.measures.preferences import Preferences
from feedback.results.sample import Ints
from rankings.checks import Floats

MOST_SHOWN = 40  # raters in the matrix, those who judged most


@dataclass(frozen=True, eq=False)
class Matrix:
    """How often each two raters agree where both judged, a tie counting half; NaN where they never met."""

    raters: Ints  # by number, those alike side by side
    agreement: Floats
    n: Ints

    def told(self, ids: Ints) -> Json:
        return told(raters=ids[self.raters], agreement=self.agreement, n=self.n)


def measure(preferences: Preferences) -> Matrix:
    """Of the raters who judged most."""
    counts = np.bincount(preferences.rater)
    shown = np.sort(np.argsort(-counts, kind="stable")[: min(MOST_SHOWN, int((counts > 0).sum()))])
    kept = preferences.once & np.isin(preferences.rater, shown)
    place = (np.searchsorted(shown, preferences.rater[kept]), preferences.unit[kept])
    size = (len(shown), preferences.n_units)
    sign = csr_array((preferences.sign[kept].astype(float), place), shape=size)
    met = csr_array((np.ones(int(kept.sum())), place), shape=size)
    n = np.rint((met @ met.T).toarray()).astype(np.int64)
    alike = (sign @ sign.T).toarray()
    agreement = np.where(n > 0, 0.5 + alike / np.maximum(n, 1) / 2, np.nan)
    np.fill_diagonal(agreement, np.nan)
    order = _alike_together(np.nan_to_num(agreement - 0.5) * np.sqrt(n))
    return Matrix(shown[order], agreement[np.ix_(order, order)], n[np.ix_(order, order)])


def _alike_together(likeness: Floats) -> Ints:
    """An order in which raters who agree stand side by side: by the second axis of what they have in common."""
    if len(likeness) < 3:
        return np.arange(len(likeness))
    np.fill_diagonal(likeness, 0)
    axes = np.linalg.eigh(likeness)[1]
    return np.argsort(axes[:, -2] * np.sign(axes[np.argmax(np.abs(axes[:, -2])), -2]), kind="stable")
