"""Rows on their way from the database to the files of a release: kept on disk, counted and hashed."""

import hashlib
import hmac
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Self

from feedback.datasets.columns import Column
from feedback.datasets.export import Row
from feedback.datasets.lines import digest, line
from feedback.datasets.splits import SPLITS

ROWS_PER_FILE = 100_000
RATER = b'"rater":"'


@dataclass(frozen=True)
class Shard:
    """A data file to be: some rows of one criterion in one split."""

    path: str
    split: str
    criterion: str
    rows: int


class Pile:
    """The rows of one criterion in one split, in a file without a name: gone when the process is."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with its spool
        self.hash = hashlib.sha256()
        self.rows = 0

    def add(self, written: bytes) -> None:
        self.file.write(written)
        self.hash.update(written)
        self.rows += 1


class Spool:
    """All rows of a release, with its raters' own ids still in them and no column left out."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.empty = [column.name for column in columns]
        self.piles: dict[tuple[str, str], Pile] = {}
        self.rows = 0
        self.closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.close()

    def add(self, row: Row) -> None:
        """Put the row on its pile."""
        pile = self.piles.get((row.criterion, row.split))
        if pile is None:
            pile = self.piles[row.criterion, row.split] = Pile()
            self.closing.enter_context(pile.file)
        pile.add(line(row.values))
        self.rows += 1
        if self.empty:
            self.empty = [name for name in self.empty if row.values[name] is None]

    @property
    def filled(self) -> list[Column]:
        """The columns that have a value somewhere; they are the same in every split."""
        return [column for column in self.columns if column.name not in self.empty]

    def content_sha256(self, *about: object) -> str:
        """One hash for all rows, and for what is told about them."""
        piles = [[*key, self.piles[key].rows, self.piles[key].hash.hexdigest()] for key in sorted(self.piles)]
        return digest([*about, piles])

    def shards(self, view: str, criteria: Sequence[str]) -> list[Shard]:
        """The data files: in each split one after another by criterion, so that each file holds one criterion."""
        shards = []
        for split in SPLITS:
            sizes = [
                (criterion, min(ROWS_PER_FILE, pile.rows - start))
                for criterion in criteria
                if (pile := self.piles.get((criterion, split)))
                for start in range(0, pile.rows, ROWS_PER_FILE)
            ]
            shards += [
                Shard(f"data/{view}/{split}-{number:05}-of-{len(sizes):05}.jsonl", split, criterion, rows)
                for number, (criterion, rows) in enumerate(sizes)
            ]
        return shards

    def lines(self, criterion: str, split: str, key: bytes) -> Iterator[bytes]:
        """The rows of a pile as they leave: without empty columns, raters under the key's pseudonyms."""
        pile = self.piles[criterion, split]
        pile.file.seek(0)
        # Quotes inside strings are escaped, so these are found as keys and nowhere else; no inner key has their names.
        absent = [f',"{name}":null'.encode() for name in self.empty]
        has_raters = any(column.name == "rater" for column in self.columns)
        pseudonym = pseudonyms(key)
        for written in pile.file:
            left = written
            for nothing in absent:
                left = left.replace(nothing, b"", 1)
            if has_raters:
                start = left.index(RATER) + len(RATER)
                end = left.index(b'"', start)
                left = left[:start] + pseudonym(left[start:end]) + left[end:]
            yield left


def pseudonyms(key: bytes) -> Callable[[bytes], bytes]:
    """A function that names raters under the key: the same name for the same rater, and no way back without it."""
    known: dict[bytes, bytes] = {}

    def pseudonym(rater: bytes) -> bytes:
        if rater not in known:
            known[rater] = hmac.new(key, rater, hashlib.sha256).hexdigest()[:32].encode()
        return known[rater]

    return pseudonym
