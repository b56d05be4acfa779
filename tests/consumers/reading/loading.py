"""`datasets.load_dataset` by directory: every format gives the same typed rows, streaming or not."""

import json
from pathlib import Path
from typing import Any

from datasets import DatasetDict, load_dataset

from tests.consumers.inspection import rows
from tests.consumers.reading.checks import check

FORMATS = ("jsonl", "jsonl.gz", "parquet")


@check("datasets", "load_dataset by directory: JSONL, JSONL.gz and Parquet give the same rows")
def formats(folder: Path) -> str:
    loaded = {name: load_dataset(str(folder / f"trl-{name}")) for name in FORMATS}
    first = loaded["jsonl"]
    for name, data in loaded.items():
        assert {split: part.to_list() for split, part in data.items()} == {
            split: part.to_list() for split, part in first.items()
        }, name
        assert data["train"].features == first["train"].features, name
    return _counted(first)


@check("datasets", "load_dataset gives the rows of the files, with the card's types")
def same_rows(folder: Path) -> str:
    release = folder / "trl-jsonl"
    data = load_dataset(str(release))
    for split, part in data.items():
        written = [row for path in sorted(release.glob(f"data/*/{split}-*")) for row in rows(path)]
        assert part.to_list() == written
    return ", ".join(f"{name} {feature.dtype}" for name, feature in data["train"].features.items())


@check("datasets", "load_dataset streaming: the same rows")
def streaming(folder: Path) -> str:
    for name in FORMATS:
        release = str(folder / f"trl-{name}")
        stored, streamed = load_dataset(release), load_dataset(release, streaming=True)
        for split in stored:
            assert list(streamed[split]) == stored[split].to_list(), (name, split)
    return _counted(stored)


@check("datasets", "every release loads by directory, every view and preset of it")
def all_of_them(folder: Path) -> str:
    counted = []
    for path in sorted(folder.glob("*/manifest.json")):
        manifest = json.loads(path.read_text())
        loaded = [load_dataset(str(path.parent), view["view"]) for view in manifest["views"]]
        assert sum(len(part) for data in loaded for part in data.values()) == manifest["rows"], path
        counted.append(f"{path.parent.name} {manifest['rows']}")
    return ", ".join(counted)


@check("datasets", "one config for each view and criterion")
def configs(folder: Path) -> str:
    told = []
    for release in ("trl-jsonl", "everything"):
        manifest: dict[str, Any] = json.loads((folder / release / "manifest.json").read_text())
        for view in manifest["views"]:
            data = load_dataset(str(folder / release), view["view"])
            assert sum(len(part) for part in data.values()) == view["rows"]
            assert data["train"].column_names == view["columns"]
            told.append(f"{view['view']} {view['rows']}")
        for criterion in manifest["criteria"]:
            data = load_dataset(str(folder / release), criterion["slug"])
            assert {row["criterion"] for part in data.values() for row in part} == {criterion["slug"]}
    return ", ".join(told)


def _counted(data: DatasetDict) -> str:
    return ", ".join(f"{len(part)} {split}" for split, part in data.items())
