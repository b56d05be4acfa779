"""Finds the files of a study without ever leaving its folder."""

import difflib
import os
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from feedback.intake.reading.documents import quoted
from feedback.intake.reading.rules import Unfit

MEDIA = "media"


class Folder:
    """A study's folder; every path it gives away has been followed to its end and lies inside."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._guesses = 0

    def document(self, name: str) -> Path | None:
        """The file of that name at the top, or None if there is none; raises Unfit for a link that leads away."""
        path = self.root / name
        return self._inside(path) if path.is_file() else None

    def media(self, name: str) -> Path:
        """The media file that a row names; raises Unfit with what was found instead."""
        _refuse_escape(name)
        for spelling in dict.fromkeys((name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name))):
            for path in (self.root / MEDIA / spelling, self.root / spelling):
                if path.is_relative_to(self.root / MEDIA) and path.is_file():
                    return self._inside(path)
        raise Unfit(f"no file {quoted(name)} under {MEDIA}/{self._near(name)}")

    @cached_property
    def media_names(self) -> list[str]:
        """Every file under media/, as a row would name it; hidden ones left out."""
        return sorted(self._walk())

    def _walk(self) -> Iterator[str]:
        top = self.root / MEDIA
        if not top.resolve().is_relative_to(self.root):
            return
        for folder, folders, files in os.walk(top):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for file in files:
                if not file.startswith("."):
                    yield str(Path(folder, file).relative_to(top))

    def _inside(self, path: Path) -> Path:
        resolved = path.resolve()
        if not resolved.is_relative_to(self.root):
            raise Unfit("a link that leads out of the folder")
        return resolved

    def _near(self, name: str) -> str:
        """A guess at what was meant; slow, so only for the first few."""
        self._guesses += 1
        if self._guesses > 20 or len(self.media_names) > 2_000:
            return ""
        close = difflib.get_close_matches(name.removeprefix(f"{MEDIA}/"), self.media_names, n=1, cutoff=0.75)
        return f"; did you mean {quoted(close[0])}?" if close else ""


def _refuse_escape(name: str) -> None:
    """A row may name a relative path with forward slashes that goes nowhere but down."""
    parts = name.split("/")
    if "://" in name:
        raise Unfit(f"the address {quoted(name)}: nothing is ever fetched")
    if "\\" in name:
        raise Unfit(f"a backslash in {quoted(name)}")
    if name.startswith("/") or (len(parts[0]) == 2 and parts[0][1] == ":"):
        raise Unfit(f"the absolute path {quoted(name)}")
    if ".." in parts:
        raise Unfit(f'".." in {quoted(name)}')
    if any(part in {"", "."} or len(part.encode()) > 255 for part in parts):
        raise Unfit(f"{quoted(name)}, which names no file")
