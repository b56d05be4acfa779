"""A file from the site to the disk: gone on with after a cut, checked against its checksum, whole or not at all."""

import hashlib
import os
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from feedback.client.connection import TRIES, Connection
from feedback.client.errors import Damaged, Refused, Unreachable
from feedback.client.progress import Bar

CHUNK = 1 << 18


def fetch(
    connection: Connection, path: str, to: Path, *, size: int, sha256: str, label: str, show: bool | None = None
) -> None:
    """Have the file of that size and checksum at `to`; what an earlier try brought is not asked for again."""
    with Bar(label, size, unit="B", show=show) as bar:
        without_progress = 0
        while (had := _length(to)) < size:
            _go_on(connection, path, to, etag=f'"{sha256}"', bar=bar)
            without_progress = 0 if _length(to) > had else without_progress + 1
            if without_progress == TRIES:
                raise Unreachable(f"{connection.origin} keeps breaking off. Run it again: {had:,} bytes are kept.")
    if _length(to) != size or _sha256(to) != sha256:
        to.unlink()
        raise Damaged(f"{label}: what arrived has another checksum than the site told. Run it again.")


def _go_on(connection: Connection, path: str, to: Path, *, etag: str, bar: Bar) -> None:
    """Ask for what is missing and append what arrives, until it ends or breaks off."""
    had = _length(to)
    headers = {"Range": f"bytes={had}-", "If-Range": etag} if had else {}
    try:
        answer = connection.open("GET", path, headers=headers)
    except Refused as refused:
        if refused.status == 416:
            to.unlink()
            raise Damaged(f"{to.name} was longer than the site's file. Run it again.") from None
        raise
    with answer, to.open("ab" if answer.status == 206 else "wb") as file:
        try:
            _copy(answer, file.fileno(), bar, had if answer.status == 206 else 0)
        except (OSError, HTTPException):
            return  # what arrived is kept


def _copy(answer: HTTPResponse, file: int, bar: Bar, done: int) -> None:
    while chunk := answer.read(CHUNK):
        os.write(file, chunk)
        done += len(chunk)
        bar.at(done)


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _sha256(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()
