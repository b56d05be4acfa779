"""A rater's say over what they gave: whether their sentences leave, and whether their judgements count."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from feedback.http import SignedIn, member, signed_in
from feedback.judging.actions import NotRestored, restore_rater, withdraw_rater
from feedback.judging.models import Submission
from feedback.judging.withdrawals import Withdrawal
from feedback.people import actions as people
from feedback.people.models import Rater, User
from feedback.studies.models import Study


@dataclass(frozen=True)
class Share:
    """What the rater has in a study; `mine` is whether a withdrawal is theirs to undo."""

    study: Study
    judged: int
    withdrawal: Withdrawal | None
    mine: bool


def shares_of(user: User) -> list[Share]:
    """The studies the user rates in, by title."""
    answered = Q(assignments__latest__kind=Submission.Kind.ANSWER, assignments__rater__user=user)
    studies = Study.objects.filter(memberships__user=user, memberships__role="rater").order_by("title")
    live = {row.study_id: row for row in Withdrawal.objects.live().filter(rater__user=user)}
    return [
        Share(study, study.judged, live.get(study.pk), study.pk in live and live[study.pk].by_id == user.pk)
        for study in studies.annotate(judged=Count("assignments", filter=answered))
    ]


def words_of(user: User) -> bool | None:
    """Whether the user's sentences may leave; None where they have agreed to nothing yet."""
    rater = Rater.objects.filter(user=user, consents__isnull=False).first()
    return people.shares_words(rater=rater) if rater else None


@require_POST
@signed_in
def words(request: SignedIn) -> HttpResponseBase:
    """Let the rater's own sentences leave with later releases, or keep them here."""
    try:
        people.set_words(rater=people.rater_of(user=request.user), on="words" in request.POST)
    except people.NotAgreed:
        raise Http404 from None
    return redirect("/desk/?kept=words#own")


@require_POST
@member("rater")
def withdraw(request: SignedIn, study: Study) -> HttpResponseBase:
    """Take all of the rater's judgements in the study back."""
    rater = people.rater_of(user=request.user)
    withdraw_rater(study=study, rater=rater, reason=Withdrawal.Reason.WITHDRAWN, by=request.user)
    return redirect("/desk/?kept=withdrawn#own")


@require_POST
@member("rater")
def restore(request: SignedIn, study: Study) -> HttpResponseBase:
    """Let them count again; what a lead withdrew stays so."""
    try:
        restore_rater(study=study, rater=people.rater_of(user=request.user), by=request.user)
    except NotRestored:
        raise Http404 from None
    return redirect("/desk/?kept=restored#own")
