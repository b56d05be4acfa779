"""Marks: taken when they lie exactly on the work, refused in a sentence when they do not, and brought back as they were."""

import json
import uuid

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from feedback.judging.actions import AlreadyAnswered, retract, submit
from feedback.judging.marks import MOST_MARKS, extents_of, former_marks, on_screen, read_marks
from feedback.judging.models import Assignment, Mark
from feedback.judging.places import Extent, Misplaced, read_place
from feedback.people.actions import rater_of
from feedback.studies.models import Study
from feedback.works.texts import shown
from tests import make
from tests.judging.answering import become, faults, form, mark, said, send, texts

SPOT = {"mesh": 0, "primitive": 0, "face": 3, "barycentric": [0.25, 0.25, 0.5], "position": [0.1, 0.2, 0.3]}
PLACED = [
    ("image", "point", {"x": 639.5, "y": 0}),
    ("image", "box", {"x": 600, "y": 400, "width": 40, "height": 80}),
    ("motion", "brush", {"size": 12, "strokes": [[[0, 0], [640, 480]], [[5.5, 5.5]]]}),
    ("video", "point", {"x": 1, "y": 2, "frame": 50, "time": 2.02}),
    ("video", "box", {"x": 1, "y": 2, "width": 3, "height": 4, "frame": 99, "time": 4.0}),
    ("video", "moment", {"time": 2.0, "frame": 50}),
    ("video", "span", {"start": 1.0, "end": 2.0, "first": 25, "last": 49}),
    ("audio", "moment", {"time": 5.999}),
    ("audio", "span", {"start": 0, "end": 6.0}),
    ("model", "spot", SPOT),
    ("text", "words", {"start": 4, "end": 8, "quote": "text"}),
]
MISPLACED = [
    ("image", "point", {"x": 641, "y": 0}, "its x is 641, expected 0 to 640"),
    ("image", "point", {"x": -1, "y": 0}, "expected 0 to 640"),
    ("image", "point", {"x": True, "y": 0}, "its x is no number"),
    ("image", "point", {"x": 1}, "its place lacks y"),
    ("image", "point", {"x": 1, "y": 1, "z": 1}, "unknown key “z”"),
    ("image", "point", None, "its place is missing"),
    ("image", "box", {"x": 600, "y": 0, "width": 41, "height": 1}, "its width is 41, expected 1 to 40"),
    ("image", "box", {"x": 1.5, "y": 0, "width": 4, "height": 1}, "its x is no whole number"),
    ("image", "brush", {"size": 0, "strokes": [[[1, 1]]]}, "no size"),
    ("image", "brush", {"size": 1, "strokes": [[]]}, "no points"),
    ("image", "brush", {"size": 1, "strokes": [[[1, 1]] * 5_001]}, "more than 5,000; draw fewer"),
    ("image", "brush", {"size": 1, "strokes": [[[1, 481]]]}, "its y of a stroke is 481"),
    ("image", "words", {"start": 0, "end": 1, "quote": "T"}, "words cannot lie on an image"),
    ("image", "moment", {"time": 1}, "a moment cannot lie on an image, which takes point, box, brush"),
    ("video", "point", {"x": 1, "y": 2}, "its place lacks frame"),
    ("video", "moment", {"time": 2.0, "frame": 60}, "its frame 60 is not what the film shows at 2 s"),
    ("video", "moment", {"time": 4.0, "frame": 100}, "its frame is 100, expected 0 to 99"),
    ("video", "moment", {"time": 5.0, "frame": 99}, "its time is 5, expected 0 to 4.25"),
    ("video", "span", {"start": 2, "end": 1, "first": 50, "last": 25}, "before it begins"),
    ("audio", "span", {"start": 2, "end": 2}, "before it begins"),
    ("audio", "span", {"start": 1, "end": 7}, "its end is 7, expected 0 to 6.25"),
    ("audio", "moment", {"time": 1, "frame": 3}, "unknown key “frame”"),
    ("model", "spot", SPOT | {"face": 12}, "its face is 12, expected 0 to 11"),
    ("model", "spot", SPOT | {"barycentric": [0.5, 0.5, 0.5]}, "add up to 1.5, expected 1"),
    ("model", "spot", SPOT | {"position": [1, 2]}, "not three numbers"),
    ("text", "words", {"start": 4, "end": 8, "quote": "test"}, "read “text” and not “test”, which is nowhere"),
    ("text", "words", {"start": 3, "end": 7, "quote": "text"}, "which begins at 4"),
    ("text", "words", {"start": 4, "end": 99, "quote": "text"}, "which begins at 4"),
    ("text", "words", {"start": 17, "end": 99, "quote": ""}, "its end is 99, expected 1 to 17"),
    ("text", "words", {"start": -1, "end": 8, "quote": "text"}, "its start is -1"),
    ("text", "words", {"start": 4, "end": 4, "quote": ""}, "its start is 4, expected 0 to 3"),
]
SENTENCES = [
    ({"position": 2}, "Mark 1 lies on no work"),
    ({"position": True}, "Mark 1 lies on no work"),
    ({"kind": "smell"}, "a smell cannot lie on an image"),
    ({"criterion": "smell"}, "it names no criterion of this study"),
    ({"tag": "smelly"}, "its tag “smelly” is not one of this study's: focus, crop"),
    ({"sign": 0}, "neither for the work (1) nor against it (-1)"),
    ({"sign": True}, "neither for the work"),
    ({"note": 3}, "not all texts"),
    ({"note": "x" * 1001}, "1,001 characters"),
    ({"claim": "smells()"}, "there is no claim smells here"),
    ({"surprise": 1}, "Mark 1 could not be read"),
]
POSTED = [
    ("{", "it is not JSON"),
    ("{}", "they are no list"),
    ("[NaN]", "NaN is no number"),
    ("[1e999]", "a number beyond 2^53"),
    ("[" + "9" * 400 + "]", "a number beyond 2^53"),
    ("[" * 9_000, "could not be read"),
    ('[{"note": "\\u0000"}]', "it holds a NUL"),
    ('[{"note": "\\ud83d"}]', "half a character"),
    ('["point"]', "Mark 1 could not be read"),
]


def in_hand(medium: str, person, **fields) -> Assignment:
    study = make.study(works=2, rater=person, **fields)
    if medium != "text":
        become(study, medium)
    return make.assignment(study, person)


@pytest.mark.django_db
@pytest.mark.parametrize(("medium", "kind", "place"), PLACED)
def test_a_place_in_the_work_is_stored_as_it_was_given(bob, medium, kind, place):
    assignment = in_hand(medium, bob)

    submission = send(assignment, marks=[mark(position=1, kind=kind, place=place)])

    stored = Mark.objects.get()
    assert (stored.submission, stored.kind, stored.place) == (submission, kind, place)
    assert stored.entry == assignment.shown_order[1]


@pytest.mark.django_db
@pytest.mark.parametrize(("medium", "kind", "place", "why"), MISPLACED)
def test_a_place_beyond_the_work_is_refused_in_a_sentence(bob, medium, kind, place, why):
    assignment = in_hand(medium, bob)

    told = faults(assignment, marks=[mark(position=1, kind=kind, place=place)])

    assert told.startswith("Mark 1 on B: ")
    assert why in told
    assert told.endswith("Remove it or place it again.")


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "why"), SENTENCES)
def test_what_a_mark_says_is_checked_word_by_word(bob, field, why):
    assert why in faults(in_hand("image", bob), marks=[mark(**field)])


@pytest.mark.django_db
@pytest.mark.parametrize(("posted", "why"), POSTED)
def test_hostile_marks_are_refused_with_a_reason(bob, posted, why):
    assert why in faults(in_hand("image", bob), marks=posted)


@pytest.mark.django_db
def test_there_are_at_most_fifty_marks(bob):
    assignment = in_hand("image", bob)

    assert "keep the 50 that matter most" in faults(assignment, marks=[mark()] * (MOST_MARKS + 1))
    assert form(assignment, marks=[mark()] * MOST_MARKS).is_valid()


@pytest.mark.django_db
def test_a_study_with_tags_of_its_own_takes_no_others(bob):
    assignment = in_hand("image", bob, tags=("weight of line", "hands"))

    assert form(assignment, marks=[mark(tag="hands")]).is_valid()
    assert "weight of line, hands" in faults(assignment, marks=[mark(tag="shadow")])


@pytest.mark.django_db
def test_a_study_without_marks_takes_none_and_says_so(bob):
    assignment = in_hand("image", bob, marks="off")

    assert "This study takes no marks" in faults(assignment, marks=[mark()])
    assert form(assignment, marks=[]).is_valid()


@pytest.mark.django_db
def test_a_strong_preference_needs_a_mark_where_the_study_says_so(bob):
    assignment = in_hand("image", bob, marks="strong", scale="strength", criteria=("lighting", "style"))

    told = faults(assignment, step=2, marks=[mark(criterion="lighting")])

    assert "Style: a strong preference needs a mark that shows why" in told
    assert "Lighting:" not in told
    assert form(assignment, step=3).is_valid()
    assert form(assignment, step=2, marks=[mark()]).is_valid()
    both = [mark(criterion="lighting"), mark(criterion="style")]
    assert form(assignment, step=6, marks=both, kept="1").is_valid()


@pytest.mark.django_db
def test_the_same_submission_again_stores_its_marks_once_and_other_marks_are_refused(bob):
    assignment = in_hand("image", bob)
    values = said(assignment, marks=[mark(tag="shadow", note=" by the door\r\n")])
    key = uuid.UUID(values["key"])

    def again(**changed):
        read = form(assignment, **({"marks": values["marks"]} | changed))
        assert read.is_valid()
        return submit(assignment=assignment, key=key, replaces=0, answers=read.answers())

    assert again() == again()
    assert Mark.objects.get().note == "by the door"
    with pytest.raises(AlreadyAnswered):
        again(marks=[mark(tag="focus")])


@pytest.mark.django_db
def test_undo_brings_the_marks_back_to_the_sides_they_were_placed_on(bob):
    assignment = in_hand("image", bob)
    placed = [
        mark(position=1, criterion="lighting", tag="shadow", sign=-1, note="Too hard.", claim="shadow_falls(left)"),
        mark(position=0, kind="box", place={"x": 1, "y": 2, "width": 3, "height": 4}),
    ]
    submission = send(assignment, marks=placed, kept="1")
    undone = retract(study=assignment.study, rater=rater_of(user=bob), key=uuid.uuid4())

    assert on_screen(undone, former_marks(submission), extents_of(undone.comparison_id)) == placed


@pytest.mark.django_db
def test_the_original_is_the_measure_and_not_what_is_shown(bob):
    assignment = in_hand("image", bob)

    extents = extents_of(assignment.comparison_id)

    assert [(one.width, one.height) for one in extents.values()] == [(640, 480), (640, 480)]


TEXTS = st.text(
    st.one_of(
        st.sampled_from("\r\n \u0301\u200d🎻👩🏽‍🎨𝄞é"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    min_size=1,
    max_size=60,
)


@given(text=TEXTS, data=st.data(), order=st.permutations([0, 1, 2]))
def test_words_go_from_the_screen_to_the_entry_and_back_to_the_code_point(text, data, order):
    """Offsets on the screen count what is shown; stored are those of the original, with all that no eye can see."""
    seen = shown(text)
    assume(seen.text)
    end = data.draw(st.integers(1, len(seen.text)))
    start = data.draw(st.integers(0, end - 1))
    position = data.draw(st.integers(0, 2))
    assignment = Assignment(study=Study(tags=[]), shown_order=order)
    extents = {entry: Extent("text", text) for entry in order}
    quote = seen.text[start:end]
    posted = mark(position=position, kind="words", place={"start": start, "end": end, "quote": quote})

    (read,) = read_marks(json.dumps([posted]), assignment, [], extents)

    assert read.entry == order[position]
    first, last = seen.to_original(start, end)
    assert read.place == {"start": first, "end": last, "quote": text[first:last]}
    (back,) = on_screen(assignment, [read], extents)
    assert back == posted


SIDES = st.tuples(st.integers(1, 10_000), st.integers(-5, 10_005), st.integers(-1, 10_005))


@given(across=SIDES, down=SIDES)
def test_a_box_is_taken_if_and_only_if_all_of_its_pixels_are_there(across, down):
    extent = Extent("image", width=across[0], height=down[0])
    box = {"x": across[1], "y": down[1], "width": across[2], "height": down[2]}
    inside = all(start >= 0 and length >= 1 and start + length <= side for side, start, length in (across, down))

    try:
        read_place("box", box, extent)
    except Misplaced:
        assert not inside
    else:
        assert inside


@given(
    frame=st.integers(0, 2_999),
    rate=st.sampled_from(["25/1", "30000/1001", "24000/1001", "60/1"]),
    share=st.floats(0, 1),
)
def test_any_moment_of_a_frame_is_that_frame_at_any_rate(frame, rate, share):
    over, under = map(int, rate.split("/"))
    extent = Extent("video", facts={"duration": 3_000 * under / over, "frames": 3_000, "rate": rate})
    place = {"time": (frame + share) * under / over, "frame": frame}

    assert read_place("moment", place, extent) == place


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Zwei\r\nZeilen 🎻 da", "e\u0301te\u0301 \U0001d11e\r\rs"])
def test_a_word_after_line_ends_and_wide_characters_survives_the_database(bob, text):
    study = texts(make.study(works=2, rater=bob), text, text)
    place = {"start": len(text) - 2, "end": len(text), "quote": text[-2:]}

    submission = send(make.assignment(study, bob), marks=[mark(kind="words", place=place)])

    (found,) = former_marks(submission)
    assert found.place == place
