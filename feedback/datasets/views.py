"""The engineer's pages: releases of a study, asking for one, and taking it away."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from feedback.datasets.actions import ask_for_release, cancel_build, may_release, note_download
from feedback.datasets.forms import ReleaseForm
from feedback.datasets.loading import loading
from feedback.datasets.models import Build, Release, ReleaseFile
from feedback.datasets.previewing import preview
from feedback.datasets.serving import address_of, gone, holder_of, key_for, serve
from feedback.datasets.superseding import superseded
from feedback.datasets.terms import ReleaseRefused
from feedback.http import SignedIn, anyone, member, signed_in
from feedback.people.models import User
from feedback.studies.models import Study

SHOWN = 50
NEWS = 5
MEDIA = "media/"


@require_GET
@never_cache
@member("engineer", "lead")
def releases(request: SignedIn, study: Study) -> HttpResponseBase:
    """The releases of the study, what is being built, and the form to ask for one."""
    if request.htmx and request.htmx.target == "releases":  # type: ignore[attr-defined]  # set by its middleware
        return render(request, "datasets/releases.html#releases", _context(request, study))
    return render(request, "datasets/releases.html", _context(request, study) | {"form": ReleaseForm(study)})


@require_GET
@member("engineer", "lead")
def preview_release(request: SignedIn, study: Study) -> HttpResponseBase:
    """What the release that is filled in would hold."""
    if not may_release(request.user, study):
        raise Http404
    form, found, refused = ReleaseForm(study, request.GET), None, ""
    if form.is_valid():
        try:
            found = preview(form.terms)
        except ReleaseRefused as why:
            refused = str(why)
    context = {"study": study, "form": form, "preview": found, "refused": refused}
    return render(request, "datasets/releases.html#preview", context)


@require_POST
@member("engineer", "lead")
def build_release(request: SignedIn, study: Study) -> HttpResponseBase:
    """Ask for a release; it is built in the background."""
    if not may_release(request.user, study):
        raise Http404
    form = ReleaseForm(study, request.POST)
    if not form.is_valid():
        return render(request, "datasets/releases.html", _context(request, study) | {"form": form}, status=422)
    ask_for_release(terms=form.terms, by=request.user)
    return redirect("releases", study.slug)


@require_POST
@signed_in
def cancel(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """Call a build off."""
    build = Build.objects.filter(public_id=public_id).first()
    if build is None or not may_release(request.user, *build.studies.all()):
        raise Http404
    cancel_build(build=build, by=request.user)
    back = request.POST.get("back", "")
    studies = {study.slug: study for study in build.studies.all()}
    return redirect("releases", back if back in studies else next(iter(studies)))


@require_GET
@never_cache
@signed_in
def release(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """A release: what is in it, its files, and how to load it."""
    found = _kept(public_id)
    if not _may_have(request.user, found):
        raise Http404
    key = key_for(found, request.user)
    files = found.files.exclude(path__startswith=MEDIA)
    context = {
        "release": found,
        "studies": found.studies.order_by("slug"),
        "files": [(file, address_of(found, file.path)) for file in files],
        "media": found.files.filter(path__startswith=MEDIA).aggregate(files=Count("pk"), bytes=Sum("bytes")),
        "rows": loading(found, key),
        "superseded": superseded([found]).get(found.pk),
        "zip": address_of(found),
    }
    return render(request, "datasets/release.html", context)


@require_safe
@anyone
def download_release(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The release as a zip, for engineers and leads of its studies; to all others it does not exist."""
    return _handed_out(request, public_id, lambda _: None)


@require_safe
@anyone
def release_file(request: HttpRequest, public_id: uuid.UUID, path: str) -> HttpResponseBase:
    """A file of the release at its address for good, for the same people."""

    def file(found: Release) -> ReleaseFile:
        of = found.files.filter(path=path, offset__isnull=False).first()
        if of is None:
            raise Http404
        return of

    return _handed_out(request, public_id, file)


def _handed_out(
    request: HttpRequest, public_id: uuid.UUID, file_of: Callable[[Release], ReleaseFile | None]
) -> HttpResponseBase:
    found = _kept(public_id)
    user = _who(request, found)
    if user is None or not _may_have(user, found):
        raise Http404
    file = file_of(found)
    why = superseded([found]).get(found.pk)
    if why:
        return gone(request, found, why)
    if not found.archive:
        raise Http404
    response = serve(request, found, file)
    begins = response.status_code == 200 or response.headers.get("Content-Range", "").startswith("bytes 0-")
    if begins and request.method == "GET":
        note_download(release=found, by=user)
    return response


def _kept(public_id: uuid.UUID) -> Release:
    found = Release.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _may_have(user: User, release: Release) -> bool:
    return may_release(user, *release.studies.all())


def _who(request: HttpRequest, release: Release) -> User | None:
    """Who asks: whoever the link was made for, or who is signed in."""
    if "key" in request.GET:
        return holder_of(request.GET["key"], release)
    return request.user if isinstance(request.user, User) else None


def _context(request: SignedIn, study: Study) -> dict[str, Any]:
    asked = Build.objects.filter(studies=study).select_related("release").order_by("-asked_at", "-pk")
    builds = list(asked[:NEWS])
    late = now() - settings.RELEASE_WAIT
    newest = Release.objects.filter(studies=study).order_by("-frozen_at", "-pk")[:SHOWN]
    kept = [one for one in newest if len(one.terms["studies"]) == 1 or _may_have(request.user, one)]
    taken_back = superseded(kept)
    return {
        "study": study,
        "may_release": may_release(request.user, study),
        "builds": builds,
        "polling": any(build.is_under_way and build.asked_at > late for build in builds),
        "late": late,
        "releases": [(one, taken_back.get(one.pk)) for one in kept],
    }
