"""A folder that appears whole or not at all."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from feedback.datasets.archive import MANIFEST

PART, OLD = "part", "old"


class ForeignDirectory(Exception):
    """The folder holds what no release of ours wrote; it is left alone."""


@contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """An empty folder beside `target` that takes its name when the block ends well, and is gone otherwise.

    What stood there before is replaced if it is a release of ours and nothing else; ForeignDirectory is raised if not.
    Names hold only while their folder is locked, so that what a killed process left is known and removed.
    """
    check_replaceable(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(target)
    part, lock = _make_part(target)
    try:
        yield part
        _sync_tree(part)
        _replace(part, target)
    finally:
        os.close(lock)
        shutil.rmtree(part, ignore_errors=True)


def check_replaceable(target: Path) -> None:
    """Raise ForeignDirectory unless the target is absent, empty, or wholly a release of ours."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ForeignDirectory(f"{target} is not a folder. Name another one for the release.")
    if not target.exists() or not any(target.iterdir()):
        return
    ours = _files_of_release(target)
    if ours is None:
        raise ForeignDirectory(f"{target} holds files and is no release. Name another folder, or empty this one.")
    found = {
        path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir() or path.is_symlink()
    }
    foreign = sorted(found - ours)
    if foreign:
        raise ForeignDirectory(
            f"{target} holds {foreign[0]!r}, which is not of its release. Move it away, or name another folder."
        )


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a new file and wait until it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _files_of_release(target: Path) -> set[str] | None:
    try:
        manifest = json.loads((target / MANIFEST).read_bytes())
        listed = [*manifest["files"], *manifest["other"]]
        return {MANIFEST, *(str(file["path"]) for file in listed)} if manifest["release"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _make_part(target: Path) -> tuple[Path, int]:
    while True:
        part = target.with_name(f".{target.name}.{PART}-{secrets.token_hex(4)}")
        part.mkdir()
        try:
            lock = os.open(part, os.O_RDONLY)
        except FileNotFoundError:  # taken for a leftover before it was locked
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        if part.exists():
            return part, lock
        os.close(lock)


def _remove_leftovers(target: Path) -> None:
    """Remove what killed processes left; what a living one writes is locked."""
    for kind in (PART, OLD):
        for left in target.parent.glob(f".{_literal(target.name)}.{kind}-*"):
            with suppress(FileNotFoundError):
                lock = os.open(left, os.O_RDONLY)
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(left, ignore_errors=True)
                except BlockingIOError:
                    pass
                finally:
                    os.close(lock)


def _literal(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _replace(part: Path, target: Path) -> None:
    """Rename the new folder into place; one that stood there is moved aside first, for rename wants an empty place."""
    old = target.with_name(f".{target.name}.{OLD}-{secrets.token_hex(4)}")
    moved = target.exists() and any(target.iterdir())
    if moved:
        check_replaceable(target)
        target.rename(old)
    part.rename(target)
    sync(target.parent)
    if moved:
        shutil.rmtree(old)


def _sync_tree(root: Path) -> None:
    for folder in sorted((path for path in root.rglob("*") if path.is_dir()), reverse=True):
        sync(folder)
    sync(root)


def sync(folder: Path) -> None:
    """Wait until the names in the folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
