"""Noise or taste, camps, position, circles, coverage, skips and sensitivity, each on a panel in which it is planted."""

from dataclasses import replace

import numpy as np
import pytest

from feedback.results.measures import (
    agreement,
    camps,
    coverage,
    measure,
    position,
    preferences_of,
    sensitivity,
    skips,
    taste,
    transitivity,
)
from feedback.results.measures.model import Model, fitted
from tests.results import panels

FAITHFUL = panels.Sizes(taste=0.0, reliability=0.0, gold=0, repeats=0, skipped=0.0, criteria=("overall",))


def uncalibrated(asked):
    """The model as fitted, which is all that the position reads of it."""
    return Model(asked, fitted(asked, asked.answer), 1.0)


def taste_of(seed, sd, common=1.0):
    size = replace(FAITHFUL, spread_generators=0.0, spread_works=common, taste=sd, repeats=100, each=150, raters=30)
    asked = preferences_of(panels.drawn(seed, None, size), "overall")
    model = Model.of(asked)
    return taste.measure(asked, model, agreement.pairwise(asked, model))


@pytest.mark.parametrize(("sd", "share"), [(0.0, 0.0), (0.5, 0.2), (1.0, 0.5), (1.5, 0.69)])
def test_the_share_of_taste_is_that_of_its_variance(sd, share):
    """Fact 7 of the protocol."""
    found = [taste_of(seed, sd) for seed in range(4)]

    mean = np.mean([one.share.value for one in found])
    error = np.sqrt(np.mean([one.error**2 for one in found]) / len(found))
    assert mean == pytest.approx(share, abs=max(2.5 * error, 0.06))
    assert sum(one.share.low <= share + 0.03 and one.share.high >= share - 0.03 for one in found) >= 3


def test_noise_is_to_be_trained_and_taste_to_be_split():
    assert taste_of(1, 0.0, common=1.5).verdict == "noise"
    assert taste_of(1, 1.5).verdict == "taste"


def test_nothing_is_shown_below_thirty_repeats():
    asked = preferences_of(panels.drawn(0, None, replace(panels.USUAL, repeats=1)), "overall")
    model = Model.of(asked)

    found = taste.measure(asked, model, agreement.pairwise(asked, model))

    assert found.n < 30
    assert found.told()["taste"]["share"] is None
    assert found.told()["repeatability"]["share"] is None
    assert found.verdict == "unknown"


def test_raters_who_do_not_repeat_themselves_are_noise():
    size = replace(panels.USUAL, repeats=40)
    asked = preferences_of(panels.drawn(0, "identical works", size), "overall")
    model = Model.of(asked)

    found = taste.measure(asked, model, agreement.pairwise(asked, model))

    assert found.verdict == "noise"
    assert found.share.value is None


def test_repeats_are_lined_up_by_work_for_they_stood_the_other_way_round():
    sample = panels.drawn(0, None, replace(FAITHFUL, repeats=60, spread_works=6.0))

    repeats = taste._repeats(preferences_of(sample, "overall"))

    assert len(repeats.same) == 20 * 60
    assert repeats.same.mean() > 0.85


def test_planted_camps_are_found_with_their_raters():
    for seed in range(3):
        asked = preferences_of(panels.drawn(seed, "taste camps"), "overall")

        found = camps.found(asked)

        assert found.are_there
        assert len(found.groups) == 2
        odd = [set((group % 2).tolist()) for group in found.groups]
        assert sorted(map(sorted, odd)) == [[0], [1]]


def test_clean_panels_have_no_camps():
    there = [camps.found(preferences_of(panels.drawn(seed), "overall")).are_there for seed in range(10)]

    assert sum(there) == 0


@pytest.mark.parametrize("fault", ["reversed rater", "random rater", "straight-lining", "side bias"])
def test_carelessness_is_no_camp(fault):
    assert not any(camps.found(preferences_of(panels.drawn(seed, fault), "overall")).are_there for seed in range(3))


def test_those_who_hold_the_scale_upside_down_are_no_camp():
    sample = panels.drawn(0, None, FAITHFUL)
    answers = sample.criteria["overall"]
    turned = sample.rater < 6
    ranks, strength = answers.ranks.copy(), answers.strength.copy()
    ranks[turned], strength[turned] = ranks[turned][:, ::-1], -strength[turned]
    upside_down = replace(sample, criteria={"overall": replace(answers, ranks=ranks, strength=strength)})

    assert not camps.found(preferences_of(upside_down, "overall")).are_there


def test_cohorts_with_tastes_of_their_own_predict_better():
    sample = panels.drawn(0, "taste camps")
    named = replace(sample.raters, cohort=np.arange(20) % 2, cohorts=("composers", "listeners"))
    shuffled = replace(named, cohort=np.arange(20) // 2 % 2)

    apart = camps.of_cohorts(preferences_of(replace(sample, raters=named), "overall"))
    alike = camps.of_cohorts(preferences_of(replace(sample, raters=shuffled), "overall"))

    assert apart.are_there
    assert not alike.are_there
    assert alike.told(sample.raters.ids) == []


def test_the_position_is_found_with_and_without_a_model():
    held = []
    for seed in range(12):
        asked = preferences_of(panels.drawn(seed, "side bias", replace(FAITHFUL, each=100)), "overall")
        found = position.measure(asked, uncalibrated(asked))
        assert found.logit.low > 0
        assert found.share.low > 0.5
        held.append(found.others.low < found.logit.value < found.others.high)

    assert all(held)


def test_the_interval_of_the_position_holds_nothing_where_there_is_none():
    held, shares = [], []
    for seed in range(60):
        asked = preferences_of(panels.drawn(seed, None, replace(FAITHFUL, each=30, prompts=6)), "overall")
        found = position.measure(asked, uncalibrated(asked))
        held.append(found.logit.low < 0 < found.logit.high)
        shares.append(found.share.low < 0.5 < found.share.high)

    assert np.mean(held) >= 0.87
    assert np.mean(shares) >= 0.87


def test_a_smaller_study_sees_less_of_a_side_bias():
    large, small = (
        position.measure(asked, uncalibrated(asked))
        for asked in (
            preferences_of(panels.drawn(0, None, replace(FAITHFUL, each=each)), "overall") for each in (150, 30)
        )
    )

    assert 0.5 < large.detects < small.detects
    assert large.detects == pytest.approx(0.5 + 2.8 * 0.47 / np.sqrt(3000), abs=0.002)


def test_imported_sides_say_nothing_of_position():
    sample = panels.drawn(0)
    asked = preferences_of(replace(sample, drawn=np.zeros(len(sample), dtype=bool)), "overall")

    found = position.measure(asked, Model.of(asked))

    assert found.told()["value"] is None
    assert found.detects is None


def test_raters_who_follow_the_model_draw_as_many_circles_as_expected():
    p = []
    for seed in range(20):
        asked = preferences_of(panels.drawn(seed, None, replace(FAITHFUL, each=60)), "overall")
        found = transitivity.measure(asked, Model.of(asked))
        p.append(found.p)
        assert 300 < found.triads <= 400  # of twenty prompts of six works, not all of whose pairs were compared

    assert 0.3 < np.mean(p) < 0.7
    assert min(p) > 0.005


def test_a_circle_that_everybody_sees_is_more_than_expected():
    sample = panels.drawn(0, None, FAITHFUL)
    maker = sample.works.generator[sample.shown]
    ahead = np.isin((maker[:, 0] - maker[:, 1]) % 6, (1, 2, 3))  # each beats the next three, round and round
    ranks = np.where(ahead[:, None], [1, 2], [2, 1]).astype(np.int8)
    answers = replace(sample.criteria["overall"], ranks=ranks, strength=np.zeros(len(sample), dtype=np.int8))
    asked = preferences_of(replace(sample, criteria={"overall": answers}), "overall")

    found = transitivity.measure(asked, Model.of(asked))

    assert found.share > found.high
    assert found.p <= 0.01


def test_circles_are_counted_as_they_are():
    """Three works that go round, and three that do not."""
    unit = np.arange(3)
    round_and_round = transitivity.Triads(unit[None], np.ones((1, 3), dtype=np.int64), 3, unit)

    assert round_and_round.circles(np.array([1.0, 1.0, 1.0])) == 1
    assert round_and_round.circles(np.array([1.0, 1.0, -1.0])) == 0
    assert round_and_round.circles(np.array([1.0, 1.0, 0.0])) == 0.5


def test_disconnected_generators_are_two_parts():
    clean = coverage.measure(preferences_of(panels.drawn(0), "overall"))
    apart = coverage.measure(preferences_of(panels.drawn(0, "disconnected"), "overall"))

    assert clean.parts == 1
    assert clean.unjudged == 0
    assert apart.parts == 2
    told = apart.told()
    assert {node["part"] for node in told["nodes"]} == {0, 1}
    assert sum(n for _, _, n in told["edges"]) == len(preferences_of(panels.drawn(0, "disconnected"), "overall"))
    assert told["works"]["unjudged"] == 60


def test_skips_that_follow_a_generator_are_told_from_chance():
    false = [skips.measure(panels.drawn(seed), "overall").p < 0.05 for seed in range(40)]
    true = [skips.measure(panels.drawn(seed, "skips"), "overall").p < 0.05 for seed in range(10)]

    assert sum(false) <= 5
    assert sum(true) >= 9


def test_skips_by_one_rater_are_no_fault_of_a_generator():
    sample = panels.drawn(1)
    outcome = sample.criteria["overall"].outcome.copy()
    outcome[(sample.rater == 0) & (np.arange(len(sample)) % 2 == 0)] = 1
    answers = replace(sample.criteria["overall"], outcome=outcome)

    found = skips.measure(replace(sample, criteria={"overall": answers}), "overall")

    assert found.p > 0.01
    assert found.skipped.sum() == pytest.approx(found.expected.sum())


def test_who_skips_much_and_saw_one_generator_alone_does_not_blame_it():
    sample = panels.drawn(1)
    with_it = (sample.works.generator[sample.shown] == 0).any(axis=1)
    outcome = sample.criteria["overall"].outcome.copy()
    outcome[(sample.rater < 3) & with_it] = 1
    outcome[(sample.rater < 3) & ~with_it] = -1
    answers = replace(sample.criteria["overall"], outcome=outcome)

    assert skips.measure(replace(sample, criteria={"overall": answers}), "overall").p > 0.01


def test_a_generator_against_itself_joins_nothing():
    sample = panels.drawn(0)
    three = replace(sample.works, generator=sample.works.generator // 2)

    told = coverage.measure(preferences_of(replace(sample, works=three), "overall")).told()

    assert [(a, b) for a, b, _ in told["edges"]] == [(1, 2), (1, 3), (2, 3)]


def test_another_prior_or_way_with_ties_leaves_clear_orders_alone():
    found = sensitivity.measure(
        preferences_of(panels.drawn(0, None, replace(FAITHFUL, spread_generators=2.0)), "overall")
    )

    assert found.level == "generators"
    assert all(change.tau > 0.8 and change.same_first for change in (*found.prior, *found.ties))
    assert [change.setting for change in found.ties] == ["Rao and Kupper", "half a win each", "left out"]


def test_places_are_counted_within_parts():
    values, parts = np.array([0.5, -0.5, 2.0, -2.0]), np.array([0, 0, 1, 1])

    np.testing.assert_array_equal(sensitivity._places(values, parts), [0, 1, 0, 1])


def test_everything_is_told_as_json_with_the_ids_of_the_database():
    import json

    sample = panels.drawn(0, "taste camps")

    told = measure(sample, "overall", target=0.9, price_hour=40.0).told()

    assert json.loads(json.dumps(told)) == told
    assert set(told) == {"trust", "differ", "done"}
    assert set(told["differ"]["camps"][0]["raters"]) <= set(sample.raters.ids.tolist())
    assert sorted(told["differ"]["matrix"]["raters"]) == sample.raters.ids.tolist()
    assert {node["id"] for node in told["trust"]["coverage"]["nodes"]} == set(sample.generators.tolist())
    assert told["trust"]["separation"]["why"]


def test_nothing_is_measured_of_nothing():
    sample = panels.drawn(0)
    answers = replace(sample.criteria["overall"], outcome=np.full(len(sample), 2, dtype=np.int8))

    assert measure(replace(sample, criteria={"overall": answers}), "overall") is None


def test_machines_and_excluded_raters_have_no_part_in_any_of_it():
    sample = panels.drawn(0)
    kind = sample.raters.kind.astype("<U9").copy()
    kind[0] = "machine"
    excluded = np.arange(20) == 1

    asked = preferences_of(replace(sample, raters=replace(sample.raters, kind=kind, excluded=excluded)), "overall")

    assert set(asked.rater.tolist()) == set(range(2, 20))
    assert not taste._repeats(asked).same.size > 18 * 8
