"""Hidden checks: an early comparison again with its sides turned, and comparisons with a key, now and then."""

import itertools
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.utils.timezone import now

from feedback.judging.actions import Key, hand_out, open_keys, slip_in, submit
from feedback.judging.actions.checking import LATER
from feedback.judging.models import Assignment, Comparison, Purpose
from feedback.people.actions import rater_of
from feedback.people.models import Rater
from feedback.studies.models import Study
from feedback.works.models import Work
from tests import make

pytestmark = pytest.mark.django_db


def study_of(person, *, repeats: float = 0.0, gold: float = 0.0, keys: int = 0, works: int = 18) -> Study:
    study = make.study(works=works, criteria=("lighting",), rater=person, overlap=1)
    Study.objects.filter(pk=study.pk).update(repeat_share=repeats, gold_share=gold)
    study.refresh_from_db()
    pairs = list(Comparison.objects.filter(study=study).order_by("-position")[:keys])
    for pair in pairs:
        one, other = pair.entries.values_list("work", flat=True)
        pair.delete()
        open_keys(study=study, keys=[Key(pair.prompt_id, {"lighting": {one: 1, other: 2}}, "So it is.", gold=True)])
    return study


def judge(study: Study, rater: Rater, number: int) -> list[Assignment]:
    """So many answers, with the worker looking in after each."""
    given = []
    for _ in range(number):
        assignment = hand_out(study=study, rater=rater)
        assert assignment is not None
        submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=make.answers(assignment))
        given.append(assignment)
        slip_in(study=study)
    return given


def on_screen(assignment: Assignment) -> list[int]:
    works = list(assignment.comparison.entries.order_by("index").values_list("work", flat=True))
    return [works[entry] for entry in assignment.shown_order]


def test_repeats_come_late_with_their_sides_turned_and_once_each(bob):
    study, rater = study_of(bob, repeats=0.2), rater_of(user=bob)

    given = judge(study, rater, 60)

    place = {one.comparison_id: at for at, one in enumerate(given)}
    repeats = [one for one in given if one.comparison.purpose == Purpose.REPEAT]
    assert 4 <= len(repeats) <= 8, "a fifth of what follows the first thirty"
    for repeat in repeats:
        first = given[place[repeat.comparison.repeats_id]]
        assert place[repeat.comparison_id] - place[first.comparison_id] >= LATER
        assert on_screen(repeat) == on_screen(first)[::-1]
        assert repeat.comparison.only_for_id == rater.pk
        assert first.comparison.purpose == Purpose.UNIFORM
    assert len({one.comparison.repeats_id for one in repeats}) == len(repeats)


def test_keys_come_now_and_then_and_never_twice(bob):
    study, rater = study_of(bob, gold=0.2, keys=20), rater_of(user=bob)

    given = judge(study, rater, 45)

    keyed = [at for at, one in enumerate(given) if one.comparison.purpose == Purpose.GOLD]
    assert 7 <= len(keyed) <= 11
    assert len({later - earlier for earlier, later in itertools.pairwise(keyed)}) > 2, "not by the clock"
    assert len({given[at].comparison.repeats_id for at in keyed}) == len(keyed)
    for at in keyed:
        pool = given[at].comparison.repeats
        assert given[at].comparison.expected == pool.expected
        assert list(given[at].comparison.entries.values_list("work")) == list(pool.entries.values_list("work"))
        assert not given[at].comparison.lesson, "nothing tells them from other work"


def test_a_small_pool_of_keys_is_used_up_and_no_more(bob):
    study, rater = study_of(bob, gold=0.2, keys=3), rater_of(user=bob)

    given = judge(study, rater, 30)

    assert Counter(one.comparison.purpose for one in given)[Purpose.GOLD] == 3


def test_shares_of_nothing_check_nobody(bob):
    study, rater = study_of(bob, keys=3), rater_of(user=bob)

    given = judge(study, rater, 35)

    assert {one.comparison.purpose for one in given} == {Purpose.UNIFORM}


def test_each_rater_is_checked_at_moments_of_their_own(bob, charlie):
    study = study_of(bob, gold=0.2, keys=8)
    make.make_rater(study, charlie)

    ways = [
        [one.comparison.purpose == Purpose.GOLD for one in judge(study, rater_of(user=person), 20)]
        for person in (bob, charlie)
    ]

    assert ways[0] != ways[1]


def test_one_check_waits_at_a_time_and_only_for_who_is_at_work(bob):
    study, rater = study_of(bob, gold=0.2, keys=5), rater_of(user=bob)
    judge(study, rater, 20)
    Comparison.objects.filter(only_for=rater, handed_out=0).delete()
    Assignment.objects.update(leased_until=now() - timedelta(seconds=1))
    assert slip_in(study=study) == 0
    Assignment.objects.update(leased_until=now() + timedelta(minutes=1))

    opened = [slip_in(study=study) for _ in range(3)]

    assert sum(opened) <= 1


def test_what_was_taken_back_is_not_asked_again_as_a_check(bob):
    study, rater = study_of(bob, repeats=0.2), rater_of(user=bob)
    judge(study, rater, LATER + 15)
    Work.objects.update(medium="text")
    Assignment.objects.filter(comparison__purpose=Purpose.UNIFORM).update(latest=None)
    Comparison.objects.filter(purpose=Purpose.REPEAT, handed_out=0).delete()

    assert slip_in(study=study) == 0
