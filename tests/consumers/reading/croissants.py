"""mlcroissant: the document is valid without a complaint, the rows come out, the checksums hold."""

import json
from pathlib import Path

import mlcroissant
from mlcroissant._src.operation_graph.operations import Download  # the library has no public way to check a file

from tests.consumers.inspection import rows
from tests.consumers.reading.checks import check

RELEASES = ("trl-jsonl", "trl-jsonl.gz", "trl-parquet", "trl-chat", "everything", "imagereward")


@check("mlcroissant", "croissant.json has no error and no warning, in every release")
def valid(folder: Path) -> str:
    found = sorted(folder.glob("*/croissant.json"))
    for document in found:
        issues = mlcroissant.Dataset(jsonld=document).metadata.ctx.issues
        assert not issues.errors | issues.warnings, (document.parent.name, issues.report())
    return f"{len(found)} releases"


@check("mlcroissant", "it reads every row of every view, with its split")
def records(folder: Path) -> str:
    told = []
    for name in RELEASES:
        release = folder / name
        manifest = json.loads((release / "manifest.json").read_text())
        dataset = mlcroissant.Dataset(jsonld=release / "croissant.json")
        for view in manifest["views"]:
            got = list(dataset.records(view["view"]))
            assert len(got) == view["rows"], (name, view["view"], len(got))
            key = view["columns"][0]
            expected = {
                (file["split"], row[key])
                for file in manifest["files"]
                if file["view"] == view["view"]
                for row in rows(release / file["path"])
            }
            assert {_named(row, view["view"], key) for row in got} == expected, (name, view["view"])
        told.append(f"{name} {manifest['rows']}")
    return ", ".join(told)


@check("mlcroissant", "its checksums are those of the files")
def checksums(folder: Path) -> str:
    return f"{verified(folder / 'trl-jsonl')} files"


def verified(release: Path) -> int:
    """How many files have the checksums they should; the library raises at one that has not."""
    operations = mlcroissant.Dataset(jsonld=release / "croissant.json").operations.operations
    downloads = [operation for operation in operations if isinstance(operation, Download)]
    for download in downloads:
        download.call()
    return len(downloads)


def _named(row: dict[str, bytes], view: str, key: str) -> tuple[str, str]:
    return row[f"{view}/split"].decode(), row[f"{view}/{key}"].decode()
