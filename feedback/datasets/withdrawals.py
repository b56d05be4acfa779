"""The lead's page of what was taken back: works and raters, by whom and why, and undoing it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from feedback.datasets.actions.withdrawing import withdraw_rater, withdraw_work
from feedback.http import SignedIn, member
from feedback.judging.actions import NotRestored, restore_rater
from feedback.judging.withdrawals import Withdrawal
from feedback.people.models import AuditEntry, Rater
from feedback.results.standings import panel_of
from feedback.studies import access
from feedback.studies.models import Study
from feedback.works.actions import NotGivenBack, give_work_back
from feedback.works.models import Clearance, Work

SHOWN = 200
UNPROCESSABLE = 422


@dataclass(frozen=True)
class Gone:
    """A withdrawn work."""

    work: Work
    reason: str
    at: datetime
    by: str
    for_good: bool


@require_GET
@never_cache
@member("lead")
def withdrawals(request: SignedIn, study: Study) -> HttpResponseBase:
    """What was taken back, and the forms to take something back."""
    return _page(request, study)


@require_POST
@member("lead")
def work(request: SignedIn, study: Study) -> HttpResponseBase:
    """Withdraw a work, or give it back."""
    if not access.sees_names(request.user, study):
        raise Http404
    name, reason = request.POST.get("work", "").strip(), request.POST.get("reason", "")
    found = Work.objects.filter(collection__studies=study, external_id=name)
    if collection := request.POST.get("collection"):
        found = found.filter(collection__slug=collection)
    if found.count() != 1:
        several = "Several works have" if found.exists() else "No work of this study has"
        return _page(request, study, work=name, work_fault=f"{several} the id {name!r}.")
    if reason not in {*Clearance.Withdrawn.values, ""}:
        raise Http404
    try:
        if reason:
            withdraw_work(work=found.get(), reason=reason, by=request.user)
        else:
            give_work_back(work=found.get(), by=request.user)
    except NotGivenBack as why:
        return _page(request, study, work=name, work_fault=str(why))
    return redirect("withdrawals", study.slug)


@require_POST
@member("lead")
def rater(request: SignedIn, study: Study) -> HttpResponseBase:
    """Withdraw a rater, or let their answers count again."""
    reason = request.POST.get("reason", "")
    found = _rater(study, request.POST.get("rater", ""))
    if found is None or reason not in {*Withdrawal.Reason.values, ""}:
        raise Http404
    try:
        if reason:
            withdraw_rater(study=study, rater=found, reason=reason, by=request.user)
        else:
            restore_rater(study=study, rater=found, by=request.user)
    except NotRestored as why:
        return _page(request, study, rater_fault=str(why))
    return redirect("withdrawals", study.slug)


def _rater(study: Study, public_id: str) -> Rater | None:
    try:
        known = uuid.UUID(public_id)
    except ValueError:
        return None
    return Rater.objects.filter(public_id=known, pk__in=[one.pk for one in _raters(study)]).first()


def _raters(study: Study) -> list[Rater]:
    members = Rater.objects.filter(user__memberships__study=study, user__memberships__role="rater")
    return list((members | Rater.objects.filter(assignments__study=study)).distinct().select_related("user"))


def _page(request: SignedIn, study: Study, **faults: str) -> HttpResponseBase:
    named = access.sees_names(request.user, study)
    done = {row.name: row.done for row in panel_of(study)}
    live = {row.rater_id: row for row in Withdrawal.objects.live().filter(study=study).select_related("by")}
    raters = sorted(_raters(study), key=str)
    context: dict[str, Any] = {
        "study": study,
        "named": named,
        "raters": [(one, done.get(str(one), 0), live.get(one.pk)) for one in raters],
        "works": _works(study) if named else [],
        "work_reasons": Clearance.Withdrawn.choices,
        "rater_reasons": Withdrawal.Reason.choices,
    }
    status = UNPROCESSABLE if faults else 200
    return render(request, "datasets/withdrawals.html", context | faults, status=status)


def _works(study: Study) -> list[Gone]:
    rows = Clearance.objects.withdrawing().filter(work__collection__studies=study)
    rows = rows.select_related("work__collection").order_by("-stated_at")[:SHOWN]
    told = AuditEntry.objects.filter(
        action="withdraw work", subject__in={f"Collection {one.work.collection}" for one in rows}
    )
    by = {(entry.subject, entry.detail["work"]): entry.by for entry in told.select_related("by").order_by("pk")}
    return [
        Gone(
            work=row.work,
            reason=row.get_withdrawn_display(),
            at=row.stated_at,
            by=str(by.get((f"Collection {row.work.collection}", row.work.external_id)) or "the command line"),
            for_good=row.withdrawn == Clearance.Withdrawn.ERASURE,
        )
        for row in rows
    ]
