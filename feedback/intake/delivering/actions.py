"""Every write about deliveries: begun, files received in parts, arranged, read, called off."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import now

from feedback.intake.models import DeliveredFile, Delivery, uploads
from feedback.intake.reading import DEFAULT_LIMITS
from feedback.intake.tasks import read_delivery
from feedback.people.models import User
from feedback.studies.models import Study

CLUTTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
LONGEST_PATH = 500


class Refused(ValueError):
    """What was sent is not taken; the message says why, and what to do."""


class ElsewhereByNow(Exception):
    """The part does not begin where the file stands: it stands at `received`."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


@transaction.atomic
def begin(*, by: User, **told: Any) -> Delivery:
    """Get ready for the files of a study; what was left lying for too long is thrown away."""
    for old in Delivery.objects.exclude(state=Delivery.State.READING).filter(
        begun_at__lt=now() - settings.API_UPLOAD_LIFE
    ):
        call_off(delivery=old)
    return Delivery.objects.create(by=by, **told)


@transaction.atomic
def call_off(*, delivery: Delivery) -> None:
    """Throw away what was sent; of a study that is stored, nothing but what it was made of."""
    _forget([name for file in delivery.files.all() for name in file.parts])
    delivery.delete()


@transaction.atomic
def take_away(*, delivery: Delivery, path: str) -> None:
    """Throw one file away."""
    _must_be_open(delivery)
    for file in delivery.files.filter(path=path):
        _forget(file.parts)
        file.delete()


@dataclass(frozen=True)
class Part:
    """Bytes of a file: whose, how many there are in all, and where these begin."""

    path: str
    size: int
    modified: int
    offset: int


def receive(*, delivery: Delivery, part: Part, content: IO[bytes], length: int) -> DeliveredFile:
    """Keep a part of a file, if the file stands where the part begins; the first of another version begins it afresh."""
    file, offset = _file(delivery, part), part.offset
    if offset != file.received:
        raise ElsewhereByNow(file.received)
    if offset + length > file.bytes:
        raise Refused(f"{file}: more arrived than the {file.bytes:,} bytes that were told. Send the file again.")
    if not length:
        return file
    name = uploads().save(f"deliveries/{delivery.public_id}/{uuid.uuid4().hex}", File(content))
    here = DeliveredFile.objects.filter(pk=file.pk, received=offset)
    if not here.update(received=offset + length, parts=[*file.parts, name]):
        uploads().delete(name)  # another request was faster
        file.refresh_from_db()
        raise ElsewhereByNow(file.received)
    file.refresh_from_db()
    return file


@transaction.atomic
def _file(delivery: Delivery, part: Part) -> DeliveredFile:
    """The row of the file, made at its first part."""
    _must_be_open(delivery)
    path = _checked(part.path)
    known = delivery.files.filter(path=path).first()
    if known and (part.offset or (known.bytes, known.modified) == (part.size, part.modified)):
        return known
    if known:
        _forget(known.parts)
        known.delete()
    _must_have_room(delivery, path, part.size)
    return DeliveredFile.objects.create(delivery=delivery, path=path, bytes=part.size, modified=part.modified)


def _must_have_room(delivery: Delivery, path: str, size: int) -> None:
    if delivery.files.count() >= DEFAULT_LIMITS.zip_entries:
        raise Refused(f"A study has at most {DEFAULT_LIMITS.zip_entries:,} files. Make two of it.")
    waiting = DeliveredFile.objects.filter(delivery__by=delivery.by).aggregate(sum=Sum("bytes"))["sum"] or 0
    if waiting + size > settings.API_UPLOADS:
        most = settings.API_UPLOADS // 1024**2
        raise Refused(f"{path}: you may have {most:,} MB waiting here. Call off what you do not need, or send less.")


def _checked(path: str) -> str:
    """The path, if it goes nowhere but down."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or CONTROL.search(path):
        raise Refused(f"{path[:100]!r} is no name of a file within a folder.")
    if len(path) > LONGEST_PATH or any(len(part.encode()) > 255 for part in parts) or len(parts) > 32:
        raise Refused(f"{path[:100]} …: the name is too long. Shorten it.")
    if parts[-1].startswith(".") or parts[-1] in CLUTTER:
        raise Refused(f"{path}: hidden files are not needed.")
    return str(PurePosixPath(*parts))


@transaction.atomic
def arrange(*, delivery: Delivery, arranged: Mapping[str, Any]) -> None:
    """Keep which work answers which prompt and who made it, in place of the documents of a folder."""
    _must_be_open(delivery)
    delivery.arranged = dict(arranged)
    delivery.save(update_fields=["arranged"])


@transaction.atomic
def send_to_worker(*, delivery: Delivery, leaves_out: bool = False) -> None:
    """Have the worker read the files and store the study, or say what is wrong; again, if it fell silent over them."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if not delivery.is_silent:
        _must_be_open(delivery)
    if any(not file.is_whole for file in delivery.files.all()):
        raise Refused("Some files are not here to their end yet. Choose them again: only what is missing is sent.")
    delivery.state, delivery.leaves_out = Delivery.State.READING, leaves_out
    delivery.stage, delivery.done, delivery.total, delivery.faults, delivery.warnings = "", 0.0, 0, [], []
    delivery.heard_at = now()
    delivery.save()
    transaction.on_commit(partial(read_delivery.enqueue, delivery.pk))


def tell(*, delivery: Delivery, stage: str, done: float, total: int) -> None:
    """How far the worker is."""
    Delivery.objects.filter(pk=delivery.pk).update(stage=stage, done=done, total=total, heard_at=now())


@transaction.atomic
def refuse(*, delivery: Delivery, faults: Sequence[Mapping[str, Any]]) -> None:
    """Something has to be put right; nothing was stored."""
    delivery.state, delivery.faults = Delivery.State.REFUSED, list(faults)
    delivery.save(update_fields=["state", "faults"])


@transaction.atomic
def settle(*, delivery: Delivery, study: Study, warnings: Sequence[str]) -> None:
    """The study is stored; what it was made of is thrown away."""
    _forget([name for file in delivery.files.all() for name in file.parts])
    delivery.files.all().delete()
    delivery.state, delivery.study, delivery.warnings = Delivery.State.STORED, study, list(warnings)
    delivery.save(update_fields=["state", "study", "warnings"])


@transaction.atomic
def spread_out(*, delivery: Delivery, folder: Path) -> None:
    """The files of a zip or folder that brings no study.toml, each by itself, for somebody to arrange."""
    _forget([name for file in delivery.files.all() for name in file.parts])
    delivery.files.all().delete()
    for path in sorted(folder.rglob("*")):
        name = str(PurePosixPath(path.relative_to(folder)))
        if path.is_file() and not any(part.startswith(".") for part in PurePosixPath(name).parts):
            with path.open("rb") as file:
                kept = uploads().save(f"deliveries/{delivery.public_id}/{uuid.uuid4().hex}", File(file))
            size = path.stat().st_size
            DeliveredFile.objects.create(delivery=delivery, path=name, bytes=size, received=size, parts=[kept])
    delivery.state = Delivery.State.OPEN
    delivery.save(update_fields=["state"])


def _must_be_open(delivery: Delivery) -> None:
    delivery.refresh_from_db(fields=["state"])
    if not delivery.is_open:
        raise Refused("These files are being read already. Begin another study for other files.")


def _forget(names: Sequence[str]) -> None:
    for name in names:
        transaction.on_commit(partial(uploads().delete, name))
