"""Simulated judgements follow the models, and the seed."""

import numpy as np
import pytest

from rankings import RankingError, simulate


def test_the_same_seed_gives_the_same_judgements():
    once, again = (simulate.pairs([0, 1, 2], 50, seed=3, tie=0.5) for _ in range(2))
    other = simulate.pairs([0, 1, 2], 50, seed=4, tie=0.5)

    assert all((x == y).all() for x, y in zip(once, again, strict=True))
    assert (once.outcome != other.outcome).any()


def test_pairs_follow_davidsons_chances():
    pairs = simulate.pairs([np.log(4), 0], 40_000, seed=1, tie=1.5, position=0.0)
    for_0 = np.where(pairs.a == 0, pairs.outcome, -pairs.outcome)

    shares = [(for_0 == outcome).mean() for outcome in (1, 0, -1)]

    assert shares == pytest.approx([4 / 8, 3 / 8, 1 / 8], abs=0.01)


def test_the_work_shown_first_gains_the_position_effect():
    pairs = simulate.pairs([0, 0], 40_000, seed=2, position=np.log(3))

    assert ((pairs.outcome > 0) == pairs.first_a).mean() == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize("tie", [0, 1e-12])
def test_first_places_follow_the_worths(tie):
    orders = simulate.orders(np.log([4, 2, 1]), 3, 4_000, seed=3, tie=tie)

    first = np.bincount(orders.items[orders.ranks == 1], minlength=3) / 4_000

    assert first == pytest.approx([4 / 7, 2 / 7, 1 / 7], abs=0.025)


def test_sets_hold_all_items_equally_often():
    orders = simulate.orders(np.zeros(6), 4, 6_000, seed=4)

    assert np.bincount(orders.items) / 6_000 == pytest.approx(np.full(6, 4 / 6), abs=0.02)


@pytest.mark.parametrize(
    ("values", "size", "tie", "message"),
    [
        ([0.0], 2, 0, "at least 2 finite"),
        ([0.0, np.nan], 2, 0, "finite"),
        ([0.0, 1.0], 3, 0, "at least 3 finite"),
        ([0.0, 1.0], 1, 0, "at least 2 finite"),
        ([0.0, 1.0], 2, -0.5, "nu is finite and at least 0"),
    ],
)
def test_unsound_settings_are_refused(values, size, tie, message):
    with pytest.raises(RankingError, match=message):
        simulate.orders(values, size, 10, seed=0, tie=tie)


def test_a_seed_is_needed():
    with pytest.raises(TypeError):
        simulate.pairs([0, 1], 10, seed=None)
