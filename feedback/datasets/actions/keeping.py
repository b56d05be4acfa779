"""Putting a release where releases are kept, whole or not at all."""

import hashlib
import secrets
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files import File
from django.db import transaction

from feedback.datasets.making.archive import Member
from feedback.datasets.making.directory import sync
from feedback.datasets.making.shards import Making
from feedback.datasets.making.versions import Version
from feedback.datasets.models import Release, ReleaseFile, releases
from feedback.datasets.terms import ReleaseRefused
from feedback.people.actions import record
from feedback.studies.models import Study
from feedback.works.models import Work

AT_ONCE = 500
TAKEN_BACK = "A work was taken back while the release was made. Ask again: it stays out then."


class Overtaken(Exception):
    """Another release of the series came between: the version is not the next one any more."""


def is_stored(release: Release) -> bool:
    """Whether its archive is where releases are kept."""
    name = release.archive.name
    return bool(name) and releases().exists(str(name))


def keep(
    release: Release, manifest: dict[str, Any], version: Version, making: Making, members: list[Member]
) -> Release:
    """Store the archive and the index, then write the rows that make the release known, in one short transaction.

    Returns the release that another process has kept meanwhile, if one has. Raises Overtaken, or ReleaseRefused where a
    work was taken back meanwhile; nothing stays stored then.
    """
    with making.workshop.archive.open("rb") as archive:
        release.archive_sha256 = hashlib.file_digest(archive, "sha256").hexdigest()
        release.archive_bytes = archive.tell()
    release.version, release.manifest = version.name, manifest
    release.content_sha256, release.rows = manifest["content_sha256"], manifest["rows"]
    name = f"{making.terms.studies[0].slug}/{release.public_id}-{secrets.token_hex(4)}"
    stored = [
        _store(making.workshop.archive, f"{name}.zip"),
        _store(making.workshop.index, f"{name}.index.gz"),
    ]
    release.archive, release.index = stored
    kept = None
    try:
        kept = _commit(release, version, making, members)
    finally:
        others = _of(release) if kept is release else stored
        for left in others:
            releases().delete(left)
    return kept


def _store(path: Path, name: str) -> str:
    with path.open("rb") as file:
        stored = releases().save(name, File(file))
    with suppress(NotImplementedError):  # a storage elsewhere sees to that itself
        sync(Path(releases().path(stored)))
    return stored


def _of(release: Release) -> list[str]:
    """What processes that were killed have left of the release, beside what is kept."""
    folder = PurePosixPath(str(release.archive.name)).parent
    names = [str(folder / name) for name in releases().listdir(str(folder))[1] if name.startswith(str(release))]
    return sorted(set(names) - {release.archive.name, release.index.name})


@transaction.atomic
def _commit(release: Release, version: Version, making: Making, members: list[Member]) -> Release:
    studies = Study.objects.filter(pk__in=[one.pk for one in making.terms.studies]).order_by("pk")
    list(studies.select_for_update())  # one at a time: versions are counted
    known = Release.objects.filter(digest=release.digest).first()
    if known and is_stored(known):
        return known
    if known is None and Release.objects.of_series(release.series).first() != version.before:
        raise Overtaken
    release.save()
    release.studies.set(studies)
    _write_files(release, members)
    _write_contents(release, making)
    if known is None:
        record(
            by=release.frozen_by,
            action="freeze release",
            subject=studies[0],
            release=str(release),
            **making.terms.told(),
        )
    return release


def _write_files(release: Release, members: list[Member]) -> None:
    release.files.all().delete()
    ReleaseFile.objects.bulk_create(
        [
            ReleaseFile(
                release=release,
                path=one.file.path,
                view=one.file.view,
                split=one.file.split,
                criterion=one.file.criterion,
                rows=one.file.rows,
                bytes=one.file.bytes,
                sha256=one.file.sha256,
                offset=one.offset,
            )
            for one in members
        ],
        batch_size=AT_ONCE,
    )


def _write_contents(release: Release, making: Making) -> None:
    """Which works and raters are in it; raises ReleaseRefused if one of the works may no longer leave."""
    reading = making.reading
    release.works.clear()
    release.raters.clear()
    works, raters = Release.works.through, Release.raters.through
    works.objects.bulk_create([works(release=release, work_id=work) for work in reading.works], batch_size=AT_ONCE)
    raters.objects.bulk_create([raters(release=release, rater_id=one) for one in reading.raters], batch_size=AT_ONCE)
    inside = Work.objects.filter(releases=release)
    if inside.cleared(*making.terms.purposes).count() != len(reading.works):
        raise ReleaseRefused(TAKEN_BACK)
