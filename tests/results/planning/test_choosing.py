"""What a round asks: chance is drawn from the seed alone, the rest from what is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rankings
from feedback.judging.models import Purpose
from feedback.results.planning.choosing import Met, Shape, choose
from feedback.studies.models import Study

NOTHING = np.empty((0, 2), np.int64)
UNMET = Met(NOTHING, NOTHING, NOTHING)


def belief(values, judgements: int = 200, seed: int = 0) -> rankings.Strengths:
    """What is known after so many pairs by chance of items of one group."""
    drawn = rankings.simulate.pairs(values, judgements, seed=seed)
    return rankings.davidson(drawn.a, drawn.b, drawn.outcome, n_items=len(values), prior_sd=1.5)


def by_chance(chosen) -> list[tuple[int, ...]]:
    return [members for members, why in chosen if why == Purpose.UNIFORM]


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**32),
    order=st.permutations(range(12)),
    selection=st.sampled_from([Study.Selection.INFORMATION, Study.Selection.SWISS]),
    criteria=st.integers(1, 3),
    asked=st.integers(0, 60),
)
def test_permuting_all_scores_leaves_what_chance_draws_identical(seed, order, selection, criteria, asked):
    values = np.linspace(-3, 3, 12)
    shape = Shape(np.repeat([0, 1], 6), 12, 2, 0.25, selection, seed)
    pairs = np.random.default_rng(asked).integers(6, size=(asked, 1)) + np.array([0, 1]) % 6
    met = Met(pairs % 6, pairs[:5] % 6, NOTHING)

    one = choose(shape, [belief(values)] * criteria, met=UNMET)
    other = choose(shape, [belief(values[list(order)], seed=1)] * criteria, met=met)

    assert by_chance(one) == by_chance(other) != []


def test_what_is_chosen_by_score_does_depend_on_the_scores():
    shape = Shape(np.zeros(12, np.int64), 12, 2, 0.25, Study.Selection.INFORMATION, 5)

    one = choose(shape, [belief(np.linspace(-3, 3, 12))], met=UNMET)
    other = choose(shape, [belief(np.linspace(3, -3, 12)[np.argsort(np.sin(range(12)))])], met=UNMET)

    assert set(one) != set(other)


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5, 1.0])
@pytest.mark.parametrize("n_sets", [3, 10, 24])
def test_chance_has_its_share_at_least(share, n_sets):
    shape = Shape(np.zeros(12, np.int64), n_sets, 2, share, Study.Selection.INFORMATION, 5)

    chosen = choose(shape, [belief(np.linspace(-1, 1, 12))], met=UNMET)

    assert len(chosen) == n_sets
    assert n_sets * share <= len(by_chance(chosen)) < n_sets * share + 1


def test_before_the_first_answer_chance_chooses_all():
    shape = Shape(np.repeat([0, 1, 2], 4), 12, 2, 0.2, Study.Selection.INFORMATION, 5)

    chosen = choose(shape, [], met=UNMET)

    assert len(by_chance(chosen)) == len(chosen) == 12
    assert np.bincount(np.ravel([members for members, _ in chosen])).tolist() == [2] * 12


def test_each_criterion_has_its_turn():
    """Two criteria under which opposite halves of the works are hard to tell apart."""
    close, far = np.full(6, 0.0), np.linspace(6, 20, 6)
    beliefs = [belief(np.concatenate([close, far]), 600), belief(np.concatenate([far, close]), 600)]
    shape = Shape(np.zeros(12, np.int64), 10, 2, 0.2, Study.Selection.INFORMATION, 5)

    chosen = choose(shape, beliefs, met=UNMET)

    told = [max(members) < 6 for members, why in chosen if why == Purpose.INFORMATIVE]
    assert 2 <= sum(told) <= 6


def test_what_is_waiting_counts_as_answered():
    values = np.array([0.0, 0.05, 3.0, 3.05])
    shape = Shape(np.zeros(4, np.int64), 2, 2, 0.5, Study.Selection.INFORMATION, 5)
    known = belief(values, 60)
    waiting = np.repeat([[0, 1]], 400, axis=0)

    chosen = choose(shape, [known], met=Met(NOTHING, waiting, NOTHING))

    assert [tuple(sorted(members)) for members, why in chosen if why == Purpose.INFORMATIVE] != [(0, 1)]


def test_what_as_many_raters_were_asked_as_there_are_is_not_asked_again():
    pairs = np.array([(0, 1), (0, 2), (1, 2)])
    shape = Shape(np.zeros(3, np.int64), 3, 2, 0.2, Study.Selection.INFORMATION, 5)

    chosen = choose(shape, [belief(np.arange(3.0))], met=Met(pairs, NOTHING, pairs))

    assert len(chosen) == len(by_chance(chosen)) == 1
