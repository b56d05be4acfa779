"""Bradley-Terry and Davidson against closed forms, published tables and themselves seen from the other side."""

import math

import numpy as np
import pytest

from rankings import NotSettledError, RankingError, bradley_terry, davidson, simulate

# Agresti (2002), section 10.6: the American League East in 1987, as home team, away team, home wins, away wins.
# 0 Baltimore, 1 Boston, 2 Cleveland, 3 Detroit, 4 Milwaukee, 5 New York, 6 Toronto.
BASEBALL = np.array([
    (4, 3, 4, 3), (4, 6, 4, 2), (4, 5, 4, 3), (4, 1, 6, 1), (4, 2, 4, 2), (4, 0, 6, 0),
    (3, 4, 3, 3), (3, 6, 4, 2), (3, 5, 4, 3), (3, 1, 6, 0), (3, 2, 6, 1), (3, 0, 4, 3),
    (6, 4, 2, 5), (6, 3, 4, 3), (6, 5, 2, 4), (6, 1, 4, 3), (6, 2, 4, 2), (6, 0, 6, 0),
    (5, 4, 3, 3), (5, 3, 5, 1), (5, 6, 2, 5), (5, 1, 4, 3), (5, 2, 4, 2), (5, 0, 6, 1),
    (1, 4, 5, 1), (1, 3, 2, 5), (1, 6, 3, 3), (1, 5, 4, 2), (1, 2, 5, 2), (1, 0, 6, 0),
    (2, 4, 2, 5), (2, 3, 3, 3), (2, 6, 3, 4), (2, 5, 4, 3), (2, 1, 4, 2), (2, 0, 2, 4),
    (0, 4, 2, 5), (0, 3, 1, 5), (0, 6, 1, 6), (0, 5, 2, 4), (0, 1, 1, 6), (0, 2, 3, 4),
])  # fmt: skip

# Davidson (1970), table 1: chocolate puddings, as first brand, second brand, preferred first, second, neither.
PUDDINGS = np.array([
    (0, 1, 19, 22, 16), (0, 2, 16, 19, 12), (1, 2, 19, 19, 10), (0, 3, 18, 23, 13), (1, 3, 23, 19, 9),
    (2, 3, 19, 20, 15), (0, 4, 13, 19, 18), (1, 4, 16, 20, 12), (2, 4, 16, 15, 17), (3, 4, 17, 14, 16),
    (0, 5, 18, 21, 12), (1, 5, 22, 20, 12), (2, 5, 13, 18, 10), (3, 5, 14, 19, 18), (4, 5, 11, 21, 12),
])  # fmt: skip


def baseball(*, home_field):
    home, away, home_wins, away_wins = BASEBALL.T
    winner, loser = np.concatenate([home, away]), np.concatenate([away, home])
    wins = np.concatenate([home_wins, away_wins])
    played = wins > 0
    first = (np.arange(len(winner)) < len(home))[played] if home_field else None
    return bradley_terry(winner[played], loser[played], weight=wins[played], first=first)


def puddings():
    first, second, *counts = PUDDINGS.T
    outcome = np.repeat([1, -1, 0], len(PUDDINGS))
    return np.tile(first, 3), np.tile(second, 3), outcome, np.concatenate(counts)


def test_two_items_differ_by_their_log_odds():
    strengths = bradley_terry([0, 1], [1, 0], weight=[30, 10])

    assert strengths.difference(0, 1) == pytest.approx((math.log(3), math.sqrt(1 / 30 + 1 / 10)), abs=1e-7)
    assert strengths.values == pytest.approx([math.log(3) / 2, -math.log(3) / 2], abs=1e-9)
    assert strengths.standard_errors == pytest.approx([math.sqrt(1 / 30 + 1 / 10) / 2] * 2, abs=1e-7)
    assert strengths.win_probability(0, 1) == pytest.approx(0.75, abs=1e-9)
    assert strengths.log_likelihood == pytest.approx(30 * math.log(0.75) + 10 * math.log(0.25), abs=1e-9)


def test_two_items_with_ties_fit_the_three_frequencies():
    strengths = davidson([0, 0, 0], [1, 1, 1], [1, -1, 0], weight=[40, 10, 30])

    assert strengths.difference(0, 1)[0] == pytest.approx(math.log(4), abs=1e-9)
    assert strengths.tie == pytest.approx(30 / math.sqrt(40 * 10), abs=1e-9)
    assert strengths.tie_error == pytest.approx(math.sqrt(1 / 30 + 1 / 160 + 1 / 40), abs=1e-7)


def test_two_items_shown_both_ways_have_a_position_effect_in_closed_form():
    strengths = bradley_terry([0, 1, 0, 1], [1, 0, 1, 0], weight=[40, 10, 20, 30], first=[True, False, False, True])

    assert strengths.position == pytest.approx((math.log(40 / 10) - math.log(20 / 30)) / 2, abs=1e-9)
    assert strengths.position_error == pytest.approx(math.sqrt(1 / 40 + 1 / 10 + 1 / 20 + 1 / 30) / 2, abs=1e-7)
    assert strengths.difference(0, 1)[0] == pytest.approx((math.log(40 / 10) + math.log(20 / 30)) / 2, abs=1e-9)


def test_a_chain_is_fitted_link_by_link():
    strengths = bradley_terry([0, 1, 1, 2], [1, 0, 2, 1], weight=[3, 1, 5, 2])

    assert -np.diff(strengths.values) == pytest.approx([math.log(3), math.log(2.5)], abs=1e-9)
    assert strengths.difference(0, 2)[1] == pytest.approx(math.sqrt(1 / 3 + 1 + 1 / 5 + 1 / 2), abs=1e-7)


def test_a_ladder_of_four_hundred_logits_settles():
    steps = np.arange(400)
    strengths = bradley_terry(
        np.concatenate([steps, steps + 1]), np.concatenate([steps + 1, steps]), weight=np.repeat([math.e, 1.0], 400)
    )

    assert -np.diff(strengths.values) == pytest.approx(np.ones(400), abs=1e-6)


def test_the_published_baseball_strengths_are_found():
    strengths = baseball(home_field=False)

    published = [1.1077, 0.6839, 1.4364, 1.5814, 1.2476, 1.2945]
    errors = [0.3339, 0.3319, 0.3396, 0.3433, 0.3359, 0.3367]
    for team, (value, error) in enumerate(zip(published, errors, strict=True), 1):
        assert strengths.difference(team, 0) == pytest.approx((value, error), abs=6e-5)


def test_the_published_home_advantage_is_found():
    strengths = baseball(home_field=True)

    published = [1.1438, 0.7047, 1.4754, 1.6196, 1.2813, 1.3271]
    errors = [0.3378, 0.3350, 0.3446, 0.3474, 0.3404, 0.3403]
    for team, (value, error) in enumerate(zip(published, errors, strict=True), 1):
        assert strengths.difference(team, 0) == pytest.approx((value, error), abs=6e-5)
    assert (strengths.position, strengths.position_error) == pytest.approx((0.3023, 0.1309), abs=6e-5)
    gain = strengths.log_likelihood - baseball(home_field=False).log_likelihood
    assert 2 * gain == pytest.approx(5.4106, abs=6e-5)


def test_the_published_puddings_are_found():
    a, b, outcome, weight = puddings()

    strengths = davidson(a, b, outcome, weight=weight)

    assert strengths.worths == pytest.approx([0.1388, 0.1730, 0.1617, 0.1654, 0.1587, 0.2024], abs=6e-5)
    assert strengths.tie == pytest.approx(0.7468, abs=6e-5)


def test_without_ties_davidson_is_bradley_terry():
    pairs = simulate.pairs([0.5, 0, -0.5, 1], 200, seed=1)
    winner, loser = np.where(pairs.outcome > 0, (pairs.a, pairs.b), (pairs.b, pairs.a))

    with_ties = davidson(pairs.a, pairs.b, pairs.outcome, first_a=pairs.first_a)
    without = bradley_terry(winner, loser, first=pairs.first_a == (pairs.outcome > 0))

    assert with_ties.values == pytest.approx(without.values, abs=1e-9)
    assert with_ties.position == pytest.approx(without.position, abs=1e-9)
    assert (with_ties.tie, with_ties.tie_error, without.tie) == (0.0, None, None)


def test_renaming_the_items_renames_the_strengths():
    pairs = simulate.pairs(np.linspace(-1, 1, 6), 400, seed=2, tie=0.5)
    new_name = np.array([3, 5, 0, 1, 4, 2])

    before = davidson(pairs.a, pairs.b, pairs.outcome)
    after = davidson(new_name[pairs.a], new_name[pairs.b], pairs.outcome)

    assert after.values[new_name] == pytest.approx(before.values, abs=1e-9)
    assert after.standard_errors[new_name] == pytest.approx(before.standard_errors, abs=1e-9)


def test_the_order_of_the_judgements_does_not_matter():
    pairs = simulate.pairs(np.linspace(-1, 1, 6), 400, seed=3, tie=0.5)
    shuffled = np.random.default_rng(1).permutation(400)

    before = davidson(*pairs[:3], rater=np.arange(400) // 10)
    after = davidson(*(column[shuffled] for column in pairs[:3]), rater=shuffled // 10)

    assert after.values == pytest.approx(before.values, abs=1e-12)
    assert after.standard_errors == pytest.approx(before.standard_errors, abs=1e-12)


def test_naming_the_other_work_first_changes_nothing():
    pairs = simulate.pairs(np.linspace(-1, 1, 6), 400, seed=4, tie=0.5, position=0.4)

    before = davidson(pairs.a, pairs.b, pairs.outcome, first_a=pairs.first_a)
    after = davidson(pairs.b, pairs.a, -pairs.outcome, first_a=~pairs.first_a)

    assert after.values == pytest.approx(before.values, abs=1e-12)
    assert (after.tie, after.position) == pytest.approx((before.tie, before.position), abs=1e-12)


def test_swapping_all_sides_turns_the_position_effect_and_nothing_else():
    pairs = simulate.pairs(np.linspace(-1, 1, 6), 400, seed=5, tie=0.5, position=0.4)

    before = davidson(pairs.a, pairs.b, pairs.outcome, first_a=pairs.first_a)
    after = davidson(pairs.a, pairs.b, pairs.outcome, first_a=~pairs.first_a)

    assert after.values == pytest.approx(before.values, abs=1e-9)
    assert (after.tie, after.position) == pytest.approx((before.tie, -before.position), abs=1e-9)


def test_a_weight_of_three_is_three_judgements():
    once = bradley_terry([0, 1, 1, 2, 0], [1, 0, 2, 0, 2], weight=[3, 1, 2, 1, 1])
    repeated = bradley_terry([0, 0, 0, 1, 1, 1, 2, 0], [1, 1, 1, 0, 2, 2, 0, 2])

    assert once.values == pytest.approx(repeated.values, abs=1e-9)
    assert once.standard_errors == pytest.approx(repeated.standard_errors, abs=1e-9)


def test_the_position_effect_is_recovered_within_its_error():
    found = []
    for seed in range(20):
        pairs = simulate.pairs(np.linspace(-1, 1, 8), 1600, seed=seed, tie=0.3, position=0.2)
        strengths = davidson(pairs.a, pairs.b, pairs.outcome, first_a=pairs.first_a)
        found.append((strengths.position, strengths.position_error))

    positions, errors = np.array(found).T
    assert positions.mean() == pytest.approx(0.2, abs=0.04)
    assert positions.std(ddof=1) == pytest.approx(errors.mean(), rel=0.5)


def test_many_ties_do_not_shrink_the_strengths():
    values = np.linspace(-1.5, 1.5, 8)
    pairs = simulate.pairs(values, 20_000, seed=7, tie=1.5)

    strengths = davidson(pairs.a, pairs.b, pairs.outcome)

    assert strengths.tie == pytest.approx(1.5, abs=0.1)
    assert np.polyfit(values, strengths.values, 1)[0] == pytest.approx(1, abs=0.05)


def test_only_ties_need_a_prior():
    with pytest.raises(NotSettledError, match=r"every judgement is a tie.*prior_sd"):
        davidson([0, 1], [1, 2], [0, 0])

    strengths = davidson([0, 1], [1, 2], [0, 0], prior_sd=1.0)

    tied = strengths.tie / (strengths.tie + 2)
    assert strengths.values == pytest.approx(np.zeros(3), abs=1e-9)
    assert math.log(strengths.tie) == pytest.approx(2 * (1 - tied) * 5**2, abs=1e-7)
    assert strengths.tie_error == pytest.approx((2 * tied * (1 - tied) + 1 / 5**2) ** -0.5, abs=1e-7)


def test_ties_that_leave_nu_without_a_maximum_are_refused():
    with pytest.raises(NotSettledError, match=r"runs away.*prior_sd"):
        davidson([0, 0], [1, 1], [1, 0])

    assert davidson([0, 0], [1, 1], [1, 0], prior_sd=1.0).settled


def test_a_side_that_always_won_has_no_finite_position_effect_without_a_prior():
    with pytest.raises(NotSettledError, match="prior_sd"):
        bradley_terry([0, 1, 1, 2, 2, 0], [1, 0, 2, 1, 0, 2], first=[True] * 6)

    strengths = bradley_terry([0, 1, 1, 2, 2, 0], [1, 0, 2, 1, 0, 2], first=[True] * 6, prior_sd=1.0)

    assert strengths.position > 2
    assert strengths.position_error > 1


def test_a_position_effect_that_cannot_be_told_from_the_strengths_is_refused():
    with pytest.raises(NotSettledError, match="cannot be told apart from the strengths"):
        bradley_terry([0, 1, 1, 2], [1, 0, 2, 1], first=[True, False, True, False])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"winner": []}, "winner is empty"),
        ({"winner": [0, 1, 1]}, "loser has 2 entries for 3 judgements"),
        ({"winner": [0, -1]}, "numbered from 0"),
        ({"winner": [0.0, 1.0]}, "must hold integers"),
        ({"winner": [0, 0]}, "judgement 1 compares item 0 with itself"),
        ({"winner": [[0, 1]]}, "one dimension"),
        ({"n_items": 1}, "n_items is 1, but item 1 was judged"),
        ({"weight": [1.0, 0.0]}, "above 0"),
        ({"weight": [1.0, math.nan]}, "finite"),
        ({"weight": ["a", "b"]}, "finite"),
        ({"weight": [1.0]}, "weight has 1 entries"),
        ({"first": [1, 0]}, "first must hold booleans"),
        ({"prior_sd": 0.0}, "prior_sd must be finite and above 0"),
        ({"prior_sd": math.inf}, "prior_sd must be finite and above 0"),
        ({"rater": [0.5, 1.5]}, "rater must hold integers"),
        ({"rater": [4, 4]}, "one cluster only"),
    ],
)
def test_unsound_arguments_are_refused_by_name(arguments, message):
    with pytest.raises(RankingError, match=message):
        bradley_terry(**({"winner": [0, 1], "loser": [1, 0]} | arguments))


def test_an_unknown_outcome_is_refused():
    with pytest.raises(RankingError, match=r"1 \(a better\), 0 \(tie\) or -1"):
        davidson([0, 1], [1, 0], [2, 1])
