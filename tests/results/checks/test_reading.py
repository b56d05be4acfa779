"""What the checks read from a sample, whatever its shape, and what they make of it."""

from dataclasses import replace

import numpy as np
import pytest

import rankings
from feedback.results import checks
from feedback.results.checks import family, reading
from feedback.results.checks.consensus import refit
from feedback.results.checks.finding import Tried, at_least, at_most, beyond
from feedback.results.checks.pairs import moments, numbered, told_apart
from feedback.results.checks.sides import lean
from feedback.results.sample import SKIPPED, Answers, Sample
from tests.results.panels import USUAL, drawn

COLUMNS = ("rater", "prompt", "comparison", "purpose", "shown", "drawn", "at", "dwell", "rationale")


def cut(sample: Sample, rows: np.ndarray) -> Sample:
    """Some of the submissions, without repeats."""
    return replace(
        sample,
        **{name: getattr(sample, name)[rows] for name in COLUMNS},
        repeat_of=np.full(int(rows.sum()), -1),
        criteria={
            slug: Answers(*(column[rows] for column in vars(answers).values()))
            for slug, answers in sample.criteria.items()
        },
        expected={slug: key[rows] for slug, key in sample.expected.items()},
    )


def turned_round(sample: Sample) -> Sample:
    """Every pair as if it had stood the other way round, with the same answers."""
    criteria = {
        slug: replace(answers, ranks=answers.ranks[:, ::-1], strength=-answers.strength)
        for slug, answers in sample.criteria.items()
    }
    return replace(sample, shown=sample.shown[:, ::-1], criteria=criteria)


@pytest.mark.parametrize("n", [0, 1, 2, 30, 300])
def test_a_study_that_has_only_begun_has_lines_and_no_findings(n):
    sample = drawn(0)

    examined = checks.checked(cut(sample, np.arange(len(sample)) < n))

    assert examined.findings == ()
    assert sum(line.n for line in examined.raters) <= n
    assert all(line.told(sample)["rater"] >= 100 for line in examined.raters)


@pytest.mark.parametrize("n_raters", [1, 2])
def test_one_or_two_raters_are_not_held_against_each_other(n_raters):
    sample = drawn(0)

    assert checks.findings(cut(sample, sample.rater < n_raters)) == ()


def test_what_is_not_known_is_not_checked():
    sample = drawn(0)
    nobody = replace(sample.works, generator=np.full(len(sample.works.ids), -1), covariates={})
    skipped = {
        slug: replace(answers, outcome=np.full(len(sample), SKIPPED, np.int8))
        for slug, answers in sample.criteria.items()
    }
    bare = replace(
        sample, works=nobody, generators=np.empty(0, np.int64), dwell=np.full(len(sample), np.nan), at=0 * sample.at
    )

    assert checks.findings(bare) == ()
    assert checks.checked(replace(sample, criteria=skipped)).findings == ()


def test_turning_every_pair_round_changes_the_side_alone():
    sample = drawn(1, "side bias")

    before, after = (lean(reading.read(one)) for one in (sample, turned_round(sample)))

    assert before[0].sum() == pytest.approx(-after[0].sum(), rel=0.02)
    assert before[0].sum() > 0


def test_an_order_that_was_not_drawn_says_nothing_of_sides():
    sample = drawn(1, "side bias")

    found = checks.findings(replace(sample, drawn=np.zeros(len(sample), dtype=bool)))

    assert [one.fault for one in found] == []


def test_machines_and_excluded_raters_have_lines_but_are_not_held_to_anything():
    sample = drawn(2, "reversed rater")
    kind = np.where(np.arange(20) == 0, "machine", "person")
    apart = np.arange(20) == 0
    machine = replace(sample, raters=replace(sample.raters, kind=kind))
    excluded = replace(sample, raters=replace(sample.raters, excluded=apart))

    for one in (machine, excluded):
        examined = checks.checked(one)

        assert examined.findings == ()
        assert examined.raters[0].reliability[2] < 0
        assert examined.raters[0].tau[2] < 0


def test_sets_weigh_as_much_as_the_choices_that_they_are():
    sample = drawn(0, None, replace(USUAL, shown=4, each=20))

    told = told_apart(sample, sample.criteria["overall"], sample.scored)

    answered = sample.scored & (sample.criteria["overall"].outcome == 0)
    assert told.weight.sum() == pytest.approx(3 * answered.sum())


def test_only_the_best_of_a_set_says_nothing_of_the_rest():
    sample = drawn(0, None, replace(USUAL, shown=4, each=20))
    answers = sample.criteria["overall"]
    best = replace(answers, ranks=np.where(answers.ranks > 1, 2, answers.ranks).astype(np.int8))

    told = told_apart(sample, best, sample.scored)

    assert (np.bincount(told.row)[np.unique(told.row)] == 3).all()


def test_scores_are_read_as_an_order_of_the_works_of_a_prompt():
    sample = drawn(0, None, replace(USUAL, prompts=2, each=8, gold=2, repeats=0))
    single = replace(
        sample,
        shown=sample.shown[:, :1],
        criteria={
            slug: replace(answers, ranks=answers.ranks[:, :1], score=np.arange(len(sample)) % 3.0)
            for slug, answers in sample.criteria.items()
        },
    )

    told = told_apart(single, single.criteria["overall"], single.scored)

    works = single.works
    score = single.criteria["overall"].score
    assert (works.prompt[told.a] == works.prompt[told.b]).all()
    assert len(told) > 20
    assert (told.answer[told.b == single.shown[told.row, 0]] <= 1).all()
    assert set(np.unique(told.answer)) == {-1.0, 0.0, 1.0}
    assert (score[told.row] == 2).any()
    checks.checked(single)


def test_leaving_a_rater_out_by_one_step_is_close_to_a_fit_without():
    sample = drawn(5)
    read = reading.read(sample)
    pairs, others = read.pairs["overall"], read.others["overall"]
    exact = pairs.drop.copy()
    mine = pairs.rater == 7

    refit(exact, pairs, len(sample.works.ids), 7, sample.scored[pairs.row])

    whole = np.sqrt(np.mean((exact - pairs.drop)[mine] ** 2))
    left = np.polyfit(others.drop[mine], exact[mine], 1)
    assert whole > 0.05
    assert np.corrcoef(others.drop[mine], exact[mine])[0, 1] > np.corrcoef(pairs.drop[mine], exact[mine])[0, 1]
    assert left[0] == pytest.approx(1, abs=0.3)


def test_works_and_raters_in_turns_come_close_to_a_joint_fit():
    """The joint fit draws slopes towards 1, and says how far each rater leans beyond all."""
    sample = drawn(6, "reversed rater")
    told = told_apart(sample, sample.criteria["overall"], sample.scored)

    ours = reading.read(sample).fits["overall"]
    joint = rankings.with_raters(
        told.a, told.b, told.answer.astype(np.int8), told.rater, n_items=len(sample.works.ids), prior_sd=1.5
    )

    assert np.corrcoef(ours.value, joint.values)[0, 1] > 0.99
    assert np.corrcoef(ours.reliability, joint.raters.reliability)[0, 1] > 0.95
    assert np.corrcoef(ours.side, joint.raters.side)[0, 1] > 0.95


def test_findings_are_told_by_id():
    sample = drawn(3, "twins")

    told = checks.findings(sample)[0].told(sample)

    assert told["subject"] == {"raters": [100, 101]}
    assert told["says"]["common"] > 100


def test_camps_and_parts_are_told_by_id():
    camps, parts = drawn(3, "taste camps"), drawn(3, "disconnected")

    told_camps, told_parts = (checks.findings(sample)[0].told(sample) for sample in (camps, parts))

    assert sorted(rater for camp in told_camps["says"]["camps"] for rater in camp) == list(range(100, 120))
    assert told_parts["says"]["parts"] == [[1, 2, 3], [4, 5, 6]]
    assert told_parts["severity"] == 3


@pytest.mark.parametrize(("of", "makers", "severity"), [("generators", 6, 3), ("works", 6, 2), ("works", 0, 3)])
def test_parts_leave_no_score_to_be_read_unless_generators_join_them(of, makers, severity):
    every = reading.read(drawn(3))
    few = replace(every, sample=replace(every.sample, generators=every.sample.generators[:makers]))

    assert family._severity(Tried("disconnected", ("study", ()), "lighting", 0.0, {"of": of}), few) == severity


def test_each_fault_has_an_equal_share_and_holm_hands_on_what_is_left():
    tried = [Tried(fault, ("study", ()), None, p, {}) for fault, p in (("a", 0.01), ("b", 0.02), ("b", 0.2))]

    allowed = family.holm(tried)

    assert allowed == pytest.approx([0.02, 0.04, 0.2])


def test_what_found_nothing_may_be_counted_together():
    apart = [Tried("twins", ("raters", (0, at)), None, p, {}) for at, p in enumerate([0.001, 0.3, 0.4, 0.9], start=1)]
    together = [apart[0], Tried("twins", ("study", ()), None, 1.0, {}, times=3)]

    assert family.holm(together)[0] == family.holm(apart)[0] == pytest.approx(0.004)


def test_tails_are_those_of_the_books():
    assert float(beyond(1.959964)) == pytest.approx(0.025, rel=1e-5)
    assert float(at_least(np.array(3), np.array(4), 0.5)) == pytest.approx(5 / 16)
    assert float(at_most(np.array(1), np.array(4), 0.5)) == pytest.approx(5 / 16)
    assert float(at_least(np.array(0), np.array(4), 0.5)) == 1


def test_moments_are_davidsons():
    expected, variance = moments(np.array([np.log(4.0), -np.log(4.0), 0.0]), 0.5)

    total = 1 + 1 / 4 + 0.5 / 2
    assert expected == pytest.approx([0.75 / total, -0.75 / total, 0])
    assert variance == pytest.approx([1.25 / total - (0.75 / total) ** 2] * 2 + [2 / 2.5])


@pytest.mark.parametrize("top", [5, 10**9])
def test_keys_are_numbered_by_a_table_as_by_sorting(top):
    key = np.array([top, 3, 3, 0])

    found, at = numbered(key)

    assert found.tolist() == [0, 3, top]
    assert found[at].tolist() == key.tolist()
