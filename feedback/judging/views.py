"""The rater's bench: the next comparison, the answer, undo, and the works themselves."""

import uuid
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from feedback.http import SignedIn, member, ranged, signed_in
from feedback.judging import bench
from feedback.judging.actions import AlreadyAnswered, NothingToUndo, hand_out, pick_up, resume, retract, submit
from feedback.judging.forms import AnswerForm
from feedback.judging.models import Assignment
from feedback.people import actions as people
from feedback.people.models import Rater
from feedback.studies.models import Study
from feedback.works.models import Asset

CONFLICT, UNPROCESSABLE = 409, 422


@require_GET
@never_cache
@member("rater")
def judge(request: SignedIn, study: Study) -> HttpResponseBase:
    """The comparison in hand, or the next one."""
    rater = people.rater_of(user=request.user)
    if people.consent_wanted(rater=rater):
        return redirect("consent", study.slug)
    assignment = resume(study=study, rater=rater)
    if assignment is None:
        return redirect("thanks", study.slug)
    assignment.study = study
    return _page(request, bench.task_of(assignment, done=bench.done_by(rater, study)), rater)


@require_POST
@member("rater")
def ahead(request: SignedIn, study: Study) -> HttpResponseBase:
    """The comparison after the one in hand, for the page to have it ready."""
    rater = people.rater_of(user=request.user)
    if people.consent_wanted(rater=rater):
        raise Http404
    assignment = resume(study=study, rater=rater, besides=_held(request))
    if assignment is None:
        return HttpResponse(status=204)
    assignment.study = study
    return _part(request, bench.task_of(assignment, done=bench.done_by(rater, study)))


@require_POST
@signed_in
def answer(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """Store the answers; to a page that looks ahead, hand out the comparison after the one it holds."""
    try:
        with transaction.atomic():
            assignment = pick_up(public_id=public_id, user=request.user)
            if assignment is None:
                raise Http404
            form = AnswerForm(request.POST, assignment=assignment)
            if not form.is_valid():
                return _refused(request, assignment, form)
            return _taken(request, assignment, form)
    except AlreadyAnswered as conflict:
        return _conflict(request, conflict.assignment, str(conflict))


def _taken(request: SignedIn, assignment: Assignment, form: AnswerForm) -> HttpResponseBase:
    study, rater, before = assignment.study, assignment.rater, assignment.latest
    submission = submit(
        assignment=assignment,
        key=form.cleaned_data["key"],
        replaces=form.cleaned_data["replaces"],
        answers=form.answers(),
    )
    if "ahead" not in request.POST:
        return redirect(f"{reverse('judge', args=[study.slug])}?saved=1")
    if submission == assignment.latest == before:  # sent again: the reply to the first sending was lost
        following = resume(study=study, rater=rater, besides=_held(request))
    else:
        following = hand_out(study=study, rater=rater)
    if following is None:
        return HttpResponse(status=204)
    following.study = study
    return _part(request, bench.task_of(following, done=assignment.done + 1))


@require_POST
@member("rater")
def undo(request: SignedIn, study: Study) -> HttpResponseBase:
    """Take the last answer back and show it again, as it was."""
    rater = people.rater_of(user=request.user)
    key = request.POST.get("key", "")
    try:
        assignment = retract(study=study, rater=rater, key=uuid.UUID(key) if _is_uuid(key) else uuid.uuid4())
    except NothingToUndo:
        if "ahead" in request.POST:
            return HttpResponse("There is nothing to undo.", status=CONFLICT, content_type="text/plain")
        return redirect("judge", study.slug)
    if "ahead" in request.POST:
        return _part(request, bench.task_of(assignment, done=bench.done_by(rater, study)))
    return redirect(f"{reverse('judge', args=[study.slug])}?undone=1")


@require_safe
@signed_in
def shown_work(request: SignedIn, public_id: uuid.UUID, position: int) -> HttpResponseBase:
    """The work at a position of the rater's own assignment; for everybody else it does not exist."""
    assignment = Assignment.objects.filter(public_id=public_id, rater__user=request.user).first()
    if assignment is None or position >= len(assignment.shown_order):
        raise Http404
    asset = Asset.objects.filter(
        role=Asset.Role.SHOWN,
        work__entries__comparison_id=assignment.comparison_id,
        work__entries__index=assignment.shown_order[position],
    ).first()
    if asset is None or not asset.derivative:
        raise Http404
    response = ranged(request, asset.derivative.open("rb"), size=asset.bytes, content_type=asset.media_type)
    response["Cache-Control"] = "private, max-age=1200"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_GET
@never_cache
@member("rater")
def thanks(request: SignedIn, study: Study) -> HttpResponseBase:
    """The end of the queue, told kindly: all judged, closed, or all places taken."""
    rater = people.rater_of(user=request.user)
    return render(
        request, "judging/thanks.html", {"study": study, "progress": bench.progress_of(rater, study), "rater": rater}
    )


@never_cache
@member("rater")
def consent(request: SignedIn, study: Study) -> HttpResponseBase:
    """The consent text, to be agreed to once per version."""
    rater = people.rater_of(user=request.user)
    wanted = people.consent_wanted(rater=rater)
    if wanted is None:
        return redirect("judge", study.slug)
    if request.method == "POST" and request.POST.get("version") == str(wanted.version):
        people.agree(rater=rater, text=wanted)
        return redirect("judge", study.slug)
    return render(request, "judging/consent.html", {"study": study, "text": wanted})


@require_POST
@signed_in
def letter_keys(request: SignedIn) -> HttpResponseBase:
    """Single-letter shortcuts on or off."""
    people.set_letter_keys(user=request.user, on=request.POST.get("on") == "1")
    return HttpResponse(status=204)


def _page(request: SignedIn, task: bench.Task, rater: Rater, **more: Any) -> HttpResponse:
    context = {"task": task, "study": task.study, "progress": bench.progress_of(rater, task.study)}
    return render(request, "judging/bench.html", context | more)


def _part(request: HttpRequest, task: bench.Task) -> HttpResponse:
    return render(request, "judging/bench.html#task", {"task": task, "study": task.study})


def _refused(request: SignedIn, assignment: Assignment, form: AnswerForm) -> HttpResponse:
    errors = {name: [str(message) for message in messages] for name, messages in form.errors.items()}
    key = request.POST.get("key", "")
    task = bench.task_of(
        assignment,
        done=assignment.done,
        said=request.POST.dict(),
        errors=errors,
        key=uuid.UUID(key) if _is_uuid(key) else None,
    )
    response = _part(request, task) if "ahead" in request.POST else _page(request, task, assignment.rater)
    response.status_code = UNPROCESSABLE
    return response


def _conflict(request: SignedIn, assignment: Assignment, message: str) -> HttpResponse:
    if "ahead" in request.POST:
        return HttpResponse(message, status=CONFLICT, content_type="text/plain")
    context = {"study": assignment.study, "message": message}
    return render(request, "judging/already.html", context, status=CONFLICT)


def _held(request: HttpRequest) -> list[str]:
    """The assignments that the page holds already."""
    return [value for value in request.POST.getlist("holding") if _is_uuid(value)]


def _is_uuid(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True
