"""Answers given elsewhere, brought along by an import."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.timezone import now

from feedback.judging.actions.answering import Answers, judgements_of, marks_of
from feedback.judging.models import (
    Assignment,
    Comparison,
    Entry,
    Judgement,
    Mark,
    Purpose,
    Rationale,
    Round,
    Submission,
)
from feedback.people.actions import record
from feedback.people.models import Rater, User
from feedback.snapshot import learn_sizes
from feedback.studies.models import Study

BATCH = 1000


@dataclass(frozen=True)
class PastAnswer:
    """What one rater said elsewhere about works of one prompt.

    `works` are in the order in which they were shown; ranks, acceptability and marks in `answers` speak of
    `sorted(works)`, which become the entries.
    """

    rater: Rater
    prompt: int
    works: tuple[int, ...]
    answers: Answers
    at: datetime | None = None


@transaction.atomic
def bring_along(*, study: Study, past: Sequence[PastAnswer], by: User | None = None) -> int:
    """Store past answers as comparisons of purpose `imported`, full from the start; the number stored."""
    if not past:
        return 0
    opened = Round.objects.create(study=study, purpose=Purpose.IMPORTED, seed=0)
    comparisons = _comparisons(study, opened, past)
    arrived = now()
    assignments = Assignment.objects.bulk_create(
        [_assignment(study, comparisons[tuple(sorted(one.works))], one, arrived) for one in past], batch_size=BATCH
    )
    submissions = Submission.objects.bulk_create(
        [_submission(study, assignment, one, arrived) for assignment, one in zip(assignments, past, strict=True)],
        batch_size=BATCH,
    )
    told = list(zip(submissions, past, strict=True))
    Judgement.objects.bulk_create(
        [row for submission, one in told for row in judgements_of(submission, one.answers)], batch_size=BATCH
    )
    Mark.objects.bulk_create(
        [row for submission, one in told for row in marks_of(submission, one.answers)], batch_size=BATCH
    )
    Rationale.objects.bulk_create(
        [
            Rationale(submission=submission, text=one.answers.rationale)
            for submission, one in told
            if one.answers.rationale
        ],
        batch_size=BATCH,
    )
    learn_sizes(Comparison, Assignment, Submission)  # or it would not read down the unique index
    own = Submission.objects.filter(assignment=OuterRef("pk"), number=1).values("pk")
    Assignment.objects.filter(comparison__round=opened).update(latest=Subquery(own))
    record(by=by, action="bring judgements along", subject=study, submissions=len(past))
    return len(past)


def _comparisons(study: Study, opened: Round, past: Iterable[PastAnswer]) -> dict[tuple[int, ...], Comparison]:
    raters: dict[tuple[int, ...], int] = {}
    prompts: dict[tuple[int, ...], int] = {}
    for one in past:
        works = tuple(sorted(one.works))
        raters[works] = raters.get(works, 0) + 1
        prompts[works] = one.prompt
    start = Comparison.objects.filter(study=study).count()
    made = Comparison.objects.bulk_create(
        [
            Comparison(
                round=opened,
                study=study,
                prompt_id=prompts[works],
                purpose=Purpose.IMPORTED,
                position=start + position,
                size=len(works),
                places=number,
                places_taken=number,
                handed_out=number,
            )
            for position, (works, number) in enumerate(raters.items())
        ],
        batch_size=BATCH,
    )
    comparisons = dict(zip(raters, made, strict=True))
    Entry.objects.bulk_create(
        [
            Entry(comparison=comparison, work_id=work, index=index)
            for works, comparison in comparisons.items()
            for index, work in enumerate(works)
        ],
        batch_size=BATCH,
    )
    return comparisons


def _assignment(study: Study, comparison: Comparison, one: PastAnswer, arrived: datetime) -> Assignment:
    index = {work: at for at, work in enumerate(sorted(one.works))}
    return Assignment(
        comparison=comparison,
        study=study,
        rater=one.rater,
        shown_order=[index[work] for work in one.works],
        handed_out_at=one.at or arrived,
        leased_until=one.at or arrived,
    )


def _submission(study: Study, assignment: Assignment, one: PastAnswer, arrived: datetime) -> Submission:
    return Submission(
        key=uuid.uuid4(),
        assignment=assignment,
        study=study,
        number=1,
        kind=Submission.Kind.ANSWER,
        at=one.at or arrived,
        dwell_ms=one.answers.dwell_ms,
        seen=list(one.answers.seen),
    )
