"""Machines against experts: agreement, leanings and calibration of machines whose habits are known."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from feedback.results import machines
from feedback.results.audit.verdicts import Counts, Verdicts
from feedback.results.machines import Machine, mean_of
from feedback.results.sample import ANSWERED, Answers, Sample
from tests.results.panels import Sizes, drawn

SLUG, LENGTH, MACHINE = "overall", "log characters", 0
LARGE = Sizes(raters=12, each=300, prompts=30, criteria=(SLUG,))
type Judge = Callable[[Sample, np.ndarray, Answers], np.ndarray]  # the sign of its answers, for what was shown first


def judged(seed: int, judge: Judge) -> Sample:
    """A panel whose first rater is a machine that judges so."""
    sample = drawn(seed, size=LARGE)
    answers = sample.criteria[SLUG]
    rows = np.flatnonzero((sample.rater == MACHINE) & (answers.outcome == ANSWERED))
    said = judge(sample, rows, answers)
    ranks, strength = answers.ranks.copy(), answers.strength.copy()
    ranks[rows] = np.stack([1 + (said < 0), 1 + (said > 0)], axis=1)
    strength[rows] = said
    kind = sample.raters.kind.copy().astype("<U9")
    kind[MACHINE] = "machine"
    return replace(
        sample,
        raters=replace(sample.raters, kind=kind),
        criteria={SLUG: replace(answers, ranks=ranks, strength=strength)},
    )


def measured(sample: Sample) -> Machine:
    [machine] = machines.measure(sample, SLUG)
    return machine


def like_a_rater(sample: Sample, rows: np.ndarray, answers: Answers) -> np.ndarray:
    return np.sign(answers.ranks[rows, 1] - answers.ranks[rows, 0]) * np.maximum(1, np.abs(answers.strength[rows]))


def the_first(sample: Sample, rows: np.ndarray, answers: Answers) -> np.ndarray:
    return np.ones(len(rows))


def the_longer(sample: Sample, rows: np.ndarray, answers: Answers) -> np.ndarray:
    length = sample.works.covariates[LENGTH][sample.shown[rows]]
    return np.sign(length[:, 0] - length[:, 1])


def the_other_way(sample: Sample, rows: np.ndarray, answers: Answers) -> np.ndarray:
    return -3 * np.sign(like_a_rater(sample, rows, answers))


def test_a_machine_that_judges_like_an_expert_is_behind_none():
    told = measured(judged(1, like_a_rater))

    assert told.behind.low < 0 < told.behind.high
    assert told.agreement.low < told.experts.value < told.agreement.high


def test_agreement_is_what_counting_one_by_one_gives():
    sample = judged(2, like_a_rater)
    answers = sample.criteria[SLUG]
    verdict = np.sign(answers.ranks[:, 1] - answers.ranks[:, 0]) * np.where(
        sample.shown[:, 0] < sample.shown[:, 1], 1, -1
    )
    experts = sample.scored & (answers.outcome == ANSWERED)
    shares = []
    for row in np.flatnonzero(
        (sample.rater == MACHINE) & (answers.outcome == ANSWERED) & (sample.purpose != "training")
    ):
        others = verdict[experts & (sample.comparison == sample.comparison[row])]
        if len(others):
            shares.append(np.mean(1 - np.abs(others - verdict[row]) / 2))

    told = measured(sample)

    assert told.shared == len(shares)
    assert told.agreement.value == pytest.approx(np.mean(shares))


def test_what_a_machine_leans_to_is_found_beyond_the_experts():
    first, longer = measured(judged(3, the_first)), measured(judged(4, the_longer))

    assert first.side.low > 0.3
    assert first.behind.high < 0
    assert dict(longer.leanings)[LENGTH].low > 0.2
    assert longer.side.low < 0 < longer.side.high


def test_a_fair_machine_leans_to_nothing():
    leans = 0
    for seed in range(10):
        told = measured(judged(10 + seed, like_a_rater))
        leans += not told.side.low <= 0 <= told.side.high
        leans += sum(not mean.low <= 0 <= mean.high for _, mean in told.leanings)

    assert leans <= 3  # of twenty intervals at 95 %


def test_strength_that_means_something_rises_with_the_experts_share():
    sound, upside_down = measured(judged(5, like_a_rater)), measured(judged(5, the_other_way))

    shares = [mean.value for _, mean in sound.calibration]
    assert len(shares) >= 3
    assert shares == sorted(shares)
    assert [(step, mean.high < 0.5) for step, mean in upside_down.calibration] == [(3, True)]


def test_with_too_little_in_common_nothing_is_said():
    sample = judged(6, like_a_rater)
    few = np.flatnonzero(sample.rater == MACHINE)[8:]
    outcome = sample.criteria[SLUG].outcome.copy()
    outcome[few] = 2
    told = measured(replace(sample, criteria={SLUG: replace(sample.criteria[SLUG], outcome=outcome)}))

    assert told.agreement is None
    assert "of 20 that are needed" in told.why
    assert told.told()["bias"] == {"side": None, "leanings": []}


def test_a_machine_counts_in_no_score_and_no_panel_is_without():
    sample = judged(7, the_first)

    assert not sample.scored[sample.rater == MACHINE].any()
    assert machines.measure(drawn(7, size=LARGE), SLUG) == ()


def test_the_interval_of_a_mean_covers_it_as_often_as_it_says():
    random, covered = np.random.default_rng(1), 0
    clusters = np.repeat(np.arange(15), 8)
    for _ in range(400):
        values = random.normal(size=15)[clusters] + random.normal(size=120)
        mean = mean_of(values, clusters, least=-np.inf)
        covered += mean.low <= 0 <= mean.value + (mean.value - mean.low)

    assert 0.925 <= covered / 400 <= 0.975


def test_every_two_works_of_a_set_are_a_verdict():
    sample = drawn(1, size=replace(LARGE, shown=3, each=40))
    answers = sample.criteria[SLUG]
    rows = np.flatnonzero(sample.scored & (answers.outcome == ANSWERED))

    told = Verdicts.of(sample, answers, rows)

    assert len(told.row) == 3 * len(rows)
    assert (told.low < told.high).all()
    assert Counts.of(told).number.sum() == len(told.row)
