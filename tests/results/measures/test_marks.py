"""Agreement on places: pictures, stretches of time and words, in one pass over the marks of a study."""

import uuid

import pytest

from feedback.judging.actions import Answer, Answers, submit
from feedback.judging.marks import Said
from feedback.people.actions import rater_of
from feedback.results.audit.actions.excluding import exclude
from feedback.results.measures import marks
from tests import make


def box(x, y, width=10, height=10):
    return {"x": x, "y": y, "width": width, "height": height}


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ([box(0, 0)], [box(0, 0)], 1),
        ([box(0, 0)], [box(20, 0)], 0),
        ([box(0, 0)], [box(5, 0)], 1 / 3),
        ([box(0, 0), box(20, 0)], [box(0, 0)], 1 / 2),
        ([box(0, 0), box(0, 0)], [box(0, 0)], 1),
        ([{"size": 10, "strokes": [[[5, 5], [45, 5]]]}], [{"size": 10, "strokes": [[[5, 5], [45, 5]]]}], 1),
        ([{"size": 10, "strokes": [[[0, 0]]]}], [{"size": 20, "strokes": [[[0, 0]]]}], 1 / 4),
        ([{"size": 10, "strokes": [[[5, 5], [45, 5]]]}], [box(0, 0, 50)], (400 + 25 * 3.1416) / 500),
    ],
)
def test_pictures_are_compared_by_the_area_both_mean(one, other, overlap):
    assert marks._iou(one, other) == pytest.approx(overlap, abs=0.03)
    assert marks._iou(other, one) == pytest.approx(marks._iou(one, other))


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ([{"start": 0, "end": 4}], [{"start": 2, "end": 6}], 1 / 3),
        ([{"start": 0, "end": 4}, {"start": 3, "end": 6}], [{"start": 0, "end": 6}], 1),
        ([{"time": 2.0}], [{"time": 2.5}], 1 / 3),
        ([{"time": 2.0}], [{"time": 9.0}], 0),
    ],
)
def test_times_are_compared_by_the_stretch_both_mean(one, other, overlap):
    assert marks._temporal_iou(one, other) == pytest.approx(overlap)


def test_words_are_compared_by_the_characters_both_mean():
    assert marks._token_f1([{"start": 0, "end": 10}], [{"start": 5, "end": 15}]) == pytest.approx(0.5)
    assert marks._token_f1([{"start": 0, "end": 10}], [{"start": 0, "end": 30}]) == pytest.approx(0.5)


def point_at(study, person, start, end, **fields):
    """The person judges the next comparison, pointing at words of its first entry."""
    assignment = make.assignment(study, person)
    said = Said("lighting", 0, "words", {"start": start, "end": end, "quote": ""}, **fields)
    answers = Answers(each=[Answer(criterion=one, ranks=[1, 2]) for one in study.criteria.all()], marks=[said])
    return submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=answers)


def panel_of(number, **fields):
    raters = [make.user(f"Rater {one}") for one in range(number)]
    study = make.study(works=2, overlap=number, **fields)
    for one in raters:
        make.make_rater(study, one)
    return study, raters


@pytest.mark.django_db
def test_what_raters_point_at_is_compared_with_each_other(django_assert_num_queries):
    study, (one, other, third) = panel_of(3)
    point_at(study, one, 0, 10)
    point_at(study, other, 5, 15)
    point_at(study, third, 0, 10)

    with django_assert_num_queries(1):
        found = marks.measure(study)

    assert set(found) == {"lighting"}
    told = found["lighting"].told()
    assert told["token_f1"]["value"] == pytest.approx((0.5 + 0.5 + 1) / 3)
    assert told["token_f1"]["n"] == 1
    assert told["iou"]["value"] is None
    assert told["iou"]["why"]


@pytest.mark.django_db
def test_for_and_against_are_not_compared():
    study, (one, other) = panel_of(2)
    point_at(study, one, 0, 10)
    point_at(study, other, 0, 10, sign=-1)

    assert marks.measure(study) == {}


@pytest.mark.django_db
def test_who_is_kept_out_of_the_scores_is_kept_out_here():
    lead = make.user("Alice")
    study, (one, other) = panel_of(2, lead=lead)
    point_at(study, one, 0, 10)
    point_at(study, other, 0, 10)
    assert marks.measure(study)["lighting"].words.value == 1

    exclude(study=study, rater=rater_of(user=other), reason="Clicks at random.", by=lead)

    assert marks.measure(study) == {}


@pytest.mark.django_db
def test_one_rater_alone_agrees_with_nobody():
    study, (one, _) = panel_of(2)
    point_at(study, one, 0, 10)

    assert marks.measure(study) == {}
