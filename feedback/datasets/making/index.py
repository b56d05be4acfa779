"""Which rows a release has: the key and a hash of each, in one order, so that two releases are compared as they are read.

The order is that of a hash of the key, then of the view and the key: it fills its files evenly, and each is sorted by
itself. Whatever the size, little of it is in memory.
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

PARTS = 32  # never changed: what is stored is in this order


class Entry(NamedTuple):
    """A row, or the rows a preset makes of one: where it stands in its pile, and the works it speaks of."""

    view: str
    key: str
    hash: str
    works: str = ""
    pile: int = 0
    first: int = 0
    rows: int = 1

    @classmethod
    def at(cls, view: str, key: str, *rest: Any) -> Self:
        """An entry whose key fits on a line."""
        return cls(view, key if key.isprintable() else key.encode("unicode_escape").decode(), *rest)

    @property
    def place(self) -> tuple[int, str, str]:
        """By which entries are in order."""
        return part_of(self.key), self.view, self.key

    def line(self) -> str:
        return "\t".join(map(str, self)) + "\n"

    @classmethod
    def of(cls, line: str) -> Self:
        """The entry of that line."""
        view, key, hashed, works, pile, first, rows = line.rstrip("\n").split("\t")
        return cls(view, key, hashed, works, int(pile), int(first), int(rows))


def part_of(key: str) -> int:
    return zlib.crc32(key.encode()) % PARTS


class IndexWriter:
    """Takes entries in any order."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.closing = ExitStack()
        self.parts: list[IO[str]] = [
            self.closing.enter_context((folder / f"{part:02}").open("w", encoding="utf-8", newline="\n"))
            for part in range(PARTS)
        ]

    def add(self, entry: Entry) -> None:
        self.parts[part_of(entry.key)].write(entry.line())

    def close(self) -> None:
        self.closing.close()


def entries_in(folder: Path) -> Iterator[Entry]:
    """What was written there, in order."""
    for part in range(PARTS):
        with (folder / f"{part:02}").open(encoding="utf-8", newline="\n") as file:
            yield from map(Entry.of, sorted(file))  # by view and key: a tab comes before all that is in a name


class Fate(StrEnum):
    KEPT = "kept"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


def compare(before: Iterable[Entry], after: Iterable[Entry]) -> Iterator[tuple[Fate, Entry]]:
    """What became of each row; the entry is the earlier one where the row was removed, otherwise the later one."""
    olds, news = iter(before), iter(after)
    old, new = next(olds, None), next(news, None)
    while old or new:
        if old and (new is None or old.place < new.place):
            yield Fate.REMOVED, old
            old = next(olds, None)
        elif new and (old is None or new.place < old.place):
            yield Fate.ADDED, new
            new = next(news, None)
        elif old and new:
            yield (Fate.KEPT if old.hash == new.hash else Fate.CHANGED), new
            old, new = next(olds, None), next(news, None)
