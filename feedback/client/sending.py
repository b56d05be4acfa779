"""A file from the disk to the site: in parts, gone on with after a cut."""

import hashlib
from http.client import HTTPException
from pathlib import Path
from typing import Any

from feedback.client.connection import TRIES, Connection
from feedback.client.errors import Refused, Unreachable
from feedback.client.progress import Bar

PART = 8 << 20  # bytes


def send_file(connection: Connection, path: Path, *, show: bool | None = None) -> str:
    """Have the site hold the file; returns its sha256, by which works name it."""
    sha256, size = _measured(path)
    upload = connection.json("POST", "uploads/", body={"name": path.name, "bytes": size, "sha256": sha256})
    without_progress = 0
    with Bar(path.name, size, unit="B", show=show) as bar, path.open("rb") as file:
        while not upload["whole"]:
            had = upload["received"]
            file.seek(had)
            upload = _part_sent(connection, upload, file.read(PART))
            bar.at(upload["received"])
            without_progress = 0 if upload["received"] > had else without_progress + 1
            if without_progress == TRIES:
                raise Unreachable(f"{connection.origin} takes no more of {path.name}. Run it again: {had:,} are there.")
    return sha256


def _part_sent(connection: Connection, upload: dict[str, Any], part: bytes) -> dict[str, Any]:
    """The upload as it stands after the part, or after what arrived of it."""
    address = f"uploads/{upload['id']}/"
    headers = {"Content-Type": "application/octet-stream", "Upload-Offset": str(upload["received"])}
    try:
        with connection.open("PATCH", address, data=part, headers=headers) as answer:
            answer.read()
    except Refused as refused:
        if refused.status != 409:
            raise
    except (OSError, HTTPException):
        pass  # the site says below how much of it arrived
    told: dict[str, Any] = connection.json("GET", address)
    return told


def _measured(path: Path) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(PART):
            hashed.update(chunk)
            size += len(chunk)
    return hashed.hexdigest(), size
