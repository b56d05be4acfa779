"""Reliability, its light and when to stop, on studies whose true strengths are known."""

from dataclasses import replace

import numpy as np
import pytest

from feedback.results.measures import preferences_of, reliability, stopping, taste
from feedback.results.measures.numbers import Number
from feedback.results.measures.reliability import FEWEST_FOR_GREEN
from feedback.results.measures.taste import Taste
from tests.results import panels

FAITHFUL = panels.Sizes(taste=0.0, reliability=0.0, gold=0, repeats=0, skipped=0.0, criteria=("overall",))
NO_TASTE = Taste(Number(None), 0, Number(None), None, "unknown", None)


def truth(sample, seed, size):
    """The strengths of the works, as the panel drew them."""
    return panels._people(size, np.random.default_rng(seed)).value[0]


def true_reliability(found, asked, values):
    works, _ = reliability._numbered(asked)
    parts, scores = found.strengths.components, found.strengths.values
    centred = values[works] - (np.bincount(parts, values[works]) / np.bincount(parts))[parts]
    return float(np.corrcoef(scores, centred)[0, 1] ** 2)


def test_it_is_the_squared_correlation_with_the_truth_within_prompts():
    size = replace(FAITHFUL, each=60)
    held, off = [], []
    for seed in range(20):
        asked = preferences_of(panels.drawn(seed, None, size), "overall")
        found = reliability.measure(asked).found
        low, high = found.interval()
        true = true_reliability(found, asked, truth(asked.sample, seed, size))
        held.append(low <= true <= high)
        off.append(found.value - true)

    assert np.mean(held) >= 0.8
    assert abs(np.mean(off)) < 0.04


def test_identical_works_are_red_though_pairs_were_chosen_by_score():
    """Fact 1 of the protocol: neighbours in score, a fifth of the pairs by chance."""
    lights, separations = [], []
    for seed in range(6):
        found = reliability.measure(adaptive(seed), 0.8)
        lights.append(found.light)
        separations.append(found.separation)

    assert set(lights) <= {"red", "amber"}
    assert lights.count("red") >= 5
    assert np.mean(separations) > 0.6


def adaptive(seed):
    """Forty identical works of one prompt: after four rounds the pairs are neighbours in score, but for every fifth."""
    random = np.random.default_rng(seed)
    sample = panels.drawn(0, "identical works", replace(FAITHFUL, prompts=1, generators=40, raters=20, each=40))
    n, wins, rows, chance = 40, np.zeros(40), [], []
    for turn in range(40):
        by_chance = turn < 4 or turn % 5 == 0
        order = random.permutation(n) if by_chance else np.argsort(wins + 0.3 * random.normal(size=n))
        for a, b in order.reshape(-1, 2).tolist():
            won = random.random() < 0.5
            wins[a if won else b] += 1
            wins[b if won else a] -= 1
            rows.append((a, b, won))
            chance.append(by_chance)
    a, b, won = (np.array(column) for column in zip(*rows, strict=True))
    m = len(a)
    answers = replace(
        sample.criteria["overall"],
        outcome=np.zeros(m, dtype=np.int8),
        ranks=np.stack([np.where(won, 1, 2), np.where(won, 2, 1)], axis=1).astype(np.int8),
        strength=np.zeros(m, dtype=np.int8),
        score=np.full(m, np.nan),
    )
    told = replace(
        sample,
        rater=random.integers(20, size=m),
        prompt=np.zeros(m, dtype=np.int64),
        comparison=np.minimum(a, b) * n + np.maximum(a, b),
        purpose=np.where(chance, "uniform", "informative"),
        shown=np.stack([a, b], axis=1),
        drawn=np.ones(m, dtype=bool),
        repeat_of=np.full(m, -1),
        at=np.arange(m, dtype=float),
        dwell=np.full(m, 30.0),
        rationale=np.full(m, -1),
        criteria={"overall": answers},
        expected={"overall": np.zeros((m, 2), dtype=np.int8)},
    )
    return preferences_of(told, "overall")


def test_a_green_light_takes_three_hundred_judgements_by_chance_and_a_low_end_near_the_target():
    plenty = preferences_of(panels.drawn(0, None, replace(FAITHFUL, spread_generators=2.0)), "overall")
    few = preferences_of(panels.drawn(0, None, replace(FAITHFUL, spread_generators=3.0, prompts=4, each=14)), "overall")

    assert reliability.measure(plenty, 0.8).light == "green"
    assert reliability.measure(plenty, 0.999).light in {"red", "amber"}
    seen = reliability.measure(few, 0.5)
    assert seen.n_uniform < 300
    assert seen.light == "amber"


def test_imported_comparisons_are_grey_for_nobody_knows_who_chose_them():
    sample = panels.drawn(0, None, FAITHFUL)
    asked = preferences_of(replace(sample, purpose=np.full(len(sample), "imported")), "overall")

    found = reliability.measure(asked)

    assert found.light == "grey"
    assert found.found is not None
    assert stopping.measure(asked, found, NO_TASTE, 0.8, None).state == "unknown"


def test_without_any_by_chance_nothing_is_told():
    sample = panels.drawn(0, None, FAITHFUL)
    asked = preferences_of(replace(sample, purpose=np.full(len(sample), "informative")), "overall")

    found = reliability.measure(asked)

    assert found.told()["value"] is None
    assert found.light == "grey"
    assert "by chance" in found.why


def test_the_curve_rises_to_the_reliability():
    asked = preferences_of(panels.drawn(2, None, FAITHFUL), "overall")

    found = reliability.measure(asked)

    judgements, values = zip(*[(point[0], point[1]) for point in found.curve], strict=True)
    assert list(judgements) == sorted(judgements)
    assert values[-1] == found.found.value > values[0]


def test_few_raters_have_their_judgements_halved():
    asked = preferences_of(panels.drawn(0, None, replace(FAITHFUL, raters=4)), "overall")

    assert reliability.measure(asked).found.halved == "judgements"


def test_more_judgements_are_asked_for_until_the_target_and_cost_what_they_take():
    asked = preferences_of(panels.drawn(0, None, replace(FAITHFUL, each=40)), "overall")
    trust = reliability.measure(asked, 0.9)

    stop = stopping.measure(asked, trust, NO_TASTE, 0.9, 36.0)

    assert stop.state == "more"
    assert stop.hours == pytest.approx(stop.more * stop.seconds / 3600)
    assert stop.cost == pytest.approx(36 * stop.hours)
    assert 25 < stop.seconds < 35
    assert stop.forecast[-1][1] > 0.9


def test_the_plan_is_kept_by_going_on():
    """What is asked for reaches the target, within the spread of a study."""
    small, target = replace(FAITHFUL, each=30, raters=10), 0.8
    reached = []
    for seed in range(2):
        asked = preferences_of(panels.drawn(seed, None, small), "overall")
        stop = stopping.measure(asked, reliability.measure(asked, target), NO_TASTE, target, None)
        each = min(round((300 + (stop.more or 0)) / 10), 290)
        later = replace(small, each=each)
        full = preferences_of(panels.drawn(seed, None, later), "overall")
        found = reliability.measure(full, target).found
        reached.append(true_reliability(found, full, truth(full.sample, seed, later)))

    assert np.mean(reached) == pytest.approx(target, abs=0.08)


def test_no_end_of_the_forecast_comes_before_the_light_can_be_sure():
    """150 judgements by chance place it far above the target: it is the fewest for green that are waited for."""
    few = replace(FAITHFUL, each=15, raters=10, spread_generators=2.0)
    asked = preferences_of(panels.drawn(0, None, few), "overall")

    stop = stopping.measure(asked, reliability.measure(asked, 0.6), NO_TASTE, 0.6, None)

    assert stop.between == (FEWEST_FOR_GREEN, FEWEST_FOR_GREEN)


def test_a_target_that_is_reached_but_not_surely_takes_some_more():
    asked = preferences_of(panels.drawn(1, None, replace(FAITHFUL, each=18)), "overall")
    target = reliability.measure(asked).found.value - 0.01
    trust = reliability.measure(asked, target)
    assert trust.light == "amber"

    stop = stopping.measure(asked, trust, NO_TASTE, target, None)

    assert stop.state == "more"
    assert 0 < stop.more < trust.n_all


def test_a_green_light_is_done():
    asked = preferences_of(panels.drawn(0, None, replace(FAITHFUL, spread_generators=2.0)), "overall")
    trust = reliability.measure(asked, 0.8)

    assert stopping.measure(asked, trust, NO_TASTE, 0.8, None).state == "done"


def test_a_panel_of_few_tastes_never_reaches_the_target():
    size = panels.Sizes(
        raters=6, each=280, taste=2.0, spread_generators=0.5, repeats=120, gold=0, criteria=("overall",)
    )
    sample = panels.drawn(0, None, size)
    from feedback.results.measures import measure

    found = measure(sample, "overall", target=0.95)

    assert found.taste.verdict == "taste"
    assert found.stop.state == "never"
    assert found.stop.why == "taste"
    assert found.stop.raters > 6


def test_identical_works_never_reach_the_target_either():
    asked = preferences_of(panels.drawn(5, "identical works", FAITHFUL), "overall")
    trust = reliability.measure(asked, 0.8)

    stop = stopping.measure(asked, trust, NO_TASTE, 0.8, None)

    assert (stop.state, stop.why) == ("never", "close")


def test_taste_is_not_looked_for_without_repeats():
    asked = preferences_of(panels.drawn(0, None, FAITHFUL), "overall")

    found = taste.measure(asked, None, None)

    assert found.told()["taste"]["share"] is None
    assert found.wanted == 30
