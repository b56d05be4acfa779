"""Every write that only the API makes: allowances spent, files sent in parts."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import now

from feedback.api.models import Allowance, Upload, uploads
from feedback.people.actions import record
from feedback.people.models import User
from feedback.studies.models import Study

CHUNK = 1 << 20


@dataclass(frozen=True)
class Spent:
    """What is used of an allowance after this request, if it was allowed."""

    allowed: bool
    most: int
    used: int
    resets_in: float


class UploadRefused(Exception):
    """The file is not taken: `reason` and `remedy`."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason = reason
        self.remedy = remedy


class ElsewhereByNow(Exception):
    """The part does not begin where the upload stands: it stands at `received`."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


@transaction.atomic
def spend(*, user: User, kind: str, most: int, window: timedelta) -> Spent:
    """Count one request of the kind, unless the person has had their `most` in this window."""
    at = now()
    row, _ = Allowance.objects.select_for_update().get_or_create(user=user, kind=kind, defaults={"since": at})
    if at - row.since >= window:
        row.since, row.used = at, 0
    allowed = row.used < most
    if allowed:
        row.used += 1
        row.save(update_fields=["since", "used"])
    return Spent(allowed, most, row.used, (row.since + window - at).total_seconds())


def begin_upload(*, user: User, name: str, size: int, sha256: str) -> tuple[Upload, bool]:
    """The upload of that file, and whether it is new; the same file again goes on where it was."""
    for old in Upload.objects.filter(begun_at__lt=now() - settings.API_UPLOAD_LIFE):
        forget_upload(upload=old)
    known = Upload.objects.filter(user=user, sha256=sha256).first()
    if known and known.bytes == size:
        return known, False
    if known:
        raise UploadRefused(
            f"{known.bytes:,} bytes were told before for the same checksum.", "Check both, and send it again."
        )
    waiting = Upload.objects.filter(user=user).aggregate(bytes=Sum("bytes"))["bytes"] or 0
    if waiting + size > settings.API_UPLOADS:
        raise UploadRefused(
            f"{waiting:,} bytes of yours are waiting already; {settings.API_UPLOADS:,} may.",
            "Make works of them, or delete the uploads that are not needed.",
        )
    made, new = Upload.objects.get_or_create(user=user, sha256=sha256, defaults={"bytes": size, "name": name})
    return made, new


def add_part(*, upload: Upload, offset: int, content: IO[bytes], size: int) -> Upload:
    """Keep the part if the upload stands where it begins; a whole file is checked against its checksum at once."""
    if offset != upload.received:
        raise ElsewhereByNow(upload.received)
    if offset + size > upload.bytes:
        raise UploadRefused(
            f"The part ends at {offset + size:,}, beyond the file's {upload.bytes:,} bytes.",
            "Send what is missing and no more.",
        )
    if size:
        name = uploads().save(f"{upload.public_id}/{uuid.uuid4().hex}", File(content))
        here = Upload.objects.filter(pk=upload.pk, received=offset)
        if not here.update(received=offset + size, parts=[*upload.parts, name]):
            uploads().delete(name)  # another request was faster
            upload.refresh_from_db()
            raise ElsewhereByNow(upload.received)
        upload.refresh_from_db()
    if upload.is_whole and _sha256(upload) != upload.sha256:
        forget_upload(upload=upload)
        raise UploadRefused(
            "The file that arrived has another checksum than was told.", "Begin again: nothing of it was kept."
        )
    return upload


def forget_upload(*, upload: Upload) -> None:
    """Delete what was sent of the file."""
    upload.delete()
    for name in upload.parts:
        uploads().delete(name)


def content_of(upload: Upload) -> Iterator[bytes]:
    """The file's bytes, part after part."""
    for name in upload.parts:
        with uploads().open(name) as part:
            while chunk := part.read(CHUNK):
                yield chunk


def _sha256(upload: Upload) -> str:
    hashed = hashlib.sha256()
    for chunk in content_of(upload):
        hashed.update(chunk)
    return hashed.hexdigest()


@transaction.atomic
def note_reading(*, study: Study, by: User, what: str) -> None:
    """Write the audit row of everything of one kind being taken away."""
    record(by=by, action=f"read all {what}", subject=study)
