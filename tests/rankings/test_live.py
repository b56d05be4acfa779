"""One more judgement lands where a refit would; what is removed leaves no trace."""

import pickle

import numpy as np
import pytest

from rankings import (
    NotComparableError,
    Orders,
    RankingError,
    best_worst,
    bradley_terry,
    davidson,
    graded,
    plackett_luce,
    simulate,
    update,
    without,
)

VALUES = np.linspace(-1.5, 1.5, 12)
MANY = simulate.pairs(VALUES, 12_000, seed=1, tie=0.4, position=0.2)
FEW = simulate.pairs(VALUES, 300, seed=2, tie=0.4)


def told(pairs, rows=slice(None)):
    return pairs.a[rows], pairs.b[rows], pairs.outcome[rows]


def extended(pairs, a, b, outcome):
    return np.append(pairs.a, a), np.append(pairs.b, b), np.append(pairs.outcome, outcome)


@pytest.mark.parametrize(("a", "b", "outcome"), [(3, 4, 1), (0, 11, 1), (5, 2, 0), (11, 0, -1)])
@pytest.mark.parametrize("pairs", [MANY, FEW])
def test_one_judgement_more_is_within_a_ten_thousandth_of_a_refit(pairs, a, b, outcome):
    updated = update(davidson(*told(pairs)), a, b, outcome)

    again = davidson(*extended(pairs, a, b, outcome))
    assert updated.values == pytest.approx(again.values, abs=1e-4)
    assert updated.tie == pytest.approx(again.tie, abs=1e-4)
    assert updated.log_likelihood == pytest.approx(again.log_likelihood, abs=1e-3)


def test_a_small_move_needs_no_refit_and_leaves_the_first_result_alone():
    before = davidson(*told(MANY))
    values = before.values.copy()

    after = update(update(before, 3, 4, 1), 4, 3, 0)

    assert (len(after.later), after.maximum.curvature) == (2, before.maximum.curvature)
    assert before.values.tolist() == values.tolist()
    assert after.values.sum() == pytest.approx(0, abs=1e-9)


def test_a_thousand_updates_stay_within_a_ten_thousandth():
    first, rest = slice(0, 11_000), slice(11_000, None)
    strengths = davidson(*told(MANY, first))
    refits = 0
    for a, b, outcome in zip(*told(MANY, rest), strict=True):
        strengths = update(strengths, a, b, outcome)
        refits += not strengths.later

    assert strengths.values == pytest.approx(davidson(*told(MANY)).values, abs=1e-4)
    assert 0 < refits < 300


def test_updates_of_many_parts_are_settled_without_a_refit():
    """40 parts of 6 items: what moved in one is not left out of another, and no step trusts curvature that is old."""
    chance = np.random.default_rng(5)
    pairs = simulate.pairs(np.linspace(-1.5, 1.5, 6), 40_200, seed=4, tie=0.4, position=0.3)
    part = 6 * chance.integers(0, 40, len(pairs.a))
    a, b, first, n = pairs.a + part, pairs.b + part, pairs.first_a, 40_000
    strengths = davidson(a[:n], b[:n], pairs.outcome[:n], first_a=first[:n], prior_sd=1.0)
    curvature, n_later = strengths.maximum.curvature, []
    for row in range(n, len(a)):
        strengths = update(strengths, a[row], b[row], pairs.outcome[row], first_a=first[row])
        n_later.append(len(strengths.later))
        if row % 5 == 4:
            seen = slice(row + 1)
            again = davidson(a[seen], b[seen], pairs.outcome[seen], first_a=first[seen], prior_sd=1.0)
            assert strengths.values == pytest.approx(again.values, abs=1e-4)
            assert (strengths.tie, strengths.position) == pytest.approx((again.tie, again.position), abs=1e-4)

    assert strengths.log_likelihood == pytest.approx(again.log_likelihood, abs=1e-3)
    assert strengths.maximum.curvature is curvature
    assert min(np.diff(n_later)) < 0  # they were settled


def test_the_position_counts_and_so_does_the_weight():
    strengths = davidson(*told(MANY), first_a=MANY.first_a)

    updated = update(strengths, 3, 4, 1, first_a=False, weight=2.5)

    again = davidson(
        *extended(MANY, 3, 4, 1),
        first_a=np.append(MANY.first_a, False),
        weight=np.append(np.ones(12_000), 2.5),
    )
    assert updated.values == pytest.approx(again.values, abs=1e-4)
    assert updated.position == pytest.approx(again.position, abs=1e-4)


@pytest.mark.parametrize("grade", [0, 1, 3])
def test_a_judgement_that_weighs_as_much_as_all_others_is_a_refit(grade):
    """The step towards it ends where no grades could be."""
    strength = np.clip(np.rint(2 * (VALUES[FEW.a] - VALUES[FEW.b]) + FEW.outcome), -3, 3).astype(int)
    weight = np.append(np.ones(len(FEW.a)), 500.0)

    updated = update(graded(FEW.a, FEW.b, strength), 0, 11, grade, weight=500.0)

    again = graded(np.append(FEW.a, 0), np.append(FEW.b, 11), np.append(strength, grade), weight=weight)
    assert updated.values == pytest.approx(again.values, abs=1e-4)
    assert updated.cut_points == pytest.approx(again.cut_points, abs=1e-4)


@pytest.mark.parametrize("prior_sd", [None, 1.5])
def test_grades_orders_and_best_worst_are_updated_too(prior_sd):
    strength = np.clip(np.rint(2 * (VALUES[MANY.a] - VALUES[MANY.b]) + MANY.outcome), -3, 3).astype(int)
    orders = simulate.orders(VALUES, 4, 2000, seed=3, tie=0.2)
    strict = simulate.orders(VALUES, 4, 2000, seed=3)
    sets = [items.tolist() for items, _ in strict]
    best = [items[np.argmin(ranks)] for items, ranks in strict]
    worst = [items[np.argmax(ranks)] for items, ranks in strict]
    longer = Orders.from_ranks(*zip(*orders, ([7, 1, 2, 0], [1, 1, 2, 3]), strict=True))

    by_grade = update(graded(MANY.a, MANY.b, strength, prior_sd=prior_sd), 5, 6, -2)
    by_order = update(plackett_luce(orders, prior_sd=prior_sd), [(7, 1), 2, 0])
    by_choice = update(best_worst(sets, best, worst, prior_sd=prior_sd), [4, 5, 6], 6, 4)

    assert by_grade.values == pytest.approx(
        graded(np.append(MANY.a, 5), np.append(MANY.b, 6), np.append(strength, -2), prior_sd=prior_sd).values, abs=1e-4
    )
    assert by_order.values == pytest.approx(plackett_luce(longer, prior_sd=prior_sd).values, abs=1e-4)
    assert by_choice.values == pytest.approx(
        best_worst([*sets, [4, 5, 6]], [*best, 6], [*worst, 4], prior_sd=prior_sd).values, abs=1e-4
    )


def test_what_the_fit_has_not_seen_is_fitted_anew():
    strengths = bradley_terry([0, 1, 2, 3], [1, 0, 3, 2], prior_sd=1.0)

    assert update(strengths, 0, 2).components.tolist() == [0, 0, 0, 0]
    assert len(update(strengths, 4, 0)) == 5
    no_ties = davidson([0, 1, 0, 1] * 9, [1, 0, 1, 0] * 9, [1, 1, -1, 1] * 9)
    assert no_ties.tie == 0
    assert update(no_ties, 0, 1, 0).tie > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((3, 3, 1), {}), "compares item 3 with itself"),
        (((3, 4, 2), {}), "1 \\(a better\\)"),
        (((3, 4, 1), {"first_a": True}), "if, and only if"),
        (((3, 4, 1), {"rater": 1}), "if, and only if"),
        (((3, 4, 1), {"weight": 0.0}), "above 0"),
        (((3, 4, 1), {"weight": float("nan")}), "above 0"),
    ],
)
def test_an_unsound_judgement_is_refused(arguments, message):
    positional, named = arguments

    with pytest.raises(RankingError, match=message):
        update(davidson(*told(FEW)), *positional, **named)


def test_bradley_and_terry_know_no_tie_and_orders_no_side():
    with pytest.raises(RankingError, match="knows no ties"):
        update(bradley_terry([0, 1], [1, 0]), 0, 1, 0)
    with pytest.raises(RankingError, match="the rater of a new order"):
        update(plackett_luce([[0, 1], [1, 0]]), [0, 1], rater=4)


@pytest.mark.parametrize("covariance", ["fisher", "rater"])
def test_a_rater_is_removed_without_a_trace(covariance):
    rater = 10 * np.random.default_rng(4).integers(1, 9, size=300)
    strengths = davidson(*told(FEW), rater=rater, covariance=covariance, weight=np.linspace(0.5, 2, 300))

    left = without(strengths, rater=[30, 70])

    kept = (rater != 30) & (rater != 70)
    never = davidson(*told(FEW, kept), rater=rater[kept], covariance=covariance, weight=np.linspace(0.5, 2, 300)[kept])
    assert left.values == pytest.approx(never.values, abs=1e-12)
    assert left.standard_errors == pytest.approx(never.standard_errors, abs=1e-12)
    assert left.log_likelihood == pytest.approx(never.log_likelihood, abs=1e-9)


def test_what_came_by_updates_is_removed_as_well():
    rater = np.arange(12_000) % 7
    strengths = update(davidson(*told(MANY), rater=rater), 3, 4, 1, rater=7)
    strengths = update(strengths, 5, 4, 1, rater=0)

    left = without(strengths, rater=7)

    never = davidson(*extended(MANY, 5, 4, 1), rater=np.append(rater, 0))
    assert left.values == pytest.approx(never.values, abs=1e-9)
    assert left.standard_errors == pytest.approx(never.standard_errors, abs=1e-9)


@pytest.mark.parametrize("prior_sd", [None, 1.5])
def test_an_item_is_removed_with_all_its_judgements(prior_sd):
    strengths = davidson(*told(FEW), prior_sd=prior_sd)

    left = without(strengths, items=4)

    kept = (FEW.a != 4) & (FEW.b != 4)
    number = np.delete(np.arange(12), 4)
    place = np.argsort(np.append(number, 4))
    never = davidson(place[FEW.a[kept]], place[FEW.b[kept]], FEW.outcome[kept], prior_sd=prior_sd)
    assert left.values[number] == pytest.approx(never.values, abs=1e-12)
    assert left.standard_errors[number] == pytest.approx(never.standard_errors, abs=1e-9)
    assert left.values[4] == 0
    assert left.standard_errors[4] == (1.5 if prior_sd else np.inf)
    with pytest.raises(NotComparableError):
        left.difference(4, 0)


def test_a_removed_item_takes_its_orders_with_it():
    orders = simulate.orders(VALUES[:6], 3, 200, seed=5)
    weight, top = np.linspace(0.5, 2, 200), np.full(200, 2)
    rater = np.arange(200) % 5

    left = without(plackett_luce(orders, weight=weight, top=top, rater=rater), items=[5], rater=2)

    kept = np.array([5 not in items for items, _ in orders]) & (rater != 2)
    some = [one for one, keep in zip(orders, kept, strict=True) if keep]
    never = plackett_luce(
        Orders.from_ranks(*zip(*some, strict=True)), weight=weight[kept], top=top[kept], rater=rater[kept]
    )
    assert left.values[:5] == pytest.approx(never.values, abs=1e-12)
    assert left.standard_errors[:5] == pytest.approx(never.standard_errors, abs=1e-12)


@pytest.mark.parametrize(
    ("removed", "message"),
    [
        ({"rater": 9}, "no such rater"),
        ({"items": 12}, "numbered from 0 to 11"),
        ({"items": range(12)}, "no judgement is left"),
    ],
)
def test_what_is_not_there_cannot_be_removed(removed, message):
    with pytest.raises(RankingError, match=message):
        without(davidson(*told(FEW), rater=np.arange(300) % 9), **removed)
    with pytest.raises(RankingError, match="pass rater to the fit"):
        without(davidson(*told(FEW)), rater=1)


def test_an_item_left_undefeated_is_named():
    strengths = bradley_terry([0, 1, 0, 2], [1, 0, 2, 0], rater=[1, 1, 2, 3], covariance="fisher")

    with pytest.raises(NotComparableError) as caught:
        without(strengths, rater=3)

    assert 2 in caught.value.items


def test_updated_strengths_survive_pickling():
    strengths = update(davidson(*told(MANY), rater=np.arange(12_000) % 7), 3, 4, 1, rater=2)

    again = pickle.loads(pickle.dumps(strengths))

    assert without(again, rater=2).values == pytest.approx(without(strengths, rater=2).values, abs=1e-12)
