"""The folder in which a release is made: what a killed process had finished there is found by the one that goes on."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from feedback.datasets.lines import line
from feedback.datasets.making.directory import lock_if_free, locked_folder, remove_unless_locked, sync
from feedback.datasets.terms import ReleaseRefused

READING, JOURNAL, ROWS, FILES = "reading.json", "journal.jsonl", "rows", "files"
FORGOTTEN = 7 * 24 * 3600  # seconds until what nobody went on with is removed


@dataclass(frozen=True)
class Finished:
    """A file that is whole; `jsonl_sha256` is that of its rows, whatever its format."""

    path: str
    bytes: int
    sha256: str
    view: str = ""
    split: str = ""
    criterion: str = ""
    rows: int | None = None
    jsonl_sha256: str = ""


class Workshop:
    """A locked folder of one request: the rows as they were read, the files finished so far, and the list of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = folder / ROWS
        self.archive = folder / "archive.zip"
        self.index = folder / "index.gz"
        self.finished = {one.path: one for one in self._journal()}

    @property
    def reading(self) -> dict[str, Any] | None:
        """What was read, if it was read to its end."""
        try:
            told: dict[str, Any] = json.loads((self.folder / READING).read_bytes())
        except FileNotFoundError:
            return None
        return told

    def keep_reading(self, told: dict[str, Any]) -> None:
        """All rows are in `rows`: from here on the database is not asked again."""
        for file in self.rows.rglob("*"):
            if file.is_file():
                sync(file)
        part = self.folder / f"{READING}.part"
        part.write_bytes(line(told))
        sync(part)
        part.rename(self.folder / READING)
        sync(self.folder)

    def begin_again(self) -> None:
        """Forget what was read and finished."""
        for left in self.folder.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        self.finished = {}

    def path(self, path: str) -> Path:
        """Where the file of the release stands."""
        return self.folder / FILES / path

    def finish(self, file: Finished) -> Finished:
        """Note that the file is whole; whether the disk has kept it so is seen when it is packed."""
        with (self.folder / JOURNAL).open("ab") as journal:
            journal.write(line(asdict(file)))
        self.finished[file.path] = file
        return file

    def _journal(self) -> Iterator[Finished]:
        with suppress(FileNotFoundError):
            for told in (self.folder / JOURNAL).read_bytes().splitlines():
                with suppress(ValueError):  # the last line of a killed process may be half there
                    file = Finished(**json.loads(told))
                    where = self.path(file.path)
                    if where.is_file() and where.stat().st_size == file.bytes:
                        yield file


@contextmanager
def workshop(request: str, *, resume: bool) -> Iterator[Workshop]:
    """The workshop of the request: with `resume` the one that was left behind, if there is one, otherwise a new one.

    It is removed when the block ends well or is refused, and kept when it breaks, for whoever resumes. One that a
    living process works in is left to it.
    """
    home = _home()
    with ExitStack() as closing:
        folder = _left_behind(home, request, closing) if resume else None
        if folder is None:
            discard(request)
            folder, lock = locked_folder(home, f"{request}-")
            closing.callback(os.close, lock)
        try:
            yield Workshop(folder)
        except ReleaseRefused:
            shutil.rmtree(folder)
            raise
        else:
            shutil.rmtree(folder)


def discard(request: str) -> None:
    """Remove what was left behind of the request, and what nobody went on with for long."""
    for folder in _home().iterdir():
        if folder.name.startswith(f"{request}-") or time.time() - folder.stat().st_mtime > FORGOTTEN:
            remove_unless_locked(folder)


def _home() -> Path:
    home = Path(settings.DATA_DIR) / "workshops"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


def _left_behind(home: Path, request: str, closing: ExitStack) -> Path | None:
    for folder in sorted(home.glob(f"{request}-*")):
        lock = lock_if_free(folder)
        if lock is not None:
            closing.callback(os.close, lock)
            return folder
    return None
