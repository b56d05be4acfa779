"""What a release says of itself, for programs; the documents for people and loaders are made of it."""

from pathlib import PurePosixPath
from typing import Any

from feedback.datasets.documents import card, croissant, dataset_info
from feedback.datasets.lines import document, moment
from feedback.datasets.making.directory import MANIFEST
from feedback.datasets.making.shards import Making, content_sha256
from feedback.datasets.making.versions import Version
from feedback.datasets.making.workshop import Finished
from feedback.datasets.models import Release

CARD, CROISSANT, DATASET_INFO = "README.md", "croissant.json", "dataset_info.json"


def manifest_of(release: Release, making: Making, version: Version) -> dict[str, Any]:
    """All but `other`, which is there once the documents are; the clock stands here and nowhere else."""
    files = list(making.workshop.finished.values())
    data = sorted((file for file in files if file.view), key=lambda file: file.path)
    media = [file for file in files if file.path.startswith("media/")]
    facts = making.reading.facts
    return {
        "schema_version": release.schema_version,
        "release": str(release.public_id),
        "version": version.name,
        "changes": version.changes,
        **making.terms.told(),
        "code_version": release.code_version,
        "content_sha256": content_sha256(data),
        "snapshot": {"judged_until": facts["judged_until"], "frozen_at": moment(release.frozen_at)},
        **{name: value for name, value in facts.items() if name != "judged_until"},
        "rows": sum(file.rows or 0 for file in data),
        "files": [_told(file) for file in data],
        "media": {
            "files": len(media),
            "bytes": sum(file.bytes for file in media),
            "suffixes": sorted({PurePosixPath(file.path).suffix[1:] for file in media}),
        },
    }


def write_documents(manifest: dict[str, Any], making: Making) -> list[Finished]:
    """Write the documents, and last the manifest with all that is no data; returns those that have a name of their own."""
    columns = making.columns
    documents = {
        CARD: card(manifest, columns),
        DATASET_INFO: dataset_info(manifest),
        CROISSANT: croissant(manifest, columns),
    }
    written = [making.write(path, [content]) for path, content in documents.items() if content is not None]
    beside = [
        file for file in making.workshop.finished.values() if not file.view and not file.path.startswith("media/")
    ]
    written += sorted(beside, key=lambda file: file.path)
    manifest["other"] = [_told(file) for file in written]
    return [*written, making.write(MANIFEST, [document(manifest)])]


def _told(file: Finished) -> dict[str, Any]:
    if file.rows is None:
        return {"path": file.path, "bytes": file.bytes, "sha256": file.sha256}
    return {
        "path": file.path,
        "view": file.view,
        "split": file.split,
        "criterion": file.criterion,
        "rows": file.rows,
        "bytes": file.bytes,
        "sha256": file.sha256,
    }
