"""Plans hold what they promise: measured on projects that they never saw."""

import numpy as np
import pytest

from rankings import RankingError, davidson, graded, plackett_luce, simulate
from rankings.planning.plan import Forecast, Plan, plan
from rankings.planning.projects import nu_of
from rankings.reliability import reliability
from rankings.simulate import Raters


def reliability_reached(n_items, sd, judgements, form, projects=60):
    """Return the mean squared correlation of scores and strengths in projects of their own."""
    found = []
    for seed in range(1_000, 1_000 + projects):
        values = np.random.default_rng([seed, 7]).normal(size=n_items) * sd
        if isinstance(form, int):
            fit = plackett_luce(simulate.orders(values, form, judgements, seed=seed), n_items=n_items, prior_sd=1.5)
        elif form == "graded":
            fit = graded(*simulate.graded(values, judgements, seed=seed)[:3], n_items=n_items, prior_sd=1.5)
        else:
            fit = davidson(*simulate.pairs(values, judgements, seed=seed)[:3], n_items=n_items, prior_sd=1.5)
        found.append(np.corrcoef(fit.values, values)[0, 1] ** 2)
    return np.mean(found)


@pytest.mark.parametrize(
    ("n_items", "sd", "form", "at"),
    [
        (60, 1.0, "pair", 4),
        (60, 3.0, "pair", 2),
        (12, 0.5, "pair", 5),
        (150, 2.0, "pair", 3),
        (30, 1.0, "graded", 3),
        (30, 1.0, 4, 3),
    ],
)
def test_forecasts_come_true(n_items, sd, form, at):
    forecast = plan(0.8, n_items, sd=sd, form=form, most=40).curve[at]

    reached = reliability_reached(n_items, sd, forecast.judgements, form, projects=max(2_400 // n_items, 30))

    assert forecast.reliability == pytest.approx(reached, abs=0.03)


@pytest.mark.parametrize(("target", "sd", "per_item"), [(0.8, 1.5, 16), (0.8, 3, 11), (0.9, 1, 57), (0.9, 2, 26)])
def test_plans_agree_with_what_was_measured_elsewhere(target, sd, per_item):
    assert plan(target, 60, sd=sd, most=80).per_item == pytest.approx(per_item, abs=4)


@pytest.mark.parametrize(("n_items", "prompts"), [(2, 30), (6, 10)])
def test_several_prompts_are_planned_together(n_items, prompts):
    forecast = plan(0.8, n_items, prompts=prompts, sd=2.0, most=40).curve[4]

    found = []
    for seed in range(24):
        values = 2 * np.random.default_rng([seed, 3]).normal(size=(prompts, n_items))
        per_prompt = [
            simulate.pairs(own, forecast.judgements // prompts, seed=seed * 100 + at) for at, own in enumerate(values)
        ]
        scores = np.array([davidson(*one[:3], n_items=n_items, prior_sd=1.5).values for one in per_prompt])
        values -= values.mean(axis=1, keepdims=True)
        found.append((scores * values).sum() ** 2 / (scores**2).sum() / (values**2).sum())
    assert forecast.reliability == pytest.approx(np.mean(found), abs=0.03)


def test_prompts_are_counted():
    with pytest.raises(RankingError, match="prompts is 0"):
        plan(0.8, 10, sd=1, prompts=0)
    with pytest.raises(RankingError, match="2 items are too few; plan for 3 or more"):
        plan(0.8, 2, sd=1, prompts=2)


def test_work_is_counted_in_hours_and_money():
    found = plan(0.7, 20, sd=2, seconds=18, price=40, most=30)

    assert found.done == 0
    assert found.more == found.judgements
    assert found.per_item == 2 * found.judgements / 20
    assert found.hours == pytest.approx(found.judgements * 18 / 3600)
    assert found.cost == pytest.approx(found.hours * 40)
    assert found.between is None
    assert str(found) == f"{found.judgements} judgements, about {found.hours:.1f} h, reach 0.70"


def test_what_cannot_be_reached_is_said_and_not_extrapolated():
    found = plan(0.95, 20, sd=0.5, most=30)

    assert found.judgements is found.more is found.per_item is found.hours is found.cost is None
    assert found.curve[-1].judgements == 300
    assert str(found) == (
        f"0.95 is not reachable within 30 judgements per item: {found.curve[-1].reliability:.2f} is expected there"
    )


def test_identical_items_are_never_told_apart():
    found = plan(0.5, 20, sd=0, most=20)

    assert found.judgements is None
    assert all(abs(point.reliability) < 0.1 for point in found.curve)


def test_better_judgements_are_needed_less_often():
    def needed(**settings):
        return plan(0.7, 24, sd=1.5, most=24, **settings).judgements

    pairs = needed()

    assert needed(form="graded") < 0.85 * pairs
    assert needed(form=4) < 0.5 * pairs
    assert needed(form=2) == pytest.approx(pairs, rel=0.1)
    assert needed(tie=0.4) > 1.15 * pairs
    assert needed(raters=Raters.own_taste(10, 1.0)) > 1.15 * pairs
    assert needed(raters=Raters.good(8) + Raters.random(4)) > 1.5 * pairs


def test_raters_who_reverse_the_order_make_nothing_reliable():
    assert plan(0.5, 12, sd=2, raters=Raters.reversed(3), most=20).judgements is None


def test_the_same_seed_gives_the_same_plan():
    once, again, other = (plan(0.8, 10, sd=1.5, seed=seed, most=40) for seed in (1, 1, 2))

    assert once == again
    assert once != other


def test_many_items_are_planned_for_like_a_hundred():
    few, many = (plan(0.6, n_items, sd=2, most=8) for n_items in (100, 10_000))

    assert many.per_item == pytest.approx(few.per_item, rel=0.01)
    assert many.curve[3].sd == pytest.approx(few.curve[3].sd / 10)


def measured(n_judgements, sd):
    pairs = simulate.pairs(np.random.default_rng(3).normal(size=40) * sd, n_judgements, seed=5, raters=Raters.good(20))
    return reliability(*pairs[:3], uniform=np.ones(n_judgements, dtype=bool), rater=pairs.rater)


def test_a_project_goes_on_from_what_was_measured():
    so_far = measured(500, 1.2)

    found = plan(0.88, 40, so_far=so_far, seconds=36, most=80)

    assert found.done == 500
    assert found.more == found.judgements - 500
    assert found.hours == pytest.approx(found.more / 100)
    low, high = found.between
    assert low < found.judgements < high
    # The curve passes through what was measured.
    counts, expected, _ = zip(*found.curve, strict=True)
    assert np.interp(500, counts, expected) == pytest.approx(so_far.value, abs=0.02)
    assert str(found) == f"{found.more} more judgements, about {found.hours:.1f} h, reach 0.88"


def test_what_is_reached_is_not_asked_for_again():
    found = plan(0.5, 40, so_far=measured(600, 1.5), most=40)

    assert (found.more, found.hours) == (0, 0)
    assert str(found) == "0.50 is reached"


def test_noise_does_not_promise_an_end():
    found = plan(0.9, 40, so_far=measured(600, 0.0), most=40)

    assert found.judgements is None
    assert found.between is None


@pytest.mark.parametrize(("share", "sd"), [(0.1, 0.5), (0.5, 2.0), (0.0, 1.0)])
def test_ties_are_as_frequent_as_planned(share, sd):
    values = np.random.default_rng(1).normal(size=2_000) * sd

    pairs = simulate.pairs(values, 40_000, seed=2, tie=nu_of(share, sd))

    assert (pairs.outcome == 0).mean() == pytest.approx(share, abs=0.015)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"target": 1.0}, "target is 1.0; a reliability to reach lies between 0 and 1"),
        ({"seconds": 0}, "seconds is 0 and price 0.0"),
        ({"price": -1}, "seconds is 30.0 and price -1"),
        ({"sd": -1}, "sd is -1 logits"),
        ({"sd": np.inf}, "sd is inf logits"),
        ({"sd": None}, "give sd, or the reliability measured so far"),
        ({"n_items": 4}, "4 items are too few; plan for 5 or more"),
        ({"form": 6, "n_items": 5}, "5 items are too few; plan for 6 or more"),
        ({"form": 1}, "form is 1; it is"),
        ({"form": "stars"}, "form is 'stars'"),
        ({"most": 2}, "most is 2; it is finite and above 2"),
        ({"tie": 1.0}, "tie is 1.0; it is a share from 0 to less than 1"),
        ({"tie": 0.2, "form": "graded"}, "for pairs only"),
    ],
)
def test_unsound_settings_are_refused(change, message):
    with pytest.raises(RankingError, match=message):
        plan(**({"target": 0.8, "n_items": 20, "sd": 1.0} | change))


def test_both_ways_to_say_how_far_items_differ_are_one_too_many():
    with pytest.raises(RankingError, match="but not both"):
        plan(0.8, 40, sd=1.0, so_far=measured(300, 1.0))


def test_a_plan_is_frozen():
    found = Plan(0.8, 10, None, 2.0, 0, 0.1, 0.0, 100, (Forecast(10, 0.8, 0.1),))

    with pytest.raises(AttributeError):
        found.judgements = 5
