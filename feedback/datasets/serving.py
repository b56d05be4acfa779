"""Handing out a stored release: whole or one range of its bytes, known by its checksum."""

import re
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from feedback.datasets.models import Release

CHUNK = 1 << 16
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(Exception):
    """The range begins behind the end."""


def serve(request: HttpRequest, release: Release) -> HttpResponseBase:
    """The archive with its length and ETag: 200, 206, 304, 412 or 416."""
    etag, size = f'"{release.archive_sha256}"', release.archive_bytes
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        return known
    try:
        asked = _range(request, etag, size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = asked or (0, size - 1)
    head = request.method == "HEAD"
    response = HttpResponse() if head else StreamingHttpResponse(_bytes(release, first, last))
    if asked:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Type"] = "application/zip"
    response["Content-Length"] = str(last - first + 1)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=release.file_name) or ""
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _range(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """The single range asked for, first and last byte; None for the whole, also where the asking is not understood."""
    asked = RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if not asked or request.headers.get("If-Range", etag) != etag or asked.group(0) == "bytes=-":
        return None
    first, last = asked.groups()
    if not first:
        if int(last) == 0:
            raise Unsatisfiable
        return max(0, size - int(last)), size - 1
    if int(first) >= size:
        raise Unsatisfiable
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last or size), size - 1)


def _bytes(release: Release, first: int, last: int) -> Iterator[bytes]:
    with release.archive.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
