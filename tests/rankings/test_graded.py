"""Graded answers and Rao and Kupper's ties against closed forms, each other, and what they were drawn from."""

import math

import numpy as np
import pytest

from rankings import NotComparableError, NotSettledError, RankingError, simulate
from rankings.pairs.pairwise import bradley_terry, davidson, graded, rao_kupper
from tests.rankings import naive

VALUES = np.linspace(-1.2, 1.2, 8)
CUTS = np.array([0.4, 1.2, 2.5])


def test_two_items_with_ties_fit_the_three_frequencies():
    strengths = rao_kupper([0, 0, 0], [1, 1, 1], [1, -1, 0], weight=[50, 20, 30])

    above, below = math.log(50 / 50), math.log(20 / 80)  # the logits of winning and of losing
    assert strengths.difference(0, 1)[0] == pytest.approx((above - below) / 2, abs=1e-9)
    assert strengths.cut_points == pytest.approx([-(above + below) / 2], abs=1e-9)
    assert strengths.win_probability(0, 1) == pytest.approx(5 / 7, abs=1e-9)


def test_two_items_with_grades_fit_their_frequencies():
    """Symmetric counts: the values are equal, and each cut-point is the logit of what is not beyond it."""
    grades = np.arange(-3, 4)
    counts = np.array([5, 10, 20, 30, 20, 10, 5])

    strengths = graded([0] * 7, [1] * 7, grades, weight=counts)

    assert strengths.values == pytest.approx([0, 0], abs=1e-9)
    assert strengths.cut_points == pytest.approx([math.log(65 / 35), math.log(85 / 15), math.log(95 / 5)], abs=1e-9)


def test_with_one_level_it_is_rao_and_kuppers():
    pairs = simulate.pairs(VALUES, 400, seed=1, tie=0.6, position=0.3)
    told = {"first_a": pairs.first_a, "weight": np.random.default_rng(2).uniform(0.5, 2, 400)}

    ours, theirs = (model(*pairs[:3], **told, **more) for model, more in ((graded, {"levels": 1}), (rao_kupper, {})))

    assert ours.values == pytest.approx(theirs.values, abs=1e-12)
    assert ours.cut_points == pytest.approx(theirs.cut_points, abs=1e-12)
    assert ours.standard_errors == pytest.approx(theirs.standard_errors, abs=1e-12)


@pytest.mark.parametrize("prior_sd", [None, 0.8])
def test_without_ties_and_grades_it_is_bradley_and_terrys(prior_sd):
    pairs = simulate.pairs(VALUES, 300, seed=3, position=0.3)
    winner, loser = np.where(pairs.outcome > 0, pairs[:2], pairs[1::-1])

    plain = bradley_terry(winner, loser, first=pairs.first_a == (pairs.outcome > 0), prior_sd=prior_sd)
    for model, highest in ((rao_kupper, 1), (graded, 1), (graded, 3)):
        strengths = model(*pairs[:2], highest * pairs.outcome, first_a=pairs.first_a, prior_sd=prior_sd)

        assert strengths.values == pytest.approx(plain.values, abs=1e-9)
        assert strengths.position == pytest.approx(plain.position, abs=1e-9)
        assert strengths.standard_errors == pytest.approx(plain.standard_errors, rel=1e-9)
        assert strengths.win_probability(0, 7) == pytest.approx(plain.win_probability(0, 7), abs=1e-9)
        assert (strengths.tie, strengths.tie_error) == (None, None)
        assert strengths.cut_points.tolist() == [0.0] * highest + [math.inf] * (len(strengths.cut_points) - highest)


def test_a_grade_that_nobody_gave_changes_nothing():
    told = simulate.graded(VALUES, 500, seed=4, cuts=CUTS[:2])
    spread = np.sign(told.outcome) * np.array([0, 1, 4])[np.abs(told.outcome)]

    before = graded(*told[:3], levels=2)
    after = graded(*told[:2], spread, levels=5)

    assert after.values == pytest.approx(before.values, abs=1e-12)
    assert after.log_likelihood == pytest.approx(before.log_likelihood, abs=1e-12)
    first, second = before.cut_points
    assert after.cut_points.tolist() == [first, second, second, second, math.inf]


def test_the_probabilities_are_those_on_paper():
    told = simulate.graded(VALUES, 500, seed=5, cuts=CUTS)
    strengths = graded(*told[:3])

    chances = naive.graded(strengths.difference(6, 1)[0], *strengths.cut_points)

    above, below = (sum(chances[side * grade] for grade in (1, 2, 3)) for side in (1, -1))
    assert strengths.win_probability(6, 1) == pytest.approx(above / (above + below), abs=1e-12)
    assert strengths.win_probability(1, 6) == pytest.approx(below / (above + below), abs=1e-12)


def test_everything_it_was_drawn_from_is_recovered():
    found = []
    for seed in range(40):
        told = simulate.graded(VALUES, 800, seed=seed, cuts=CUTS, position=0.25)
        strengths = graded(*told[:3], first_a=told.first_a)
        cuts = [strengths.shared(f"cut {level}") for level in (1, 2, 3)]
        found.append([*cuts, (strengths.position, strengths.position_error)])

    estimates, errors = np.moveaxis(np.array(found), 2, 0)
    truth = [*CUTS, 0.25]
    assert np.abs(estimates.mean(axis=0) - truth) == pytest.approx(np.zeros(4), abs=0.05)
    assert estimates.std(axis=0, ddof=1) == pytest.approx(errors.mean(axis=0), rel=0.35)
    inside = np.abs(estimates - truth) < 1.96 * errors
    assert 0.9 <= inside.mean() <= 0.99


def test_dropping_the_grades_widens_the_intervals():
    """By the fifth to a half that the docstring promises, for a bare choice among answers that were no tie."""
    told = simulate.graded(VALUES, 3000, seed=6, cuts=CUTS)
    clear = told.outcome != 0

    fine = graded(*told[:3])
    coarse = davidson(*(column[clear] for column in (told.a, told.b, np.sign(told.outcome))))

    wider = coarse.standard_errors / fine.standard_errors
    assert 1.2 < wider.min() < wider.max() < 1.6


def test_ties_after_davidson_and_after_rao_and_kupper_rank_alike():
    pairs = simulate.pairs(VALUES, 2000, seed=7, tie=0.7)

    one, other = davidson(*pairs[:3]), rao_kupper(*pairs[:3])

    assert np.corrcoef(one.values, other.values)[0, 1] > 0.999
    assert abs(one.log_likelihood - other.log_likelihood) < 20


def test_only_the_highest_grade_needs_a_prior():
    """Three won by the highest grade alone has no finite strength; a smaller win is enough to hold it."""
    a, b, strength = [0, 1, 2, 3, 3, 1], [1, 2, 0, 0, 1, 0], [1, 2, -1, 3, 3, -3]
    with pytest.raises(NotComparableError, match="item 3"):
        graded(a, b, strength)

    assert graded(a, b, [1, 2, -1, 3, 2, -3]).settled
    assert graded(a, b, strength, prior_sd=1.5).values.argmax() == 3


def test_nothing_but_ties_is_refused_without_a_prior():
    for model in (rao_kupper, graded):
        with pytest.raises(NotSettledError, match=r"every judgement is a tie.*prior_sd"):
            model([0, 1], [1, 2], [0, 0])

        assert model([0, 1], [1, 2], [0, 0], prior_sd=1.0).values == pytest.approx(np.zeros(3), abs=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"levels": 0}, "levels is 0"),
        ({"levels": 2}, r"strength\[1\] is -3; it must be 2 \(a better\), 0 \(tie\) or -2"),
        ({"strength": [1.0, 2.0]}, "strength must hold integers"),
        ({"strength": [1]}, "strength has 1 entries for 2 judgements"),
        ({"first_a": [True]}, "first_a has 1 entries"),
        ({"b": [1, 1]}, "judgement 1 compares item 1 with itself"),
    ],
)
def test_unsound_arguments_are_refused_by_name(arguments, message):
    with pytest.raises(RankingError, match=message):
        graded(**({"a": [0, 1], "b": [1, 0], "strength": [2, -3]} | arguments))
