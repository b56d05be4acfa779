"""A copy of the data gives the same bytes on SQLite and on PostgreSQL: the suite runs this on both."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedback.datasets.actions import write_release
from feedback.intake.actions import store_study
from feedback.intake.reading.plans import JudgementPlan, PromptPlan
from feedback.judging.models import Assignment, Submission
from feedback.people.models import Rater
from tests import make
from tests.datasets.panel import files, freeze

# Databases sort and fold these in ways of their own unless they are told not to.
NAMES = ["Zoe", "zoe", "Ärger", "a-b", "a b", "a_b", "ab", "é", "e\u0301", "ß", "ss", "10", "9", "İ", "i", "~", "日本"]
JUDGED_AT = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
VIEWS = ("pairs", "judgements", "rankings", "works", "pairs_soft")
CONTENT = "ef776f63fcb7afb5d4df2ee1d4b38936bc760a5ba3d23e108e11315a9fda06de"


@pytest.mark.django_db
@pytest.mark.parametrize("written_as", ["jsonl", "parquet"])
def test_the_content_is_the_same_wherever_it_is_kept(tmp_path, written_as):
    study = of_fixed_ids()

    release = freeze(study, views=VIEWS, format=written_as)
    write_release(release, tmp_path / "out")

    assert release.content_sha256 == CONTENT
    assert release.version == "1.0.0"
    assert {"README.md", "croissant.json", "dropped.jsonl"} < files(tmp_path / "out").keys()


def of_fixed_ids():
    """A study in which nothing is left to chance: not even whose judgement has which id."""
    works = [
        make.work(f"{name}{one}", prompt, text=f"{prompt}, told by {name}: \u2028 “{name}”\n")
        for one, prompt in enumerate(NAMES)
        for name in (NAMES[one - 1], NAMES[one - 2])
    ]
    told = tuple(
        JudgementPlan(
            line=1, rater=rater, prompt=one.prompt, works=(one.id, other.id), criterion="lighting", ranks=ranks
        )
        for number, (one, other) in enumerate(zip(works[::2], works[1::2], strict=True))
        for rater, ranks in (("r1", (1, 2)), ("R1", (1, 2) if number % 3 else (2, 1)), ("Ä", (1, 1)))
    )
    plan = make.plan(slug="everywhere", each=works, criteria=("lighting",), judgements=told)
    prompts = tuple(PromptPlan(id=name, text=f"Tell of {name}.") for name in NAMES)
    study = store_study(plan=replace(plan, prompts=prompts)).study
    for number, rater in enumerate(sorted(Rater.objects.all(), key=lambda one: one.label)):
        Rater.objects.filter(pk=rater.pk).update(public_id=uuid.UUID(int=number))
    given = Assignment.objects.select_related("rater", "latest").prefetch_related("comparison__entries__work")
    named = {
        (*(entry.work.external_id for entry in one.comparison.entries.all()), one.rater.label): one for one in given
    }
    for number, name in enumerate(sorted(named)):
        Assignment.objects.filter(pk=named[name].pk).update(public_id=uuid.UUID(int=1000 + number))
        Submission.objects.filter(pk=named[name].latest.pk).update(at=JUDGED_AT + timedelta(minutes=number % 7))
    return study
