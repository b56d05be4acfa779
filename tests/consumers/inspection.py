"""What must hold of any release, whoever wrote it: found by reading its files, with nothing of ours but their names."""

import csv
import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]

NEVER_NULL = ("prompt", "chosen", "rejected", "completion", "label", "conversations")
RESERVED = {
    "margin": "trainers take it into their loss",
    "image": "trainers take the row for a picture's",
    "images": "trainers take the row for a picture's",
    "chat_template_kwargs": "trainers hand it to their templates",
}
NAMES_OF_WORKS = ("work", "chosen_work", "rejected_work", "work_0", "work_1", "image_0_uid", "image_1_uid")


def faults(release: Path) -> list[str]:
    """Everything that is wrong with the release, in words."""
    manifest = json.loads((release / "manifest.json").read_text())
    return [*_of_files(release, manifest), *_of_rows(release, manifest), *_of_splits(release, manifest)]


def rows(path: Path) -> Iterator[Row]:
    """The rows of a data file: lines, packed or not, an array, a table."""
    if path.suffix == ".parquet":
        from pyarrow import parquet

        yield from parquet.read_table(path).to_pylist()
        return
    if path.suffix == ".json":
        yield from json.loads(path.read_bytes())
        return
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as table:
            yield from csv.DictReader(table)
        return
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        yield from map(json.loads, lines)


def _of_files(release: Path, manifest: Row) -> Iterator[str]:
    listed = {file["path"]: file for file in [*manifest["files"], *manifest["other"]]}
    present = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    media = {path for path in present if path.startswith("media/")}
    for path in sorted(listed.keys() ^ (present - media - {"manifest.json"})):
        yield f"{path} is {'missing' if path in listed else 'not listed'}"
    for path in sorted(listed.keys() & present):
        content = (release / path).read_bytes()
        if hashlib.sha256(content).hexdigest() != listed[path]["sha256"]:
            yield f"{path} has another sha256 than the manifest says"
    for path in sorted(media):
        if hashlib.sha256((release / path).read_bytes()).hexdigest() != Path(path).stem:
            yield f"{path} is not named by its sha256"


def _of_rows(release: Path, manifest: Row) -> Iterator[str]:
    columns = {view["view"]: view["columns"] for view in manifest["views"]}
    for file in manifest["files"]:
        found = list(_read(release / file["path"]))
        if len(found) != file["rows"]:
            yield f"{file['path']} has {len(found)} rows where the manifest says {file['rows']}"
        for number, row in enumerate(found):
            if list(row) != columns[file["view"]]:
                yield f"{file['path']}:{number} has other columns than its view: {sorted(row.keys() ^ columns[file['view']])}"
            for name in NEVER_NULL:
                if row.get(name, "") is None:
                    yield f"{file['path']}:{number} has no {name}"
    asked = {"margin"} if manifest["margin"] else set()
    for view, names in columns.items():
        yield from (
            f"{view} has a column {name}: {RESERVED[name]}" for name in names if name in RESERVED.keys() - asked
        )


def _of_splits(release: Path, manifest: Row) -> Iterator[str]:
    """A prompt or a work that stands in two splits."""
    where: dict[tuple[str, str], set[str]] = defaultdict(set)
    for file in manifest["files"]:
        for row in _read(release / file["path"]):
            names = {("prompt", row["prompt_id"])} if "prompt_id" in row else set()
            names |= {("work", row[name]) for name in NAMES_OF_WORKS if name in row}
            for name in names:
                where[name].add(file["split"])
    for (what, name), splits in sorted(where.items()):
        if len(splits) > 1:
            yield f"the {what} {name} is in {' and '.join(sorted(splits))}"


def _read(path: Path) -> Iterator[Row]:
    """As `rows`, up to where the file breaks off."""
    try:
        yield from rows(path)
    except (ValueError, OSError):
        return
