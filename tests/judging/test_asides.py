"""Beside the answer: drafts, flags, the device."""

import json

import pytest

from feedback.judging.actions import NotKept, draft_of, flag, record_device, save_draft
from feedback.judging.actions.asides import LONGEST_DRAFT
from feedback.judging.models import Draft, Flag
from feedback.people.actions import rater_of
from feedback.people.models import DeviceCheck
from tests import make
from tests.judging.answering import send

pytestmark = pytest.mark.django_db


def test_a_draft_is_there_until_the_answer(bob):
    assignment = make.assignment(make.study(works=2, rater=bob), bob)
    assert draft_of(assignment) is None

    assert save_draft(assignment=assignment, said='{"answer.lighting": "3"}')
    assert save_draft(assignment=assignment, said='{"answer.lighting": "1", "rationale": "🎻"}')
    assert draft_of(assignment) == {"answer.lighting": "1", "rationale": "🎻"}

    send(assignment)
    assert not Draft.objects.exists()
    assert not save_draft(assignment=assignment, said="{}")
    assert not Draft.objects.exists()


@pytest.mark.parametrize("said", ["", "[]", "{", '{"a": "\\u0000"}', json.dumps({"a": "x" * LONGEST_DRAFT})])
def test_a_draft_that_no_form_wrote_is_not_kept(bob, said):
    assignment = make.assignment(make.study(works=2, rater=bob), bob)

    with pytest.raises(NotKept, match="The draft"):
        save_draft(assignment=assignment, said=said)


def test_a_flag_is_raised_once_for_a_reason_and_keeps_the_newest_words(bob):
    assignment = make.assignment(make.study(works=2, rater=bob), bob)

    first = flag(assignment=assignment, reason="recognised", note="I know the hand.")
    again = flag(assignment=assignment, reason="recognised")
    other = flag(assignment=assignment, reason="broken", note="B is black.")

    assert first == again != other
    assert list(Flag.objects.order_by("pk").values_list("note", flat=True)) == ["I know the hand.", "B is black."]
    assert flag(assignment=assignment, reason="broken", note="Both are black.").note == "Both are black."


@pytest.mark.parametrize(("reason", "note"), [("bored", ""), ("other", "x" * 2_001), ("other", "nul \0")])
def test_a_flag_needs_a_reason_that_is_known_and_words_that_fit(bob, reason, note):
    assignment = make.assignment(make.study(works=2, rater=bob), bob)

    with pytest.raises(NotKept):
        flag(assignment=assignment, reason=reason, note=note)


def test_a_judgement_names_the_newest_check_of_its_own_raters_device(alice, bob):
    study = make.study(works=3, rater=bob)
    rater = rater_of(user=bob)
    bare = send(make.assignment(study, bob))
    record_device(rater=rater, found='{"width": 1440}')
    newest = record_device(rater=rater, found='{"width": 2560}')
    record_device(rater=rater_of(user=alice), found='{"width": 390}')

    checked = send(make.assignment(study, bob))

    assert bare.device is None
    assert checked.device == newest == record_device(rater=rater, found='{"width": 2560}')
    assert DeviceCheck.objects.filter(rater=rater).count() == 2
