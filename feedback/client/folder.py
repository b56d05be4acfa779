"""A release as a folder: it appears whole or not at all."""

import json
import os
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from feedback.client.errors import Damaged, FolderTaken

MANIFEST = "manifest.json"


def release_in(folder: Path) -> str:
    """The id of the release that stands there; blank for nothing, and FolderTaken for anything else."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return ""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return str(manifest["release"])
    except (OSError, ValueError, KeyError, TypeError):
        raise FolderTaken(f"{folder} holds something else than a release: name another folder.") from None


def unpack(archive: Path, folder: Path) -> None:
    """Put the files of the archive into the folder; an earlier release there gives way in the same moment."""
    new = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    try:
        _extract(archive, new)
        if release_in(folder):
            folder.rename(old)
        new.replace(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _extract(archive: Path, into: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as packed:
            for name in packed.namelist():
                if not _is_plain(name):
                    raise Damaged(f"{archive.name} names a file outside of its folder: {name!r}.")
            packed.extractall(into)
    except zipfile.BadZipFile as bad:
        raise Damaged(f"{archive.name} is no archive ({bad}). Run it again.") from bad


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in path.parts[0]
