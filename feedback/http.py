"""Who a view is open to, and what every request shares."""

import re
import time
from collections.abc import Callable
from functools import wraps
from typing import IO, Any, Concatenate, cast

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from feedback.people.models import User
from feedback.studies import access
from feedback.studies.models import Study

type View = Callable[..., HttpResponseBase]
RENEW_AFTER = 600  # seconds


class SignedIn(HttpRequest):
    """A request whose user is known."""

    user: User  # anonymous users were turned away


def anyone(view: View) -> View:
    """Open to strangers."""
    view.open_to = "anyone"  # type: ignore[attr-defined]  # read by the test that walks every URL
    return view


def signed_in(view: Callable[Concatenate[SignedIn, ...], HttpResponseBase]) -> View:
    """Open to whoever is signed in; to a stranger the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, AnonymousUser):
            raise Http404
        return view(cast("SignedIn", request), *args, **kwargs)

    guarded.open_to = "signed in"  # type: ignore[attr-defined]
    return guarded


def member(*roles: str) -> Callable[[Callable[Concatenate[SignedIn, Study, ...], HttpResponseBase]], View]:
    """Open to members of the study with one of these roles; to all others it does not exist.

    The view's `slug` becomes the study.
    """

    def guard(view: Callable[Concatenate[SignedIn, Study, ...], HttpResponseBase]) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            if isinstance(request.user, AnonymousUser):
                raise Http404
            study = access.study_of_member(request.user, slug, *roles)
            if study is None:
                raise Http404
            return view(cast("SignedIn", request), study, **kwargs)

        guarded.open_to = " or ".join(roles)  # type: ignore[attr-defined]
        return guarded

    return guard


def ranged(request: HttpRequest, file: IO[bytes], *, size: int, content_type: str) -> HttpResponse:
    """The file, or the one range of bytes that was asked for; never sniffed."""
    headers = {"Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
    asked = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", ""))
    if not asked or not any(asked.groups()):
        body = b"" if request.method == "HEAD" else file.read()
        file.close()
        return HttpResponse(body, content_type=content_type, headers=headers | {"Content-Length": str(size)})
    first, last = _bounds(asked[1], asked[2], size)
    if first > last:
        file.close()
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    file.seek(first)
    body = file.read(last - first + 1)
    file.close()
    return HttpResponse(
        body,
        status=206,
        content_type=content_type,
        headers=headers | {"Content-Range": f"bytes {first}-{last}/{size}"},
    )


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:  # the last n bytes
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def renew_session(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Keep the session of somebody at work alive, with one write in ten minutes rather than one a request."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.session.accessed and request.session.get("_auth_user_id"):
            renewed = request.session.get("renewed", 0)
            if time.time() - renewed > RENEW_AFTER:
                request.session["renewed"] = int(time.time())
        return response

    return middleware
