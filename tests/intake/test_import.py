"""Importing through the command: all or nothing, once, with a report."""

import json
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from feedback.intake.actions import StudyExists, store_study
from feedback.judging.models import Assignment, Comparison, Judgement
from feedback.people.models import Rater
from feedback.studies.models import Study
from feedback.works.models import Asset, Clearance, Work, originals
from tests import make
from tests.browser.folder import write_folder

pytestmark = pytest.mark.django_db


def imported(path, *options: str) -> dict:
    out = StringIO()
    call_command("import_study", str(path), "--json", *options, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def slug() -> str:
    return f"s-{uuid.uuid4().hex[:12]}"


def everything() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Study, Work, Asset, Clearance, Comparison, Judgement)}


def test_a_folder_becomes_an_open_study_with_its_first_round(tmp_path):
    told = imported(write_folder(tmp_path / "a", slug=(name := slug()), pictures=1, texts=1))

    study = Study.objects.get(slug=name)
    assert study.is_open
    assert (told["works"], told["comparisons"], told["blocked"]) == (6, 6, [])
    assert Comparison.objects.filter(study=study, purpose="uniform").count() == 6


def test_the_same_folder_twice_changes_nothing(tmp_path):
    folder = write_folder(tmp_path / "a", slug=slug(), pictures=1, texts=1)
    imported(folder)
    before = everything()

    again = imported(folder)

    assert again["unchanged"]
    assert everything() == before


def test_a_dry_run_stores_nothing_and_counts_all(tmp_path):
    before = everything()

    told = imported(write_folder(tmp_path / "a", slug=slug(), pictures=1, texts=1), "--dry-run")

    assert (told["imported"], told["comparisons"]) == (False, 6)
    assert everything() == before


def test_one_fault_imports_nothing_and_every_fault_is_listed(tmp_path):
    folder = write_folder(tmp_path / "a", slug=slug(), pictures=1, texts=2)
    lines = (folder / "works.jsonl").read_text().splitlines()
    lines[1] = lines[1].replace("brief-0", "nowhere")
    lines[4] = lines[4].replace("CC0-1.0", "free as in air")
    (folder / "works.jsonl").write_text("\n".join(lines))
    before = everything()
    out = StringIO()

    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_study", str(folder), "--json", stdout=out, stderr=StringIO())

    faults = json.loads(out.getvalue())["faults"]
    assert {(fault["file"], fault["line"]) for fault in faults} >= {("works.jsonl", 2), ("works.jsonl", 5)}
    assert everything() == before


def test_another_study_under_the_same_slug_is_refused(tmp_path):
    name = slug()
    imported(write_folder(tmp_path / "a", slug=name, pictures=0, texts=1))

    with pytest.raises(CommandError, match="exists with other content"):
        imported(write_folder(tmp_path / "b", slug=name, pictures=0, texts=2))


def test_two_studies_share_a_collection(tmp_path):
    shared = slug()
    imported(write_folder(tmp_path / "a", slug=slug(), pictures=0, texts=1, collection=shared))
    imported(write_folder(tmp_path / "b", slug=slug(), pictures=0, texts=1, collection=shared))

    assert Work.objects.filter(collection__slug=shared).count() == 3
    assert Study.objects.filter(collections__slug=shared).count() == 2


def test_other_content_under_a_known_id_of_the_collection_is_refused(tmp_path):
    shared = slug()
    imported(write_folder(tmp_path / "a", slug=slug(), pictures=0, texts=1, collection=shared))
    other = write_folder(tmp_path / "b", slug=(name := slug()), pictures=0, texts=1, collection=shared)
    (other / "works.jsonl").write_text((other / "works.jsonl").read_text().replace("A boat came.", "No boat came."))

    with pytest.raises(CommandError, match="holds another work"):
        imported(other)

    assert not Study.objects.filter(slug=name).exists()


def test_a_failure_while_storing_leaves_no_file_behind(tmp_path, monkeypatch):
    folder = write_folder(tmp_path / "a", slug=slug(), pictures=1, texts=0)
    monkeypatch.setattr("feedback.intake.actions.open_round", lambda **_: 1 / 0)
    listed = set(originals().listdir("")[0])

    with pytest.raises(ZeroDivisionError):
        imported(folder)

    left = {
        (name, file)
        for name in originals().listdir("")[0]
        for file in originals().listdir(name)[1]
        if name not in listed
    }
    assert left == set()


def test_what_is_blocked_is_reported_and_never_asked_about(tmp_path):
    folder = write_folder(tmp_path / "a", slug=(name := slug()), pictures=0, texts=1)
    rows = [json.loads(line) for line in (folder / "works.jsonl").read_text().splitlines()]
    del rows[0]["licence"], rows[0]["consent"]
    rows[1]["purposes"] = ["show"]
    (folder / "works.jsonl").write_text("\n".join(map(json.dumps, rows)))

    told = imported(folder)

    reasons = {one["work"]: (one["uses"], one["reason"]) for one in told["blocked"]}
    assert "judging" in reasons[rows[0]["id"]][0]
    assert "judging" not in reasons[rows[1]["id"]][0]
    assert Comparison.objects.filter(study__slug=name).count() == 1


def test_past_judgements_come_along_for_the_work_and_not_for_the_side():
    told = (
        make.JudgementPlan(line=1, rater="w1", prompt="p1", works=("p1-2", "p1-1"), criterion="lighting", ranks=(1, 2)),
        make.JudgementPlan(
            line=2, rater="w2", prompt="p1", works=("p1-1", "p1-2"), criterion="lighting", ranks=(2, 5), strength=2
        ),
        make.JudgementPlan(
            line=3, rater="w3", prompt="p1", works=("p1-2", "p1-1"), criterion="lighting", ranks=(1, 2), strength=1
        ),
    )

    study = make.study(works=2, judgements=told)

    rows = Judgement.objects.filter(submission__study=study).order_by("submission__assignment__rater__label")
    entries = [
        entry.work.external_id for entry in Comparison.objects.get(study=study, purpose="imported").entries.all()
    ]
    first = entries.index("p1-1")
    by_work = [
        (row.ranks[first], row.ranks[1 - first], (row.strength or 0) * (1 if first == 0 else -1)) for row in rows
    ]
    assert by_work == [(2, 1, 0), (2, 5, 2), (2, 1, -1)]
    shown = [assignment.shown_order for assignment in Assignment.objects.filter(study=study).order_by("rater__label")]
    assert shown[0] == shown[2] != shown[1]
    assert Rater.objects.filter(origin=study.slug).count() == 3


def test_storing_the_same_plan_under_another_digest_is_refused():
    plan = make.plan(slug=(name := slug()))
    store_study(plan=plan)

    with pytest.raises(StudyExists):
        store_study(plan=make.plan(slug=name, works=4))


@pytest.mark.parametrize("works", [31, 40])
def test_many_works_get_a_connected_design_of_degree_six(works):
    study = make.study(works=works)

    pairs = [tuple(comparison.entries.values_list("work", flat=True)) for comparison in study.comparisons.all()]
    degree = {work: sum(work in pair for pair in pairs) for pair in pairs for work in pair}
    reached, todo = set(), [pairs[0][0]]
    while todo:
        work = todo.pop()
        reached.add(work)
        todo += [other for pair in pairs if work in pair for other in pair if other not in reached]

    assert len(degree) == len(reached) == works
    assert max(degree.values()) <= 6
    assert min(degree.values()) >= 4
