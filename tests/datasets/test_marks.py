"""Marks leave with the judgements they explain, and come in again as they were."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils.timezone import now

from feedback.datasets.actions import write_release
from feedback.intake.actions import store_study
from feedback.intake.reading import read_study
from feedback.judging.actions import retract
from feedback.judging.models import Entry, Mark
from feedback.people.actions import rater_of
from feedback.works.models import Clearance
from tests import make
from tests.datasets.panel import files, freeze, rows
from tests.datasets.telling import share_words, told, values
from tests.judging.answering import become, mark, send, texts

pytestmark = pytest.mark.django_db
WORDS = {"start": 4, "end": 8, "quote": "text"}
PLACES = {
    "video": [
        ("box", {"x": 1, "y": 2, "width": 3, "height": 4, "frame": 25, "time": 1.0}),
        ("span", {"start": 0.1, "end": 2.3, "first": 2, "last": 57}),
        ("brush", {"size": 4.5, "strokes": [[[1, 1], [2.25, 3.125]]], "frame": 0, "time": 0.0}),
    ],
    "audio": [("moment", {"time": 1 / 3}), ("span", {"start": 0.1 + 0.2, "end": 6})],
    "model": [
        ("spot", {"mesh": 0, "primitive": 0, "face": 11, "barycentric": [0.1, 0.2, 0.7], "position": [1e-7, -2.5, 3]})
    ],
}


def judged(person, *marks, **fields):
    """The person has judged two texts on two criteria with these marks."""
    study = make.study(works=2, rater=person, criteria=("lighting", "style"), **fields)
    return study, send(make.assignment(study, person), marks=list(marks), kept="1")


def test_a_row_has_the_marks_of_its_criterion_and_of_the_whole(bob, tmp_path):
    on_style = mark(
        criterion="style", position=1, kind="words", place=WORDS, tag="rhythm", sign=-1, claim="count(is, 1)"
    )
    on_all = mark(kind="words", place=WORDS)
    study, submission = judged(bob, on_style, on_all)

    found = {row["criterion"]: row for row in rows(study, tmp_path / "out", view="judgements")}

    works = [work["work"] for work in found["style"]["works"]]
    whole = {"work": works[0], "criterion": None, "kind": "words", "place": WORDS, "tag": None, "sign": 1}
    whole |= {"note": None, "claim": None}
    assert found["lighting"]["marks"] == [whole]
    told = {"work": works[1], "criterion": "style", "tag": "rhythm", "sign": -1, "claim": "count(is, 1)"}
    assert found["style"]["marks"] == [whole | told, whole]
    assert submission.marks.count() == 2


def left(out):
    """The rows of the view marks of a release."""
    return [json.loads(line) for file in sorted(out.glob("data/marks/*")) for line in file.read_text().splitlines()]


def test_each_mark_stands_once_in_a_view_of_its_own_under_the_raters_pseudonym(alice, bob, tmp_path):
    study, _ = judged(bob, mark(kind="words", place=WORDS), mark(kind="words", place=WORDS, sign=-1))
    make.make_rater(study, alice)
    send(make.assignment(study, alice), marks=[mark(kind="words", place=WORDS, criterion="style")])

    found = rows(study, tmp_path / "out", views=["judgements", "marks"])

    marks = left(tmp_path / "out")
    assert len(marks) == len({row["mark_id"] for row in marks}) == 3
    assert {row["rater"] for row in marks} == {row["rater"] for row in found}
    assert not any(rater_of(user=bob).public_id.hex.encode() in content for content in files(tmp_path / "out").values())


def test_a_release_of_one_criterion_has_its_marks_and_those_of_the_whole(bob, tmp_path):
    study, _ = judged(bob, *(mark(kind="words", place=WORDS, criterion=one) for one in ("lighting", "style", "")))

    rows(study, tmp_path / "out", view="marks", criterion="style")

    assert sorted(row.get("criterion") or "" for row in left(tmp_path / "out")) == ["", "style"]


def test_marks_on_a_work_that_may_not_leave_stay(bob):
    study, _ = judged(bob, mark(kind="words", place=WORDS))
    Clearance.objects.filter(work__external_id="p1-2").update(may_export=False)

    rows, dropped, _ = told(study, "marks")

    assert rows == []
    assert [one.reason for one in dropped] == ["one of the works is not cleared"]


def test_the_raters_words_on_marks_leave_only_with_their_rationales(bob, tmp_path):
    study, _ = judged(bob, mark(kind="words", place=WORDS, note="A secret remark."))
    both = ["judgements", "marks"]

    rows(study, tmp_path / "silent", views=both)
    rows(study, tmp_path / "refused", views=both, rationales=True)
    share_words(rater_of(user=bob))
    spoken = rows(study, tmp_path / "spoken", views=both, rationales=True)

    for folder in ("silent", "refused"):
        assert not any(b"secret" in content for content in files(tmp_path / folder).values())
    assert spoken[0]["marks"][0]["note"] == "A secret remark."
    assert left(tmp_path / "spoken")[0]["note"] == "A secret remark."


def test_marks_that_were_taken_back_do_not_leave(alice, bob):
    study, _ = judged(bob, mark(kind="words", place=WORDS))
    make.make_rater(study, alice)
    send(make.assignment(study, alice))
    retract(study=study, rater=rater_of(user=bob), key=uuid.uuid4())

    found = values(study, "judgements")

    assert [row["marks"] for row in found] == [None, None]
    assert values(study, "marks") == []


def test_another_mark_makes_another_release_and_the_same_marks_the_same(bob):
    study, _ = judged(bob, mark(kind="words", place=WORDS))

    first, again = (freeze(study, view="judgements") for _ in range(2))
    Mark.objects.update(sign=-1)
    other = freeze(study, view="judgements")

    assert first == again != other


@pytest.mark.parametrize("medium", PLACES)
def test_places_leave_to_the_last_digit(bob, tmp_path, medium):
    study = become(make.study(works=2, rater=bob, criteria=("lighting",)), medium)
    assignment = make.assignment(study, bob)
    assignment.handed_out_at = now() - timedelta(minutes=1)
    given = [mark(kind=kind, place=place) for kind, place in PLACES[medium]]
    send(assignment, marks=given)

    rows(study, tmp_path / "out", view="marks")

    assert [(row["kind"], row["place"]) for row in left(tmp_path / "out")] == PLACES[medium]


def test_what_left_comes_in_again_as_equal_marks(alice, bob, tmp_path):
    """The release's own rows make a study folder: those of the view marks are lines of marks.jsonl but for their id."""
    study = make.study(works=2, rater=bob, criteria=("lighting", "style"))
    texts(study, "🎻 Zwei\nZeilen e\u0301 da", "Ein\u2028anderer 👩🏽‍🎨 Text")
    make.make_rater(study, alice)
    for person, sign in ((bob, 1), (alice, -1)):
        assignment = make.assignment(study, person)
        shown = [
            Entry.objects.get(comparison=assignment.comparison, index=index).work for index in assignment.shown_order
        ]
        placed = []
        for position, work in enumerate(shown):
            text = work.assets.get(role="shown").text
            place = {"start": 1, "end": len(text) - 1, "quote": text[1:-1]}
            said = {"kind": "words", "place": place, "tag": "rhythm", "note": "Über\nalles 🎻", "claim": "beat(climax)"}
            placed.append(mark(position=position, sign=sign, criterion="style" if position else "", **said))
        send(assignment, marks=placed, kept="1")
    for person in (alice, bob):
        share_words(rater_of(user=person))
    write_release(freeze(study, views=["judgements", "marks"], rationales=True), tmp_path / "out")

    again = store_study(plan=read_study(_folder_of(tmp_path / "out"), scratch=tmp_path / "scratch")).study

    assert _told(again) == _told(study)


def _told(study):
    """Every mark with its work, whatever its rater is called."""
    marks = Mark.objects.filter(submission__study=study).select_related("criterion", "submission__assignment")
    told = []
    for one in marks:
        work = Entry.objects.get(comparison=one.submission.assignment.comparison_id, index=one.entry).work.external_id
        slug = one.criterion.slug if one.criterion else ""
        told.append((work, slug, one.kind, json.dumps(one.place), one.tag, one.sign, one.note, one.claim))
    return sorted(told)


def _folder_of(out):
    """A study folder made of a release of judgements and marks."""
    found = [json.loads(line) for file in out.glob("data/judgements/*") for line in file.read_text().splitlines()]
    works = {work["work"]: row | work for row in found for work in row["works"]}
    names = ("rater", "criterion", "ranks", "judged_at")
    judgements = [
        {"prompt": row["prompt_id"], "works": [work["work"] for work in row["works"]]}
        | {name: row[name] for name in names}
        for row in found
    ]
    rights = {"generator": "maker", "licence": "CC0-1.0", "purposes": ["show", "export"]}
    for name, lines in (
        ("prompts", [{"id": row["prompt_id"], "text": row["prompt"]} for row in found][:1]),
        (
            "works",
            [{"id": id_, "prompt": row["prompt_id"], "text": row["text"]} | rights for id_, row in works.items()],
        ),
        ("judgements", judgements),
        ("marks", [{key: value for key, value in row.items() if key != "mark_id"} for row in left(out)]),
    ):
        (out / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in lines))
    criteria = "".join(
        f'[[criteria]]\nslug = "{slug}"\nname = "x"\ndefinition = "y"\n' for slug in ("lighting", "style")
    )
    (out / "study.toml").write_text(f'slug = "again"\ntitle = "Again"\n{criteria}')
    return out
