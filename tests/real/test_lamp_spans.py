"""Spans that writers marked come in as marks and go out again, equal to the character."""

import json
from collections import Counter, defaultdict

import pytest
from django.core.management import CommandError

from feedback.judging.models import Mark
from tests.real import lamp_spans
from tests.real.folder import read_rows, run

pytestmark = pytest.mark.django_db


def test_every_span_is_stored_where_its_writer_marked_it(real_data, tmp_path):
    told = run("import_study", lamp_spans.study_of(real_data, tmp_path / "lamp"))

    placed = [span for span in lamp_spans.spans(real_data) if lamp_spans.is_placed(*span)]
    stored = Mark.objects.values_list(
        "submission__assignment__comparison__prompt__external_id",
        "submission__assignment__rater__label",
        "place",
        "tag",
        "note",
    )
    assert (told["works"], told["judgements"], told["marks"], len(placed)) == (25, 75, 524, 524)
    assert sorted((item, rater, *_place(place), tag, note) for item, rater, place, tag, note in stored) == sorted(
        (item["item_id"], rater, span["start"], span["end"], span["original"], span["category"], span["replacement"])
        for item, rater, span in placed
    )


def test_spans_of_another_text_are_located_and_reported_and_never_shifted(real_data, tmp_path):
    """One writer was given paragraph 13 in other words: four spans are not where the set says."""
    folder = lamp_spans.study_of(real_data, tmp_path / "lamp", matching=False)

    with pytest.raises(CommandError) as refused:
        run("import_study", folder)

    reported = [line for line in str(refused.value).splitlines() if line.startswith("marks.jsonl:")]
    texts = {item["item_id"]: item["text"] for item in lamp_spans.paragraphs(real_data)}
    rows = read_rows(folder / "marks.jsonl")
    wrong = [number for number, row in enumerate(rows, 1) if _slice(texts, row) != row["place"]["quote"]]
    assert len(wrong) == 4
    assert [line.partition(" ")[0] for line in reported] == [f"marks.jsonl:{number}" for number in wrong]
    for number, line in zip(wrong, reported, strict=True):
        found = texts["lamp-span-13"].find(rows[number - 1]["place"]["quote"])
        assert line.endswith("nowhere in the text" if found < 0 else f"which begins at {found}")
    assert not Mark.objects.exists()


def test_what_goes_out_comes_in_again_equal_to_the_character(real_data, tmp_path):
    folder = lamp_spans.study_of(real_data, tmp_path / "lamp")
    run("import_study", folder)

    views = ("--view", "judgements", "--view", "marks")
    run("export_release", "lamp-spans", "--out", tmp_path / "out", *views, "--with-rationales")

    left = rows_of(tmp_path / "out", "marks")
    assert len(left) == 524
    assert _by_writer(left) == _by_writer(read_rows(folder / "marks.jsonl"))
    texts = {item["item_id"]: item["text"] for item in lamp_spans.paragraphs(real_data)}
    rows = rows_of(tmp_path / "out", "judgements")
    marks = [mark for row in rows for mark in row.get("marks") or []]
    assert len(marks) == 524
    assert all(_slice(texts, mark) == mark["place"]["quote"] for mark in marks)
    assert {row["works"][0]["text"] for row in rows} == set(texts.values())


def rows_of(release, view):
    return [row for file in sorted(release.glob(f"data/{view}/*.jsonl")) for row in read_rows(file)]


def _place(place):
    return place["start"], place["end"], place["quote"]


def _slice(texts, row):
    return texts[row["work"]][row["place"]["start"] : row["place"]["end"]]


def _by_writer(rows):
    """What each writer marked, whatever the writer is called: all fields that say anything, and how often."""
    told = defaultdict(Counter)
    for row in rows:
        said = {name: value for name, value in row.items() if name not in {"rater", "mark_id"} and value}
        said["place"] = {name: value for name, value in said["place"].items() if value is not None}
        told[row["rater"]][json.dumps(said, sort_keys=True)] += 1
    return sorted(sorted(counts.items()) for counts in told.values())
