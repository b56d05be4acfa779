"""Freezing the judgements of studies into a release."""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.crypto import salted_hmac

from feedback.datasets.actions.keeping import Overtaken, is_stored, keep
from feedback.datasets.lines import digest, line
from feedback.datasets.making.archive import Member, pack
from feedback.datasets.making.gathering import Progress, Reading, read
from feedback.datasets.making.manifest import manifest_of, write_documents
from feedback.datasets.making.removals import REMOVALS, removals
from feedback.datasets.making.shards import Making
from feedback.datasets.making.versions import Version, difference, version_after, write_index
from feedback.datasets.making.workshop import Finished, Workshop, workshop
from feedback.datasets.models import Release
from feedback.datasets.terms import SCHEMA_VERSION, ReleaseRefused, Terms
from feedback.people.models import User
from feedback.studies import access
from feedback.studies.models import Study

PACKING = "packing"


@dataclass(frozen=True)
class Frozen:
    """A release, whether it was there before, and the works that stayed out of it, by name."""

    release: Release
    unchanged: bool
    works_left_out: list[dict[str, Any]]


def silent(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody asks for."""


def freeze_release(
    *, terms: Terms, by: User | None = None, progress: Progress = silent, request: str = "", resume: bool = False
) -> Frozen:
    """Freeze what the studies hold at this moment, or find the release that froze the same before.

    Everything is read in one snapshot; files are made afterwards, one by one, in a workshop that is named by `request`
    (the terms, unless told). With `resume` it goes on where a killed process left it. `by` None is the command line.
    `progress` may raise to end it. Raises ReleaseRefused with the reason and the remedy.
    """
    if by is not None and not may_release(by, *terms.studies):
        raise PermissionDenied
    with workshop(request or digest(terms.told())[:32], resume=resume) as shop:
        reading = _reading(terms, shop, progress)
        known = Release.objects.filter(digest=_digest(terms, reading)).first()
        if known and is_stored(known):
            return Frozen(known, True, reading.stayed)
        release = known or _new(terms, reading, by)
        making = _make(terms, shop, reading, release, progress)
        return Frozen(_kept(release, making, progress), known is not None, reading.stayed)


def may_release(user: User, *studies: Study) -> bool:
    """Whether the user may build and download releases: leads and engineers who are not blind as raters."""
    wanted = {access.LEAD, access.ENGINEER}
    return all(access.roles_of(user, study) & wanted and access.sees_names(user, study) for study in studies)


def _reading(terms: Terms, shop: Workshop, progress: Progress) -> Reading:
    """What was read for these terms before, by this code, or what is read now."""
    asked = {"terms": terms.told(), "code_version": settings.CODE_VERSION, "schema_version": SCHEMA_VERSION}
    told = shop.reading
    if told and told["asked"] == asked:
        return Reading.from_told(shop.rows, told["reading"])
    shop.begin_again()
    reading = read(terms, shop.rows, progress)
    shop.keep_reading({"asked": asked, "reading": reading.told()})
    return reading


def _digest(terms: Terms, reading: Reading) -> str:
    """The same for the same terms over the same content, by the same code."""
    return digest([SCHEMA_VERSION, settings.CODE_VERSION, terms.told(), reading.facts, reading.rows_sha256])


def _pseudonym_key(terms: Terms, reading: Reading) -> str:
    """Of the rows, whatever their format; of the release it continues, so that its raters keep their names."""
    if terms.since:
        return terms.since.pseudonym_key
    content = f"{terms.series} {reading.rows_sha256}"
    return salted_hmac("feedback.datasets.pseudonyms", content, algorithm="sha256").hexdigest()


def _public_id(digested: str) -> uuid.UUID:
    return uuid.UUID(bytes=salted_hmac("feedback.datasets.release", digested, algorithm="sha256").digest()[:16])


def _make(terms: Terms, shop: Workshop, reading: Reading, release: Release, progress: Progress) -> Making:
    key = bytes.fromhex(release.pseudonym_key)
    if terms.since is None:
        making = Making(terms, shop, reading, key)
    else:
        found = difference(terms.since, reading)
        if not found.rows and not found.removed:
            raise ReleaseRefused(f"Nothing has changed since the release {terms.since}. It still holds.")
        making = Making(terms, shop, reading, key, found.kept)
        if found.removed:
            making.put(REMOVALS, map(line, removals(terms, terms.since, found.removed, reading)))
    making.make(progress)
    return making


def _kept(release: Release, making: Making, progress: Progress) -> Release:
    """Pack and keep what was made; once more if another release of the series came between."""
    write_index(making.reading, making.workshop.index)
    while True:
        version = _version_of(release) if release.pk else version_after(_newest(making.terms), making.reading)
        manifest = manifest_of(release, making, version)
        members = _packed(making, write_documents(manifest, making), progress)
        with suppress(Overtaken):
            return keep(release, manifest, version, making, members)


def _packed(making: Making, documents: list[Finished], progress: Progress) -> list[Member]:
    """The archive in the workshop: documents first, the manifest last."""
    *front, manifest = documents
    others = sorted(making.workshop.finished.keys() - {file.path for file in documents})
    files = [*front, *(making.workshop.finished[path] for path in others), manifest]
    total = sum(file.bytes for file in files)
    with making.workshop.archive.open("wb") as target:
        paths = ((file, making.workshop.path(file.path)) for file in files)
        return pack(target, paths, lambda done: progress(PACKING, done, total))


def _new(terms: Terms, reading: Reading, by: User | None) -> Release:
    digested = _digest(terms, reading)
    return Release(
        public_id=_public_id(digested),
        terms=terms.told(),
        schema_version=SCHEMA_VERSION,
        code_version=settings.CODE_VERSION,
        digest=digested,
        pseudonym_key=_pseudonym_key(terms, reading),
        series=terms.series,
        since=terms.since,
        frozen_at=datetime.strptime(reading.frozen_at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC),
        frozen_by=by,
    )


def _newest(terms: Terms) -> Release | None:
    return Release.objects.of_series(terms.series).first()


def _version_of(known: Release) -> Version:
    """The version it was given when it was frozen."""
    return Version(known.version, None, known.manifest.get("changes", {}))
