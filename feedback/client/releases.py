"""A release: waited for, described, and taken to a folder that `load_dataset` reads."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedback.client.connection import Connection
from feedback.client.errors import BuildFailed, Unreachable
from feedback.client.fetching import fetch
from feedback.client.folder import release_in, unpack
from feedback.client.progress import Bar

FIRST_LOOK, LONGEST_PAUSE = 0.2, 3.0  # seconds


@dataclass(frozen=True)
class Release:
    """A frozen, versioned set of files; `told` is all that the site says of it."""

    connection: Connection
    told: Mapping[str, Any]
    progress: bool | None = None

    def __repr__(self) -> str:
        return f"<Release {self.id[:8]} {self.version}: {self.rows:,} rows of {', '.join(self.told['studies'])}>"

    @property
    def id(self) -> str:
        return str(self.told["id"])

    @property
    def version(self) -> str:
        return str(self.told["version"])

    @property
    def rows(self) -> int:
        return int(self.told["rows"])

    def files(self) -> Iterator[dict[str, Any]]:
        """Its files: path, view, split, rows, bytes, sha256."""
        yield from self.connection.pages(f"releases/{self.id}/files/")

    def download(self, folder: str | Path) -> Path:
        """The folder with all files of the release, ready for `load_dataset`; returns its absolute path.

        It appears whole or not at all. Broken off, the next call goes on where this one stopped; there already, nothing
        is fetched; an earlier release there is replaced; anything else there raises FolderTaken.
        """
        target = Path(folder).absolute()
        if release_in(target) == self.id:
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{self.id}.part")
        fetch(
            self.connection,
            f"releases/{self.id}/archive/",
            part,
            size=int(self.told["archive_bytes"]),
            sha256=str(self.told["archive_sha256"]),
            label=str(self.told["file_name"]),
            show=self.progress,
        )
        unpack(part, target)
        part.unlink()
        return target


def built(connection: Connection, terms: Mapping[str, Any], *, timeout: float | None, progress: bool | None) -> Release:
    """Ask for the release and wait until it is there; raises BuildFailed with the site's reason."""
    build = connection.json("POST", "releases/", body=terms)
    path = f"builds/{build['id']}/"
    began, pause = time.monotonic(), FIRST_LOOK
    with Bar("waiting for the worker", show=progress) as bar:
        while build["state"] in {"waiting", "running"}:
            if timeout is not None and time.monotonic() - began > timeout:
                raise Unreachable(f"The build is still {build['state']} after {timeout:,.0f} s. Ask again: it goes on.")
            time.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 1.3)
            build = connection.json("GET", path)
            bar.at(build["done"], build["total"], build["stage"] or build["state"])
    if build["state"] != "ready":
        raise BuildFailed(build["reason"] or f"The build was {build['state']}.")
    return Release(connection, connection.json("GET", f"releases/{build['release']}/"), progress)
