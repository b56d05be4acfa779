"""Ninety-five per cent intervals hold the truth in 93 to 97 of a hundred repetitions, on designs well joined and badly.

Every share is over 300 simulated data sets. A data set that is refused, whole or for a
comparison across its parts, counts apart, and few may be.
"""

from typing import NamedTuple

import numpy as np
import pytest

from rankings import NotComparableError, Orders, simulate
from rankings.pairs.pairwise import bradley_terry, davidson, graded
from rankings.sets.listwise import plackett_luce

N_FITS = 300
N = 24
VALUES = np.random.default_rng(1).normal(size=N)
VALUES -= VALUES.mean()
JUDGEMENTS = {"uniform": 700, "zipf": 3000, "islands": 3600, "ring": 2400}
"""So many that undefeated items are rare; one judgement in a hundred joins two islands."""


class Shares(NamedTuple):
    """Shares of intervals that held the truth, and of data sets that were refused."""

    values: float
    differences: float
    refused: float

    def assert_right(self, most_refused=0.1):
        assert 0.93 <= self.values <= 0.97
        assert 0.93 <= self.differences <= 0.97
        assert self.refused <= most_refused


def shares(fit, truth, n_fits=N_FITS):
    """Fit many data sets; look at every value, and at the ten differences of five random items."""
    held, apart, refused = [], [], 0
    for seed in range(n_fits):
        try:
            strengths = fit(seed)
            strengths.difference(0, np.argmax(strengths.components))
        except NotComparableError:
            refused += 1
            continue
        low, high = strengths.interval().T
        held.append((low <= truth) & (truth <= high))
        some = np.random.default_rng(seed).choice(len(truth), 5, replace=False)
        apart.append(differences_held(strengths, truth, some))
    return Shares(np.mean(held), np.mean(apart), refused / n_fits)


def differences_held(strengths, truth, some):
    """Whether the intervals of all differences of some items hold the true ones."""
    one, other = np.triu_indices(len(some), 1)
    covariance = strengths.covariance_of(some)
    variance = covariance.diagonal()
    error = np.sqrt(variance[one] + variance[other] - 2 * covariance[one, other])
    miss = strengths.values[some] - truth[some]
    low, high = strengths.interval()[0]  # items share their degrees of freedom here
    reach = (high - low) / 2 / strengths.standard_errors[0]
    return np.abs(miss[one] - miss[other]) <= reach * error


def pairs(kind, seed, n=N):
    return simulate.design(kind, n, JUDGEMENTS[kind] * n // N, seed=seed)


def sets(kind, seed, size=4):
    """Draw sets around the pairs of a design: from one island, but for the bridge; side by side on the ring; or any."""
    asked = simulate.design(kind, N, JUDGEMENTS[kind] // 4, seed=seed, bridges=0.04)
    if kind == "ring":
        return (asked[:, :1] + np.arange(size)) % N
    island = np.arange(N) // (8 if kind == "islands" else N)
    order = np.random.default_rng(seed).random((len(asked), N))
    order[island[asked[:, :1]] != island] = 1
    np.put_along_axis(order, asked, -1, axis=1)
    return np.argsort(order, axis=1)[:, :size]


def fit_pairs(kind, seed):
    told = simulate.pairs(VALUES, pairs(kind, seed), seed=seed)
    return bradley_terry(*np.where(told.outcome > 0, told[:2], told[1::-1]), n_items=N)


def fit_ties(kind, seed):
    told = simulate.pairs(VALUES, pairs(kind, seed), seed=seed, tie=0.6, position=0.3)
    return davidson(*told[:3], first_a=told.first_a, n_items=N)


def fit_grades(kind, seed):
    told = simulate.graded(VALUES, pairs(kind, seed), seed=seed)
    return graded(*told[:3], n_items=N)


def fit_sets(kind, seed):
    chosen = sets(kind, seed)
    felt = VALUES[chosen] + np.random.default_rng([seed, 1]).gumbel(size=chosen.shape)
    ranks = np.argsort(np.argsort(-felt, axis=1), axis=1) + 1
    return plackett_luce(Orders.from_ranks(chosen, ranks), n_items=N)


@pytest.mark.parametrize("kind", JUDGEMENTS)
@pytest.mark.parametrize("fit", [fit_pairs, fit_ties, fit_grades, fit_sets])
def test_intervals_hold_the_truth(fit, kind):
    shares(lambda seed: fit(kind, seed), VALUES).assert_right()
