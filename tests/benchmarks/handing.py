"""Handing out from a queue of a hundred comparisons and from one of a million, and what a full quota or cohorts add."""

from collections.abc import Iterator

from django.db import connection, transaction

from feedback.judging.actions import hand_out
from feedback.judging.models import Comparison, Entry, Round
from feedback.studies.models import Study
from feedback.works.models import Work
from tests import make
from tests.benchmarks.measure import Row, Run, beside, each

FEW, MANY = 100, 1_000_000
AT_ONCE, WORKS = 10, 40
SERIES = "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {many}) "
QUEUE = [
    "INSERT INTO judging_comparison (id, round_id, study_id, prompt_id, purpose, position, turn, size, lesson, cohort,"
    " places, places_taken, handed_out) "
    + SERIES
    + "SELECT {comparison} + n, {round}, {study}, {prompt}, 'uniform', {position} + n, 0, 2, '', '', 2, 0, 0 FROM series",
    'INSERT INTO judging_entry (comparison_id, work_id, "index") '
    + SERIES
    + "SELECT {comparison} + n, {work} + n % {works}, 0 FROM series UNION ALL"
    " SELECT {comparison} + n, {work} + (n + 1 + n % 7) % {works}, 1 FROM series",
]


def queue_of(many: int) -> Study:
    """A study with so many comparisons that nobody was handed yet, by plain SQL for speed."""
    study = make.study(works=WORKS)
    study.comparisons.all().delete()
    first = Work.objects.filter(collection__studies=study).order_by("pk")[0]
    numbers = {
        "many": many,
        "study": study.pk,
        "round": Round.objects.get(study=study).pk,
        "prompt": first.prompt_id,
        "position": 0,
        "work": first.pk,
        "works": WORKS,
        "comparison": Comparison.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
    }
    with connection.cursor() as cursor:
        for statement in QUEUE:
            cursor.execute(statement.format(**numbers))
        if connection.vendor == "postgresql":
            for table in (Comparison._meta.db_table, Entry._meta.db_table):
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
                cursor.execute(f"ANALYZE {table}")
    return study


def _handing_out(study: Study, **settings: object) -> Run:
    rater = make.make_rater(study, make.user("Bob"))
    Study.objects.filter(pk=study.pk).update(**settings)
    study.refresh_from_db()

    def run() -> None:
        for _ in range(AT_ONCE):
            with transaction.atomic():
                assert hand_out(study=study, rater=rater)

    return run


def rows() -> Iterator[Row]:
    few, many = queue_of(FEW * 3), queue_of(MANY)
    yield beside(
        f"Handing out of {MANY:,} comparisons",
        _handing_out(many),
        _handing_out(few),
        against=f"the same of {FEW * 3}",
        tell=each(AT_ONCE),
    )
    yield beside(
        "The same where each rater has a share, and two places of three are kept for a cohort",
        _handing_out(many, most_each=10_000, cohort_places={"composers": 1}),
        _handing_out(queue_of(FEW * 3)),
        against=f"without, of {FEW * 3}",
        tell=each(AT_ONCE),
    )
