"""Best-worst choices against closed forms, pairs, and what they were drawn from."""

import math

import numpy as np
import pytest

from rankings import NotComparableError, RankingError, TooFewClustersError, simulate
from rankings.pairs.pairwise import bradley_terry
from rankings.sets.listwise import best_worst
from tests.rankings import naive

VALUES = np.linspace(-1, 1, 8)


def test_from_sets_of_two_it_is_bradley_and_terrys_with_doubled_strengths():
    """P(b, w) is worth_b / worth_w over both ways round: the log-odds are twice the difference."""
    pairs = simulate.pairs(VALUES, 200, seed=1)
    winner, loser = np.where(pairs.outcome > 0, pairs[:2], pairs[1::-1])

    ours, theirs = best_worst(np.column_stack(pairs[:2]), winner, loser), bradley_terry(winner, loser)

    assert 2 * ours.values == pytest.approx(theirs.values, abs=1e-9)
    assert 2 * ours.standard_errors == pytest.approx(theirs.standard_errors, rel=1e-9)
    assert ours.log_likelihood == pytest.approx(theirs.log_likelihood, abs=1e-9)


def test_one_set_of_three_has_a_closed_form():
    """With worths 1, x and 1 / x, best and worst fall into three pairs of chances: x^2, x and 1, over their sum."""
    sets = [[0, 1, 2]] * 6
    best, worst = [0, 0, 1, 1, 2, 2], [1, 2, 0, 2, 0, 1]

    strengths = best_worst(sets, best, worst, weight=[4, 16, 1, 4, 0.0625 * 4, 1])

    chances = np.exp([strengths.values[b] - strengths.values[w] for b, w in zip(best, worst, strict=True)])
    score = np.array([20 - 1.25, 5 - 5, 1.25 - 20])
    assert strengths.values[1] == pytest.approx(0, abs=1e-9)
    expected = 26.25 * (chances[0] + 2 * chances[1] + chances[3] - chances[2] - 2 * chances[4] - chances[5]) / 2
    assert expected / chances.sum() == pytest.approx(score[0], abs=1e-9)


def test_everything_it_was_drawn_from_is_recovered():
    told = simulate.best_worst(VALUES, 5, 4000, seed=2)

    strengths = best_worst(*told[:3])

    assert np.abs((strengths.values - VALUES) / strengths.standard_errors).max() < 3.5
    assert strengths.standard_errors.max() < 0.05


def test_sets_of_all_sizes_are_fitted_together():
    large, small = (simulate.best_worst(VALUES, size, 60, seed=size) for size in (6, 3))
    choices = [
        ([int(item) for item in members], best, worst, 1.0)
        for told in (large, small)
        for members, best, worst in zip(*told[:3], strict=True)
    ]

    strengths = best_worst(*zip(*(choice[:3] for choice in choices), strict=True))

    slope = naive.slope(lambda values: naive.best_worst_log_likelihood(values, choices), strengths.values)
    assert slope == pytest.approx(np.zeros(8), abs=1e-8)
    assert strengths.log_likelihood == pytest.approx(
        naive.best_worst_log_likelihood(strengths.values, choices), abs=1e-9
    )


def test_what_lies_between_is_not_told_apart():
    """Two in the middle that always come together are equal, and a set says nothing on their order."""
    sets = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [0, 3, 2, 1]]

    strengths = best_worst(sets, [0, 3, 0, 0], [3, 0, 3, 3], prior_sd=2.0)

    assert strengths.values[[1, 2]] == pytest.approx([0, 0], abs=1e-9)
    assert (strengths.tie, strengths.position, strengths.cut_points) == (None, None, None)
    assert strengths.win_probability(0, 3) == pytest.approx(
        1 / (1 + math.exp(strengths.values[3] - strengths.values[0])), abs=1e-12
    )


def test_an_item_that_was_always_best_needs_a_prior():
    sets, best, worst = [[0, 1, 2]] * 3, [0, 0, 0], [1, 2, 1]
    with pytest.raises(NotComparableError, match="prior_sd"):
        best_worst(sets, best, worst)

    strengths = best_worst(sets, best, worst, prior_sd=1.5)

    assert np.argsort(-strengths.values).tolist() == [0, 2, 1]


def test_an_item_between_is_above_the_worst_and_below_the_best():
    """Nobody is always above: 0 was passed over once, and 2 was not the worst once."""
    assert best_worst([[0, 1, 2]] * 3, [0, 0, 1], [1, 2, 2]).settled


def test_choices_by_one_rater_do_not_say_how_raters_differ():
    with pytest.raises(RankingError, match="one cluster only"):
        best_worst([[0, 1, 2]] * 2, [0, 2], [2, 0], rater=[1, 1], prior_sd=1.0)
    with pytest.raises(TooFewClustersError, match="items 3, 4"):
        best_worst([[0, 1, 2], [0, 1, 2], [3, 4]], [0, 2, 3], [2, 0, 4], rater=[1, 2, 1], prior_sd=1.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sets": []}, "best has 2 entries for 0 judgements"),
        ({"sets": [[0], [0, 1]]}, r"set 0 holds \[0\]"),
        ({"sets": [[0, 1, 1], [0, 1]]}, "set 0 holds item 1 twice"),
        ({"best": [2, 0]}, r"set 0 holds \[0, 1\]: best 2 and worst 1 must be two of them"),
        ({"best": [1, 0]}, r"set 0 holds \[0, 1\]: best 1 and worst 1 must be two of them"),
        ({"worst": [1]}, "worst has 1 entries for 2 judgements"),
        ({"worst": [1.0, 0.0]}, "worst must hold integers"),
        ({"weight": [1.0, -1.0]}, "above 0"),
        ({"n_items": 1}, "item 1 was judged"),
        ({"prior_sd": -1.0}, "prior_sd must be finite and above 0"),
        ({"rater": [1]}, "rater has 1 entries"),
    ],
)
def test_unsound_arguments_are_refused_by_name(arguments, message):
    with pytest.raises(RankingError, match=message):
        best_worst(**({"sets": [[0, 1], [1, 0]], "best": [0, 1], "worst": [1, 0]} | arguments))
