"""An engineer's page: releases of a study, asking for one, and taking it away."""

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST, require_safe

from feedback.datasets.actions import ask_for_release, may_release, note_download
from feedback.datasets.forms import ReleaseForm
from feedback.datasets.models import Build, Release
from feedback.datasets.serving import serve
from feedback.http import SignedIn, member, signed_in
from feedback.studies.models import Study

SHOWN = 50
NEWS = 5


@require_GET
@member("engineer", "lead")
def releases(request: SignedIn, study: Study) -> HttpResponseBase:
    """The releases of the study, what is being built, and the form to ask for one."""
    if request.htmx and request.htmx.target == "releases":  # type: ignore[attr-defined]  # set by its middleware
        return render(request, "datasets/releases.html#releases", _context(request, study))
    return render(request, "datasets/releases.html", _context(request, study) | {"form": ReleaseForm(study)})


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


@require_safe
@signed_in
def download_release(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """The release as a zip, for engineers and leads of its study; to all others it does not exist."""
    release = Release.objects.exclude(archive="").filter(public_id=public_id).select_related("study").first()
    if release is None or not may_release(request.user, release.study):
        raise Http404
    response = serve(request, release)
    if response.status_code == 200 and request.method == "GET":
        note_download(release=release, by=request.user)
    return response


def _context(request: SignedIn, study: Study) -> dict[str, Any]:
    builds = list(Build.objects.filter(study=study).select_related("criterion", "release").order_by("-asked_at")[:NEWS])
    waiting = [build for build in builds if build.state == Build.State.WAITING]
    late = now() - settings.RELEASE_WAIT
    ready = Release.objects.exclude(archive="").filter(study=study).select_related("criterion", "study")
    return {
        "study": study,
        "may_release": may_release(request.user, study),
        "builds": builds,
        "polling": any(build.asked_at > late for build in waiting),
        "late": late,
        "releases": ready.order_by("-frozen_at", "-pk")[:SHOWN],
    }
