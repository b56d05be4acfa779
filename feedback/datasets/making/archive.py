"""A release as one zip whose members are stored as they are: each is a range of its bytes."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from feedback.datasets.making.workshop import Finished

EPOCH = (1980, 1, 1, 0, 0, 0)
CHUNK = 1 << 20


class Damaged(Exception):
    """A file is not what it was when it was finished."""


@dataclass(frozen=True)
class Member:
    """A file of the archive, and where its bytes begin in it."""

    file: Finished
    offset: int


def pack(target: IO[bytes], files: Iterable[tuple[Finished, Path]], progress: Callable[[int], None]) -> list[Member]:
    """Put the files into a zip, in their order; `progress` is told the bytes so far. Raises Damaged."""
    members, done = [], 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file, path in files:
            info = _info(file)
            hashed = hashlib.sha256()
            with path.open("rb") as source, archive.open(info, "w") as member:
                offset = target.tell()
                while chunk := source.read(CHUNK):
                    hashed.update(chunk)
                    member.write(chunk)
                    done += len(chunk)
                    progress(done)
            if hashed.hexdigest() != file.sha256:
                raise Damaged(f"{file.path} is not what it was when it was finished. Begin again, without --resume.")
            members.append(Member(file, offset))
    return members


def _info(file: Finished) -> zipfile.ZipInfo:
    """Of the same bytes, whoever writes it when."""
    info = zipfile.ZipInfo(file.path, EPOCH)
    info.create_system = 3  # Unix, wherever it is written
    info.external_attr = 0o644 << 16
    info.file_size = file.bytes
    return info
