"""What each method chooses, against naive versions."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import norm

from rankings import PoorlyConnectedError, bradley_terry, davidson, selection, simulate
from rankings.selection import doubt, gain, methods
from rankings.selection.worth import information
from tests.rankings.selection.judged import judged


def pairs_of(batch: selection.Batch) -> set[frozenset[int]]:
    return {frozenset(members) for members in batch.sets.tolist()}


def best_pairs(n_items: int, n_pairs: int, worth, learn) -> set[frozenset[int]]:
    """Take the best of all pairs, one after the other, each item at most twice its even share."""
    used, chosen = np.zeros(n_items), []
    while len(chosen) < n_pairs:
        free = [pair for pair in combinations(range(n_items), 2) if pair not in chosen]
        free = [pair for pair in free if used[list(pair)].max() < 2 * -(-2 * n_pairs // n_items)]
        best = max(free, key=lambda pair: worth(*pair))
        learn(*best)
        used[list(best)] += 1
        chosen.append(best)
    return {frozenset(pair) for pair in chosen}


@pytest.mark.parametrize("seed", range(4))
def test_information_gain_takes_what_tells_most_by_the_full_covariance(seed):
    strengths = judged(16, 25, seed=seed)
    precision = np.linalg.pinv(strengths.covariance_of(np.arange(16)))

    def told(a, b):
        contrast = np.eye(16)[a] - np.eye(16)[b]
        variance = contrast @ np.linalg.pinv(precision) @ contrast
        return contrast, variance, information(strengths.values[a] - strengths.values[b], variance)

    def worth(a, b):
        _, variance, weight = told(a, b)
        return np.log1p(weight * variance) / 2

    def learn(a, b):
        nonlocal precision
        contrast, _, weight = told(a, b)
        precision = precision + weight * np.outer(contrast, contrast)

    expected = best_pairs(16, 10, worth, learn)

    assert pairs_of(selection.information_gain(strengths, 10, seed=1, uniform_share=0)) == expected


def settling(strengths, n_pairs: int) -> set[frozenset[int]]:
    """Take the pairs that save most of the expected regret, over all orders of two, by the full covariance."""
    n_items, values = len(strengths), strengths.values
    a, b = np.triu_indices(n_items, 1)
    covariance = strengths.covariance_of(np.arange(n_items))
    sd = np.sqrt(covariance[a, a] + covariance[b, b] - 2 * covariance[a, b])
    open_to_doubt = norm.pdf((values[a] - values[b]) / sd) / sd

    def after(one, other):
        pull = covariance[one] - covariance[other]
        variance = pull[one] - pull[other]
        told = information(values[one] - values[other], variance)
        return covariance - np.outer(pull, pull) * told / (1 + told * variance)

    def worth(one, other):
        taken = covariance - after(one, other)
        return open_to_doubt @ (taken[a, a] + taken[b, b] - 2 * taken[a, b])

    def learn(one, other):
        nonlocal covariance
        covariance = after(one, other)

    return best_pairs(n_items, n_pairs, worth, learn)


@pytest.mark.parametrize("seed", range(4))
def test_order_gain_takes_what_saves_most_regret(seed):
    strengths = judged(16, 40, seed=seed)

    batch = selection.order_gain(strengths, 12, seed=1, uniform_share=0)

    assert pairs_of(batch) == settling(strengths, 12)


def settling_apart(strengths, n_pairs: int) -> set[frozenset[int]]:
    """Take the pairs that take most variance where scores are crowded."""
    values, variances = strengths.values, doubt.variances(strengths)
    reach = np.sqrt(3 * (variances + np.median(variances)))
    crowd = (np.abs(values[:, None] - values) <= reach[:, None]).sum(axis=1) / (2 * reach)

    def worth(a, b):
        variance = variances[a] + variances[b]
        told = information(values[a] - values[b], variance)
        return (crowd[a] * variances[a] ** 2 + crowd[b] * variances[b] ** 2) / (1 / told + variance)

    def learn(a, b):
        variance = variances[a] + variances[b]
        shrink = 1 / (1 / information(values[a] - values[b], variance) + variance)
        for item in (a, b):
            variances[item] -= shrink * variances[item] ** 2

    return best_pairs(len(values), n_pairs, worth, learn)


@pytest.mark.parametrize("seed", range(4))
def test_of_many_items_those_are_asked_that_are_little_known_where_scores_are_crowded(seed, monkeypatch):
    monkeypatch.setattr(methods, "JOINT_ORDER", 10)
    strengths = judged(16, 40, seed=seed)

    batch = selection.order_gain(strengths, 12, seed=1, uniform_share=0)

    assert pairs_of(batch) == settling_apart(strengths, 12)


def test_of_many_items_information_gain_takes_each_apart(monkeypatch):
    strengths = judged(16, 40)
    joint = selection.information_gain(strengths, 12, seed=1, uniform_share=0)
    monkeypatch.setattr(methods, "JOINT_INFORMATION", 10)
    apart = selection.information_gain(strengths, 12, seed=1, uniform_share=0)

    assert len(apart) == 12
    assert 3 <= len(pairs_of(joint) & pairs_of(apart)) < 12


@pytest.mark.parametrize("method", [selection.order_gain, selection.information_gain])
def test_sets_that_others_have_before_them_count_as_answered(method):
    strengths = judged(60, 300)
    theirs = method(strengths, 20, seed=1, uniform_share=0)

    unaware = method(strengths, 20, seed=2, uniform_share=0)
    aware = method(strengths, 20, seed=2, uniform_share=0, pending=theirs.sets)

    assert pairs_of(unaware) == pairs_of(theirs)
    assert len(pairs_of(aware) & pairs_of(theirs)) < 5


@pytest.mark.parametrize("method", [selection.order_gain, selection.information_gain])
def test_a_new_work_is_asked_as_often_as_it_may_be(method):
    strengths, new = with_a_newcomer(40, 800), 40

    batch = method(strengths, 20, seed=1, uniform_share=0)

    assert (batch.sets == new).any(axis=1).sum() == 2  # twice its even share


def with_a_newcomer(n_items: int, n_pairs: int):
    """Fit judgements of well known items, and one each way of an item more."""
    told = simulate.pairs(np.linspace(-2, 2, n_items), n_pairs, seed=1)
    first, second = np.append(told.a, [n_items, 5]), np.append(told.b, [20, n_items])
    a_won = np.append(told.outcome == 1, [True, True])
    return bradley_terry(np.where(a_won, first, second), np.where(a_won, second, first), prior_sd=1.5)


@pytest.mark.parametrize("method", [selection.order_gain, selection.information_gain])
def test_who_has_judged_all_neighbours_is_asked_about_the_next(method):
    strengths = judged(40, 200)
    by_score = np.argsort(strengths.values)
    a, b = np.triu_indices(40, 1)
    near = b - a <= gain.WINDOW
    seen = by_score[np.column_stack([a[near], b[near]])]

    batch = method(strengths, 10, seed=1, uniform_share=0, seen=seen)

    assert len(batch) == 10
    assert set(batch.purpose) == {"informed"}


def test_sets_of_more_are_neighbours_in_score():
    strengths = judged(60, 3000, sd=2)
    place = np.empty(60)
    place[np.argsort(strengths.values)] = np.arange(60)

    for method in (selection.order_gain, selection.information_gain):
        sets = method(strengths, 12, size=4, seed=1, uniform_share=0).sets
        assert np.ptp(place[sets], axis=1).max() <= 3 * gain.WINDOW
        assert np.ptp(place[sets], axis=1).mean() < 15


def test_swiss_without_noise_pairs_nearest_neighbours():
    strengths = judged(40, 800, sd=2)
    place = np.empty(40)
    place[np.argsort(strengths.values)] = np.arange(40)

    sets = selection.swiss(strengths, 20, seed=1, uniform_share=0, noise=0).sets

    assert sorted(sets.ravel()) == list(range(40))
    gaps = np.abs(np.subtract(*place[sets].T))
    assert np.median(gaps) == 1


def test_noise_takes_swiss_from_neighbours_to_chance():
    strengths = judged(40, 800, sd=2)

    def gap(**blur):
        batches = (selection.swiss(strengths, 20, seed=seed, uniform_share=0, **blur) for seed in range(20))
        return np.mean([np.ptp(strengths.values[batch.sets], axis=1).mean() for batch in batches])

    chance = np.abs(np.subtract.outer(strengths.values, strengths.values)).sum() / (40 * 39)
    assert gap(noise=0) < gap() < gap(noise=2) < chance
    assert gap(noise=1000) == pytest.approx(chance, rel=0.05)


def test_thompson_lets_those_roam_of_whom_little_is_known():
    random = np.random.default_rng(4)
    known, unknown = judged(40, 8000, sd=2), judged(40, 60, sd=2)

    def spread(strengths):
        batches = [
            selection.thompson(strengths, 20, seed=seed, uniform_share=0) for seed in random.integers(99, size=20)
        ]
        gaps = [np.ptp(strengths.values[batch.sets], axis=1).mean() for batch in batches]
        return np.mean(gaps) / strengths.values.std()

    assert spread(known) < spread(unknown) / 1.5


def test_of_many_items_some_are_looked_at_but_all_have_their_turn():
    strengths = judged(1100, 3000)
    batches = [selection.order_gain(strengths, 8, seed=seed) for seed in range(150)]

    asked = np.bincount(np.concatenate([batch.sets.ravel() for batch in batches]), minlength=1100)
    uniform = np.concatenate([batch.sets[batch.uniform].ravel() for batch in batches])

    assert (asked > 0).mean() > 0.3
    assert len(np.unique(uniform)) > 300


def test_few_raters_do_not_hide_what_is_unsure():
    told = simulate.pairs(np.linspace(-1, 1, 30), 600, seed=1, raters=simulate.Raters.good(3))
    alone = davidson(told.a, told.b, told.outcome, prior_sd=1.5)
    shared = davidson(told.a, told.b, told.outcome, prior_sd=1.5, rater=told.rater)

    for method in (selection.order_gain, selection.information_gain, selection.thompson):
        batches = [method(fit, 15, seed=1) for fit in (alone, shared)]
        assert pairs_of(batches[0]) == pairs_of(batches[1])


def test_what_is_unsure_is_had_where_standard_errors_would_take_minutes():
    strengths = judged(4000, 5000)
    with pytest.raises(PoorlyConnectedError):
        _ = strengths.standard_errors

    assert len(selection.order_gain(strengths, 30, seed=1)) == 30


def test_taken_as_known_from_all_others_a_value_varies_a_little_less():
    strengths = judged(60, 1200)

    share = doubt.variances(strengths) / strengths.standard_errors**2

    assert (share < 1.02).all()
    assert share.mean() > 0.9


def test_the_covariance_is_that_of_each_part():
    strengths = judged(12, 8, joined=False)

    covariance = doubt.covariance(strengths)

    for part in range(strengths.n_components):
        members = np.flatnonzero(strengths.components == part)
        if len(members) > 1:
            assert np.array_equal(covariance[np.ix_(members, members)], strengths.covariance_of(members))
        assert not covariance[np.ix_(members, np.flatnonzero(strengths.components != part))].any()
