"""A rank's interval holds the true rank as often as it says, and widens to all ranks where nothing is known."""

import numpy as np
import pytest

from rankings import bradley_terry, simulate
from rankings.fitting import ranks


def fitted(values, n, seed):
    pairs = simulate.pairs(values, n, seed=seed)
    return bradley_terry(
        np.where(pairs.outcome > 0, pairs.a, pairs.b), np.where(pairs.outcome > 0, pairs.b, pairs.a), prior_sd=5.0
    )


def test_clear_ranks_are_points_and_hidden_ones_are_everything():
    clear = fitted(np.array([3.0, -3.0, 1.0, -1.0]), 40_000, seed=1).rank_interval()
    hidden = fitted(np.zeros(6), 60, seed=1).rank_interval()

    assert clear.tolist() == [[1, 1], [4, 4], [2, 2], [3, 3]]
    assert hidden.tolist() == [[1, 6]] * 6


def test_it_covers_the_true_rank():
    values = np.linspace(1, -1, 8)
    held = []
    for seed in range(150):
        ends = fitted(values, 600, seed).rank_interval(0.9)
        held.append((ends[:, 0] <= np.arange(1, 9)) & (np.arange(1, 9) <= ends[:, 1]))

    assert np.mean(held, axis=0).min() >= 0.9


def test_a_lower_level_gives_narrower_intervals():
    strengths = fitted(np.linspace(1, -1, 8), 800, seed=3)

    wide, narrow = strengths.rank_interval(0.99), strengths.rank_interval(0.5)

    assert (wide[:, 0] <= narrow[:, 0]).all()
    assert (wide[:, 1] >= narrow[:, 1]).all()
    assert (np.diff(wide) > np.diff(narrow)).any()


def test_ranks_count_within_each_part():
    winner, loser = np.array([0, 1, 2, 3] * 50), np.array([1, 0, 3, 2] * 50)

    strengths = bradley_terry(winner, loser, weight=np.tile([9, 1, 1, 9], 50), n_items=5, prior_sd=3.0)

    assert strengths.rank_interval().tolist() == [[1, 1], [2, 2], [2, 2], [1, 1], [1, 1]]


def test_without_the_covariance_of_every_two_intervals_are_as_good_and_never_narrower(monkeypatch):
    strengths = fitted(np.random.default_rng(2).normal(size=60), 6000, seed=4)
    exact = strengths.rank_interval()

    monkeypatch.setattr(ranks, "EXACT", 10)
    monkeypatch.setattr(ranks, "ROWS", 7)
    quick = strengths.rank_interval()

    assert np.abs(quick - exact).max() <= 1


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_is_a_share(level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        fitted(np.zeros(3), 60, seed=1).rank_interval(level)
