"""`load_dataset` from a running site: with a token, by signed links, and as the release's own page says."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from datasets import DatasetDict, load_dataset

from tests.consumers.reading.checks import check

BUILDERS = {"trl-jsonl": "json", "trl-jsonl.gz": "json", "trl-parquet": "parquet"}


@check("datasets", "load_dataset over HTTP with a token")
def with_a_token(folder: Path) -> str:
    return _equal(folder, signed=False, streaming=False)


@check("datasets", "load_dataset over HTTP with a token, streaming")
def streamed_with_a_token(folder: Path) -> str:
    return _equal(folder, signed=False, streaming=True)


@check("datasets", "load_dataset over HTTP by signed links, no header")
def by_links(folder: Path) -> str:
    return _equal(folder, signed=True, streaming=False)


@check("datasets", "load_dataset over HTTP by signed links, streaming")
def streamed_by_links(folder: Path) -> str:
    return _equal(folder, signed=True, streaming=True)


@check("datasets", "the lines of Python on the release's page load it")
def as_the_page_says(folder: Path) -> str:
    counted = []
    for name in BUILDERS:
        for number, code in enumerate(_site(folder)["releases"][name]["code"]):
            place = folder / f"page-{name}-{number}"
            place.mkdir()
            os.chdir(place)
            names: dict[str, Any] = {}
            exec(code, names)
            assert _rows(names["data"]) == _rows(load_dataset(str(folder / name))), code
            counted.append(len(names["data"]["train"]))
    return f"{len(counted)} times {counted[0]} rows for training"


@check("datasets", "without a token, or with a wrong one, nothing comes")
def without(folder: Path) -> str:
    site = _site(folder)
    url = f"{site['origin']}/api/v1/releases/{site['releases']['trl-jsonl']['id']}/files/data/pairs/train-00000-of-00002.jsonl"
    for options in ({}, {"headers": {"Authorization": "Bearer salon_0_0"}}):
        try:
            load_dataset("json", data_files=url, storage_options=options)
        except FileNotFoundError:
            continue
        raise AssertionError("it came")
    return "FileNotFoundError"


def _equal(folder: Path, *, signed: bool, streaming: bool) -> str:
    """Every release loads from the site as it does from its folder."""
    site = _site(folder)
    for name, builder in BUILDERS.items():
        files = _files(site, name, signed=signed)
        options = {} if signed else {"headers": _headers(site)}
        # First: with each call, `datasets` takes the headers from the streams that are still open.
        kept = _rows(load_dataset(str(folder / name)))
        got = load_dataset(builder, data_files=files, storage_options=options, streaming=streaming)
        assert _rows(got) == kept, name
    return ", ".join(BUILDERS)


def _rows(data: DatasetDict) -> dict[str, list[dict[str, Any]]]:
    return {split: list(part) for split, part in data.items()}


def _files(site: dict[str, Any], name: str, *, signed: bool) -> dict[str, list[str]]:
    """The addresses of the data files by split, as the API tells them."""
    release = f"{site['origin']}/api/v1/releases/{site['releases'][name]['id']}/files/"
    with urlopen(Request(f"{release}?limit=1000", headers=_headers(site))) as answer:
        told = json.load(answer)["results"]
    files: dict[str, list[str]] = {}
    for file in told:
        if file["view"]:
            files.setdefault(file["split"], []).append(file["url"] if signed else f"{release}{file['path']}")
    return files


def _headers(site: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {site['token']}"}


def _site(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "site.json").read_text())
