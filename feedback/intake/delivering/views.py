"""A new study in the browser: its name, its files, the reading of them."""

import contextlib
import tempfile
import uuid
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from feedback.http import SignedIn
from feedback.intake.delivering import actions
from feedback.intake.delivering.actions import ElsewhereByNow, Part, Refused
from feedback.intake.delivering.folder import brings_documents, files_of, is_one_zip, without_top
from feedback.intake.delivering.forms import NewStudyForm
from feedback.intake.doors import study_maker
from feedback.intake.models import Delivery

CONFLICT, TOO_LARGE, UNPROCESSABLE = 409, 413, 422
LISTED = 200
CHUNK = 1 << 16


@require_http_methods(["GET", "POST"])
@never_cache
@study_maker
def new_study(request: SignedIn) -> HttpResponseBase:
    """The name and form of a study to be, and what was begun before."""
    form = NewStudyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        delivery = actions.begin(by=request.user, **form.cleaned_data)
        return redirect("delivery", delivery.public_id)
    begun = Delivery.objects.filter(by=request.user).exclude(state=Delivery.State.STORED).order_by("-begun_at")
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "intake/new.html", {"form": form, "begun": begun}, status=status)


@require_GET
@never_cache
@study_maker
def delivery(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """The files so far and what comes next: sending, reading, what has to be put right."""
    mine = delivery_of(request, public_id)
    if mine.state == Delivery.State.STORED and mine.study:
        if request.htmx:  # type: ignore[attr-defined]  # the middleware's
            return HttpResponse(headers={"HX-Redirect": f"/studies/{mine.study.slug}/desk/?new=1"})
        return redirect(f"/studies/{mine.study.slug}/desk/?new=1")
    if request.htmx:  # type: ignore[attr-defined]  # the middleware's
        if mine.state == Delivery.State.READING:
            return render(request, "intake/delivery.html#reading", {"delivery": mine})
        return HttpResponse(headers={"HX-Refresh": "true"})
    return page(request, mine)


@require_http_methods(["GET", "POST"])
@never_cache
@study_maker
def deliver(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """Take the next part of a file; or tell which files are here, and how much of each."""
    mine = delivery_of(request, public_id)
    if request.method == "GET":
        rows = mine.files.values_list("path", "bytes", "received", "modified")
        return JsonResponse({"files": {path: rest for path, *rest in rows}})
    try:
        part = Part(
            unquote(request.headers["Upload-Path"]),
            *(int(request.headers[f"Upload-{name}"]) for name in ("Bytes", "Modified", "Offset")),
        )
    except (KeyError, ValueError):
        raise Http404 from None
    with tempfile.TemporaryFile() as content:
        with contextlib.suppress(UnreadablePostError, ConnectionError):
            while chunk := request.read(CHUNK):
                content.write(chunk)
                if content.tell() > settings.API_PART:
                    return JsonResponse({"why": "A part of the file is too large."}, status=TOO_LARGE)
        length = content.tell()
        content.seek(0)
        try:
            file = actions.receive(delivery=mine, part=part, content=content, length=length)
        except ElsewhereByNow as elsewhere:
            return JsonResponse({"received": elsewhere.received}, status=CONFLICT)
        except Refused as refused:
            return JsonResponse({"why": str(refused)}, status=UNPROCESSABLE)
    return JsonResponse({"received": file.received})


@require_POST
@study_maker
def add_files(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """Take whole files from a plain form: a zip, or loose files."""
    mine = delivery_of(request, public_id)
    try:
        for sent in request.FILES.getlist("files"):
            part = Part(sent.name or "", sent.size or 0, 0, 0)
            actions.receive(delivery=mine, part=part, content=sent, length=part.size)
    except ElsewhereByNow:
        pass  # the same file again
    except Refused as refused:
        return page(request, mine, trouble=str(refused), status=UNPROCESSABLE)
    return redirect("delivery", public_id)


@require_POST
@study_maker
def take_away(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """Throw one file away."""
    with contextlib.suppress(Refused):
        actions.take_away(delivery=delivery_of(request, public_id), path=request.POST.get("path", ""))
    return redirect("delivery", public_id)


@require_POST
@study_maker
def read_files(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """Have the files read, and the study stored if nothing is wrong."""
    mine = delivery_of(request, public_id)
    try:
        actions.send_to_worker(delivery=mine, leaves_out="leave_out" in request.POST)
    except Refused as refused:
        return page(request, mine, trouble=str(refused), status=UNPROCESSABLE)
    return redirect("delivery", public_id)


@require_POST
@study_maker
def call_off(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """Throw away what was sent."""
    actions.call_off(delivery=delivery_of(request, public_id))
    return redirect("new_study")


def delivery_of(request: SignedIn, public_id: uuid.UUID) -> Delivery:
    """The person's own; anybody else's does not exist."""
    mine = Delivery.objects.filter(by=request.user, public_id=public_id).select_related("study").first()
    if mine is None:
        raise Http404
    return mine


def page(request: SignedIn, mine: Delivery, *, status: int = 200, **more: Any) -> HttpResponse:
    files = files_of(mine)
    paths = without_top([file.path for file in files])
    context = {
        "delivery": mine,
        "count": len(files),
        "bytes": sum(file.bytes for file in files),
        "listed": [(file, paths[file.path]) for file in files[:LISTED]],
        "unlisted": max(0, len(files) - LISTED),
        "whole": all(file.is_whole for file in files),
        "says_itself": brings_documents(files) or is_one_zip(files),
        "only_files": bool(mine.faults) and all(fault["field"] == "file" for fault in mine.faults),
    }
    return render(request, "intake/delivery.html", context | more, status=status)
