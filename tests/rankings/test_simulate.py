"""Simulated judgements follow the models, the raters and the seed."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from scipy.special import expit, roots_hermitenorm

from rankings import RankingError, best_worst, davidson, graded, plackett_luce, simulate
from rankings.simulate import Raters
from tests.rankings import naive


def test_the_same_seed_gives_the_same_judgements():
    panel = Raters.own_taste(3, 0.5)
    once, again, other = (
        simulate.pairs([0, 1, 2], 50, seed=seed, tie=0.5, raters=panel, prompts=2, prompt_sd=1) for seed in (3, 3, 4)
    )

    assert all((x == y).all() for x, y in zip(once, again, strict=True))
    assert (once.outcome != other.outcome).any()


def test_a_seed_is_needed():
    with pytest.raises(TypeError):
        simulate.pairs([0, 1], 10, seed=None)


def test_pairs_follow_davidsons_chances():
    pairs = simulate.pairs([np.log(4), 0], 40_000, seed=1, tie=1.5)
    for_0 = np.where(pairs.a == 0, pairs.outcome, -pairs.outcome)

    shares = [(for_0 == outcome).mean() for outcome in (1, 0, -1)]

    assert shares == pytest.approx([4 / 8, 3 / 8, 1 / 8], abs=0.01)


def test_the_work_shown_first_gains_the_position_effect():
    pairs = simulate.pairs([0, 0], 40_000, seed=2, position=np.log(3))

    assert ((pairs.outcome > 0) == pairs.first_a).mean() == pytest.approx(0.75, abs=0.01)


def test_the_pairs_asked_are_those_judged():
    asked = np.array([[0, 2], [2, 1], [1, 0]])

    pairs = simulate.pairs([0, 1, 2], asked, seed=0)

    assert (np.column_stack([pairs.a, pairs.b]) == asked).all()


@pytest.mark.parametrize("position", [0.0, 0.7])
def test_grades_follow_the_cumulative_logit(position):
    cuts = np.array([0.4, 1.2])
    pairs = simulate.graded([1.0, 0.0], 60_000, seed=3, cuts=cuts, position=position)
    sign = np.where(pairs.a == 0, 1, -1)

    for first in (True, False):
        shown = (pairs.first_a == (pairs.a == 0)) == first
        told = (sign * pairs.outcome)[shown]
        eta = 1.0 + (position if first else -position)
        below = expit(np.array([-1.2, -0.4, 0.4, 1.2]) - eta)
        assert [(told <= k).mean() for k in (-2, -1, 0, 1)] == pytest.approx(below, abs=0.01)


def test_a_first_cut_of_zero_allows_no_tie():
    assert (simulate.graded([0, 0.5], 2_000, seed=4, cuts=[0, 1]).outcome != 0).all()


def test_orders_follow_their_probabilities():
    values, tie = np.array([0.5, 0.0, -0.3]), 0.4
    orders = simulate.orders(values, 3, 40_000, seed=5, tie=tie, largest_tie=2)
    seen = Counter(tuple(ranks[np.argsort(items)]) for items, ranks in orders)

    for ranks, count in seen.items():
        groups = [[item for item in range(3) if ranks[item] == rank] for rank in range(1, max(ranks) + 1)]
        # The other order tells the model that two may tie.
        other = [[0, 1], [2]]
        both = naive.log_likelihood(values, np.log(tie), [groups, other])
        alone = both - naive.log_likelihood(values, np.log(tie), [other])
        assert count / 40_000 == pytest.approx(np.exp(alone), abs=0.01)
    assert len(seen) == 12


@pytest.mark.parametrize("tie", [0, 1e-12])
def test_first_places_follow_the_worths(tie):
    orders = simulate.orders(np.log([4, 2, 1]), 3, 10_000, seed=3, tie=tie)

    first = np.bincount(orders.items[orders.ranks == 1], minlength=3) / 10_000

    assert first == pytest.approx([4 / 7, 2 / 7, 1 / 7], abs=0.02)


def test_sets_hold_all_items_equally_often():
    orders = simulate.orders(np.zeros(6), 4, 6_000, seed=4)

    assert np.bincount(orders.items) / 6_000 == pytest.approx(np.full(6, 4 / 6), abs=0.02)


@pytest.mark.parametrize("tie", [0.0, 1.0])
def test_only_the_top_is_told(tie):
    whole, top = (simulate.orders(np.zeros(8), 6, 500, seed=6, tie=tie, largest_tie=3, top=top) for top in (None, 2))

    for (_, ranks), (_, told) in zip(whole, top, strict=True):
        better = (ranks[:, None] > ranks).sum(axis=1)
        assert (told[better < 2] == ranks[better < 2]).all()
        assert len(np.unique(told[better >= 2])) <= 1
    assert plackett_luce(whole, top=2).values == pytest.approx(plackett_luce(top, top=2).values, abs=1e-8)


def test_best_and_worst_follow_their_probabilities():
    worths = np.array([4.0, 2.0, 1.0])
    chosen = simulate.best_worst(np.log(worths), 3, 60_000, seed=7)

    chance = worths[:, None] / worths
    np.fill_diagonal(chance, 0)
    seen = np.zeros((3, 3))
    np.add.at(seen, (chosen.best, chosen.worst), 1 / 60_000)
    assert seen == pytest.approx(chance / chance.sum(), abs=0.01)


def test_every_model_recovers_the_strengths_its_judgements_were_drawn_from():
    values = np.linspace(-1, 1, 6)
    pairs = simulate.pairs(values, 8_000, seed=8, tie=0.5)
    grades = simulate.graded(values, 8_000, seed=8)
    chosen = simulate.best_worst(values, 4, 8_000, seed=8)

    for fit in (
        davidson(pairs.a, pairs.b, pairs.outcome),
        graded(grades.a, grades.b, grades.outcome),
        plackett_luce(simulate.orders(values, 4, 4_000, seed=8, tie=0.3)),
        best_worst(chosen.sets, chosen.best, chosen.worst),
    ):
        assert fit.values == pytest.approx(values, abs=0.12)


def chance_of_winning(panel):
    """Draw the share of judgements in which the better of two works, one logit apart, wins."""
    pairs = simulate.pairs([1.0, 0.0], 20_000, seed=9, raters=panel)
    return ((pairs.outcome > 0) == (pairs.a == 0)).mean()


@pytest.mark.parametrize(
    ("panel", "chance"),
    [
        (Raters.good(3), expit(1)),
        (Raters.noisy(3, 0.5), expit(0.5)),
        (Raters.reversed(3), expit(-1)),
        (Raters.random(3), 0.5),
        (Raters.always_first(3), 0.5),
        (Raters.good(1) + Raters.reversed(1), 0.5),
    ],
)
def test_raters_of_each_kind_see_what_they_see(panel, chance):
    assert chance_of_winning(panel) == pytest.approx(chance, abs=0.012)


def test_who_always_takes_the_first_takes_the_first():
    panel = Raters.always_first(2)

    pairs = simulate.pairs([0, 9], 200, seed=1, tie=5.0, raters=panel)
    grades = simulate.graded([0, 9], 200, seed=1, raters=panel)
    orders = simulate.orders(np.arange(6), 4, 200, seed=1, raters=panel)
    chosen = simulate.best_worst(np.arange(6), 4, 200, seed=1, raters=panel)

    assert (pairs.outcome == np.where(pairs.first_a, 1, -1)).all()
    assert (grades.outcome == np.where(grades.first_a, 3, -3)).all()
    assert (orders.ranks.reshape(-1, 4) == [1, 2, 3, 4]).all()
    assert (chosen.best == chosen.sets[:, 0]).all()
    assert (chosen.worst == chosen.sets[:, -1]).all()


def test_raters_take_turns_and_prompts_follow():
    pairs = simulate.pairs(np.zeros(4), 12, seed=1, raters=Raters.good(3), prompts=2)

    assert pairs.rater.tolist() == [0, 1, 2] * 4
    assert pairs.prompt.tolist() == [0, 0, 0, 1, 1, 1] * 2


def agreement_of_two(sd):
    """Return how often two judgements of a pair agree whose log-odds are shared and N(0, 2 sd^2)."""
    place, weight = roots_hermitenorm(60)
    chance = expit(np.sqrt(2) * sd * place)
    return weight @ (chance**2 + (1 - chance) ** 2) / weight.sum()


@pytest.mark.parametrize(
    ("panel", "prompts", "prompt_sd", "shared_by"),
    [(Raters.own_taste(5_000, 1.5), 1, 0.0, "rater"), (Raters.good(1), 5_000, 1.5, "prompt")],
)
def test_taste_and_prompt_effects_are_as_large_as_asked_for(panel, prompts, prompt_sd, shared_by):
    pairs = simulate.pairs([0, 0], 10_000, seed=2, raters=panel, prompts=prompts, prompt_sd=prompt_sd)
    for_0 = np.where(pairs.a == 0, pairs.outcome, -pairs.outcome)
    same = for_0[np.argsort(getattr(pairs, shared_by), kind="stable")].reshape(-1, 2)

    assert (same[:, 0] == same[:, 1]).mean() == pytest.approx(agreement_of_two(1.5), abs=0.02)


def test_uniform_designs_ask_every_pair_equally_often():
    asked = simulate.design("uniform", 5, 40_000, seed=1)

    seen = Counter(map(tuple, asked.tolist()))
    assert len(seen) == 20
    assert max(abs(count / 40_000 - 1 / 20) for count in seen.values()) < 0.005


def test_zipf_designs_ask_popular_pairs_more_often():
    asked = np.sort(simulate.design("zipf", 4, 40_000, seed=1), axis=1)
    popularity = 1 / np.arange(1, 5)
    chance = {(i, j): popularity[i] * popularity[j] for i, j in combinations(range(4), 2)}

    for pair, odds in chance.items():
        assert (asked == pair).all(axis=1).mean() == pytest.approx(odds / sum(chance.values()), abs=0.01)


def test_islands_are_joined_by_their_share_of_bridges():
    asked = simulate.design("islands", 80, 40_000, seed=1, bridges=0.03)
    island = asked // 8

    assert (island[:, 0] != island[:, 1]).mean() == pytest.approx(0.03, abs=0.004)
    assert np.bincount(asked.ravel(), minlength=80) / 80_000 == pytest.approx(np.full(80, 1 / 80), abs=0.002)
    assert (asked[:, 0] != asked[:, 1]).all()


@pytest.mark.parametrize(("n_items", "sizes"), [(5, [5]), (19, [9, 10])])
def test_islands_need_not_be_of_eight(n_items, sizes):
    asked = simulate.design("islands", n_items, 4_000, seed=1, bridges=0)

    one_side = np.array([[(asked == [i, j]).all(axis=1).any() for j in range(n_items)] for i in range(n_items)])
    start = 0
    for size in sizes:
        block = one_side[start : start + size]
        assert (block.sum(axis=1) == size - 1).all()
        assert not block[:, :start].any()
        start += size


def test_rings_compare_neighbours():
    asked = simulate.design("ring", 7, 7_000, seed=1)

    step = (asked[:, 1] - asked[:, 0]) % 7
    assert sorted(Counter(step.tolist())) == [1, 6]
    assert np.bincount(asked.ravel()).min() > 1_800


@pytest.mark.parametrize(
    ("kind", "n_items", "n", "bridges", "message"),
    [
        ("uniform", 1, 5, 0.01, "at least 2 items, not 5 of 1"),
        ("uniform", 4, 0, 0.01, "at least 1 pair"),
        ("islands", 4, 5, 1.5, "share from 0 to 1, not 1.5"),
        ("star", 4, 5, 0.01, "'star'; choose one of uniform, zipf, islands, ring"),
    ],
)
def test_unsound_designs_are_refused(kind, n_items, n, bridges, message):
    with pytest.raises(RankingError, match=message):
        simulate.design(kind, n_items, n, seed=0, bridges=bridges)


@pytest.mark.parametrize(
    ("values", "size", "settings", "message"),
    [
        ([0.0], 2, {}, "at least 2 finite"),
        ([0.0, np.nan], 2, {}, "finite"),
        ([0.0, 1.0], 3, {}, "at least 3 finite"),
        ([0.0, 1.0], 1, {}, "at least 2 finite"),
        ([0.0, 1.0], 2, {"tie": -0.5}, "nu is finite and at least 0"),
        ([0.0, 1.0], 2, {"largest_tie": 0}, "largest_tie and top are at least 1, not 0 and None"),
        ([0.0, 1.0], 2, {"top": 0}, "largest_tie and top are at least 1, not 2 and 0"),
        ([0.0, 1.0], 2, {"prompts": 0}, "prompts is at least 1"),
        ([0.0, 1.0], 2, {"prompt_sd": -1.0}, "prompt_sd finite and at least 0"),
        ([0.0, 1.0], 2, {"position": np.inf}, "position finite"),
    ],
)
def test_unsound_settings_are_refused(values, size, settings, message):
    with pytest.raises(RankingError, match=message):
        simulate.orders(values, size, 10, seed=0, **settings)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (0, "at least 1 set, not 0"),
        ([0, 1], r"shape \(n, 2\), not \(2,\)"),
        ([[0, 1, 2]], r"shape \(n, 2\), not \(1, 3\)"),
        ([[0, 1], [2, 2]], "judgement 1 compares item 2 with itself"),
        ([[0, 3]], "n_items is 3, but item 3 was judged"),
    ],
)
def test_unsound_pairs_are_refused(asked, message):
    with pytest.raises(RankingError, match=message):
        simulate.pairs([0, 1, 2], asked, seed=0)


@pytest.mark.parametrize("cuts", [[], [[1.0]], [-0.5, 1.0], [1.0, 0.5], [0.5, np.inf]])
def test_unsound_cuts_are_refused(cuts):
    with pytest.raises(RankingError, match="cuts must be finite numbers of at least 0 logits, in ascending order"):
        simulate.graded([0, 1], 5, seed=0, cuts=cuts)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([], [], []), "at least one rater"),
        (([1.0], [0.0, 0.0], [0.0]), "side must hold one number for each rater"),
        (([[1.0]], [0.0], [0.0]), "reliability must hold one number for each rater"),
        (([1.0, np.nan], [0.0] * 2, [0.0] * 2), "rater 1 has a reliability that is not finite"),
        (([1.0, 1.0], [0.0] * 2, [0.0, -1.0]), "rater 1 has a taste_sd below 0"),
    ],
)
def test_unsound_raters_are_refused(columns, message):
    with pytest.raises(RankingError, match=message):
        Raters(*(np.array(column) for column in columns))


def test_a_panel_is_read_only_and_says_its_size():
    panel = Raters.good(2) + Raters.noisy(3)

    assert (len(panel), repr(panel)) == (5, "Raters(5)")
    with pytest.raises(ValueError, match="read-only"):
        panel.reliability[0] = 0
