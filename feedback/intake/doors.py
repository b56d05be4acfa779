"""Whom the pages of new studies are open to."""

from collections.abc import Callable
from typing import Any, Concatenate

from django.http import Http404, HttpResponseBase

from feedback.http import SignedIn, View, signed_in
from feedback.studies.access import can_make_studies


def study_maker(view: Callable[Concatenate[SignedIn, ...], HttpResponseBase]) -> View:
    """Open to whoever may make studies; to all others it does not exist."""

    @signed_in
    def guarded(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_make_studies(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    guarded.open_to = "study makers"  # type: ignore[attr-defined]  # read by the test that walks every URL
    return guarded
