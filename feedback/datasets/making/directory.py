"""A folder that appears whole or not at all."""

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

MANIFEST = "manifest.json"
PART, OLD = "part", "old"
MEDIA = re.compile(r"media/[0-9a-f]{64}\.\w+")  # too many to list: each is named by its checksum


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
    for kind in (PART, OLD):
        for left in target.parent.glob(f".{_literal(target.name)}.{kind}-*"):
            remove_unless_locked(left)
    part, lock = locked_folder(target.parent, f".{target.name}.{PART}-")
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
    foreign = sorted(path for path in found - ours if not MEDIA.fullmatch(path))
    if foreign:
        raise ForeignDirectory(
            f"{target} holds {foreign[0]!r}, which is not of its release. Move it away, or name another folder."
        )


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a new file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.writelines(chunks)


def _files_of_release(target: Path) -> set[str] | None:
    try:
        manifest = json.loads((target / MANIFEST).read_bytes())
        listed = [*manifest["files"], *manifest["other"]]
        return {MANIFEST, *(str(file["path"]) for file in listed)} if manifest["release"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def locked_folder(home: Path, prefix: str) -> tuple[Path, int]:
    """A new folder there and its lock, which holds until it is closed."""
    while True:
        folder = home / f"{prefix}{secrets.token_hex(4)}"
        folder.mkdir()
        try:
            lock = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:  # taken for a leftover before it was locked
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder, lock
        os.close(lock)


def lock_if_free(folder: Path) -> int | None:
    """The lock of the folder; None if a living process has it, or if there is no such folder any more."""
    try:
        lock = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def remove_unless_locked(folder: Path) -> None:
    """Remove what a killed process left; what a living one writes is locked."""
    lock = lock_if_free(folder)
    if lock is not None:
        shutil.rmtree(folder, ignore_errors=True)
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
    """All files first and at once, which the disk takes as one: waiting for each as it is written takes far longer."""
    for path in sorted(root.rglob("*"), key=lambda path: (path.is_dir(), path)):
        sync(path)
    sync(root)


def sync(path: Path) -> None:
    """Wait until the file, or the names in the folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
