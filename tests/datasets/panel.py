"""A panel at work, and what it leaves in a folder."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.urls import reverse
from PIL import Image

from feedback.datasets.actions import freeze_release, write_release
from feedback.datasets.asking import terms_for
from feedback.datasets.models import Release
from feedback.datasets.terms import Terms
from feedback.intake.actions import store_study
from feedback.intake.reading.plans import PromptPlan, WorkPlan
from feedback.judging.actions import Answer, Answers, hand_out, submit
from feedback.judging.models import Assignment
from feedback.people.actions import rater_of
from feedback.people.models import User
from feedback.studies.models import Study
from feedback.works.media import encode, inspect
from tests import make


def judge_all(study: Study, person: User, places: Mapping[str, int], **fields: Any) -> None:
    """The person joins the study and judges all of it alike on every criterion: works by `places`, equal is a tie."""
    make.make_rater(study, person)
    while assignment := hand_out(study=study, rater=rater_of(user=person)):
        submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=by_places(assignment, places, **fields))


def by_places(assignment: Assignment, places: Mapping[str, int], **fields: Any) -> Answers:
    """Answers that put the works of the assignment in this order."""
    works = assignment.comparison.entries.values_list("work__external_id", flat=True)
    return make.answers(assignment, ranks=[places[work] for work in works], **fields)


def answer_next(study: Study, person: User, **answer: Any) -> None:
    """The person gives one answer to the next comparison, the same on every criterion."""
    assignment = make.assignment(study, person)
    told = [Answer(criterion=one, **answer) for one in study.criteria.all()]
    submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=Answers(each=told))


def images(folder: Path, *names: str) -> list[WorkPlan]:
    """Image works of the prompt p1, each in a colour of its own."""
    made = []
    for number, name in enumerate(names):
        original, derivative = folder / f"{name}.png", folder / f"{name}.webp"
        Image.new("RGB", (8, 8), (40 * number, 20, 90)).save(original)
        encoded = encode(original, derivative)
        work = make.work(name, medium="image", text="", original=original, info=inspect(original))
        made.append(replace(work, derivative=encoded))
    return made


def study_of(*works: WorkPlan, prompt: str = "The prompt p1.", **fields: Any) -> Study:
    """A study of these works of one prompt, p1, on lighting alone."""
    plan = make.plan(each=list(works), criteria=("lighting",), **fields)
    return store_study(plan=replace(plan, prompts=(PromptPlan(id="p1", text=prompt),))).study


def freeze(*studies: Study, by: User | None = None, **terms: Any) -> Release:
    """A release of the studies; `view` is one view."""
    return freeze_release(terms=asked(*studies, **terms), by=by).release


def asked(*studies: Study, view: str = "", **terms: Any) -> Terms:
    """The terms for the studies; `view` is one view."""
    return terms_for(studies=studies, views=[view] if view else terms.pop("views", ()), **terms)


def rows(study: Study, folder: Path, **terms: Any) -> list[dict[str, Any]]:
    """The rows of a release of the study, all splits together, as a reader of its files meets them."""
    write_release(freeze(study, **terms), folder)
    files = sorted(folder.glob("data/*/*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def files(folder: Path) -> dict[str, bytes]:
    """All files below the folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def download_of(release: Release) -> str:
    return reverse("download_release", args=[release.public_id])


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content
