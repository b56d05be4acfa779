"""What was seen and heard: kept by entry, refused where it cannot be true, demanded where the study says so."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from feedback.judging.exposure import merged
from feedback.judging.models import Assignment
from tests import make
from tests.judging.answering import become, faults, form, said, send

WHOLE = {
    "video": {"dwell_ms": 9_000, "played": [[0, 4]], "rate": 1},
    "audio": {"dwell_ms": 9_000, "played": [[0, 2], [2, 5.9]], "rate": 1},
    "text": {"dwell_ms": 9_000, "scrolled": 0.98},
    "model": {"dwell_ms": 9_000, "turned": 270, "path": [[0, 0, 0, 3], [1, 270, 10, 3]]},
    "image": {"dwell_ms": 9_000, "zoom": 1},
}
PART = {
    "video": ({"played": [[0, 3.7]], "rate": 1}, "Play B to its end: 92% of it was played."),
    "audio": ({"played": [[0, 1], [4, 6.2]], "rate": 1}, "Play B to its end: 50% of it was played."),
    "text": ({"scrolled": 0.9}, "Scroll B to its end: 90% of it was shown."),
    "model": ({"turned": 100}, "Turn B round: 100 of 270 degrees were seen."),
}
UNTRUE = [
    ({"played": [[0, 4.3]], "rate": 1}, "expected 0 to 4.25"),
    ({"played": [[-1, 2]], "rate": 1}, "expected 0 to 4.25"),
    ({"played": [[3, 2]], "rate": 1}, "before it begins"),
    ({"played": [[0, 1, 2]], "rate": 1}, "no pair"),
    ({"played": 3, "rate": 1}, "no list"),
    ({"played": [[0, 1]] * 501, "rate": 1}, "no list of at most 500"),
    ({"played": [[0, 1]], "rate": 16}, "its fastest speed is 16, expected 0.01 to 4"),
    ({"played": [["0", 1]], "rate": 1}, "no number"),
    ({"dwell_ms": -1}, "its dwell in ms is -1"),
    ({"dwell_ms": 60_000}, "expected 0 to"),
    ({"zoom": 2_000}, "its zoom"),
    ({"scrolled": 1.5}, "its share scrolled"),
    ({"turned": 361}, "its turn in degrees"),
    ({"path": [[1, 2, 3]]}, "its camera path"),
    ({"path": [[0, 0, 0, 0]] * 61}, "at most 60"),
    ("much", "no list of what was seen"),
]

pytestmark = pytest.mark.django_db


def in_hand(medium: str, person, *, seconds: float = 20, **fields) -> Assignment:
    """Handed out that long ago."""
    study = make.study(works=2, rater=person, **fields)
    if medium != "text":
        become(study, medium)
    assignment = make.assignment(study, person)
    assignment.handed_out_at = now() - timedelta(seconds=seconds)
    assignment.save()
    return assignment


@pytest.mark.parametrize("medium", WHOLE)
def test_what_was_seen_is_kept_by_entry(bob, medium):
    assignment = in_hand(medium, bob)

    submission = send(assignment, seen=[WHOLE[medium], {}])

    kept = submission.seen[assignment.shown_order[0]]
    assert kept["dwell_ms"] == 9_000
    assert kept.get("played", [[0, 4]]) in ([[0, 4]], [[0, 5.9]])
    assert submission.seen[assignment.shown_order[1]] == {}


def test_an_answer_without_a_word_of_what_was_seen_is_taken_where_nothing_is_asked(bob):
    assert send(in_hand("video", bob)).seen == []


@pytest.mark.parametrize(("seen", "why"), UNTRUE)
def test_what_cannot_have_been_seen_is_refused(bob, seen, why):
    told = faults(in_hand("video", bob), seen=[{}, seen])

    assert told.startswith("What was seen of B cannot be: ")
    assert why in told


@pytest.mark.parametrize("posted", ["[NaN]", "[{}]", "[{}, {}, {}]", "3", "[{}, "])
def test_what_was_seen_must_be_told_of_each_work(bob, posted):
    assert "Reload the page." in faults(in_hand("video", bob), seen=posted)


def test_nobody_hears_more_than_there_was_time_for(bob):
    assignment = in_hand("audio", bob, seconds=2)
    whole = {"played": [[0, 6]], "rate": 1}

    told = faults(assignment, seen=[whole, whole])

    assert "What was seen of A cannot be: 6.0 s were played at up to 1 × in the 2.0 s" in told
    assert form(assignment, seen=[whole | {"rate": 2}] * 2).is_valid()


def test_stillness_cannot_be_claimed_for_longer_than_the_work_was_there(bob):
    assert "its dwell in ms is 5000" in faults(in_hand("image", bob, seconds=1), seen=[{"dwell_ms": 5_000}, {}])


def test_pictures_and_texts_do_not_play(bob):
    assert "it does not play" in faults(in_hand("text", bob), seen=[{"played": [[0, 1]]}, {}])


@pytest.mark.parametrize("medium", PART)
def test_a_study_may_demand_that_all_was_seen_and_is_told_what_is_missing(bob, medium):
    assignment = in_hand(medium, bob, exposure="whole")
    part, missing = PART[medium]

    assert faults(assignment, seen=[WHOLE[medium], part]) == missing
    assert "A" in faults(assignment)
    assert form(assignment, seen=[WHOLE[medium]] * 2).is_valid()


def test_a_picture_is_seen_when_it_is_there(bob):
    assert form(in_hand("image", bob, exposure="whole")).is_valid()


def test_who_cannot_judge_need_not_see_it_all(bob):
    assignment = in_hand("video", bob, exposure="whole")

    assert form(assignment, step=0).is_valid()
    assert "Play A" in faults(assignment, step=0, **{"answer.lighting": "1"})


def test_the_page_says_what_is_missing_with_422(client, bob):
    assignment = in_hand("text", bob, exposure="whole")
    client.force_login(bob)

    refused = client.post(reverse("answer", args=[assignment.public_id]), said(assignment, seen=[WHOLE["text"], {}]))

    assert refused.status_code == 422
    assert "Scroll B to its end: 0% of it was shown." in refused.content.decode()


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: tuple(sorted(pair))), max_size=12))
def test_merged_intervals_hold_the_same_time_in_order_and_apart(intervals):
    inside = {second for start, end in intervals for second in range(start, end)}

    joined = merged(intervals)

    assert {second for start, end in joined for second in range(start, end)} == inside
    assert all(one[1] < other[0] for one, other in pairwise(joined))
