"""What was submitted since: read from the rows, as scores see it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from django.db.models import Exists, OuterRef

from feedback.judging.models import Entry, Judgement, Purpose, Submission
from feedback.results.models import Exclusion
from feedback.studies.models import Study
from feedback.works.models import Clearance

OVERTAKEN = 200
"""Submissions so much older than the newest may still turn up: rows are not committed in the order of their numbers."""

NOT_SCORED = (Purpose.TRAINING, Purpose.GOLD, Purpose.REPEAT)


@dataclass(frozen=True)
class Work:
    """A work on the screen."""

    id: int
    generator: int | None
    withdrawn: bool


@dataclass(frozen=True)
class News:
    """A submission: works as they stood on the screen, and aligned with them the ranks by criterion; none if it is an undo."""

    rater: int
    works: tuple[Work, ...]
    ranks: dict[int, tuple[int, ...]]
    is_another: bool  # the same rater has submitted on the same works before
    drawn: bool


def seen_lately(study: Study, *, after: int = 0) -> list[int]:
    """The newest submissions, and so many before `after` as may have been overtaken, in their order."""
    newest = Submission.objects.filter(study=study, pk__gt=after - OVERTAKEN).order_by("-pk")
    ids = newest.values_list("pk", flat=True)
    return sorted(ids if after else ids[:OVERTAKEN])


def news_of(study: Study, submissions: Sequence[int]) -> list[News]:
    """Those of the submissions that count in scores, in their order."""
    rows = (
        Submission.objects.filter(pk__in=submissions, assignment__study=study)
        .exclude(assignment__comparison__purpose__in=NOT_SCORED)
        .exclude(assignment__rater__kind="machine")
        .exclude(assignment__rater__in=Exclusion.objects.filter(study=study, lifted_at=None).values("rater"))
        .order_by("pk")
        .values_list(
            "pk",
            "number",
            "assignment__rater",
            "assignment__comparison",
            "assignment__comparison__purpose",
            "assignment__shown_order",
        )
    )
    told = list(rows)
    works = _works({comparison for _, _, _, comparison, *_ in told})
    ranks = _ranks(one for one, *_ in told)
    found = []
    for one, number, rater, comparison, purpose, order in told:
        shown = tuple(works[comparison][entry] for entry in order)
        placed = {criterion: tuple(given[entry] for entry in order) for criterion, given in ranks[one].items()}
        found.append(News(rater, shown, placed, is_another=number > 1, drawn=purpose != Purpose.IMPORTED))
    return found


def _works(comparisons: Iterable[int]) -> dict[int, list[Work]]:
    """The works of each comparison, in the order of the entries."""
    withdrawn = Clearance.objects.withdrawing().filter(work=OuterRef("work"))
    rows = (
        Entry.objects.filter(comparison__in=comparisons)
        .order_by("comparison", "index")
        .values_list("comparison", "work", "work__generator", Exists(withdrawn))
    )
    works: dict[int, list[Work]] = defaultdict(list)
    for comparison, *work in rows:
        works[comparison].append(Work(*work))
    return works


def _ranks(submissions: Iterable[int]) -> dict[int, dict[int, list[int]]]:
    """By submission and criterion."""
    rows = Judgement.objects.answered().filter(submission__in=list(submissions), ranks__isnull=False)
    ranks: dict[int, dict[int, list[int]]] = defaultdict(dict)
    for submission, criterion, given in rows.values_list("submission", "criterion", "ranks"):
        ranks[submission][criterion] = cast("list[int]", given)
    return ranks
