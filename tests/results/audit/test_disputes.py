"""What counts as disputed: the rule on counts, and the worst of a panel with a planted dispute."""

from dataclasses import replace
from math import log

import numpy as np
import pytest

from feedback.results.audit.disputes import Scored, dispute_of, expected_of, most_disputed
from feedback.results.sample import Sample
from tests.results.panels import drawn

EVEN, LOPSIDED = [0.5, 0.0, 0.5], [0.95, 0.0, 0.05]


def dispute(counts: list[int], expected: list[float]) -> float:
    return float(dispute_of(np.array([counts]), np.array([expected]))[0])


def scored(sample: Sample, tie: float = 0.0) -> Scored:
    n_works = len(sample.works.ids)
    return Scored(np.zeros(n_works), np.zeros(n_works, np.int64), tie)


def test_what_everybody_says_as_expected_is_no_dispute():
    assert dispute([4, 0, 0], LOPSIDED) == 0
    assert dispute([4, 0, 0], EVEN) == 0
    assert dispute([4, 0, 0], [np.nan] * 3) == 0


def test_an_even_split_that_was_expected_is_its_entropy_drawn_in():
    assert dispute([2, 0, 2], EVEN) == pytest.approx(log(2) * 4 / 5)


def test_the_more_the_answers_contradict_the_scores_the_more_it_is_disputed():
    rising = [
        dispute([3, 0, 1], EVEN),
        dispute([2, 0, 2], EVEN),
        dispute([0, 0, 1], LOPSIDED),
        dispute([2, 0, 2], LOPSIDED),
        dispute([0, 0, 4], LOPSIDED),
    ]

    assert rising == sorted(rising)
    assert len(set(rising)) == len(rising)


def test_turning_the_works_round_changes_nothing():
    assert dispute([3, 1, 1], [0.7, 0.2, 0.1]) == pytest.approx(dispute([1, 1, 3], [0.1, 0.2, 0.7]))


def test_the_scores_expect_what_the_model_says():
    one, neither, other = expected_of(np.array([0.8]), tie=0.5)[0]

    assert one / other == pytest.approx(np.exp(0.8))
    assert neither / np.sqrt(one * other) == pytest.approx(0.5)
    assert one + neither + other == pytest.approx(1)


def test_the_planted_dispute_comes_first_and_gold_and_machines_are_not_asked():
    sample = drawn(1)
    answers = sample.criteria["overall"]
    disputed = sample.comparison[sample.scored][0]
    rows = np.flatnonzero((sample.comparison == disputed) & sample.scored)
    ranks = np.ones_like(answers.ranks)
    ranks[sample.shown[:, 0] < sample.shown[:, 1], 1] = 2
    ranks[sample.shown[:, 0] > sample.shown[:, 1], 0] = 2  # the work of the lower number always wins
    ranks[rows[::2]] = 3 - ranks[rows[::2]]
    ranks[~sample.scored] = 3 - ranks[~sample.scored]
    planted = replace(answers, ranks=ranks, outcome=np.zeros_like(answers.outcome))

    found = most_disputed(sample, planted, scored(sample), 5)

    works = frozenset(sample.works.ids[sample.shown[rows[0]]].tolist())
    assert [(one.works, one.answers) for one in found] == [(works, len(rows))]


def test_no_more_than_asked_for_the_worst_first():
    sample = drawn(2)

    found = most_disputed(sample, sample.criteria["overall"], scored(sample, tie=0.3), 7)

    values = [one.value for one in found]
    assert len(values) == 7
    assert values == sorted(values, reverse=True)
