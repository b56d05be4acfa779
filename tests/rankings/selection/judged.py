"""Strengths to choose by, fitted to simulated judgements."""

from functools import cache

import numpy as np
from scipy.special import expit

from rankings import Strengths, bradley_terry


@cache
def judged(n_items: int, n_pairs: int, *, sd: float = 1.0, seed: int = 0, joined: bool = True) -> Strengths:
    """Fit chance pairs of items whose strengths have the standard deviation `sd`, all `joined` by a ring."""
    random = np.random.default_rng(seed)
    truth = sd * random.standard_normal(n_items)
    a = random.integers(0, n_items, n_pairs)
    b = (a + random.integers(1, n_items, n_pairs)) % n_items
    if joined:
        a, b = np.append(a, np.arange(n_items)), np.append(b, np.roll(np.arange(n_items), 1))
    a_wins = random.random(len(a)) < expit(truth[a] - truth[b])
    return bradley_terry(np.where(a_wins, a, b), np.where(a_wins, b, a), n_items=n_items, prior_sd=1.5)
