"""What a result says about itself, with and without a prior, in one part and in several."""

import dataclasses
import math
import pickle

import numpy as np
import pytest
from scipy.stats import norm, t

from rankings import NotComparableError, RankingError, bradley_terry, davidson, simulate


def two_parts(**settings):
    return bradley_terry([0, 2, 0, 1, 3], [2, 0, 2, 3, 1], **settings)


def test_each_part_has_mean_zero_and_worths_that_sum_to_one():
    strengths = two_parts(weight=[2, 1, 1, 4, 1])

    assert strengths.components.tolist() == [0, 1, 0, 1]
    assert strengths.values[[0, 2]].sum() == pytest.approx(0, abs=1e-12)
    assert strengths.values[[1, 3]].sum() == pytest.approx(0, abs=1e-12)
    assert strengths.worths == pytest.approx([0.75, 0.8, 0.25, 0.2], abs=1e-9)


def test_items_of_different_parts_are_not_compared():
    strengths = two_parts()

    with pytest.raises(NotComparableError, match="items 0, 1: in parts that no judgement joins"):
        strengths.difference(0, 1)
    with pytest.raises(NotComparableError):
        strengths.win_probability(3, 2)


def test_parts_are_fitted_as_if_alone():
    together = bradley_terry([0, 1, 1, 2, 0, 3, 4, 4], [1, 0, 2, 0, 2, 4, 3, 3])
    alone = bradley_terry([0, 1, 1, 2, 0], [1, 0, 2, 0, 2])

    assert together.values[:3] == pytest.approx(alone.values, abs=1e-9)
    assert together.standard_errors[:3] == pytest.approx(alone.standard_errors, abs=1e-9)


def test_parts_share_nu_and_the_position_effect():
    def twin(copies):
        pairs = simulate.pairs(np.linspace(-1, 1, 5), 200, seed=1, tie=0.5, position=0.3)
        a, b = (np.concatenate([side + 5 * copy for copy in range(copies)]) for side in pairs[:2])
        return davidson(a, b, np.tile(pairs.outcome, copies), first_a=np.tile(pairs.first_a, copies))

    one, two = twin(1), twin(2)

    assert (two.tie, two.position) == pytest.approx((one.tie, one.position), abs=1e-8)
    assert two.values == pytest.approx(np.tile(one.values, 2), abs=1e-8)
    assert two.position_error == pytest.approx(one.position_error / math.sqrt(2), abs=1e-8)


def test_the_difference_uses_the_covariance():
    pairs = simulate.pairs(np.linspace(-1, 1, 5), 300, seed=2, tie=0.5)
    strengths = davidson(*pairs[:3])

    value, error = strengths.difference(3, 1)

    block = strengths.covariance_of(np.arange(5))
    assert value == strengths.values[3] - strengths.values[1]
    assert error == pytest.approx(math.sqrt(block[3, 3] + block[1, 1] - 2 * block[1, 3]), abs=1e-12)
    assert strengths.difference(2, 2) == (0.0, 0.0)
    assert strengths.difference(-1, 0) == strengths.difference(4, 0)
    assert strengths.win_probability(3, 1) + strengths.win_probability(1, 3) == pytest.approx(1, abs=1e-12)


def test_intervals_are_normal_without_clusters_and_students_with():
    pairs = simulate.pairs(np.linspace(-1, 1, 5), 300, seed=3)
    winner, loser = np.where(pairs.outcome > 0, (pairs.a, pairs.b), (pairs.b, pairs.a))
    plain = bradley_terry(winner, loser)
    clustered = bradley_terry(winner, loser, rater=np.arange(300) % 6)

    freedom = clustered.uncertainty.freedom
    assert (freedom > 4.5).all()
    assert (freedom <= 5).all()
    for strengths, quantile in ((plain, norm.ppf(0.95)), (clustered, t.ppf(0.95, freedom))):
        half = np.diff(strengths.interval(0.9), axis=1)[:, 0] / 2
        assert half == pytest.approx(quantile * strengths.standard_errors, rel=1e-9)
    assert (plain.covariance, plain.n_clusters) == ("fisher", None)
    assert (clustered.covariance, clustered.n_clusters) == ("rater", 6)
    with pytest.raises(RankingError, match="between 0 and 1"):
        plain.interval(95)


def test_with_a_prior_undefeated_winless_and_unseen_items_are_fitted_with_wide_intervals():
    strengths = bradley_terry([0, 1, 2, 3, 3, 0, 1], [1, 2, 0, 0, 1, 4, 4], n_items=6, prior_sd=1.5)

    assert strengths.values[3] == strengths.values.max()
    assert strengths.values[4] == strengths.values.min()
    assert (strengths.values[5], strengths.standard_errors[5]) == (0.0, pytest.approx(1.5, abs=1e-12))
    assert strengths.standard_errors[[3, 4]].min() > strengths.standard_errors[:3].max()


def test_a_two_item_posterior_is_the_one_on_paper():
    strengths = bradley_terry([0, 0], [1, 1], prior_sd=2.0)
    half = strengths.values[0]
    win = 1 / (1 + math.exp(-2 * half))

    assert half == pytest.approx(2.0**2 * 2 * (1 - win), abs=1e-7)
    assert strengths.difference(0, 1)[1] ** 2 == pytest.approx(1 / (2 * win * (1 - win) + 1 / (2 * 2.0**2)), abs=1e-7)


def test_a_wide_prior_is_no_prior():
    pairs = simulate.pairs(np.linspace(-1, 1, 5), 300, seed=4, tie=0.3)

    without = davidson(*pairs[:3])
    wide = davidson(*pairs[:3], prior_sd=1e4)

    assert wide.values == pytest.approx(without.values, abs=1e-2)
    assert wide.standard_errors == pytest.approx(without.standard_errors, abs=1e-2)


def test_a_hundred_thousand_wins_in_a_row_are_held_by_a_weak_prior():
    strengths = bradley_terry([0], [1], weight=[1e5], prior_sd=1e3)

    half = strengths.values[0]
    assert half == pytest.approx(1e6 * 1e5 / (1 + math.exp(2 * half)), rel=1e-6)


def test_strengths_survive_pickling():
    strengths = two_parts(prior_sd=1.0)

    again = pickle.loads(pickle.dumps(strengths))

    assert str(again) == str(strengths)
    assert again.difference(0, 2) == strengths.difference(0, 2)


def test_strengths_cannot_be_reassigned():
    with pytest.raises(dataclasses.FrozenInstanceError):
        two_parts().tie = 0.5


def test_the_representation_says_the_scale():
    assert repr(two_parts(prior_sd=1.5)) == (
        "Strengths(4 items in 2 parts; logits, mean zero within each part, prior sd 1.5, fisher errors)"
    )


def test_the_table_lists_each_part_from_best_to_worst():
    first = [True, False, False, True, True, True]
    strengths = bradley_terry([1, 0, 1, 0, 2, 3], [0, 1, 0, 1, 3, 2], weight=[40, 10, 20, 30, 8, 4], first=first)

    assert str(strengths).splitlines()[1:] == [
        "part   item    value    error   95 % interval",
        "   0      1    0.262    0.119   0.030 to 0.495",
        "   0      0   -0.262    0.119   -0.495 to -0.030",
        "   1      2    0.235    0.346   -0.442 to 0.912",
        "   1      3   -0.235    0.346   -0.912 to 0.442",
        "shown first +1.051 logits, error 0.225",
    ]


def test_ten_thousand_items_in_a_thousand_parts_have_exact_errors():
    random = np.random.default_rng(5)
    part = np.repeat(np.arange(1000), 60)
    a, shift = random.integers(10, size=len(part)), random.integers(1, 10, size=len(part))
    b = (a + shift) % 10
    outcome = random.integers(-1, 2, size=len(part))
    first_a = random.random(len(part)) < 0.5

    strengths = davidson(part + 1000 * a, part + 1000 * b, outcome, first_a=first_a, prior_sd=1.0)
    errors = strengths.standard_errors.reshape(10, 1000)

    for number in (0, 7, 999):
        items = np.arange(number, 10_000, 1000)
        assert errors[:, number] == pytest.approx(np.sqrt(strengths.covariance_of(items).diagonal()), abs=1e-9)


def test_an_item_that_nobody_judged_is_as_unsure_as_the_prior():
    strengths = bradley_terry([0, 1, 2, 0], [1, 2, 0, 1], prior_sd=1.5, n_items=4)

    assert strengths.covariance_of(np.array([3])) == pytest.approx(1.5**2)
    assert strengths.standard_errors[3] == pytest.approx(1.5)
