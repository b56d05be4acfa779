"""Handing out a stored release: the zip or one of its files, whole or a range of bytes, for good at one address."""

from datetime import timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header

from feedback.datasets.models import Release, ReleaseFile
from feedback.datasets.superseding import Superseded
from feedback.http import ranged
from feedback.people.models import User

LINK_LIFE = timedelta(days=7)
SIGNER = signing.TimestampSigner(salt="feedback.datasets.serving")
MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".glb": "model/gltf-binary",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown; charset=utf-8",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".parquet": "application/vnd.apache.parquet",
    ".txt": "text/plain; charset=utf-8",
    ".webm": "video/webm",
    ".webp": "image/webp",
}


def serve(request: HttpRequest, release: Release, file: ReleaseFile | None = None) -> HttpResponseBase:
    """The archive, or a file of it, with its length and its checksum as ETag: 200, 206, 304, 412 or 416."""
    if file is None:
        size, etag, media_type, start = release.archive_bytes, release.archive_sha256, "application/zip", 0
    else:
        size, etag, media_type, start = file.bytes, file.sha256, media_type_of(file.path), file.offset or 0
    response = ranged(request, release.archive, start=start, size=size, etag=f'"{etag}"', content_type=media_type)
    if file is None:
        name = content_disposition_header(as_attachment=True, filename=release.file_name)
        response["Content-Disposition"] = name or ""
    response["Cache-Control"] = "private, no-cache"  # asked for anew each time: it may be superseded
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def media_type_of(path: str) -> str:
    return MEDIA_TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")


def gone(request: HttpRequest, release: Release, why: Superseded) -> HttpResponseBase:
    """That it is not handed out any more, and why: as a page to browsers, as JSON to everything else."""
    if request.accepts("text/html") and "text/html" in request.headers.get("Accept", ""):
        return render(request, "datasets/superseded.html", {"release": release, "superseded": why}, status=410)
    told = {
        "release": str(release),
        "superseded_at": why.at.isoformat(),
        "detail": f"This release is superseded: {why.why}. Build it again: the new one holds the rest.",
        "reasons": why.told(),
    }
    return JsonResponse(told, status=410)


def key_for(release: Release, user: User) -> str:
    """What opens the release to whoever has it, in the user's name, for a while."""
    return SIGNER.sign(f"{release.public_id.hex}.{user.public_id.hex}")


def holder_of(key: str, release: Release) -> User | None:
    """In whose name the key opens the release; None where it is not one of ours, out of date, or another's."""
    try:
        opens, _, holder = SIGNER.unsign(key, max_age=LINK_LIFE).partition(".")
    except signing.BadSignature:
        return None
    if opens != release.public_id.hex:
        return None
    return User.objects.filter(public_id=holder, is_active=True).first()


def address_of(release: Release, path: str = "", *, key: str = "") -> str:
    """Where the file stands for good, or the zip without a path; with a key, open to whoever has it."""
    where = (
        reverse("release_file", args=[release.public_id, path])
        if path
        else reverse("download_release", args=[release.public_id])
    )
    return f"{settings.BASE_URL}{where}" + (f"?key={key}" if key else "")
