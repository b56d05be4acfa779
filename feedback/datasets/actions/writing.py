"""Writing a release to a folder, whole or not at all."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from feedback.datasets.making.directory import appearing, write_file
from feedback.datasets.models import Release

CHUNK = 1 << 20
REMEDY = "Delete its archive there and export again: the same judgements give the same bytes."


class DamagedArchive(Exception):
    """The stored release is not what was frozen; nothing was written."""


def write_release(release: Release, directory: Path | str) -> Path:
    """Write the files of the release to `directory`, each checked against its checksum; returns the absolute path.

    The folder appears whole or not at all. A release of ours that stands there is replaced; anything else raises
    ForeignDirectory.
    """
    target = Path(directory).absolute()
    try:
        with appearing(target) as part, release.archive.open("rb") as stored, zipfile.ZipFile(stored) as archive:
            for file in release.files.all():
                with archive.open(file.path) as source:
                    write_file(part / file.path, _checked(source, file.path, file.sha256))
    except (zipfile.BadZipFile, zlib.error, KeyError) as damage:
        raise DamagedArchive(f"The stored release {release} is damaged. {REMEDY}") from damage
    return target


def _checked(source: IO[bytes], path: str, sha256: str) -> Iterator[bytes]:
    hashed = hashlib.sha256()
    while chunk := source.read(CHUNK):
        hashed.update(chunk)
        yield chunk
    if hashed.hexdigest() != sha256:
        raise DamagedArchive(f"{path} is damaged where releases are stored. {REMEDY}")
