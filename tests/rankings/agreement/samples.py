"""Ratings drawn from known probabilities, for tests of intervals and of what a model expects."""

import numpy as np
from scipy.special import expit, ndtr


def probabilities(random, n_units, cuts, sd=1.0):
    """Return each unit's probability of each category: a normal quality, cut after a rater's normal error."""
    quality = random.normal(scale=sd, size=n_units)
    below = ndtr(np.array(cuts) - quality[:, None])
    return np.diff(np.column_stack([np.zeros(n_units), below, np.ones(n_units)]), axis=1)


def ratings(random, rows, n_raters, missing=0.0):
    """Draw the ratings of independent raters, shape (n_raters, n_units), with a share missing."""
    uniform = random.random((n_raters, len(rows), 1))
    table = (uniform > np.cumsum(rows, axis=1)[:, :-1]).sum(axis=2).astype(float)
    table[random.random(table.shape) < missing] = np.nan
    return table


def wins(random, n_pairs, sd):
    """Return the probabilities that either of two random works wins, works' strengths being normal."""
    chance = expit(random.normal(scale=sd * np.sqrt(2), size=n_pairs))
    return np.column_stack([chance, 1 - chance])
