"""Judgements saved in simulated studies: a small version of the figures in the package's docstring."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import kendalltau

from rankings import Strengths, bradley_terry, selection

N_ITEMS, N_PAIRS, BATCH, SEEDS = 60, 600, 30, 8

type Choose = Callable[[Strengths, int], selection.Batch]


def study(truth: np.ndarray, choose: Choose | None, seed: int) -> list[Strengths]:
    """Ask in batches, answer by the truth, and fit after each; without `choose` each pair is drawn by chance."""
    random = np.random.default_rng(seed)
    winner, loser, fits = np.empty(0, int), np.empty(0, int), []
    while len(winner) < N_PAIRS:
        if choose and fits:
            a, b = choose(fits[-1], int(random.integers(2**31))).sets.T
        else:
            a = random.integers(0, N_ITEMS, BATCH)
            b = (a + random.integers(1, N_ITEMS, BATCH)) % N_ITEMS
        a_wins = random.random(BATCH) < expit(truth[a] - truth[b])
        winner, loser = np.append(winner, np.where(a_wins, a, b)), np.append(loser, np.where(a_wins, b, a))
        fits.append(bradley_terry(winner, loser, n_items=N_ITEMS, prior_sd=1.5))
    return fits


@cache
def curve(sd: float, choose: Choose | None) -> np.ndarray:
    """Return the mean Kendall tau with the truth after each batch."""
    taus = []
    for seed in range(SEEDS):
        truth = sd * np.random.default_rng(100 + seed).standard_normal(N_ITEMS)
        taus.append([kendalltau(truth, fit.values).statistic for fit in study(truth, choose, seed)])
    return np.mean(taus, axis=0)


def ratio(sd: float, choose: Choose) -> float:
    """Return the judgements needed for the order that chance finds with all, as a share of them."""
    reached, target = np.append(0, curve(sd, choose)), curve(sd, None)[-1]
    if reached.max() < target:
        return np.inf
    after = int(np.argmax(reached >= target))
    step = (target - reached[after - 1]) / (reached[after] - reached[after - 1])
    return BATCH * (after - 1 + step) / N_PAIRS


def by_order(strengths: Strengths, seed: int) -> selection.Batch:
    return selection.order_gain(strengths, BATCH, seed=seed)


def by_swiss(strengths: Strengths, seed: int) -> selection.Batch:
    return selection.swiss(strengths, BATCH, seed=seed)


@pytest.mark.parametrize(("sd", "choose", "most"), [(3, by_order, 0.7), (3, by_swiss, 0.75), (1, by_order, 0.9)])
def test_the_order_is_found_with_fewer_judgements(sd, choose, most):
    assert ratio(sd, choose) <= most


def by_order_alone(strengths: Strengths, seed: int) -> selection.Batch:
    return selection.order_gain(strengths, BATCH, seed=seed, uniform_share=0)


def test_between_equals_chosen_pairs_spread_the_strengths_and_chance_holds_them_together():
    def spread(choose):
        return np.mean([study(np.zeros(N_ITEMS), choose, seed)[-1].values.std() for seed in range(4)])

    chance, mixed, alone = map(spread, (None, by_order, by_order_alone))

    assert chance < mixed < alone
    assert mixed < 2 * chance
