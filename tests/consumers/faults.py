"""Faults planted into copies of a release; all but the torn file leave a manifest that agrees with the data."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.consumers.inspection import Row, rows


def copied(release: Path, name: str) -> Path:
    """A copy of the release beside it."""
    copy = release.with_name(f"{release.name}-{name}")
    shutil.rmtree(copy, ignore_errors=True)
    return shutil.copytree(release, copy)


def flipped(release: Path) -> Path:
    """Every label of the training split the wrong way round."""
    copy = copied(release, "flipped")
    _rewrite(copy, "train", lambda row: row | {"chosen": row["rejected"], "rejected": row["chosen"]})
    return copy


def leaking(release: Path) -> Path:
    """The rows of the test split in the training split as well."""
    copy = copied(release, "leaking")
    manifest = _manifest(copy)
    test, train = (next(file for file in manifest["files"] if file["split"] == split) for split in ("test", "train"))
    with (copy / train["path"]).open("ab") as file:
        file.write((copy / test["path"]).read_bytes())
    _agree(copy, manifest)
    return copy


def with_a_null(release: Path) -> Path:
    """One text of the training split is null."""
    copy, first = copied(release, "null"), [True]

    def emptied(row: Row) -> Row:
        return row | {"chosen": None} if first.pop() else row

    _rewrite(copy, "train", lambda row: emptied(row) if first else row)
    return copy


def with_a_column(release: Path, name: str, value: object, feature: str) -> Path:
    """A column more, in the rows, the manifest and the card."""
    copy = copied(release, name)
    manifest = _manifest(copy)
    for split in ("train", "validation", "test"):
        _rewrite(copy, split, lambda row: row | {name: value})
    manifest = _manifest(copy)
    for view in manifest["views"]:
        view["columns"].append(name)
    card = (copy / "README.md").read_text()
    (copy / "README.md").write_text(card.replace("    features:\n", f"    features:\n{feature}"))
    _agree(copy, manifest)
    return copy


def torn(release: Path) -> Path:
    """A data file that lost its last lines on its way, at the end of a line."""
    copy = copied(release, "torn")
    path = copy / _manifest(copy)["files"][0]["path"]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) // 2]))
    return copy


def _manifest(release: Path) -> Row:
    manifest: Row = json.loads((release / "manifest.json").read_text())
    return manifest


def _rewrite(release: Path, split: str, change: Callable[[Row], Row]) -> None:
    manifest = _manifest(release)
    for file in manifest["files"]:
        if file["split"] == split:
            path = release / file["path"]
            changed = [json.dumps(change(row), ensure_ascii=False) + "\n" for row in rows(path)]
            path.write_text("".join(changed), encoding="utf-8")
    _agree(release, manifest)


def _agree(release: Path, manifest: Row) -> None:
    """Let the manifest and the card tell the files as they are now."""
    for file in [*manifest["files"], *manifest["other"]]:
        content = (release / file["path"]).read_bytes()
        file |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        if "rows" in file:
            file["rows"] = content.count(b"\n")
    (release / "manifest.json").write_text(json.dumps(manifest))
