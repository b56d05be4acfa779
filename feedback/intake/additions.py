"""Prompts and works for a collection that is there already, read as an import reads them and stored as it stores them."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from feedback.intake.actions import new_work
from feedback.intake.reading.findings import PROMPTS, WORKS, Findings
from feedback.intake.reading.folder import MEDIA, Folder
from feedback.intake.reading.media import read_media
from feedback.intake.reading.plans import DEFAULT_LIMITS, WorkPlan
from feedback.intake.reading.rows import Known, ReadWork, read_prompts, read_works
from feedback.people.actions import record
from feedback.people.models import User
from feedback.studies.models import Study
from feedback.works.actions import CollectionConflict, store_collection, store_files
from feedback.works.models import PURPOSES, Clearance, Collection, Prompt, Work

type Json = Mapping[str, Any]


@dataclass(frozen=True)
class Added:
    """The ids that are new, those that were there with the same content, and what is worth knowing."""

    added: list[str]
    unchanged: list[str]
    warnings: list[str]


def add_prompts(*, study: Study, collection: Collection, rows: Sequence[Json], scratch: Path, by: User) -> Added:
    """Store the prompts that the collection does not hold; raises BadStudy or CollectionConflict, and then stores none."""
    findings = Findings(DEFAULT_LIMITS)
    plans, _ = read_prompts(_written(rows, scratch / PROMPTS), findings)
    findings.settle()
    with _alone(collection):
        held = set(collection.prompts.values_list("external_id", flat=True))
        new = [plan.id for plan in plans if plan.id not in held]
        prompts = [
            Prompt(
                external_id=plan.id,
                text=plan.text,
                group=plan.group,
                reference=plan.reference,
                metadata=dict(plan.metadata),
            )
            for plan in plans
        ]
        store_collection(study=study, slug=collection.slug, prompts=prompts, works=[])
        if new:
            record(by=by, action="add prompts", subject=study, collection=collection.slug, prompts=len(new))
    return Added(new, sorted(held & {plan.id for plan in plans}), _warnings(findings))


def add_works(
    *, study: Study, collection: Collection, rows: Sequence[Json], files: Mapping[str, str], scratch: Path, by: User
) -> Added:
    """Store the works that the collection does not hold; raises BadStudy or CollectionConflict, and then stores none.

    A row's `file` is the sha256 of its content; `files` has the name of each of them under the media folder in
    `scratch`. A work that is there with the same content needs none.
    """
    findings = Findings(DEFAULT_LIMITS)
    prompts = Known(lines=dict.fromkeys(_prompts_named(rows, collection), 0))
    read, _ = read_works(_written(rows, scratch / WORKS), prompts, findings)
    held = _held(collection, [work.plan.id for work in read])
    for work in read:
        if work.plan.id in held:
            _must_be_the_same(work, held[work.plan.id])
    new = [_located(work, files, findings) for work in read if work.plan.id not in held]
    plans = read_media(new, Folder(scratch), WORKS, findings, scratch=scratch / "derivatives", left_out=None)
    findings.settle()
    _store(study, collection, plans, by)
    return Added([plan.id for plan in plans], sorted(held), _warnings(findings))


def _store(study: Study, collection: Collection, plans: Sequence[WorkPlan], by: User) -> None:
    """Files first, under names made of their content; then all rows in one transaction, or nothing stays."""
    works = [new_work(plan) for plan in plans]
    written = []
    try:
        for stored in store_files(asset for work in works for asset in work.assets):
            written.append(stored)  # noqa: PERF402 - kept one by one, so that a failure half-way can be taken back
        with _alone(collection):
            store_collection(study=study, slug=collection.slug, prompts=[], works=works)
            if works:
                record(by=by, action="add works", subject=study, collection=collection.slug, works=len(works))
    except BaseException:
        for storage, name in written:
            storage.delete(name)
        raise


@contextmanager
def _alone(collection: Collection) -> Iterator[None]:
    """A transaction in which nobody else adds to the collection."""
    with transaction.atomic():
        Collection.objects.select_for_update().get(pk=collection.pk)
        yield


def _written(rows: Sequence[Json], path: Path) -> Path:
    """The rows as the lines that an import reads; the first row is line 1."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _prompts_named(rows: Sequence[Json], collection: Collection) -> list[str]:
    named = {row["prompt"] for row in rows if isinstance(row.get("prompt"), str)}
    return list(collection.prompts.filter(external_id__in=named).values_list("external_id", flat=True))


def _located(work: ReadWork, files: Mapping[str, str], findings: Findings) -> ReadWork:
    """The work with its file's name in place of the checksum."""
    if not work.file:
        return work
    if work.file not in files:
        findings.fault(WORKS, work.line, "file", "found no whole upload of yours with this sha256, expected one")
        return replace(work, file="")
    return replace(work, file=f"{MEDIA}/{files[work.file]}")


def _held(collection: Collection, ids: Sequence[str]) -> dict[str, Work]:
    works = collection.works.filter(external_id__in=ids).select_related("prompt", "generator")
    standing = Clearance.objects.filter(replaced_at__isnull=True)
    return {
        work.external_id: work for work in works.prefetch_related(Prefetch("clearances", standing, to_attr="standing"))
    }


def _must_be_the_same(work: ReadWork, held: Any) -> None:
    """Raise CollectionConflict with what is told otherwise of a work that is there already."""
    told, clearance = work.plan, held.standing[0]
    generator = (held.generator.name, held.generator.version) if held.generator else ("", "")
    same = {
        "content": held.sha256 == (hashlib.sha256(told.text.encode()).hexdigest() if told.text else work.file),
        "prompt": held.prompt.external_id == told.prompt,
        "generator": generator == (told.generator, told.generator_version),
        "maker": held.maker == told.maker,
        "licence": clearance.licence == told.licence,
        "consent": clearance.consent == told.consent,
        "purposes": set(PURPOSES) - set(clearance.lacks(*PURPOSES)) == told.purposes,
    }
    if other := [name for name, is_same in same.items() if not is_same]:
        raise CollectionConflict(
            f"Collection {held.collection} holds the work {told.id!r} with another {' and '.join(other)}; "
            "give this one another id."
        )


def _warnings(findings: Findings) -> list[str]:
    return [warning.message for warning in findings.warnings()]
