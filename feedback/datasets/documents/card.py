"""The card of a release: typed features for loaders, and for people what it holds, what stayed out and why."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from feedback.datasets.columns import Column
from feedback.datasets.documents.configs import Config, Manifest, configs_of, views_of
from feedback.datasets.documents.text import markdown, named, one_line
from feedback.datasets.lines import scalar
from feedback.datasets.reading.splits import SPLITS

ONE_LICENCE = re.compile(r"(?!LicenseRef-)[A-Za-z0-9][A-Za-z0-9.+-]*")
RATERS = (
    "`rater` is a pseudonym under a key of this release alone: the same rater has another one in another release. "
    "Names, addresses and the raters' own ids are not in it."
)
OWN_WORDS = (
    "The raters' own words, on marks and in rationales, leave with the rationales, and only of those who agreed."
)


def card(manifest: Manifest, columns: Mapping[str, Sequence[Column]]) -> bytes:
    """README.md: YAML for loaders between two rules, then Markdown. `columns` are those written, by view."""
    configs = configs_of(manifest)
    columns = {view: columns[view] for view in views_of(manifest)}
    front = _yaml(_front(manifest, columns, configs))
    lines = ["---", *front, "---", "", *_body(manifest, columns, configs)]
    return ("\n".join(lines) + "\n").encode()


def _front(manifest: Manifest, columns: Mapping[str, Sequence[Column]], configs: Sequence[Config]) -> dict[str, Any]:
    licences = [one["licence"] for one in manifest["licences"]]
    known = len(licences) == 1 and ONE_LICENCE.fullmatch(licences[0])
    front = {
        "pretty_name": one_line(manifest["title"]),
        "license": licences[0].lower() if known else "other",
        "configs": [
            {"config_name": config.name}
            | ({"default": True} if config is configs[0] else {})
            | {"data_files": [{"split": split, "path": part.path} for split, part in config.splits.items()]}
            for config in configs
        ],
        "dataset_info": [
            {
                "config_name": config.name,
                "features": [column.feature for column in columns[config.view]],
                # With these, `load_dataset` refuses a file that lost rows on its way.
                "splits": [
                    {"name": split, "num_bytes": part.bytes, "num_examples": part.rows}
                    for split, part in config.splits.items()
                ],
            }
            for config in configs
        ],
    }
    return {name: value for name, value in front.items() if value}


def _body(manifest: Manifest, columns: Mapping[str, Sequence[Column]], configs: Sequence[Config]) -> Iterator[str]:
    yield from (f"# {markdown(manifest['title'])}", "")
    yield from _told(manifest)
    yield from _loading(configs)
    yield from _rows(manifest)
    yield from _criteria(manifest)
    yield from _columns(columns)
    if any(column.name == "rater" for view in columns.values() for column in view):
        yield from (RATERS, "")
    if manifest["rationales"]:
        yield from (OWN_WORDS, "")
    yield from _media(manifest)
    yield from _left_out(manifest)
    yield from ("## Licences", "", "| licence | works |", "|---|---|")
    yield from (
        f"| {markdown(one['licence']) or 'by consent alone'} | {one['works']} |" for one in manifest["licences"]
    )


def _told(manifest: Manifest) -> Iterator[str]:
    studies = named(study["slug"] for study in manifest["studies"])
    several = "the studies" if len(manifest["studies"]) > 1 else "the study"
    yield f"Release `{manifest['release']}`, version {manifest['version']}, of {several} {studies}, for the purpose"
    yield f"`{manifest['purpose']}`."
    views = named(view["view"] for view in manifest["views"])
    yield f"View {views}" + (f", preset `{manifest['preset']}`." if manifest["preset"] else ".")
    until = manifest["snapshot"]["judged_until"]
    if until:
        yield f"It holds what was judged until {until}."
    yield ""


def _loading(configs: Sequence[Config]) -> Iterator[str]:
    if not configs:
        return
    yield from ("## Load it", "", "```python", "from datasets import load_dataset", "")
    yield 'data = load_dataset("path/to/this/folder")'
    yield from ("```", "")
    first, *others = configs
    if others:
        yield f"That is `{first.name}`. For another config give its name as well, as in"
        yield f'`load_dataset("path/to/this/folder", "{others[0].name}")`: {named(one.name for one in others)}.'
    if any(config.view == first.view for config in others):
        yield f"`{first.name}` is every criterion together, whose labels may contradict each other."
    if others:
        yield ""


def _rows(manifest: Manifest) -> Iterator[str]:
    yield from ("## Rows", "", "| view | split | criterion | rows |", "|---|---|---|---|")
    counted: dict[tuple[str, str, str], int] = {}
    for file in manifest["files"]:
        key = (file["view"], file["split"], file["criterion"])
        counted[key] = counted.get(key, 0) + file["rows"]
    yield from (
        f"| {view} | {split} | {criterion or 'all'} | {rows} |" for (view, split, criterion), rows in counted.items()
    )
    prompts = ", ".join(f"{manifest['prompts'].get(split, 0)} in {split}" for split in SPLITS)
    yield from ("", f"Prompts: {prompts}. A prompt stays in its split for good, with those of its group and those")
    yield from ("that share a work with it. A split without rows has no file.", "")


def _criteria(manifest: Manifest) -> Iterator[str]:
    yield from ("## Criteria", "")
    for criterion in manifest["criteria"]:
        definition = markdown(criterion["definition"])
        said = f": {definition}" if definition else "."
        of = f" of `{criterion['study']}`" if "study" in criterion else ""
        yield f"- `{criterion['slug']}`{of} (version {criterion['version']}), {markdown(criterion['name'])}{said}"
    yield ""


def _columns(columns: Mapping[str, Sequence[Column]]) -> Iterator[str]:
    for view, written in columns.items():
        yield from (f"## Columns of {view}", "", "| column | what it says |", "|---|---|")
        yield from (f"| `{column.name}` | {column.says} |" for column in written)
        yield ""
    yield from ("A column that would hold no value is left out.", "")


def _media(manifest: Manifest) -> Iterator[str]:
    if not manifest["media"]["files"]:
        return
    yield from ("## Media", "")
    yield f"{manifest['media']['files']} works lie under `media/` as they were shown, each named by the sha256 of its bytes;"
    yield from ("rows name them by their path from this folder.", "")


def _left_out(manifest: Manifest) -> Iterator[str]:
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
