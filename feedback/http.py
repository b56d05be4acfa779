"""Who a view is open to, and what every request shares."""

import re
import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Concatenate, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

from feedback.people.models import User
from feedback.studies import access
from feedback.studies.models import Study

type View = Callable[..., HttpResponseBase]
RENEW_AFTER = 600  # seconds
CHUNK = 1 << 16
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


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


class Unsatisfiable(Exception):
    """The range of bytes begins behind the end."""


def ranged(
    request: HttpRequest, file: FieldFile, *, size: int, content_type: str, start: int = 0, etag: str = ""
) -> HttpResponseBase:
    """The `size` bytes of the file from `start` on, or the one range of them that was asked for; never sniffed.

    Answers 200 or 206, 416, and where there is an ETag (with its quotes) 304 and 412. A HEAD opens nothing.
    """
    known = get_conditional_response(request, etag=etag) if etag else None
    if known is not None:
        return known
    headers = {"Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"} | ({"ETag": etag} if etag else {})
    try:
        asked = _range_asked(request, etag, size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    first, last = asked or (0, size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if asked:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 206 if asked else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=content_type, headers=headers)
    part = _part(file, start + first, last - first + 1)
    return StreamingHttpResponse(part, status=status, content_type=content_type, headers=headers)


def _range_asked(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of the single range; None for the whole, also where the asking is not understood."""
    asked = RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if not asked or request.headers.get("If-Range", etag) != etag or not any(asked.groups()):
        return None
    first, last = asked.groups()
    if (first and int(first) >= size) or (not first and int(last) == 0):
        raise Unsatisfiable
    if not first:
        return max(0, size - int(last)), size - 1
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last or size), size - 1)


def _part(file: FieldFile, start: int, length: int) -> Iterator[bytes]:
    with file.open("rb") as opened:
        opened.seek(start)
        while length and (chunk := opened.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


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
