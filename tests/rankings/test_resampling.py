"""The bootstrap: against refits to judgements repeated as drawn, closed forms, and how often its intervals are right."""

import math

import numpy as np
import pytest

from rankings import (
    NotComparableError,
    Orders,
    RankingError,
    TooFewClustersError,
    best_worst,
    bradley_terry,
    davidson,
    graded,
    plackett_luce,
    simulate,
    update,
    without,
)
from rankings.panel.raters import with_raters
from rankings.resampling.bootstrap import bootstrap
from rankings.simulate import Raters

VALUES = np.linspace(-1, 1, 8)


def drawn(clusters, seed, rounds):
    """Return how often each cluster is drawn, shape (rounds, clusters)."""
    random = np.random.default_rng(seed)
    return np.array([np.bincount(random.integers(clusters, size=clusters), minlength=clusters) for _ in range(rounds)])


def judged(number, *, seed=1, **more):
    return simulate.pairs(VALUES, number, seed=seed, **more)


def of_pairs(model, **columns):
    return lambda rows: model(**{name: column[rows] for name, column in columns.items()}, n_items=8)


def every_model():
    """Return, for each model, a fit of chosen rows, which may occur again."""
    told = judged(400, tie=0.4, position=0.3)
    above, below = np.where(told.outcome > 0, [told.a, told.b], [told.b, told.a])
    weight = np.random.default_rng(0).uniform(0.5, 2, size=400)
    pairs = {"a": told.a, "b": told.b, "outcome": told.outcome}
    strength = simulate.graded(VALUES, 400, seed=2)
    orders = list(simulate.orders(VALUES, 4, 200, seed=3))
    triples = simulate.best_worst(VALUES, 4, 200, seed=4)
    return {
        "bradley_terry": (of_pairs(bradley_terry, winner=above, loser=below, weight=weight), 400),
        "davidson": (of_pairs(davidson, **pairs, first_a=told.first_a), 400),
        "graded": (of_pairs(graded, a=strength.a, b=strength.b, strength=strength.outcome), 400),
        "with_raters": (of_pairs(with_raters, **pairs, rater=told.rater, first_a=told.first_a), 400),
        "plackett_luce": (
            lambda rows: plackett_luce(Orders.from_ranks(*zip(*(orders[row] for row in rows), strict=True))),
            200,
        ),
        "best_worst": (lambda rows: best_worst(triples.sets[rows], triples.best[rows], triples.worst[rows]), 200),
    }


@pytest.mark.parametrize("model", every_model())
def test_each_round_is_a_fit_to_the_judgements_as_often_as_drawn(model):
    fit, number = every_model()[model]
    cluster = np.arange(number) % 40
    found = bootstrap(fit(np.arange(number)), over=cluster, rounds=3, seed=5)

    for values, times in zip(found.values, drawn(40, 5, 3), strict=True):
        assert values == pytest.approx(fit(np.repeat(np.arange(number), times[cluster])).values, abs=1e-6)


def test_weights_of_orders_are_multiplied():
    orders = simulate.orders(VALUES, 4, 200, seed=3)
    weight = np.random.default_rng(1).uniform(0.5, 2, size=200)
    found = bootstrap(plackett_luce(orders, weight=weight), rounds=2, seed=6)
    times = drawn(200, 6, 1)[0]
    again = plackett_luce(
        Orders.from_ranks(*zip(*(list(orders)[row] for row in np.flatnonzero(times)), strict=True)),
        weight=(times * weight)[times > 0],
    )

    assert found.values[0] == pytest.approx(again.values, abs=1e-6)


def test_of_two_items_the_error_is_that_of_log_odds():
    strengths = bradley_terry(np.repeat([0, 1], [300, 100]), np.repeat([1, 0], [300, 100]))
    found = bootstrap(strengths, rounds=1000, seed=7)

    assert found.difference(0, 1) == pytest.approx((math.log(3), math.sqrt(1 / 300 + 1 / 100)), rel=0.06)
    assert found.standard_errors == pytest.approx(np.full(2, found.difference(0, 1)[1] / 2))
    assert found.difference(1, 1) == (0.0, 0.0)


def test_intervals_allow_for_raters_with_tastes_of_their_own():
    by_model, by_rater, by_rounds = [], [], []
    for seed in range(45):
        told = judged(600, seed=seed, raters=Raters.own_taste(15, 1.0))
        common = judged(15_000, seed=1000 + seed, raters=Raters.own_taste(2_000, 1.0))
        truth = davidson(common.a, common.b, common.outcome).values
        strengths = davidson(told.a, told.b, told.outcome, rater=told.rater)
        naive = davidson(told.a, told.b, told.outcome)
        found = bootstrap(strengths, over="rater", rounds=50, seed=seed)
        for covered, interval in zip((by_model, by_rater, by_rounds), (naive, strengths, found), strict=True):
            low, high = interval.interval().T
            covered.append((low < truth) & (truth < high))

    assert np.mean(by_model) < 0.85
    assert 0.92 < np.mean(by_rounds) < 0.98
    assert abs(np.mean(by_rounds) - np.mean(by_rater)) < 0.03


def test_the_same_seed_gives_the_same_rounds():
    strengths = davidson(*judged(300)[:3])
    one, same, other = (bootstrap(strengths, rounds=4, seed=seed) for seed in (1, 1, 2))

    assert (one.values == same.values).all()
    assert (one.values != other.values).any()
    assert "Bootstrap(4 rounds of Strengths(8 items" in repr(one)


def test_judgements_taken_in_later_are_drawn_too():
    told = judged(300)
    later = update(davidson(*told[:3]), 0, 7, 1)
    whole = davidson(np.append(told.a, 0), np.append(told.b, 7), np.append(told.outcome, 1))

    assert bootstrap(later, rounds=3, seed=1).values == pytest.approx(
        bootstrap(whole, rounds=3, seed=1).values, abs=1e-6
    )


def test_shares_of_rounds():
    found = bootstrap(davidson(*judged(200)[:3]), rounds=100, seed=8)
    first, second = found.values[:, 7], found.values[:, 6]

    assert found.n_rounds == 100
    assert found.share_above(7, 0) == 1
    assert found.share_above(0, 7) == 0
    assert found.share_above(7, 6) == (first > second).mean()
    assert found.share_above(3, 3) == 0.5
    top = np.argsort(-found.strengths.values)[:3]
    assert found.share_same_top(3) == np.mean([set(np.argsort(-row)[:3]) == set(top) for row in found.values])


def test_rank_intervals_hold_the_rank_and_narrow_with_judgements():
    few, many = (
        bootstrap(davidson(*judged(number)[:3]), rounds=200, seed=9).rank_interval() for number in (300, 30_000)
    )

    assert ((few[:, 0] <= np.arange(8, 0, -1)) & (np.arange(8, 0, -1) <= few[:, 1])).all()
    assert (many[:, 0] == many[:, 1]).mean() > 0.7
    assert (np.diff(few).sum()) > np.diff(many).sum()


def rarely_beaten():
    """Item 3 lost once; it loses nothing in about a third of the rounds."""
    told = [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] * 5 + [(3, 0), (3, 1), (3, 2)] * 2 + [(0, 3)]
    return np.array(told).T


def test_an_item_undefeated_in_some_round_has_no_finite_error_and_the_others_keep_theirs():
    winner, loser = rarely_beaten()
    found = bootstrap(bradley_terry(winner, loser), rounds=50, seed=10)
    lost = np.isnan(found.values[:, 3])
    times = drawn(37, 10, 50)[np.argmax(lost)]
    others = np.repeat(np.arange(30), times[:30])
    without = bradley_terry(winner[others], loser[others])

    assert found.n_incomplete == lost.sum() > 5
    assert f"in {lost.sum()} some item had no finite strength" in repr(found)
    assert np.isfinite(found.values[:, :3]).all()
    left = found.values[np.argmax(lost), :3]
    assert left - left.mean() == pytest.approx(without.values, abs=1e-6)
    assert left.mean() == pytest.approx(found.strengths.values[:3].mean())
    assert found.standard_errors[3] == math.inf
    assert np.isfinite(found.standard_errors[:3]).all()
    assert found.interval()[3].tolist() == [-math.inf, math.inf]
    assert found.rank_interval()[3].tolist() == [1, 4]
    assert found.difference(3, 0)[1] == math.inf
    assert found.share_above(3, 0) == pytest.approx(
        0.5 * lost.mean() + (found.values[:, 3] > found.values[:, 0]).mean()
    )
    assert found.share_same_top(1) < 1


def test_a_prior_keeps_all_finite():
    found = bootstrap(bradley_terry(*rarely_beaten(), n_items=5, prior_sd=1.0), rounds=20, seed=10)

    assert found.n_incomplete == 0
    assert np.isfinite(found.standard_errors).all()
    assert found.standard_errors[4] == pytest.approx(1.0)
    assert found.interval()[4] == pytest.approx([-1.96, 1.96], abs=0.01)


def test_what_comes_apart_from_the_larger_piece_is_not_on_its_scale():
    one, other = simulate.pairs(VALUES[:5], 300, seed=11), simulate.pairs(VALUES[5:], 100, seed=12)
    a, b = np.concatenate([one.a, other.a + 5, [0, 5]]), np.concatenate([one.b, other.b + 5, [5, 0]])
    outcome = np.concatenate([one.outcome, other.outcome, [0, 0]])
    found = bootstrap(davidson(a, b, outcome), rounds=40, seed=13)
    apart = (drawn(402, 13, 40)[:, 400:] == 0).all(axis=1)

    assert 0 < apart.sum() < 40
    assert (np.isnan(found.values) == np.outer(apart, np.arange(8) > 4)).all()


def test_rounds_without_any_finite_strength_are_told():
    only_ties = bootstrap(davidson([0, 1, 0], [1, 0, 1], [1, 1, 0]), rounds=60, seed=14)
    all_won = bootstrap(bradley_terry([0, 1, 0], [1, 0, 1]), rounds=60, seed=14)

    assert 0 < only_ties.n_incomplete < 60
    assert 0 < all_won.n_incomplete < 60
    assert (all_won.standard_errors == math.inf).all()


def test_parts_stay_apart():
    told = judged(400)
    a, b = np.concatenate([told.a, told.a + 8]), np.concatenate([told.b, told.b + 8])
    found = bootstrap(davidson(a, b, np.tile(told.outcome, 2)), over=np.arange(800) % 100, rounds=10, seed=15)

    assert found.clusters.tolist() == [100, 100]
    assert found.values[:, :8] == pytest.approx(found.values[:, 8:], abs=1e-6)
    assert found.share_same_top(2, part=1) == found.share_same_top(2)
    with pytest.raises(NotComparableError):
        found.difference(0, 8)
    with pytest.raises(NotComparableError):
        found.share_above(0, -1)


def test_raters_are_drawn_whole_from_a_fit_with_raters():
    told = judged(600, raters=Raters.good(10) + Raters.reversed(2))
    strengths = with_raters(*told[:3], told.rater, first_a=told.first_a)
    found = bootstrap(strengths, over="rater", rounds=40, seed=16)

    assert found.clusters.tolist() == [12]
    assert 0.6 < np.mean(found.standard_errors / strengths.standard_errors) < 1.6


def test_what_cannot_be_drawn_is_refused():
    told = judged(60)
    strengths = davidson(*told[:3])
    halves = davidson(np.append(told.a, [8, 9]), np.append(told.b, [9, 8]), np.append(told.outcome, [1, 1]))

    with pytest.raises(RankingError, match="over is 'rater'"):
        bootstrap(strengths, over="rater", seed=1)
    with pytest.raises(RankingError, match="over is 'prompt'"):
        bootstrap(strengths, over="prompt", seed=1)
    with pytest.raises(RankingError, match="over has 3 entries for 60 judgements"):
        bootstrap(strengths, over=[1, 2, 3], seed=1)
    with pytest.raises(RankingError, match="rounds is 1"):
        bootstrap(strengths, rounds=1, seed=1)
    with pytest.raises(TooFewClustersError, match="items 8, 9"):
        bootstrap(halves, over=np.append(np.arange(60), [60, 60]), seed=1)
    found = bootstrap(strengths, rounds=2, seed=1)
    with pytest.raises(RankingError, match="level must be between 0 and 1"):
        found.interval(95)
    with pytest.raises(RankingError, match="the best 8 of 8 items"):
        found.share_same_top(8)


def test_an_item_that_was_removed_stays_without_a_strength():
    found = bootstrap(without(davidson(*judged(400)[:3]), items=3), rounds=5, seed=17)

    assert found.n_incomplete == 0
    assert np.isnan(found.values).all(axis=0).tolist() == [False] * 3 + [True] + [False] * 4
    assert found.standard_errors[3] == math.inf
