"""Plackett-Luce, with ties of any size, against closed forms, a naive version and Davidson."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rankings import NotSettledError, Orders, RankingError, davidson, plackett_luce, simulate
from rankings.sets.ties import moments
from tests.rankings import naive


@pytest.mark.parametrize("prior_sd", [None, 0.7])
def test_on_pairs_it_is_davidson(prior_sd):
    pairs = simulate.pairs(np.linspace(-1, 1, 7), 300, seed=1, tie=0.6)
    ranks = np.column_stack([1 + (pairs.outcome < 0), 1 + (pairs.outcome > 0)])
    weight = np.random.default_rng(2).uniform(0.5, 2, 300)
    cluster = np.arange(300) // 12

    for errors in (None, cluster):
        ours = plackett_luce(
            Orders.from_ranks(np.column_stack(pairs[:2]), ranks), weight=weight, prior_sd=prior_sd, rater=errors
        )
        theirs = davidson(*pairs[:3], weight=weight, prior_sd=prior_sd, rater=errors)

        assert ours.values == pytest.approx(theirs.values, abs=1e-8)
        assert ours.standard_errors == pytest.approx(theirs.standard_errors, abs=1e-8)
        assert (ours.tie, ours.tie_error) == pytest.approx((theirs.tie, theirs.tie_error), abs=1e-8)
        assert ours.log_likelihood == pytest.approx(theirs.log_likelihood, abs=1e-8)


def test_first_places_are_fitted_exactly():
    strengths = plackett_luce([[0, 1, 2], [1, 0, 2], [2, 0, 1]], top=1, weight=[5, 3, 2])

    assert np.exp(strengths.values) / np.exp(strengths.values).sum() == pytest.approx([0.5, 0.3, 0.2], abs=1e-9)
    assert strengths.difference(0, 1)[1] == pytest.approx(math.sqrt(1 / 5 + 1 / 3), abs=1e-9)


def test_a_choice_from_three_with_ties_fits_the_frequencies_of_the_sizes():
    orders = [[0, 1, 2], [1, 2, 0], [2, 0, 1], [(0, 1), 2], [(1, 2), 0], [(2, 0), 1]]

    strengths = plackett_luce(orders, top=1, weight=[4, 4, 4, 1, 1, 1])

    assert strengths.values == pytest.approx(np.zeros(3), abs=1e-9)
    assert strengths.tie == pytest.approx(1 / 4, abs=1e-9)


def test_the_tail_below_the_top_may_carry_any_ranks():
    tied = plackett_luce([[0, 1, (2, 3)], [3, 2, (0, 1)], [1, 0, (2, 3)], [2, 3, (0, 1)]], top=2)
    ordered = plackett_luce([[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1]], top=[2, 2, 2, 2])

    assert tied.values == pytest.approx(ordered.values, abs=1e-12)
    assert tied.tie == 0.0


def test_the_last_item_left_says_nothing():
    full = plackett_luce([[0, 1, 2], [2, 1, 0], [1, 0, 2]])
    all_but_last = plackett_luce([[0, 1, 2], [2, 1, 0], [1, 0, 2]], top=2)

    assert full.log_likelihood == all_but_last.log_likelihood


def test_names_and_the_order_of_entries_do_not_matter():
    orders = simulate.orders(np.linspace(-1, 1, 6), 4, 150, seed=3, tie=0.4, largest_tie=3)
    new_name = np.array([3, 5, 0, 1, 4, 2])
    turned = [(new_name[items[::-1]], ranks[::-1]) for items, ranks in orders][::-1]

    before = plackett_luce(orders)
    after = plackett_luce(Orders.from_ranks(*zip(*turned, strict=True)))

    assert after.values[new_name] == pytest.approx(before.values, abs=1e-9)
    assert after.tie == pytest.approx(before.tie, abs=1e-9)


@pytest.mark.parametrize(("size", "largest_tie"), [(2, 2), (4, 2), (4, 3), (5, 5), (3, 4)])
def test_moments_are_the_derivatives_of_the_log_partition(size, largest_tie):
    values = np.random.default_rng(size).normal(scale=2, size=(3, size))

    def at(point):
        return moments(values + point[:size], point[size], largest_tie)

    point = np.append(np.zeros(size), 0.4)
    assert naive.gradient(lambda x: at(x)[0], point) == pytest.approx(at(point)[1], abs=1e-8)
    assert naive.gradient(lambda x: at(x)[1], point) == pytest.approx(at(point)[2], abs=1e-8)


def test_moments_hold_for_strengths_hundreds_of_logits_apart():
    values = np.array([[0.0, 1200.0, -900.0, 1199.0]])

    log_partition, mean, _ = moments(values, 400.0, 3)

    best_pair, best_three = 400 + 1199.5, 800 + 2399 / 3
    assert best_three - best_pair == pytest.approx(1 / 6)
    three = 1 / (1 + math.exp(-1 / 6))
    assert log_partition == pytest.approx([best_three - math.log(three)], abs=1e-9)
    expected = [three / 3, 0.5 - three / 6, 0, 0.5 - three / 6, 1 + three]
    assert mean == pytest.approx(np.array([expected]), abs=1e-9)


@st.composite
def weak_orders(draw):
    sets = draw(st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=4, unique=True), min_size=1, max_size=6))
    return Orders.from_ranks(sets, [[draw(st.integers(1, 3)) for _ in members] for members in sets])


@settings(deadline=None, max_examples=60)
@given(weak_orders(), st.sampled_from([0.5, 1.5]))
def test_it_maximises_the_likelihood_written_on_paper(orders, prior_sd):
    strengths = plackett_luce(orders, n_items=5, prior_sd=prior_sd)
    groups = naive.groups(orders)
    log_nu = math.log(strengths.tie) if strengths.tie else 0.0

    def posterior(point):
        penalty = (point[:5] ** 2).sum() / (2 * prior_sd**2) + point[5] ** 2 / (2 * 5.0**2)
        return naive.log_likelihood(point[:5], point[5], groups) - penalty

    slope = naive.gradient(posterior, np.array([*strengths.values, log_nu]))
    assert strengths.log_likelihood == pytest.approx(naive.log_likelihood(strengths.values, log_nu, groups), abs=1e-9)
    assert slope == pytest.approx(np.zeros(6), abs=1e-6)


def test_errors_are_those_of_the_curvature_written_on_paper():
    orders = simulate.orders([0.5, 0, -0.5, 0.2], 3, 60, seed=4, tie=0.5, largest_tie=3)
    strengths = plackett_luce(orders)
    groups = naive.groups(orders)

    def slope(point):
        return naive.gradient(lambda x: naive.log_likelihood(x[:4], x[4], groups), point, step=1e-4)

    information = -naive.gradient(slope, np.array([*strengths.values, math.log(strengths.tie)]), step=1e-4)
    errors = np.sqrt(np.linalg.pinv(information, rcond=1e-6).diagonal())
    assert [*strengths.standard_errors, strengths.tie_error] == pytest.approx(errors, rel=1e-4)


def test_pairs_and_sets_of_thirty_are_fitted_together():
    random = np.random.default_rng(5)
    values = np.linspace(-1, 1, 30)
    large = [list(np.argsort(-values - random.gumbel(size=30))) for _ in range(15)]

    strengths = plackett_luce([*large, [0, 29], [(3, 4)], [29, 0, 7]])

    assert np.corrcoef(values, strengths.values)[0, 1] > 0.8
    assert 0 < strengths.tie < 0.1


def test_a_set_of_nine_that_are_all_tied_is_one_choice():
    random = np.random.default_rng(6)
    orders = [list(random.permutation(9)) for _ in range(12)]

    strengths = plackett_luce([*orders, [tuple(range(9))]])

    assert strengths.log_likelihood == pytest.approx(
        naive.log_likelihood(
            strengths.values,
            math.log(strengths.tie),
            [*([(int(item),) for item in order] for order in orders), [tuple(range(9))]],
        ),
        abs=1e-9,
    )


@pytest.mark.parametrize(("size", "largest_tie"), [(3, 2), (5, 3)])
def test_nu_is_recovered_from_sets(size, largest_tie):
    values = np.linspace(-1, 1, 8)
    orders = simulate.orders(values, size, 1200, seed=8, tie=0.5, largest_tie=largest_tie)

    strengths = plackett_luce(orders)

    assert abs(math.log(strengths.tie / 0.5)) < 3 * strengths.tie_error < 0.3
    assert np.abs(strengths.values - values).max() < 3.5 * strengths.standard_errors.max() < 0.4


def test_without_ties_nu_is_zero_and_not_estimated():
    strengths = plackett_luce([[0, 1, 2], [2, 1, 0], [1, 0, 2]])

    assert (strengths.tie, strengths.tie_error) == (0.0, None)


def test_only_ties_need_a_prior():
    with pytest.raises(NotSettledError, match=r"all items of every set are tied.*prior_sd"):
        plackett_luce([[(0, 1, 2)], [(0, 1)]])

    strengths = plackett_luce([[(0, 1, 2)], [(0, 1)]], prior_sd=1.0)

    assert strengths.values == pytest.approx(np.zeros(3), abs=1e-9)


def test_ties_that_leave_nu_without_a_maximum_are_refused():
    with pytest.raises(NotSettledError, match="prior_sd"):
        plackett_luce([[(0, 1), (2, 3)], [(2, 3), (0, 1)], [(0, 2), (1, 3)], [(1, 3), (0, 2)]])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"orders": []}, "items is empty"),
        ({"orders": [[0]]}, "set 0 holds 1 items"),
        ({"top": 0}, "at least one place"),
        ({"top": [1, 1, 1]}, "top has 3 entries for 2 judgements"),
        ({"top": 1.5}, "top must hold integers"),
        ({"weight": [1.0]}, "weight has 1 entries"),
        ({"rater": [1]}, "rater has 1 entries"),
        ({"n_items": 2}, "item 2 was judged"),
    ],
)
def test_unsound_arguments_are_refused_by_name(arguments, message):
    with pytest.raises(RankingError, match=message):
        plackett_luce(**({"orders": [[0, 1, 2], [2, 1, 0]]} | arguments))
