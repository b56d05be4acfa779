"""Releases of thirty thousand judgements: how fast they are written, and in how much memory; with FULL, of a million."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.db import connection

from feedback.datasets.actions import freeze_release, write_release
from feedback.datasets.asking import terms_for
from feedback.datasets.models import Release
from feedback.judging.models import Judgement
from feedback.studies.models import Study
from tests.benchmarks.measure import Row, beside, megabytes, rate, told_by
from tests.benchmarks.studies import judged

JUDGEMENTS, MANY = 30_000, 1_000_000
WRITTEN = ("pairs", "judgements")
BARE = """SELECT p.external_id, p.text, c.slug, j.outcome, j.ranks, j.strength, s.at, s.dwell_ms, r.public_id, r.kind,
a.shown_order, x.text, y.text FROM judging_judgement j JOIN judging_submission s ON s.id = j.submission_id
JOIN judging_assignment a ON a.latest_id = s.id JOIN judging_comparison k ON k.id = a.comparison_id
JOIN works_prompt p ON p.id = k.prompt_id JOIN people_rater r ON r.id = a.rater_id
JOIN studies_criterion c ON c.id = j.criterion_id
JOIN judging_entry e ON e.comparison_id = k.id AND e."index" = 0
JOIN judging_entry f ON f.comparison_id = k.id AND f."index" = 1
JOIN works_asset x ON x.work_id = e.work_id AND x.role = 'shown'
JOIN works_asset y ON y.work_id = f.work_id AND y.role = 'shown' WHERE s.study_id = %s"""


def rows() -> Iterator[Row]:
    yield from _of(judged(JUDGEMENTS), runs=5)
    if os.environ.get("FULL"):
        yield from _of(judged(MANY), runs=1)


def _of(study: Study, runs: int) -> Iterator[Row]:
    count = Judgement.objects.filter(submission__study=study).count()
    for view in WRITTEN:
        yield beside(
            f"Export of {count:,} judgements, view {view}",
            partial(export, study, view),
            lambda: _bare_loop(study),
            before=lambda: _forget(study),
            against="a cursor over the same judgements with their texts, json.dumps of each row; no files",
            tell=rate(count, "judgements"),
            runs=runs,
        )
    yield beside(
        f"The same in Parquet, {count:,} judgements",
        partial(export, study, "judgements", "parquet"),
        partial(export, study, "judgements", "jsonl"),
        before=lambda: _forget(study),
        against="the same in JSONL",
        tell=rate(count, "judgements"),
        runs=runs,
    )
    yield beside(
        "Peak of memory of a process that does these exports",
        lambda: _memory(study, *WRITTEN),
        lambda: _memory(study),
        before=lambda: _forget(study),
        against="the same process before it exports",
        tell=megabytes,
        runs=1,
        measured=told_by,
    )


def export(study: Study, view: str, format: str = "jsonl") -> None:  # noqa: A002 - as terms_for names it
    """All that `export_release` does."""
    with tempfile.TemporaryDirectory() as folder:
        terms = terms_for(studies=[study], views=[view], format=format)
        write_release(freeze_release(terms=terms).release, Path(folder) / "release")


def _forget(study: Study) -> None:
    """Remove its releases, so that the next is made and not found."""
    for release in Release.objects.filter(studies=study):
        for stored in (release.archive, release.index):
            stored.delete(save=False)
        release.delete()


def _bare_loop(study: Study) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [study.pk])
        for row in cursor:
            json.dumps(row, default=str)


def _memory(study: Study, *views: str) -> int:
    """Measured in a process of its own, which has done nothing else."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", study.slug, *views]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
