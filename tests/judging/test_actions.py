"""Handing out, submitting and undoing, at the level of the actions."""

import itertools
import random
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import now

from feedback.judging.actions import AlreadyAnswered, NothingToUndo, hand_out, resume, retract, submit, sweep
from feedback.judging.designs import turns
from feedback.judging.models import Assignment, Comparison, Judgement, Submission
from feedback.people.actions import rater_of
from feedback.studies.actions import close_study
from feedback.works.models import Clearance
from tests import make

pytestmark = pytest.mark.django_db


def lapse(assignment: Assignment) -> None:
    """Let the lease run out."""
    Assignment.objects.filter(pk=assignment.pk).update(leased_until=now() - timedelta(seconds=1))
    assignment.refresh_from_db()


def test_a_retry_with_the_same_key_stores_one_submission(bob):
    study = make.study(rater=bob)
    assignment = make.assignment(study, bob)
    key = uuid.uuid4()

    first = submit(assignment=assignment, key=key, replaces=0, answers=make.answers(assignment))
    again = submit(assignment=assignment, key=key, replaces=0, answers=make.answers(assignment))

    assert again == first
    assert Submission.objects.count() == 1
    assert Judgement.objects.count() == 3


def test_another_tab_cannot_overwrite_an_answer(bob):
    study = make.study(rater=bob)
    assignment = make.assignment(study, bob)
    submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=make.answers(assignment))

    with pytest.raises(AlreadyAnswered), transaction.atomic():
        submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=make.answers(assignment, ranks=[2, 1]))

    assert Judgement.objects.live().first().ranks == [1, 2]


def test_the_same_key_with_other_answers_is_refused_rather_than_dropped_in_silence(bob):
    study = make.study(rater=bob)
    assignment = make.assignment(study, bob)
    key = uuid.uuid4()
    submit(assignment=assignment, key=key, replaces=0, answers=make.answers(assignment))

    with pytest.raises(AlreadyAnswered):
        submit(assignment=assignment, key=key, replaces=0, answers=make.answers(assignment, ranks=[2, 1]))


def test_a_revision_that_names_what_it_replaces_becomes_the_live_one(bob):
    study = make.study(rater=bob)
    assignment = make.assignment(study, bob)
    submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=make.answers(assignment))

    submit(assignment=assignment, key=uuid.uuid4(), replaces=1, answers=make.answers(assignment, ranks=[2, 1]))

    assert {tuple(row.ranks) for row in Judgement.objects.live()} == {(2, 1)}
    assert Judgement.objects.count() == 6


def test_undo_retracts_the_last_answer_and_only_once_per_key(bob):
    study = make.study(rater=bob)
    make.judgement(study, bob)
    make.judgement(study, bob)
    rater, key = rater_of(user=bob), uuid.uuid4()

    retract(study=study, rater=rater, key=key)
    retract(study=study, rater=rater, key=key)

    assert Assignment.objects.answered().count() == 1
    assert Judgement.objects.live().count() == 3


def test_there_is_nothing_to_undo_before_the_first_answer(bob):
    study = make.study(rater=bob)

    with pytest.raises(NothingToUndo):
        retract(study=study, rater=rater_of(user=bob), key=uuid.uuid4())


def test_an_undone_comparison_comes_back_first(bob):
    study = make.study(rater=bob)
    make.judgement(study, bob)
    later = make.assignment(study, bob)
    rater = rater_of(user=bob)
    undone = retract(study=study, rater=rater, key=uuid.uuid4())

    resumed = resume(study=study, rater=rater)

    assert resumed == undone != later


def test_no_comparison_goes_to_more_raters_than_its_overlap():
    study = make.study(works=2, overlap=2)
    people = [make.user(f"Rater {number}") for number in range(3)]
    raters = [make.make_rater(study, person) for person in people]

    given = [hand_out(study=study, rater=rater) for rater in raters]

    assert [one is not None for one in given] == [True, True, False]


def test_sides_turn_from_rater_to_rater():
    study = make.study(works=2, overlap=2)
    people = [make.user(f"Rater {number}") for number in range(2)]

    orders = [hand_out(study=study, rater=make.make_rater(study, person)).shown_order for person in people]

    assert sorted(orders) == [[0, 1], [1, 0]]


@pytest.mark.parametrize("seed", range(20))
def test_each_work_comes_first_equally_often(seed):
    pairs = list(itertools.combinations(range(6), 2))

    drawn = turns(pairs, random.Random(seed))

    first = Counter(pair[turn] for pair, turn in zip(pairs, drawn, strict=True))
    assert set(first.values()) == {2, 3}


def test_a_lease_that_ran_out_gives_its_place_to_somebody_else(alice, bob):
    study = make.study(works=2, overlap=1, rater=bob)
    other = make.make_rater(study, alice)
    lapse(make.assignment(study, bob))

    given = hand_out(study=study, rater=other)

    assert given is not None
    assert Comparison.objects.get(study=study).places_taken == 1


def test_a_late_answer_counts_while_its_place_is_free_and_is_flagged(bob):
    study = make.study(works=2, overlap=1, rater=bob)
    assignment = make.assignment(study, bob)
    lapse(assignment)
    sweep(study=study)
    assignment.refresh_from_db()

    submission = submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=make.answers(assignment))

    assert (submission.late, submission.extra) == (True, False)
    assert Comparison.objects.get(study=study).places_taken == 1


def test_a_late_answer_whose_place_is_gone_is_kept_as_extra(alice, bob):
    study = make.study(works=2, overlap=1, rater=bob)
    other = make.make_rater(study, alice)
    assignment = make.assignment(study, bob)
    lapse(assignment)
    hand_out(study=study, rater=other)
    assignment.refresh_from_db()

    submission = submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=make.answers(assignment))

    assert (submission.late, submission.extra) == (True, True)
    assert Judgement.objects.live().count() == 3
    assert Comparison.objects.get(study=study).places_taken == 1


def test_what_lapsed_comes_back_to_the_rater_when_nothing_else_is_left(bob):
    study = make.study(works=2, overlap=1, rater=bob)
    assignment = make.assignment(study, bob)
    lapse(assignment)
    sweep(study=study)

    resumed = resume(study=study, rater=rater_of(user=bob))

    assert resumed == assignment
    assert resumed.holds_place


def test_a_closed_study_hands_out_nothing_but_keeps_what_comes_in(alice, bob):
    study = make.study(lead=alice, rater=bob)
    assignment = make.assignment(study, bob)
    close_study(study=study, by=alice)

    submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=make.answers(assignment))

    study.refresh_from_db()
    assert hand_out(study=study, rater=rater_of(user=bob)) is None
    assert Judgement.objects.live().count() == 3


def test_a_work_whose_clearance_ends_leaves_the_queue_at_once(bob):
    study = make.study(works=2, rater=bob)
    Clearance.objects.filter(work__external_id="p1-1").update(valid_until=now())

    given = hand_out(study=study, rater=rater_of(user=bob))

    assert given is None
