"""The configs of a release: the names by which loaders ask for its rows, and the files behind each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from feedback.datasets.reading.splits import SPLITS

type Manifest = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """The files of a config in one split, as paths or one pattern."""

    path: str | list[str]
    rows: int
    bytes: int


@dataclass(frozen=True)
class Config:
    """Rows of one view by split: those of one criterion, or all."""

    name: str
    view: str
    splits: dict[str, Part]


def views_of(manifest: Manifest) -> list[str]:
    """The views that have rows; the others have no files, and loaders want none without."""
    found = {file["view"] for file in manifest["files"]}
    return [view["view"] for view in manifest["views"] if view["view"] in found]


def configs_of(manifest: Manifest) -> list[Config]:
    """One config for each view, the first of them the default, and beside each one for every criterion.

    A criterion's config has its name alone in the first view, and the view's name before it in the others.
    """
    views = views_of(manifest)
    taken = set(views)
    found = []
    for view in views:
        files = [file for file in manifest["files"] if file["view"] == view]
        found.append(Config(view, view, _parts(files, pattern=f"data/{view}/{{}}-*")))
        criteria = list(dict.fromkeys(file["criterion"] for file in files))
        for criterion in criteria if len(criteria) > 1 else []:
            name = criterion if view == views[0] else f"{view}-{criterion}"
            while name in taken:
                name = f"criterion-{name}"
            taken.add(name)
            found.append(Config(name, view, _parts([file for file in files if file["criterion"] == criterion])))
    return found


def _parts(files: Sequence[Manifest], pattern: str = "") -> dict[str, Part]:
    """A split without rows has no part, as loaders want it."""
    parts = {}
    for split in SPLITS:
        of_split = [file for file in files if file["split"] == split]
        if of_split:
            parts[split] = Part(
                path=pattern.format(split) or [file["path"] for file in of_split],
                rows=sum(file["rows"] for file in of_split),
                bytes=sum(file["bytes"] for file in of_split),
            )
    return parts
