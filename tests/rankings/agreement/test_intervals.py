"""Intervals come from an exact bootstrap over patterns, and cover as often as they say."""

import numpy as np
import pytest

from rankings import RankingError
from rankings.agreement import (
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    kendall_w,
    krippendorff_alpha,
    percent_agreement,
    resampling,
)
from rankings.agreement.pairs import Pairs
from tests.rankings import naive
from tests.rankings.agreement.samples import probabilities, ratings

GRADES = [-1.2, -0.4, 0.4, 1.2]


def graded(seed, n_units=40, missing=0.3, n_raters=5):
    random = np.random.default_rng(seed)
    return ratings(random, probabilities(random, n_units, GRADES), n_raters, missing)


def two(weights):
    return lambda table: cohen_kappa(*np.nan_to_num(table[:2]), weights, categories=range(5))


def fleiss(table):
    return fleiss_kappa([[(unit == value).sum() for value in range(5)] for unit in table.T])


MEASURES = {
    "nominal": krippendorff_alpha,
    "ordinal": lambda table: krippendorff_alpha(table, "ordinal"),
    "interval": lambda table: krippendorff_alpha(table, "interval"),
    "ratio": lambda table: krippendorff_alpha(table, "ratio"),
    "percent": percent_agreement,
    "ac1": gwet_ac1,
    "fleiss": fleiss,
    "cohen": two(None),
    "quadratic": two("quadratic"),
    "lopsided": two(np.triu(np.arange(25.0).reshape(5, 5), 1)),
}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_weights_stand_for_units(measure):
    table = graded(0)
    times = np.random.default_rng(1).integers(1, 5, table.shape[1])
    drawn = measure(np.repeat(table, times, axis=1))

    observed, chance = measure(table).sample.parts(drawn.sample.multiplicity[:, None])

    assert 1 - observed.total[0] / chance.total[0] == pytest.approx(drawn.value, abs=1e-12)


def concordance(table):
    return kendall_w(np.nan_to_num(table[:, :8]))


@pytest.mark.parametrize("measure", [*MEASURES.values(), concordance], ids=[*MEASURES, "kendall"])
@pytest.mark.parametrize("part", [0, 1])
def test_slopes_are_derivatives_by_the_weights(measure, part):
    sample = measure(graded(2)).sample
    weights = np.random.default_rng(3).uniform(0.5, 2, len(sample.multiplicity))

    slopes = np.broadcast_to(sample.parts(weights[:, None])[part].slopes, (len(weights), 1))

    numeric = naive.gradient(lambda point: sample.parts(point[:, None])[part].total, weights)
    assert slopes[:, 0] == pytest.approx(numeric[0], rel=1e-6, abs=1e-6 * abs(numeric).max())


def test_pairs_of_the_same_rater_drawn_twice_do_not_count():
    ranks = np.random.default_rng(4).permuted(np.tile(np.arange(6.0), (3, 1)), axis=1)
    rho = np.corrcoef(ranks)

    observed, chance = kendall_w(ranks).sample.parts(np.array([[2.0], [1.0], [0.0]]))

    assert 1 - observed.total[0] / chance.total[0] == pytest.approx((1 + 2 * rho[0, 1]) / 3)


def test_drawing_patterns_is_drawing_units():
    grouped = percent_agreement(graded(5, n_units=60)).sample
    rows = np.repeat(np.arange(len(grouped.multiplicity)), grouped.multiplicity.astype(int))
    single = Pairs(np.ones(len(rows)), grouped.shares[rows], grouped.paired[rows], grouped.differ[rows], grouped.chance)

    ends = [resampling.interval(sample, 0.9, 20_000, seed=6) for sample in (grouped, single)]

    assert ends[0] == pytest.approx(ends[1], abs=0.004)


def test_rounds_do_not_depend_on_how_many_are_worked_on_at_a_time(monkeypatch):
    agreement = krippendorff_alpha(graded(7), "ordinal")
    together = agreement.interval()

    monkeypatch.setattr(resampling, "CELLS", 100)

    assert agreement.interval() == pytest.approx(together, rel=1e-12)


def test_the_seed_is_all_that_is_random():
    agreement = krippendorff_alpha(graded(8))

    assert agreement.interval(seed=1) == agreement.interval(seed=1) != agreement.interval(seed=2)


def test_the_value_is_inside_and_higher_levels_are_wider():
    agreement = krippendorff_alpha(graded(9), "interval")
    (low, high), (lower, higher) = agreement.interval(0.8), agreement.interval(0.95)

    assert lower < low < agreement.value < high < higher <= 1


def covered(intervals, truth):
    return np.mean([low <= truth <= high for low, high in intervals])


@pytest.mark.parametrize(
    ("measure", "cuts", "missing"),
    [
        (krippendorff_alpha, [-0.5, 0.5], 0.1),
        (MEASURES["ordinal"], GRADES, 0.1),
        (MEASURES["interval"], GRADES, 0.1),
        (gwet_ac1, [1.0], 0.1),
        (MEASURES["quadratic"], GRADES, 0.0),
    ],
    ids=["nominal", "ordinal", "interval", "ac1", "cohen"],
)
def test_intervals_cover_the_populations_value(measure, cuts, missing):
    """Coverage over 300 data sets of 100 units, by 5 raters, or 2 for Cohen's kappa."""
    random = np.random.default_rng(10)
    truth = measure(ratings(random, probabilities(random, 200_000, cuts), 5)).value

    found = [
        measure(ratings(random, probabilities(random, 100, cuts), 5, missing)).interval(rounds=399, seed=seed)
        for seed in range(300)
    ]

    assert 0.93 <= covered(found, truth) <= 0.97


def test_concordance_covers_what_other_raters_would_show():
    """Coverage over 300 panels of 12 raters who rank the same 8 items."""
    random = np.random.default_rng(11)
    items = np.arange(8) / 3
    many = kendall_w(items + random.normal(size=(50_000, 8))).value
    truth = (1 + 11 * many) / 12

    found = [kendall_w(items + random.normal(size=(12, 8))).interval(rounds=399, seed=seed) for seed in range(300)]

    assert 0.92 <= covered(found, truth) <= 0.97


def test_a_resample_without_variation_is_still_counted():
    """Three units of 20 disagree, so that one resample in 26 has no disagreement at all."""
    table = np.zeros((2, 20))
    table[:, 10:] = 1
    table[0, :3] = 1
    agreement = krippendorff_alpha(table)

    low, high = agreement.interval()

    assert low < 0.45 < agreement.value < high <= 1


@pytest.mark.parametrize(
    ("agreement", "options", "message"),
    [
        (krippendorff_alpha(graded(12)), {"level": 1.0}, "level must be between 0 and 1, not 1.0"),
        (krippendorff_alpha(graded(12)), {"rounds": 38}, "38 rounds are too few for an interval at level 0.95"),
        (krippendorff_alpha([[0, 1, 1, 0], [0, 1, 0, 1]]), {}, "takes 5 units or more .* not 4"),
        (kendall_w(np.eye(4)), {}, r"raters, for Kendall's W\), not 4"),
        (krippendorff_alpha([[0, 1, 1, 0, 1]] * 2), {}, "nobody disagrees"),
        (krippendorff_alpha([[0, 0, 0, 0.7, 1.3]] * 3, "interval"), {}, "nobody disagrees"),
        (percent_agreement([[0, 1, 1, 0, 1], [1, 0, 0, 1, 0]]), {}, "all units agree alike"),
        (krippendorff_alpha([[0] * 50, [0] * 48 + [1] * 2]), {}, "almost all ratings are the same"),
    ],
)
def test_intervals_that_would_mislead_are_refused(agreement, options, message):
    with pytest.raises(RankingError, match=message):
        agreement.interval(**options)
