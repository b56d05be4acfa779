"""Taking all of a rater's answers in a study back, as if never given, and putting them where they were."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.timezone import now

from feedback.judging.actions.asking import take_place, take_turns
from feedback.judging.models import (
    Assignment,
    Comparison,
    Draft,
    Flag,
    Mark,
    Purpose,
    Rationale,
    Submission,
)
from feedback.judging.withdrawals import Withdrawal
from feedback.people.actions import record
from feedback.people.models import Rater, User
from feedback.studies.access import can_lead
from feedback.studies.models import Study

ERASURE, WITHDRAWN = Withdrawal.Reason.ERASURE, Withdrawal.Reason.WITHDRAWN


class NotRestored(Exception):
    """The answers stay withdrawn; the message says why."""


@transaction.atomic
def withdraw_rater(*, study: Study, rater: Rater, reason: str, by: User | None) -> Withdrawal:
    """Let none of the rater's answers in the study count, and free their places for others; `by` None is the command line.

    The same reason again changes nothing. An erasure takes the rater's own sentences with it, for good.
    """
    own = by is not None and by.pk == rater.user_id
    if by is not None and not can_lead(by, study) and not (own and reason == WITHDRAWN):
        raise PermissionDenied
    if reason not in Withdrawal.Reason.values:
        raise ValueError(f"No such reason: {reason}. Reasons are {', '.join(Withdrawal.Reason.values)}.")
    take_turns(Rater.objects.filter(pk=rater.pk))
    live = Withdrawal.objects.live().filter(study=study, rater=rater).first()
    if live and (own or live.reason in {reason, ERASURE}):
        return live
    if live:
        live.reason, live.by, live.at = reason, by, now()
        live.save(update_fields=["reason", "by", "at"])
    else:
        live = Withdrawal.objects.create(study=study, rater=rater, reason=reason, by=by)
        _take_out(study, rater)
    if reason == ERASURE:
        _erase_words(study, rater)
    record(by=by, action="withdraw rater", subject=study, rater=rater.public_id.hex, reason=reason)
    return live


@transaction.atomic
def restore_rater(*, study: Study, rater: Rater, by: User | None) -> None:
    """Undo the withdrawal: each answer counts as it did. Raises NotRestored where that is not to be."""
    own = by is not None and by.pk == rater.user_id
    if by is not None and not can_lead(by, study) and not own:
        raise PermissionDenied
    take_turns(Rater.objects.filter(pk=rater.pk))
    live = Withdrawal.objects.live().filter(study=study, rater=rater).first()
    if live is None:
        return
    if live.reason == ERASURE:
        raise NotRestored("An erasure cannot be undone: the rater's sentences are gone.")
    willed = live.by_id is not None and live.by_id == rater.user_id
    if by is not None and willed != own:
        raise NotRestored("Raters who withdrew themselves can undo it themselves, and nobody else can.")
    live.restored_at, live.restored_by = now(), by
    live.save(update_fields=["restored_at", "restored_by"])
    _put_back(study, rater)
    record(by=by, action="restore rater", subject=study, rater=rater.public_id.hex)


def _take_out(study: Study, rater: Rater) -> None:
    mine = Assignment.objects.filter(study=study, rater=rater)
    held = mine.filter(holds_place=True).values_list("comparison", flat=True)
    places = _locked(list(held))
    places.update(places_taken=F("places_taken") - 1)
    places.filter(purpose=Purpose.IMPORTED).update(places=F("places") - 1)  # what came full stays full
    mine.update(latest=None, holds_place=False)
    Draft.objects.filter(assignment__in=mine).delete()


def _put_back(study: Study, rater: Rater) -> None:
    mine = Assignment.objects.filter(study=study, rater=rater)
    newest = Submission.objects.filter(assignment=OuterRef("pk")).order_by("-number").values("pk")[:1]
    mine.update(latest=Subquery(newest))
    answered = mine.answered().select_related("comparison").order_by("comparison")
    imported = [one.comparison_id for one in answered if one.comparison.purpose == Purpose.IMPORTED]
    _locked(imported).update(places=F("places") + 1)
    for assignment in answered:
        if take_place(assignment):
            assignment.save(update_fields=["holds_place"])


def _locked(comparisons: list[int]) -> QuerySet[Comparison]:
    """These comparisons, locked one after another in their order, so that nobody waits for us in a ring."""
    rows = Comparison.objects.filter(pk__in=comparisons)
    list(rows.select_for_update().order_by("pk").values_list("pk"))
    return rows


def _erase_words(study: Study, rater: Rater) -> None:
    theirs = Submission.objects.filter(study=study, assignment__rater=rater)
    Rationale.objects.filter(submission__in=theirs).delete()
    Mark.objects.filter(submission__in=theirs).update(note="")
    Flag.objects.filter(assignment__study=study, assignment__rater=rater).update(note="")
