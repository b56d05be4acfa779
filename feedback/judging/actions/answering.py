"""Answers given and taken back."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from feedback.judging.actions.asking import showable, take_place, take_turns
from feedback.judging.marks import Said, former_marks
from feedback.judging.models import Assignment, Draft, Judgement, Mark, Rationale, Submission
from feedback.judging.withdrawals import Withdrawal
from feedback.people.models import DeviceCheck, Rater, User
from feedback.studies.models import Criterion, Study


class AlreadyAnswered(Exception):
    """The assignment was answered in the meantime; what is stored stays."""

    def __init__(self, assignment: Assignment) -> None:
        super().__init__("This comparison was already judged; the first answer stands. Undo it to change it.")
        self.assignment = assignment


class HasWithdrawn(Exception):
    """The rater's answers in the study do not count, so none is stored any more."""

    def __init__(self, study: Study) -> None:
        super().__init__("Your judgements in this study are withdrawn: this one was not stored.")
        self.study = study


class NothingToUndo(Exception):
    """The rater has no live answer in the study."""


@dataclass(frozen=True)
class Answer:
    """What a rater says on one criterion; `ranks` and `acceptable` are aligned with the entries."""

    criterion: Criterion
    outcome: str = Judgement.Outcome.ANSWERED
    ranks: list[int] | None = None
    strength: int | None = None
    score: float | None = None
    acceptable: list[bool | None] | None = None


@dataclass(frozen=True)
class Answers:
    """One press of the key: an answer on every criterion and, perhaps, the reason; `seen` is told entry by entry."""

    each: Sequence[Answer]
    rationale: str = ""
    dwell_ms: int | None = None
    seen: Sequence[dict[str, Any]] = ()
    marks: Sequence[Said] = ()


def pick_up(*, public_id: uuid.UUID, user: User) -> Assignment | None:
    """The user's own assignment, locked, with all that answering needs; `done` counts what they have answered.

    Raises HasWithdrawn where the user has withdrawn from its study.
    """
    take_turns(Rater.objects.filter(user=user))  # PostgreSQL would join a `latest` from before the wait for the lock
    answered = (
        Assignment.objects.filter(rater=OuterRef("rater"), study=OuterRef("study"))
        .answered()
        .order_by()
        .values("rater")
        .annotate(number=Count("pk"))
        .values("number")
    )
    withdrawn = Withdrawal.objects.live().filter(study=OuterRef("study"), rater=OuterRef("rater"))
    mine = (
        Assignment.objects.select_related("comparison__prompt", "study", "rater", "latest")
        .annotate(done=Coalesce(Subquery(answered), 0), withdrawn=Exists(withdrawn))  # type: ignore[no-redef]  # the model declares them for its readers
        .select_for_update(of=("self",))
        .filter(public_id=public_id, rater__user=user)
        .first()
    )
    if mine and mine.withdrawn:
        raise HasWithdrawn(mine.study)
    return mine


@transaction.atomic(savepoint=False)
def submit(*, assignment: Assignment, key: uuid.UUID, replaces: int, answers: Answers) -> Submission:
    """Store the answers once, however often they are sent.

    `assignment` is locked and has `comparison` and `latest` loaded. `replaces` is the number of the submission that
    the page knew of, 0 if none. The same key and answers again return what is stored; anything else on an assignment
    answered meanwhile raises AlreadyAnswered.
    """
    latest = assignment.latest
    if replaces != (latest.number if latest else 0):
        return _told_before(assignment, key, answers)
    arrived = now()
    late = assignment.leased_until < arrived
    extra = not assignment.holds_place and not take_place(assignment)
    submission = Submission.objects.create(
        key=key,
        assignment=assignment,
        study_id=assignment.study_id,
        number=replaces + 1,
        kind=Submission.Kind.ANSWER,
        at=arrived,
        dwell_ms=answers.dwell_ms,
        seen=list(answers.seen),
        device_id=_device_of(assignment.rater_id),
        late=late,
        extra=extra,
    )
    Judgement.objects.bulk_create(judgements_of(submission, answers))
    Mark.objects.bulk_create(marks_of(submission, answers))
    if answers.rationale:
        Rationale.objects.create(submission=submission, text=answers.rationale)
    Draft.objects.filter(assignment=assignment).delete()
    assignment.latest = submission
    assignment.save(update_fields=["latest", "holds_place"])
    return submission


def judgements_of(submission: Submission, answers: Answers) -> list[Judgement]:
    """The rows of a submission, unsaved."""
    return [
        Judgement(
            submission=submission,
            criterion=answer.criterion,
            outcome=answer.outcome,
            ranks=answer.ranks,
            strength=answer.strength,
            score=answer.score,
            acceptable=answer.acceptable,
        )
        for answer in answers.each
    ]


def marks_of(submission: Submission, answers: Answers) -> list[Mark]:
    """The marks of a submission, unsaved."""
    criteria = {answer.criterion.slug: answer.criterion for answer in answers.each}
    return [mark.row(submission, number, criteria) for number, mark in enumerate(answers.marks)]


def _device_of(rater: int) -> int | None:
    """What the rater's screen and sound were last found to be."""
    return DeviceCheck.objects.filter(rater=rater).order_by("-pk").values_list("pk", flat=True).first()


def _told_before(assignment: Assignment, key: uuid.UUID, answers: Answers) -> Submission:
    known = assignment.submissions.filter(key=key).prefetch_related("judgements").first()
    if known is None or not _says_the_same(known, answers):
        raise AlreadyAnswered(assignment)
    return known


def _says_the_same(known: Submission, answers: Answers) -> bool:
    stored = {row.criterion_id: (row.outcome, row.ranks, row.strength, row.score) for row in known.judgements.all()}
    told = {row.criterion.pk: (row.outcome, row.ranks, row.strength, row.score) for row in answers.each}
    return stored == told and former_marks(known) == list(answers.marks)


@transaction.atomic
def retract(*, study: Study, rater: Rater, key: uuid.UUID) -> Assignment:
    """Undo the rater's last live answer that can be shown again: a submission that retracts it.

    The same key again changes nothing.
    """
    take_turns(Rater.objects.filter(pk=rater.pk))
    known = Submission.objects.filter(key=key, assignment__rater=rater).first()
    mine = Assignment.objects.filter(study=study, rater=rater).select_related(
        "comparison__prompt", "latest", "study", "rater"
    )
    if known:
        return mine.get(pk=known.assignment_id)
    last = showable(mine).answered().select_for_update(of=("self",)).order_by("-latest").first()
    if last is None or last.latest is None:
        raise NothingToUndo
    retraction = Submission.objects.create(
        key=key,
        assignment=last,
        study=study,
        number=last.latest.number + 1,
        kind=Submission.Kind.RETRACTION,
    )
    last.latest = retraction
    last.leased_until = now() + settings.LEASE
    last.save(update_fields=["latest", "leased_until"])
    return last
