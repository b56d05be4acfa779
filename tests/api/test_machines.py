"""Judgements of machines by the program: read as an import reads them, once, and in no score."""

import pytest

from feedback.judging.models import Judgement
from feedback.people.actions import simulated_rater
from feedback.people.models import Rater
from feedback.results.actions import fit
from feedback.results.gathering import gather
from feedback.results.models import Estimate

pytestmark = pytest.mark.django_db
ROW = {"prompt": "p1", "works": ["p1-2", "p1-1"], "criterion": "lighting", "strength": 2}


def send(caller, study, *rows, machine="judge-1"):
    return caller.post(f"studies/{study.slug}/judgements/", {"machine": machine, "judgements": list(rows)})


def test_a_machine_is_a_rater_of_its_own_kind_and_its_answers_are_turned_to_the_entries(lead, study):
    answer = send(lead, study, ROW, ROW | {"criterion": "narrative-arc", "outcome": "tie", "strength": 0})

    assert answer.json() == {"machine": "judge-1", "added": 2, "unchanged": 0}
    stored = Judgement.objects.get(criterion__slug="lighting", submission__assignment__rater__label="judge-1")
    assignment = stored.submission.assignment
    works = list(assignment.comparison.entries.values_list("work__external_id", flat=True))
    assert assignment.rater.kind == Rater.Kind.MACHINE
    assert dict(zip(works, stored.ranks, strict=True)) == {"p1-2": 1, "p1-1": 2}
    assert [works[entry] for entry in assignment.shown_order] == ["p1-2", "p1-1"]


def test_the_same_again_changes_nothing_and_otherwise_is_a_conflict(lead, study):
    send(lead, study, ROW)

    again = send(lead, study, ROW, ROW | {"works": ["p1-1", "p1-3"]})
    otherwise = send(lead, study, ROW | {"strength": -2}, ROW | {"works": ["p1-2", "p1-3"]})

    assert again.json() == {"machine": "judge-1", "added": 1, "unchanged": 1}
    assert otherwise.status_code == 409
    assert "answered otherwise on p1-2, p1-1" in otherwise.json()["detail"]
    assert Judgement.objects.filter(submission__assignment__rater__label="judge-1").count() == 2


def test_a_fault_names_its_row_and_nothing_is_stored(lead, study):
    answer = send(lead, study, ROW, ROW | {"works": ["p1-1", "p9-9"]})

    assert answer.status_code == 422
    assert answer.json()["where"] == "judgements[1].works"
    assert not Rater.objects.filter(label="judge-1").exists()


def test_nobody_is_turned_into_a_machine(lead, study):
    simulated_rater(origin=study.slug, label="Ann")

    assert send(lead, study, ROW, machine="Ann").status_code == 409
    assert Rater.objects.get(label="Ann").kind == Rater.Kind.SIMULATED


def test_what_a_machine_says_moves_no_score(lead, study):
    before, judged = scores(study), len(gather(study))

    send(lead, study, ROW, ROW | {"works": ["p1-1", "p1-3"]}, ROW | {"works": ["p1-2", "p1-3"]})

    assert scores(study) == before
    assert len(gather(study)) == judged + 3


def scores(study) -> list[tuple[object, ...]]:
    return list(
        Estimate.objects.filter(fit__in=fit(study=study)).order_by("id").values_list("work", "generator", "value")
    )
