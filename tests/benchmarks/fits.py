"""The site's fit of thirty thousand judgements."""

import json
from collections.abc import Iterator

import numpy as np
from django.db import connection

from feedback.judging.models import Judgement
from feedback.results.actions import fit
from feedback.studies.models import Study
from tests.benchmarks.measure import Row, beside, each
from tests.benchmarks.studies import judged

JUDGEMENTS = 30_000
BARE = """SELECT a.comparison_id, j.ranks FROM judging_judgement j JOIN judging_submission s ON s.id = j.submission_id
JOIN judging_assignment a ON a.latest_id = s.id WHERE s.study_id = %s"""


def rows() -> Iterator[Row]:
    study = Study.objects.filter(slug=f"judged-{JUDGEMENTS}").first() or judged(JUDGEMENTS)
    count = Judgement.objects.filter(submission__study=study).count()
    yield beside(
        f"Fit of {count:,} judgements, {study.criteria.count()} criteria, works and generators",
        lambda: fit(study=study),
        lambda: _bare_loop(study),
        against="a cursor over the same judgements, json.loads of the ranks, np.bincount",
        tell=each(),
        runs=5,
    )


def _bare_loop(study: Study) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [study.pk])
        told = [(comparison, json.loads(ranks)) for comparison, ranks in cursor]
    np.bincount([comparison for comparison, _ in told], [ranks[0] for _, ranks in told])
