"""A rater's step costs the same at a hundred judgements and at a hundred thousand."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.judging.actions import queue
from feedback.judging.models import Assignment, Comparison, Entry, Judgement, Purpose, Round, Submission
from feedback.people.actions import rater_of
from feedback.people.models import Rater
from feedback.studies.models import Study
from feedback.works.models import Work
from tests import make
from tests.judging.answering import mark
from tests.judging.test_bench import action_of, choose, fields_of

pytestmark = pytest.mark.django_db
MOST = 14
TABLES = (Comparison, Entry, Assignment, Submission, Judgement)
SERIES = "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {many}) "
CROWD = [
    "INSERT INTO judging_comparison (id, round_id, study_id, prompt_id, purpose, position, turn, size, lesson,"
    " cohort, places, places_taken, handed_out) "
    + SERIES
    + "SELECT {comparison} + n, {round}, {study}, {prompt}, 'uniform', {position} + n, 0, 2, '', '', 2, 1, 1 FROM series",
    'INSERT INTO judging_entry (comparison_id, work_id, "index") '
    + SERIES
    + "SELECT {comparison} + n, {one}, 0 FROM series UNION ALL SELECT {comparison} + n, {other}, 1 FROM series",
    "INSERT INTO judging_assignment (id, public_id, comparison_id, study_id, rater_id, shown_order, handed_out_at,"
    " leased_until, holds_place) "
    + SERIES
    + "SELECT {assignment} + n, {uuid}, {comparison} + n, {study}, {rater}, '[0, 1]', CURRENT_TIMESTAMP,"
    " CURRENT_TIMESTAMP, {yes} FROM series",
    "INSERT INTO judging_submission (id, key, assignment_id, study_id, number, kind, at, seen, late, extra) "
    + SERIES
    + "SELECT {submission} + n, {uuid}, {assignment} + n, {study}, 1, 'answer', CURRENT_TIMESTAMP, '[]', {no}, {no}"
    " FROM series",
    "UPDATE judging_assignment SET latest_id = id - {assignment} + {submission} WHERE id > {assignment}",
    (
        "INSERT INTO judging_judgement (submission_id, criterion_id, outcome, ranks)"
        " SELECT s.id, c.id, 'answered', '[1, 2]' FROM judging_submission s, studies_criterion c"
        " WHERE s.id > {submission} AND c.study_id = {study}"
    ),
]


def crowd(study, judgements: int) -> None:
    """Fill the study with comparisons judged by others, by plain SQL for speed."""
    criteria = study.criteria.count()
    last = {model: model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0 for model in TABLES}
    works = Work.objects.filter(collection__studies=study)[:2]
    numbers = {
        "many": judgements // criteria,
        "study": study.pk,
        "round": Round.objects.get(study=study).pk,
        "prompt": works[0].prompt_id,
        "rater": Rater.objects.create(kind="simulated", origin="crowd", label=str(uuid.uuid4())).pk,
        "position": Comparison.objects.filter(study=study).count(),
        "one": works[0].pk,
        "other": works[1].pk,
        "comparison": last[Comparison],
        "assignment": last[Assignment],
        "submission": last[Submission],
        "uuid": "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))",
        "no": "false" if connection.vendor == "postgresql" else "0",
        "yes": "true" if connection.vendor == "postgresql" else "1",
    }
    with connection.cursor() as cursor:
        for statement in CROWD:
            cursor.execute(statement.format(**numbers))
        if connection.vendor == "postgresql":
            for model in TABLES:
                table = model._meta.db_table
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
                cursor.execute(f"ANALYZE {table}")


def step(client, study, **said) -> list[str]:
    """Judge one comparison as the bench does and return the statements it took."""
    page = client.get(reverse("judge", args=[study.slug]))
    with CaptureQueriesContext(connection) as seen:
        response = client.post(action_of(page), fields_of(page) | choose(1) | {"ahead": "1"} | said)
    assert response.status_code == 200
    return [query["sql"] for query in seen if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def test_a_step_takes_at_most_fourteen_statements_however_much_there_is(client, bob):
    study = make.study(works=30, rater=bob)
    client.force_login(bob)
    step(client, study)  # the criteria are read once per process

    crowd(study, 100)
    few = step(client, study)
    crowd(study, 100_000)
    many = step(client, study)

    assert len(few) == len(many) <= MOST, "\n".join(many)


def test_marks_and_what_was_seen_cost_two_statements_however_many_there_are(client, bob):
    study = make.study(works=30, rater=bob)
    client.force_login(bob)
    bare = step(client, study)
    words = mark(kind="words", place={"start": 4, "end": 8, "quote": "text"})

    one, fifty = (
        step(client, study, marks=json.dumps([words] * many), seen=json.dumps([{"dwell_ms": 1}] * 2))
        for many in (1, 50)
    )

    assert len(one) == len(fifty) == len(bare) + 2, "\n".join(fifty)


def test_a_qualification_round_costs_one_statement_a_step(client, bob):
    study = make.study(works=30, rater=bob)
    client.force_login(bob)
    bare = step(client, study)
    Study.objects.update(qualify_items=1, qualify_pass=0)
    first = Comparison.objects.filter(assignments=None).earliest("position")
    first.purpose = Purpose.GOLD
    first.expected = {"lighting": [1, 2]}
    first.save()

    assert len(step(client, study)) == len(bare) + 1


def test_the_queue_is_read_through_its_index(client, bob):
    study = make.study(works=30, rater=bob)
    client.force_login(bob)
    crowd(study, 3000)
    queued = queue(study=study, rater=rater_of(user=bob))

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE judging_comparison")
            cursor.execute("SET LOCAL enable_seqscan = off")  # the planner would rather scan so small a table
    plan = queued[:1].explain()

    assert "comparison_queue" in plan
