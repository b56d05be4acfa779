"""The rater's bench: the next comparison, the answer, undo, and the works themselves."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from feedback.http import SignedIn, member, ranged, signed_in
from feedback.judging import bench
from feedback.judging.actions import (
    AlreadyAnswered,
    HasWithdrawn,
    NothingToUndo,
    NotKept,
    draft_of,
    flag,
    hand_out,
    pick_up,
    queue,
    resume,
    retract,
    save_draft,
    submit,
)
from feedback.judging.examples import rubric_of, work_of
from feedback.judging.forms import AnswerForm
from feedback.judging.models import Assignment, Flag, Purpose
from feedback.judging.qualification import Lesson, lesson_of, standing_of
from feedback.judging.rest import Rest, rest_of
from feedback.people import actions as people
from feedback.people.models import Rater
from feedback.studies.models import Study
from feedback.works.models import Asset, Work

CONFLICT, UNPROCESSABLE = 409, 422
SEEN_BY_RATERS = {Asset.Role.SHOWN, Asset.Role.POSTER, Asset.Role.STRIP}


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
    task = bench.task_of(assignment, done=bench.done_by(rater, study), said=draft_of(assignment))
    return _page(request, task, rater)


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
    task = bench.task_of(assignment, done=bench.done_by(rater, study), said=draft_of(assignment))
    return _part(request, task)


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
        return _conflict(request, conflict.assignment.study, str(conflict))
    except HasWithdrawn as conflict:
        return _conflict(request, conflict.study, str(conflict))


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
    lesson = lesson_of(assignment) if assignment.comparison.purpose == Purpose.TRAINING else None
    if following is None:
        return _part(request, None, lesson, assignment) if lesson else HttpResponse(status=204)
    following.study = study
    return _part(request, bench.task_of(following, done=assignment.done + 1), lesson, assignment)


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


@require_POST
@signed_in
def draft(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """Keep what has been entered so far."""
    return _aside(lambda: save_draft(assignment=_own(request, public_id), said=request.POST.get("said", "")))


@require_POST
@signed_in
def flagged(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """Tell the lead about the comparison."""
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    return _aside(lambda: flag(assignment=_own(request, public_id), reason=reason, note=note))


def _aside(act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except NotKept as why:
        return HttpResponse(str(why), status=UNPROCESSABLE, content_type="text/plain")
    return HttpResponse(status=204)


def _own(request: SignedIn, public_id: uuid.UUID) -> Assignment:
    """The rater's own assignment, unless they have withdrawn; for everybody else it does not exist."""
    assignment = Assignment.objects.kept().filter(public_id=public_id, rater__user=request.user).first()
    if assignment is None:
        raise Http404
    return assignment


@require_safe
@signed_in
def shown_work(request: SignedIn, public_id: uuid.UUID, position: int) -> HttpResponseBase:
    """The work at a position of the rater's own assignment, or a part of it: its still, its strip of stills.

    At the place after the last work is the reference, if there is one.
    """
    assignment = _own(request, public_id)
    role = request.GET.get("part", Asset.Role.SHOWN)
    if position == len(assignment.shown_order) and role == Asset.Role.SHOWN:
        return _sent(request, bench.reference_of(assignment))
    if position >= len(assignment.shown_order) or role not in SEEN_BY_RATERS:
        raise Http404
    return _sent(
        request,
        Asset.objects.filter(
            role=role,
            work__in=Work.objects.cleared("show"),
            work__entries__comparison_id=assignment.comparison_id,
            work__entries__index=assignment.shown_order[position],
        ).first(),
    )


@require_safe
@member("rater", "lead")
def example(request: SignedIn, study: Study, public_id: uuid.UUID) -> HttpResponseBase:
    """A work that shows what a criterion means, or its still."""
    work, role = work_of(study, public_id), request.GET.get("part", Asset.Role.SHOWN)
    if work is None or role not in SEEN_BY_RATERS:
        raise Http404
    return _sent(request, work.assets.filter(role=role).first())


def _sent(request: HttpRequest, asset: Asset | None) -> HttpResponseBase:
    if asset is None or not asset.derivative:
        raise Http404
    response = ranged(request, asset.derivative, size=asset.bytes, content_type=asset.media_type)
    response["Cache-Control"] = "private, max-age=1200"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_GET
@never_cache
@member("rater")
def thanks(request: SignedIn, study: Study) -> HttpResponseBase:
    """The end of the queue, told kindly; while the next round is prepared the page asks again, and is sent to the bench."""
    rater = people.rater_of(user=request.user)
    asks_again = "HX-Request" in request.headers
    rest = rest_of(study, rater)
    if asks_again and rest == Rest.PREPARING and queue(study=study, rater=rater).exists():
        return HttpResponse(headers={"HX-Redirect": reverse("judge", args=[study.slug])})
    context = {
        "study": study,
        "progress": bench.progress_of(rater, study),
        "standing": standing_of(rater, study),
        "rest": rest,
    }
    return render(request, "judging/thanks.html#rest" if asks_again else "judging/thanks.html", context)


@never_cache
@member("rater")
def consent(request: SignedIn, study: Study) -> HttpResponseBase:
    """The consent text, to be agreed to once per version."""
    rater = people.rater_of(user=request.user)
    wanted = people.consent_wanted(rater=rater)
    if wanted is None:
        return redirect("judge", study.slug)
    if request.method == "POST" and request.POST.get("version") == str(wanted.version):
        people.agree(rater=rater, text=wanted, words="words" in request.POST)
        return redirect("judge", study.slug)
    context = {"study": study, "text": wanted, "words": people.shares_words(rater=rater)}
    return render(request, "judging/consent.html", context)


@require_POST
@signed_in
def letter_keys(request: SignedIn) -> HttpResponseBase:
    """Single-letter shortcuts on or off."""
    people.set_letter_keys(user=request.user, on=request.POST.get("on") == "1")
    return HttpResponse(status=204)


def _page(request: SignedIn, task: bench.Task, rater: Rater, **more: Any) -> HttpResponse:
    context = {"task": task, "study": task.study, "progress": bench.progress_of(rater, task.study)}
    more["flag_reasons"] = Flag.Reason.choices
    more["rubric"] = rubric_of(task.study, [question.criterion for question in task.questions])
    return render(request, "judging/bench.html", context | more)


def _part(
    request: HttpRequest, task: bench.Task | None, lesson: Lesson | None = None, of: Assignment | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"task": task, "study": task and task.study}
    if lesson and of:
        context |= {"lesson": lesson, "lesson_panes": bench.panes_of(of), "lesson_key": uuid.uuid4().hex[:8]}
    return render(request, "judging/bench.html#task", context)


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


def _conflict(request: SignedIn, study: Study, message: str) -> HttpResponse:
    if "ahead" in request.POST:
        return HttpResponse(message, status=CONFLICT, content_type="text/plain")
    context = {"study": study, "message": message}
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
