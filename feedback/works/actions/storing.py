"""Storing prompts, works, their files and their clearance."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import Storage
from django.db import transaction

from feedback.studies.models import Study
from feedback.works.media import RECIPE, Derivative
from feedback.works.models import (
    PURPOSES,
    Asset,
    Clearance,
    Collection,
    Generator,
    Prompt,
    Work,
    derivatives,
    originals,
)

BATCH = 500


class CollectionConflict(ValueError):
    """The collection already holds other content under the same id."""


@dataclass(frozen=True)
class NewAsset:
    """A file or text of a work, ready to be stored."""

    role: str
    media_type: str
    sha256: str
    bytes: int
    text: str = ""
    path: Path | None = None
    suffix: str = ""
    width: int | None = None
    height: int | None = None
    recipe: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of_text(cls, text: str) -> "NewAsset":
        """A text as raters see it."""
        encoded = text.encode()
        return cls(
            role=Asset.Role.SHOWN,
            media_type="text/plain; charset=utf-8",
            sha256=hashlib.sha256(encoded).hexdigest(),
            bytes=len(encoded),
            text=text,
        )

    @classmethod
    def of_derivative(cls, role: str, made: Derivative) -> "NewAsset":
        """A file as raters see or hear it."""
        return cls(
            role=role,
            media_type=made.media_type,
            sha256=made.sha256,
            bytes=made.bytes,
            path=made.path,
            width=made.width,
            height=made.height,
            recipe=str(RECIPE),
            facts=made.facts,
        )

    @property
    def name(self) -> str:
        """Where it is stored: by content, so that copies are stored once."""
        return f"{self.sha256[:2]}/{self.sha256}{self.suffix}" if self.path else ""

    @property
    def storage(self) -> Storage:
        return originals() if self.role == Asset.Role.ORIGINAL else derivatives()


@dataclass(frozen=True)
class NewWork:
    """A work to be stored, with its assets and what is claimed of its rights."""

    external_id: str
    prompt: str
    medium: str
    sha256: str
    generator: tuple[str, str] | None
    maker: str
    assets: Sequence[NewAsset]
    licence: str
    consent: str
    source: str
    purposes: frozenset[str]
    metadata: dict[str, Any] = field(default_factory=dict)


def shown_assets(made: Derivative) -> list[NewAsset]:
    """A derivative and its stills, ready to be stored."""
    parts = {Asset.Role.SHOWN: made, Asset.Role.POSTER: made.poster, Asset.Role.STRIP: made.strip}
    return [NewAsset.of_derivative(role, part) for role, part in parts.items() if part]


def store_files(assets: Iterable[NewAsset]) -> Iterator[tuple[Storage, str]]:
    """Put the files where they belong; yields what was newly written, so that a failed import can take it back."""
    for asset in assets:
        if asset.path is None or _is_whole(asset):
            continue
        asset.storage.delete(asset.name)  # what a killed process left half
        with asset.path.open("rb") as source:
            asset.storage.save(asset.name, File(source))
        yield asset.storage, asset.name


def _is_whole(asset: NewAsset) -> bool:
    """Whether the file is there, to its last byte."""
    return asset.storage.exists(asset.name) and asset.storage.size(asset.name) == asset.bytes


@transaction.atomic
def store_collection(*, study: Study, slug: str, prompts: Iterable[Prompt], works: Sequence[NewWork]) -> Collection:
    """Add prompts and works to the collection and let the study draw from it.

    What the collection holds already stays; the same id with other content raises CollectionConflict. `prompts` are
    unsaved rows without a collection.
    """
    collection, _ = Collection.objects.get_or_create(slug=slug)
    collection.studies.add(study)
    known_prompts = _store_prompts(collection, prompts)
    generators = _store_generators(works)
    known = dict(Work.objects.filter(collection=collection).values_list("external_id", "sha256"))
    for work in works:
        if known.get(work.external_id, work.sha256) != work.sha256:
            raise CollectionConflict(
                f"Collection {slug} holds another work under the id {work.external_id!r}; give this one another id."
            )
    new = [work for work in works if work.external_id not in known]
    rows = Work.objects.bulk_create(
        [
            Work(
                collection=collection,
                prompt_id=known_prompts[work.prompt],
                external_id=work.external_id,
                generator_id=generators[work.generator] if work.generator else None,
                maker=work.maker,
                medium=work.medium,
                sha256=work.sha256,
                metadata=work.metadata,
            )
            for work in new
        ],
        batch_size=BATCH,
    )
    pairs = list(zip(rows, new, strict=True))
    Asset.objects.bulk_create([asset_row(row, asset) for row, work in pairs for asset in work.assets], batch_size=BATCH)
    Clearance.objects.bulk_create([_clearance(row, work) for row, work in pairs], batch_size=BATCH)
    return collection


def _store_prompts(collection: Collection, prompts: Iterable[Prompt]) -> dict[str, int]:
    known = {prompt.external_id: prompt for prompt in Prompt.objects.filter(collection=collection)}
    new = []
    for prompt in prompts:
        held = known.get(prompt.external_id)
        if held is None:
            prompt.collection = collection
            new.append(prompt)
        elif held.text != prompt.text:
            raise CollectionConflict(
                f"Collection {collection} holds another text for the prompt {prompt.external_id!r}; "
                "give this one another id, or name another collection."
            )
        elif prompt.reference not in {"", held.reference}:
            raise CollectionConflict(
                f"Collection {collection} holds the prompt {prompt.external_id!r} without the reference "
                f"{prompt.reference!r}; name another collection."
            )
    for row in Prompt.objects.bulk_create(new, batch_size=BATCH):
        known[row.external_id] = row
    return {external_id: prompt.pk for external_id, prompt in known.items()}


def _store_generators(works: Iterable[NewWork]) -> dict[tuple[str, str], int]:
    named = sorted({work.generator for work in works if work.generator})
    return {
        (name, version): Generator.objects.get_or_create(name=name, version=version)[0].pk for name, version in named
    }


def asset_row(row: Work, asset: NewAsset) -> Asset:
    stored = {"original": asset.name} if asset.role == Asset.Role.ORIGINAL else {"derivative": asset.name}
    return Asset(
        work=row,
        role=asset.role,
        media_type=asset.media_type,
        sha256=asset.sha256,
        bytes=asset.bytes,
        width=asset.width,
        height=asset.height,
        recipe=asset.recipe,
        text=asset.text,
        facts=dict(asset.facts),
        **stored,
    )


def _clearance(row: Work, work: NewWork) -> Clearance:
    permits = {f"may_{purpose.replace('-', '_')}": purpose in work.purposes for purpose in PURPOSES}
    return Clearance(work=row, licence=work.licence, consent=work.consent, source=work.source, **permits)
