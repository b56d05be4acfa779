"""Reliability: honest on noise whatever chose the pairs, calibrated otherwise."""

import numpy as np
import pytest

from rankings import RankingError, davidson, graded, simulate
from rankings.reliability import Reliability, projected, reliability
from rankings.simulate import Raters


def close_matches(values, per_item, seed, share=0.2, n_raters=20):
    """Judge as a close-match scheduler would: neighbours in score from round 3, but for a uniform share."""
    n, random, rounds = len(values), np.random.default_rng(seed), []
    for number in range(per_item):
        pairs = simulate.design("uniform", n, n // 2, seed=int(random.integers(2**32)))
        chance = random.random(n // 2) < (share if number >= 2 else 1)
        if number >= 2:
            asked, outcome, _ = map(np.concatenate, zip(*rounds, strict=True))
            order = np.argsort(davidson(*asked.T, outcome, n_items=n, prior_sd=1.5).values)
            pairs[~chance] = order[: n // 2 * 2].reshape(-1, 2)[~chance]
        rounds.append((pairs, simulate.pairs(values, pairs, seed=int(random.integers(2**32))).outcome, chance))
    asked, outcome, uniform = map(np.concatenate, zip(*rounds, strict=True))
    return asked, outcome, uniform, random.permutation(np.arange(len(outcome)) % n_raters)


def agreement_of_two_strangers(asked, outcome, n_items, splits=10):
    """Return the split-half reliability as it is usually computed, on all the judgements."""
    found = []
    for seed in range(splits):
        half = np.random.default_rng(seed).permutation(len(outcome)) % 2 == 0
        one, other = (davidson(*asked[h].T, outcome[h], n_items=n_items, prior_sd=1.5).values for h in (half, ~half))
        found.append(np.corrcoef(one, other)[0, 1])
    return 2 * np.mean(found) / (1 + np.mean(found))


def true_reliability(found, values):
    return np.corrcoef(found.strengths.values, values)[0, 1] ** 2


def covers(found, truth, level=0.95):
    low, high = found.interval(level)
    return low <= truth <= high


def test_identical_items_under_close_matches_fool_ssr_and_split_halves_but_not_this():
    found, naive = [], []
    for seed in range(24):
        asked, outcome, uniform, rater = close_matches(np.zeros(40), 30, seed)
        found.append(reliability(*asked.T, outcome, uniform=uniform, rater=rater, seed=seed))
        if seed < 4:
            naive.append(agreement_of_two_strangers(asked, outcome, 40))

    assert np.mean([one.separation for one in found]) > 0.7
    assert np.mean(naive) > 0.6
    assert abs(np.mean([one.value for one in found])) < 0.2
    assert sum(covers(one, 0) for one in found) >= 21


def test_real_differences_under_close_matches_read_a_little_below_the_truth():
    found, truth = [], []
    for seed in range(16):
        values = np.random.default_rng(seed).normal(size=60)
        asked, outcome, uniform, rater = close_matches(values, 30, seed)
        found.append(reliability(*asked.T, outcome, uniform=uniform, rater=rater, seed=seed))
        truth.append(true_reliability(found[-1], values))

    short = np.mean(truth) - np.mean([one.value for one in found])
    assert 0.02 < short < 0.10
    assert all(one.interval()[0] <= true for one, true in zip(found, truth, strict=True))


@pytest.mark.parametrize(("sd", "n_raters", "share"), [(0, 6, 1.0), (0, 30, 0.3), (1, 30, 1.0), (1, 8, 0.5)])
def test_intervals_cover_the_truth_as_often_as_they_say(sd, n_raters, share):
    covered = 0
    for seed in range(40):
        random = np.random.default_rng([seed, n_raters])
        values = random.normal(size=30) * sd
        pairs = simulate.pairs(values, 450, seed=seed, tie=0.5, raters=Raters.good(n_raters))
        found = reliability(*pairs[:3], uniform=random.random(450) < share, rater=pairs.rater, splits=40, seed=seed)
        covered += covers(found, true_reliability(found, values) if sd else 0)

    # 38 are expected; fewer than 34 have a chance below 1 %, were each covered with 95 %.
    assert covered >= 34


def test_the_halves_are_fitted_as_if_each_were_alone():
    pairs = simulate.pairs(np.linspace(-1, 1, 8), 160, seed=1, tie=0.4, raters=Raters.good(8))
    found = reliability(*pairs[:3], uniform=np.ones(160, dtype=bool), rater=pairs.rater, splits=400)

    alone = []
    for seed in range(60):
        first = np.isin(pairs.rater, np.random.default_rng(seed).permutation(8)[:4])
        one, other = (
            davidson(*(column[half] for column in pairs[:3]), n_items=8, prior_sd=1.5).values
            for half in (first, ~first)
        )
        alone.append(np.corrcoef(one, other)[0, 1])

    assert found.correlation == pytest.approx(np.mean(alone), abs=3 * np.std(alone) / np.sqrt(60))
    assert found.split_sd == pytest.approx(np.std(alone), rel=0.3)
    assert found.value == pytest.approx(2 * found.correlation / (1 + found.correlation))


def some_judgements(n=300):
    pairs = simulate.pairs(np.linspace(-1.5, 1.5, 12), n, seed=3, raters=Raters.good(10))
    uniform = np.random.default_rng(4).random(n) < 0.5
    return {"a": pairs.a, "b": pairs.b, "outcome": pairs.outcome, "rater": pairs.rater, "uniform": uniform}


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told | {"a": told["b"], "b": told["a"], "outcome": -told["outcome"]},
        lambda told: told | {"a": 100 - 2 * told["a"], "b": 100 - 2 * told["b"]},
        lambda told: {name: column[::-1] for name, column in told.items()},
    ],
    ids=["sides", "names", "rows"],
)
def test_sides_names_and_rows_make_no_difference(change):
    told = some_judgements()

    before, after = reliability(**told), reliability(**change(told))

    assert after.value == pytest.approx(before.value, abs=1e-5)
    assert after.interval() == pytest.approx(before.interval(), abs=1e-5)


def test_pairs_that_were_chosen_enter_the_scores_but_not_the_halves():
    told = some_judgements()
    turned = told | {"outcome": np.where(told["uniform"], told["outcome"], -told["outcome"])}

    before, after = reliability(**told), reliability(**turned)

    assert after.correlation == before.correlation
    assert after.separation != before.separation


def test_few_raters_or_none_have_their_judgements_halved():
    told = some_judgements()

    by_rater = reliability(**told)
    few = reliability(**(told | {"rater": told["rater"] % 5}))
    none = reliability(**(told | {"rater": None}))

    assert (by_rater.halved, by_rater.n_clusters) == ("raters", 10)
    assert (few.halved, few.n_clusters) == ("judgements", told["uniform"].sum())
    assert few.value == none.value


def test_raters_of_their_own_taste_count_as_noise_only_where_raters_are_halved():
    pairs = simulate.pairs(np.zeros(12), 2_400, seed=1, raters=Raters.own_taste(8, 2.0))
    everything = np.ones(2_400, dtype=bool)

    apart = reliability(*pairs[:3], uniform=everything, rater=pairs.rater)
    together = reliability(*pairs[:3], uniform=everything)

    assert covers(apart, 0)
    assert together.interval()[0] > 0.7


def test_grades_are_more_reliable_than_choices():
    values = np.random.default_rng(2).normal(size=40)
    pairs = simulate.graded(values, 600, seed=4, cuts=[0.3, 1.5, 3.0], raters=Raters.good(12))
    uniform = np.ones(600, dtype=bool)

    grades, choices = (
        reliability(pairs.a, pairs.b, told, uniform=uniform, rater=pairs.rater)
        for told in (pairs.outcome, np.sign(pairs.outcome))
    )

    assert grades.strengths.values == pytest.approx(
        graded(pairs.a, pairs.b, pairs.outcome, prior_sd=1.5).values, abs=1e-6
    )
    assert grades.value > choices.value + 0.02
    assert covers(grades, true_reliability(grades, values))


def test_a_rater_with_most_of_the_judgements_shortens_the_halves():
    told = some_judgements()
    rater = np.where(np.arange(300) < 240, 0, told["rater"])

    found = reliability(**(told | {"rater": rater}))

    assert found.halved == "raters"
    assert found.lengthening > reliability(**told).lengthening * 1.2


def test_a_half_of_ties_agrees_with_nothing():
    a, b = np.tile(np.arange(6), 4), np.tile(np.roll(np.arange(6), 1), 4)
    rater = np.repeat(np.arange(6), 4)
    outcome = np.where(rater == 0, 1, 0)

    found = reliability(a, b, outcome, uniform=np.ones(24, dtype=bool), rater=rater)

    assert found.correlation == 0
    assert found.value == 0


def test_halves_that_agree_in_all_digits_are_perfectly_reliable():
    a, b = np.triu_indices(6, 1)
    everything = {"a": np.tile(a, 8), "b": np.tile(b, 8), "outcome": np.ones(120, dtype=int)}

    found = reliability(**everything, uniform=np.ones(120, dtype=bool), rater=np.repeat(np.arange(8), 15))

    assert found.value == pytest.approx(1)
    assert found.interval() == pytest.approx((1, 1), abs=1e-6)


@pytest.mark.parametrize(("correlation", "times", "reliability_"), [(0.5, 2, 2 / 3), (0.5, 1, 0.5), (-0.5, 2, -2 / 3)])
def test_the_projection_is_that_of_spearman_and_brown(correlation, times, reliability_):
    assert projected(correlation, times) == pytest.approx(reliability_)


def made(correlation, **other):
    settings = {"split_sd": 0.08, "lengthening": 4.0, "n_items": 40, "n_uniform": 300, "n_all": 600, "n_clusters": 20}
    return Reliability(correlation=correlation, **(settings | {"halved": "raters", "strengths": None} | other))


def test_intervals_hold_the_value_and_widen_with_their_level():
    for correlation in (-0.4, 0.0, 0.3, 0.9):
        found = made(correlation)
        (low, high), (lower, higher) = found.interval(0.8), found.interval(0.99)
        assert -1 < lower < low < found.value < high < higher < 1


def test_noise_is_not_made_to_look_positive():
    above, below, nothing = (made(correlation, n_uniform=600) for correlation in (0.1, -0.1, 0.0))

    assert below.value == -above.value
    assert below.interval()[0] < -above.value
    assert nothing.interval() == pytest.approx(np.negative(nothing.interval()[::-1]))


def test_chosen_pairs_may_be_worth_more_than_uniform_ones():
    uniform, chosen = made(0.5, n_uniform=600), made(0.5, n_uniform=150)
    apart = made(-0.9, n_uniform=150)

    assert chosen.value == uniform.value
    assert chosen.interval()[0] == uniform.interval()[0]
    assert chosen.interval()[1] > uniform.interval()[1]
    assert apart.interval()[1] == made(-0.9, n_uniform=600).interval()[1] < 0


@pytest.mark.parametrize("level", [0, 1, np.nan])
def test_levels_lie_between_0_and_1(level):
    with pytest.raises(RankingError, match="level must be between 0 and 1"):
        made(0.5).interval(level)


def test_it_says_what_it_found():
    assert str(made(0.5)) == (
        "reliability 0.80, 95 % interval 0.62 to 0.92, from halves of the raters on 300 uniform of 600 judgements"
    )
    assert str(made(0.1)).startswith("reliability not distinguishable from 0, 95 % interval -")


def test_a_stratum_that_misses_many_items_is_refused_with_what_to_do():
    told = some_judgements()
    sparse = told | {"uniform": np.arange(300) < 6}
    none = told | {"uniform": np.zeros(300, dtype=bool)}

    with pytest.raises(RankingError, match=r"the 6 uniform judgements join only . of 12 items; ask for about 18 more"):
        reliability(**sparse)
    with pytest.raises(RankingError, match="the 0 uniform judgements join only 1 of 12 items; ask for about 24 more"):
        reliability(**none)


def test_an_item_that_chance_left_out_does_not_hinder():
    told = some_judgements()
    met = (told["a"] == 0) | (told["b"] == 0)

    found = reliability(**(told | {"uniform": told["uniform"] & ~met}))

    assert found.n_items == 11
    assert len(found.strengths) == 12


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"outcome": np.zeros(300, dtype=int)}, "every judgement is a tie"),
        ({"splits": 1}, "splits is 1; how much they differ needs at least 2"),
        ({"uniform": np.ones(300)}, "uniform must hold booleans"),
        ({"rater": np.ones(299, dtype=int)}, "rater has 299 entries for 300 judgements"),
        ({"prior_sd": 0.0}, "prior_sd must be finite and above 0"),
    ],
)
def test_unsound_input_is_refused(change, message):
    with pytest.raises(RankingError, match=message):
        reliability(**(some_judgements() | change))


def test_parts_without_a_common_scale_are_refused():
    a, b = np.repeat([0, 1, 2, 10, 11, 12], 4), np.repeat([1, 2, 0, 11, 12, 10], 4)

    with pytest.raises(RankingError, match="fall into parts without a common scale"):
        reliability(a, b, np.ones(24, dtype=int), uniform=np.ones(24, dtype=bool))


def test_a_correlation_of_four_items_is_refused():
    with pytest.raises(RankingError, match="4 items are too few for a correlation"):
        reliability([0, 1, 2, 3], [1, 2, 3, 0], [1, 1, 1, -1], uniform=np.ones(4, dtype=bool))
