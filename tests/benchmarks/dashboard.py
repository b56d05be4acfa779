"""The lead's page of a large study, its refresh, and reading it into columns; a million judgements with FULL=1."""

import os
from collections.abc import Iterator

import numpy as np
from django.db import connection
from django.test import Client
from django.urls import reverse

import rankings
from feedback.people import actions as people
from feedback.results.actions import refresh
from feedback.results.gathering import gather
from feedback.results.sample import Sample
from feedback.studies.actions import add_member
from feedback.studies.models import Study
from tests.benchmarks.large import large
from tests.benchmarks.measure import Row, beside, each

FEW, MANY = 100_000, 1_000_000
BARE = (
    """SELECT a.latest_id, a.comparison_id, a.rater_id, s.at, s.dwell_ms, a.shown_order FROM judging_assignment a
JOIN judging_submission s ON s.id = a.latest_id WHERE a.study_id = %s""",
    "SELECT submission_id, ranks, strength, acceptable FROM judging_judgement WHERE criterion_id = %s",
)


def rows() -> Iterator[Row]:
    judgements = MANY if os.environ.get("FULL") else FEW
    study = large(judgements=judgements, works=judgements // 100, raters=judgements // 2_000)
    told = f"{judgements:,} judgements, {judgements // 100:,} works, {judgements // 2_000} raters"
    yield beside(
        f"Reading a study into columns: {told}",
        lambda: gather(study),
        lambda: _bare_cursors(study),
        against="two bare cursors over its submissions and judgements",
        tell=each(),
        runs=3,
    )
    sample = gather(study)
    yield beside(
        "Its refresh: fits, report, disputes, the next round",
        lambda: refresh(study=study),
        lambda: _fit_alone(sample),
        against="the engine's fit alone, of its works and of its generators, with standard errors",
        tell=each(),
        runs=1,
    )
    lead = people.create_user(name="Lead")
    add_member(study=study, user=lead, role="lead", by=None)
    client = Client(SERVER_NAME="localhost")
    client.force_login(lead)
    page, empty = reverse("results", args=[study.slug]), reverse("studies")
    yield beside(
        "The lead's page, opened",
        lambda: _opened(client, page),
        lambda: _opened(client, empty),
        against="the emptiest page of somebody signed in",
        tell=each(),
        runs=9,
    )


def _bare_cursors(study: Study) -> None:
    with connection.cursor() as cursor:
        for statement, of in zip(BARE, (study.pk, study.criteria.get().pk), strict=True):
            cursor.execute(statement, [of])
            while cursor.fetchmany(2_000):
                pass


def _fit_alone(sample: Sample) -> None:
    [answers] = sample.criteria.values()
    ranks = answers.ranks[sample.scored].astype(np.int64)
    outcome = np.sign(ranks[:, 1] - ranks[:, 0])
    works = sample.shown[sample.scored]
    for items, n_items in ((works, len(sample.works.ids)), (sample.works.generator[works], len(sample.generators))):
        strengths = rankings.davidson(items[:, 0], items[:, 1], outcome, n_items=n_items, prior_sd=1.0)
        assert np.isfinite(strengths.standard_errors).all()


def _opened(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200
