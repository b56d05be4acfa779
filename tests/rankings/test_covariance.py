"""Ninety-five per cent intervals cover the truth ninety-five times in a hundred, or the result says why not."""

import numpy as np
import pytest

from rankings import (
    NotComparableError,
    RankingError,
    TooFewClustersError,
    bradley_terry,
    davidson,
    plackett_luce,
    simulate,
)

VALUES = np.linspace(-1.2, 1.2, 7)


def coverage(fit, truth, n_fits):
    """Return the share of intervals that hold the truth, over all items and seeds."""
    inside = []
    for seed in range(n_fits):
        ends = fit(seed).interval()
        inside.append((ends[:, 0] <= truth) & (truth <= ends[:, 1]))
    return np.mean(inside)


def test_davidson_intervals_cover_the_truth():
    def fit(seed):
        pairs = simulate.pairs(VALUES, 400, seed=seed, tie=0.5, position=0.3)
        return davidson(pairs.a, pairs.b, pairs.outcome, first_a=pairs.first_a)

    assert 0.93 <= coverage(fit, VALUES, 300) <= 0.97


def test_plackett_luce_intervals_cover_the_truth():
    def fit(seed):
        return plackett_luce(simulate.orders(VALUES, 5, 60, seed=seed))

    assert 0.93 <= coverage(fit, VALUES, 300) <= 0.97


def test_pairs_exploded_from_sets_would_not_cover_the_truth():
    def fit(seed):
        orders = simulate.orders(VALUES, 5, 60, seed=seed)
        pairs = [
            (items[i], items[j]) for items, ranks in orders for i in range(5) for j in range(5) if ranks[i] < ranks[j]
        ]
        return bradley_terry(*np.array(pairs).T)

    assert coverage(fit, VALUES, 200) < 0.91


def test_plackett_luce_intervals_with_ties_cover_the_truth():
    def fit(seed):
        return plackett_luce(simulate.orders(VALUES, 4, 60, seed=seed, tie=0.3, largest_tie=3))

    assert 0.93 <= coverage(fit, VALUES, 200) <= 0.97


def tastes(seed, n_raters=30, n_votes=60):
    """Raters who each have a taste of their own, around items that are equal on the whole."""
    random = np.random.default_rng(seed)
    taste = random.normal(scale=0.8, size=(n_raters, 7))
    rater = np.repeat(np.arange(n_raters), n_votes)
    a, shift = random.integers(7, size=len(rater)), random.integers(1, 7, size=len(rater))
    b = (a + shift) % 7
    a_wins = random.random(len(rater)) < 1 / (1 + np.exp(taste[rater, b] - taste[rater, a]))
    return np.where(a_wins, a, b), np.where(a_wins, b, a), rater


def test_clustered_intervals_cover_where_the_curvature_alone_does_not():
    def by_cluster(seed):
        winner, loser, rater = tastes(seed)
        return bradley_terry(winner, loser, rater=rater)

    def by_curvature(seed):
        winner, loser, _ = tastes(seed)
        return bradley_terry(winner, loser)

    assert 0.93 <= coverage(by_cluster, np.zeros(7), 250) <= 0.97
    assert coverage(by_curvature, np.zeros(7), 250) < 0.85


def test_clustered_orders_cover_where_the_curvature_alone_does_not():
    def orders(seed):
        random = np.random.default_rng(seed)
        taste = random.normal(scale=0.8, size=(25, 5))
        return [list(np.argsort(-taste[rater] - random.gumbel(size=5))) for rater in range(25) for _ in range(6)]

    def by_cluster(seed):
        return plackett_luce(orders(seed), rater=np.arange(150) // 6)

    assert 0.93 <= coverage(by_cluster, np.zeros(5), 250) <= 0.97
    assert coverage(lambda seed: plackett_luce(orders(seed)), np.zeros(5), 250) < 0.88


def test_the_sandwich_is_the_one_on_paper():
    pairs = simulate.pairs(VALUES, 300, seed=1, tie=0.5, position=0.3)
    cluster = np.random.default_rng(2).integers(9, size=300)
    strengths = davidson(pairs.a, pairs.b, pairs.outcome, first_a=pairs.first_a, rater=cluster)
    nu, position = strengths.tie, strengths.position
    information, meat = np.zeros((9, 9)), np.zeros((9, 9))
    gradients = np.zeros((9, 9))
    told = (pairs.a, pairs.b, pairs.outcome, pairs.first_a)
    for a, b, outcome, first_a, group in zip(*told, cluster, strict=True):
        side = 1 if first_a else -1
        half = (strengths.values[a] - strengths.values[b] + side * position) / 2
        statistics = np.zeros((3, 9))
        for row, sign in ((0, 1), (1, -1)):
            statistics[row, [a, b, 8]] = np.array([0.5, -0.5, 0.5 * side]) * sign
        statistics[2, 7] = 1
        chance = np.array([np.exp(half), np.exp(-half), nu])
        chance /= chance.sum()
        expected = chance @ statistics
        information += (statistics.T * chance) @ statistics - np.outer(expected, expected)
        gradients[group] += statistics[{1: 0, -1: 1, 0: 2}[outcome]] - expected
    meat = gradients.T @ gradients * 9 / 8
    bread = np.linalg.pinv(information, rcond=1e-10)

    errors = np.sqrt((bread @ meat @ bread).diagonal())

    assert [*strengths.standard_errors, strengths.tie_error, strengths.position_error] == pytest.approx(
        errors, rel=1e-6
    )


def test_parts_without_common_clusters_have_their_own_degrees_of_freedom():
    random = np.random.default_rng(3)
    a, b = np.tile([0, 1, 2], 80), np.tile([1, 2, 0], 80)
    outcome = random.choice([-1, 1], size=240)
    cluster = np.arange(240) // 20
    part = (np.arange(240) >= 160) * 3

    together = davidson(a + part, b + part, outcome, rater=cluster)
    alone = davidson(a[part == 0], b[part == 0], outcome[part == 0], rater=cluster[part == 0])

    assert together.uncertainty.freedom[3] < 3 < together.uncertainty.freedom[0] < 7
    assert together.interval()[:3] == pytest.approx(alone.interval(), abs=1e-9)


def test_one_cluster_cannot_tell_how_clusters_differ():
    with pytest.raises(RankingError, match="one cluster only"):
        bradley_terry([0, 1], [1, 0], rater=[7, 7])


def test_a_part_with_one_cluster_is_refused_by_name():
    with pytest.raises(TooFewClustersError, match="items 2, 3: judged by one cluster only") as caught:
        bradley_terry([0, 1, 2, 3], [1, 0, 3, 2], rater=[0, 1, 2, 2])

    assert caught.value.items == (2, 3)
    assert not isinstance(caught.value, NotComparableError)


def test_an_unseen_item_keeps_its_prior_under_clusters():
    strengths = bradley_terry([0, 1, 0], [1, 0, 1], rater=[0, 1, 2], n_items=3, prior_sd=1.5)

    assert strengths.standard_errors[2] == pytest.approx(1.5, abs=1e-12)
    assert strengths.interval()[2] == pytest.approx([-1.5 * 1.959964, 1.5 * 1.959964], abs=1e-5)


def test_what_one_rater_alone_judged_has_no_clustered_error():
    random = np.random.default_rng(5)
    a = random.integers(6, size=400)
    b = (a + random.integers(1, 6, size=400)) % 6
    rater = np.arange(400) % 10
    a, b, rater = np.append(a, [6] * 20), np.append(b, np.arange(20) % 6), np.append(rater, [3] * 20)

    strengths = davidson(a, b, random.choice([-1, 1], size=420), rater=rater)

    assert np.isinf(strengths.standard_errors).tolist() == [False] * 6 + [True]
    assert strengths.interval()[6].tolist() == [-np.inf, np.inf]
    assert strengths.rank_interval()[6].tolist() == [1, 7]


def test_unequal_raters_count_as_the_equal_ones_they_are_worth():
    pairs = simulate.pairs(VALUES, 1200, seed=4)
    rater = np.repeat([0, 1, 2, 3, 4], [600, 300, 100, 100, 100])[np.random.default_rng(1).permutation(1200)]

    strengths = davidson(pairs.a, pairs.b, pairs.outcome, rater=rater)

    shares = np.array([6, 3, 1, 1, 1]) / 12
    assert strengths.uncertainty.freedom == pytest.approx(np.full(7, 1 / (shares**2).sum() - 1), rel=0.15)


@pytest.mark.parametrize("prompts", [10, 40])
def test_generators_intervals_cover_where_prompts_have_effects_of_their_own(prompts):
    def over_prompts(seed):
        pairs = simulate.pairs(np.zeros(6), 15 * prompts, seed=seed, tie=0.4, prompts=prompts, prompt_sd=0.5)
        return davidson(pairs.a, pairs.b, pairs.outcome, rater=pairs.prompt)

    def over_sets(seed):
        orders = simulate.orders(np.zeros(6), 4, 6 * prompts, seed=seed, prompts=prompts, prompt_sd=0.5)
        return plackett_luce(orders, rater=np.arange(6 * prompts) % prompts)

    assert 0.93 <= coverage(over_prompts, np.zeros(6), 300) <= 0.97
    assert 0.93 <= coverage(over_sets, np.zeros(6), 300) <= 0.97
