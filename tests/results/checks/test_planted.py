"""Studies drawn with one fault each: what is told first, what is not, and what the checks owe to chance."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from feedback.results import checks
from feedback.results.checks.family import CHECKS, FAMILY
from feedback.results.checks.reading import read
from tests.benchmarks.faults import is_first, told
from tests.results.panels import FAULTS, USUAL, drawn

SETS = replace(USUAL, shown=4, each=60)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_planted_fault_is_told_first(fault):
    first = [is_first(seed, fault) for seed in range(5)]

    assert sum(first) >= 4


@pytest.mark.parametrize("fault", ["reversed rater", "random rater", "twins", "taste camps", "leaked identity", "halo"])
def test_sets_are_checked_too(fault):
    assert sum(is_first(seed, fault, SETS) for seed in range(3)) >= 2


@pytest.mark.parametrize("size", [USUAL, SETS, replace(USUAL, taste=0.6)])
def test_clean_studies_are_told_nothing(size):
    assert sum(told(seed, None, size).first is not None for seed in range(100, 108)) <= 1


def test_p_values_of_clean_studies_come_as_often_as_they_say():
    found = defaultdict(list)
    for seed in range(200, 230):
        reading = read(drawn(seed))
        for one in (one for check in CHECKS for one in check(reading)):
            found[one.fault] += [one.p] * one.times

    often = {fault: float(np.mean(np.array(p) < 0.05)) for fault, p in found.items()}

    assert {fault: share for fault, share in often.items() if share > 0.12} == {}
    assert min(min(p) * len(p) for p in found.values()) > FAMILY / 30


@pytest.mark.parametrize(
    ("fault", "co_flag"),
    [
        ("reversed rater", "failed gold"),
        ("straight-lining", "side bias"),
        ("alternating", "halo"),
        ("taste camps", "leaked identity"),
        ("identical works", "failed gold"),
    ],
)
def test_what_follows_from_the_fault_is_told_as_its_consequence(fault, co_flag):
    assert co_flag in told(1, fault).co_flags


@pytest.mark.parametrize("fault", ["reversed rater", "twins", "speeding", "copied reasons"])
def test_the_rater_at_fault_is_named_and_nobody_else(fault):
    sample = drawn(2, fault)

    examined = checks.checked(sample)

    blamed = {number for one in examined.findings for number in one.subject[1]}
    assert blamed == ({0, 1} if fault == "twins" else {0})
    assert {line.rater for line in examined.raters if line.flags} == blamed


def test_camps_are_told_apart():
    sample = drawn(3, "taste camps")

    (first, *_) = checks.findings(sample)

    assert sorted(map(set, first.says["camps"]), key=min) == [set(range(0, 20, 2)), set(range(1, 20, 2))]


def test_a_leak_names_those_who_know():
    sample = drawn(3, "leaked identity")

    (first, *_) = checks.findings(sample)

    assert first.subject == ("generator", (0,))
    assert set(first.says["raters"]) >= set(range(5))


def test_sizes_are_recovered():
    """Where a tie is felt within 0.4 logits of nothing, 0.3 logits felt are 0.36 in Davidson's model."""
    side, length = checks.findings(drawn(4, "side bias"))[0], checks.findings(drawn(4, "confounder"))[0]

    assert side.says["side"] == pytest.approx(0.36, abs=0.1)
    assert length.says["logits_per_sd"] == pytest.approx(0.3, abs=0.15)


def test_makers_who_are_recognised_are_told_though_nobody_favours_them():
    sample = drawn(4)
    shows_it = np.flatnonzero((sample.works.generator[sample.shown] == 2).any(axis=1))

    (first, *_) = checks.findings(replace(sample, recognised=shows_it[::30]))

    assert (first.fault, first.subject) == ("leaked identity", ("generator", (2,)))
    assert first.says["recognised"] > 25
