"""Freezing a study's judgements into a release."""

import hashlib
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction

from feedback.datasets.archive import Written, pack
from feedback.datasets.chapters import Book
from feedback.datasets.columns import columns_of
from feedback.datasets.export import VIEWS, Tally
from feedback.datasets.leaving import Stayed
from feedback.datasets.models import Release, ReleaseFile, releases
from feedback.datasets.presets import PRESETS
from feedback.datasets.refusals import why_nothing
from feedback.datasets.splits import SALT
from feedback.datasets.spool import Spool
from feedback.datasets.terms import DEFAULT_PURPOSE, SCHEMA_VERSION, ReleaseRefused, Terms, newest_criteria, terms_for
from feedback.people.actions import record
from feedback.people.models import User
from feedback.snapshot import snapshot
from feedback.studies import access
from feedback.studies.models import Criterion, Study


@dataclass(frozen=True)
class Frozen:
    """A release, whether it was there before, and the works that stayed out of it, by name."""

    release: Release
    unchanged: bool
    works_left_out: list[Stayed]


def freeze_release(
    *,
    study: Study,
    preset: str = "",
    view: str = "",
    purpose: str = DEFAULT_PURPOSE,
    criterion: str | Criterion | None = None,
    rationales: bool = False,
    by: User | None = None,
    progress: Callable[[int], None] | None = None,
) -> Frozen:
    """Freeze what the study holds at this moment, or find the release that froze the same before.

    Everything is read in one snapshot; rows are written afterwards. `by` None is the command line. `progress` is told
    the number of rows read, after each. Raises ReleaseRefused with the reason and the remedy.
    """
    terms = terms_for(
        study=study, preset=preset, view=view, purpose=purpose, criterion=criterion, rationales=rationales
    )
    if by is not None and not may_release(by, study):
        raise PermissionDenied
    with Spool(columns_of(view=terms.view, preset=terms.preset, rationales=rationales)) as spool:
        with snapshot():
            book, tally = Book(terms), Tally()
            for row in VIEWS[terms.view](book, tally):
                spool.add(row._replace(values=PRESETS[terms.preset](row.values)))
                if progress:
                    progress(spool.rows)
        if not spool.rows:
            raise ReleaseRefused(why_nothing(terms, tally))
        facts = _facts(terms, book, tally)
        release, made = _release(terms, facts, spool, by)
        if not _is_stored(release):
            release = _store(release, terms, facts, spool)
    return Frozen(release, not made, book.works.stayed)


def may_release(user: User, study: Study) -> bool:
    """Whether the user may build and download releases: leads and engineers who are not blind as raters."""
    roles = access.roles_of(user, study)
    return bool(roles & {access.LEAD, access.ENGINEER}) and access.sees_names(user, study)


def _facts(terms: Terms, book: Book, tally: Tally) -> dict[str, Any]:
    """What the manifest says of the content; nothing in it comes from a clock."""
    chosen = [terms.criterion] if terms.criterion else newest_criteria(terms.study)
    return {
        "title": terms.study.title,
        "form": terms.study.form,
        "criteria": [
            {"slug": one.slug, "version": one.version, "name": one.name, "definition": one.definition} for one in chosen
        ],
        **tally.told(),
        "works_left_out": [stayed.told() for stayed in book.works.stayed],
        "licences": book.works.licences(tally.works),
        "split_salt": SALT,
    }


@transaction.atomic
def _release(terms: Terms, facts: dict[str, Any], spool: Spool, by: User | None) -> tuple[Release, bool]:
    release, made = Release.objects.get_or_create(
        study=terms.study,
        content_sha256=spool.content_sha256(SCHEMA_VERSION, settings.CODE_VERSION, terms.told(), facts),
        defaults={
            **terms.fields(),
            "schema_version": SCHEMA_VERSION,
            "code_version": settings.CODE_VERSION,
            "pseudonym_key": secrets.token_hex(32),
            "rows": spool.rows,
            "frozen_by": by,
        },
    )
    if made:
        record(by=by, action="freeze release", subject=terms.study, release=str(release), **terms.told())
    return release, made


def _is_stored(release: Release) -> bool:
    name = release.archive.name
    return bool(name) and releases().exists(str(name))


def _store(release: Release, terms: Terms, facts: dict[str, Any], spool: Spool) -> Release:
    """Put the archive where releases are kept, and its files into rows."""
    shards = spool.shards(terms.view, [criterion["slug"] for criterion in facts["criteria"]])
    manifest = {
        "schema_version": release.schema_version,
        "release": str(release),
        **terms.told(),
        "code_version": release.code_version,
        "content_sha256": release.content_sha256,
        **facts,
        "rows": release.rows,
        "columns": [column.name for column in spool.filled],
    }
    with tempfile.TemporaryFile() as archive:
        files = pack(archive, spool, shards, manifest, bytes.fromhex(release.pseudonym_key))
        archive.seek(0)
        sha256 = hashlib.file_digest(archive, "sha256").hexdigest()
        return _keep(release, manifest, files, archive, sha256)


@transaction.atomic
def _keep(release: Release, manifest: dict[str, Any], files: list[Written], archive: IO[bytes], sha256: str) -> Release:
    kept = Release.objects.select_for_update().get(pk=release.pk)
    if _is_stored(kept):
        return kept  # another process was faster, with the same bytes
    name = f"{kept.study.slug}/{kept.public_id}.zip"
    storage = releases()
    storage.delete(name)  # what a killed process may have left
    archive.seek(0)
    kept.archive = storage.save(name, File(archive))
    kept.archive_bytes = archive.tell()
    kept.archive_sha256 = sha256
    kept.manifest = manifest
    kept.save(update_fields=["archive", "archive_bytes", "archive_sha256", "manifest"])
    kept.files.all().delete()
    ReleaseFile.objects.bulk_create(
        [
            ReleaseFile(
                release=kept,
                path=file.path,
                view=kept.view if file.shard else "",
                split=file.shard.split if file.shard else "",
                criterion=file.shard.criterion if file.shard else "",
                rows=file.shard.rows if file.shard else None,
                bytes=file.bytes,
                sha256=file.sha256,
            )
            for file in files
        ],
        batch_size=500,
    )
    return kept
