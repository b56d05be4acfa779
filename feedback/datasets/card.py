"""The card of a release: typed features for loaders, and for people what it holds, what stayed out and why."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from feedback.datasets.columns import Column
from feedback.datasets.lines import UNPRINTABLE, scalar
from feedback.datasets.splits import SPLITS
from feedback.datasets.spool import Shard

ONE_LICENCE = re.compile(r"(?!LicenseRef-)[A-Za-z0-9][A-Za-z0-9.+-]*")
RATERS = (
    "`rater` is a pseudonym under a key of this release alone: the same rater has another one in another release. "
    "Names, addresses and the raters' own ids are not in it."
)


def card(manifest: dict[str, Any], columns: Sequence[Column], shards: Sequence[Shard]) -> bytes:
    """README.md: YAML for loaders between two rules, then Markdown."""
    lines = ["---", *_yaml(_front(manifest, columns, shards)), "---", "", *_body(manifest, columns, shards)]
    return ("\n".join(lines) + "\n").encode()


def configs(view: str, shards: Sequence[Shard]) -> dict[str, dict[str, Any]]:
    """The data files of each config by split: everything by pattern, and each criterion if there are several."""
    splits = [split for split in SPLITS if any(shard.split == split for shard in shards)]
    found: dict[str, dict[str, Any]] = {view: {split: f"data/{view}/{split}-*.jsonl" for split in splits}}
    criteria = list(dict.fromkeys(shard.criterion for shard in shards))
    for criterion in criteria if len(criteria) > 1 else []:
        name = f"criterion-{criterion}" if criterion == view else criterion
        files = {
            split: [shard.path for shard in shards if (shard.criterion, shard.split) == (criterion, split)]
            for split in splits
        }
        found[name] = {split: paths for split, paths in files.items() if paths}
    return found


def _front(manifest: dict[str, Any], columns: Sequence[Column], shards: Sequence[Shard]) -> dict[str, Any]:
    view = manifest["view"]
    found = configs(view, shards)
    features = [column.feature for column in columns]
    licences = [one["licence"] for one in manifest["licences"]]
    known = len(licences) == 1 and ONE_LICENCE.fullmatch(licences[0])
    return {
        "pretty_name": _one_line(manifest["title"]),
        "license": licences[0].lower() if known else "other",
        "configs": [
            {"config_name": name}
            | ({"default": True} if name == view else {})
            | {"data_files": [{"split": split, "path": path} for split, path in files.items()]}
            for name, files in found.items()
        ],
        "dataset_info": [{"config_name": name, "features": features} for name in found],
    }


def _body(manifest: dict[str, Any], columns: Sequence[Column], shards: Sequence[Shard]) -> Iterator[str]:
    yield from (f"# {_text(manifest['title'])}", "")
    yield f"Release `{manifest['release']}` of the study `{manifest['study']}`, for the purpose `{manifest['purpose']}`."
    yield f"View `{manifest['view']}`" + (f", preset `{manifest['preset']}`." if manifest["preset"] else ".")
    if manifest["judged_until"]:
        yield f"It holds what was judged until {manifest['judged_until']}."
    yield from ("", "## Load it", "", "```python", "from datasets import load_dataset", "")
    yield 'data = load_dataset("path/to/this/folder")'
    yield from ("```", "")
    names = list(configs(manifest["view"], shards))
    if len(names) > 1:
        listed = ", ".join(f"`{name}`" for name in names[1:])
        yield "That is every criterion together, whose labels may contradict each other. For one of them give its"
        yield f'name as well, as in `load_dataset("path/to/this/folder", "{names[1]}")`: {listed}.'
        yield ""
    yield from _rows(manifest, shards)
    yield from _criteria(manifest)
    yield from ("## Columns", "", "| column | what it says |", "|---|---|")
    yield from (f"| `{column.name}` | {column.says} |" for column in columns)
    yield from ("", "A column that would hold no value is left out.", "")
    if any(column.name == "rater" for column in columns):
        yield from (RATERS, "")
    yield from _left_out(manifest)
    yield from ("## Licences", "", "| licence | works |", "|---|---|")
    yield from (f"| {_text(one['licence']) or 'by consent alone'} | {one['works']} |" for one in manifest["licences"])


def _rows(manifest: dict[str, Any], shards: Sequence[Shard]) -> Iterator[str]:
    yield from ("## Rows", "", "| split | criterion | rows |", "|---|---|---|")
    for split in SPLITS:
        for criterion in dict.fromkeys(shard.criterion for shard in shards):
            rows = sum(shard.rows for shard in shards if (shard.split, shard.criterion) == (split, criterion))
            if rows:
                yield f"| {split} | {criterion} | {rows} |"
    prompts = ", ".join(f"{number} in {split}" for split, number in manifest["prompts"].items())
    yield from ("", f"Prompts: {prompts}. A prompt stays in its split for good, with those of its group and those")
    yield from ("that share a work with it. A split without rows has no file.", "")


def _criteria(manifest: dict[str, Any]) -> Iterator[str]:
    yield from ("## Criteria", "")
    for criterion in manifest["criteria"]:
        definition = _text(criterion["definition"])
        said = f": {definition}" if definition else "."
        yield f"- `{criterion['slug']}` (version {criterion['version']}), {_text(criterion['name'])}{said}"
    yield ""


def _left_out(manifest: dict[str, Any]) -> Iterator[str]:
    yield from ("## What stayed out", "")
    said = [f"- {one['count']} works: {one['reason']}." for one in manifest["works_left_out"]]
    said += [f"- {one['count']} judgements: {one['reason']}." for one in manifest["judgements"]["left_out"]]
    said += [f"- {one['count']} pairs: {one['reason']}." for one in manifest["pairs_left_out"]]
    yield from said or ["Nothing."]
    yield ""


def _yaml(value: Any, indent: str = "") -> Iterator[str]:
    """Mappings and lists in block style, strings as JSON writes them."""
    items = value.items() if isinstance(value, dict) else ((None, one) for one in value)
    for key, one in items:
        head = f"{indent}-" if key is None else f"{indent}{key}:"
        if not isinstance(one, dict | list):
            yield f"{head} {scalar(one)}"
        elif key is None:
            inner = list(_yaml(one, indent + "  "))
            yield f"{head} {inner[0].lstrip()}"
            yield from inner[1:]
        else:
            yield head
            yield from _yaml(one, indent + "  ")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> str:
    """On one line, and taken for text by Markdown."""
    plain = _one_line(text).translate(dict.fromkeys(UNPRINTABLE, " "))
    return re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", plain)
