"""Rows on their way from the database to the files of a release: kept on disk, counted, hashed and indexed."""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import compress, groupby
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from feedback.datasets.columns import Column
from feedback.datasets.lines import line
from feedback.datasets.making.index import Entry, IndexWriter
from feedback.datasets.rows import Dropped, Row

RATER = re.compile(rb'"rater:([0-9a-f]{32})"')  # as `marked` writes it; quotes inside strings are escaped
DROPPED = "dropped.jsonl"
BUFFER = 1 << 17  # bytes of each file


def name_of(pile: int) -> str:
    return f"{pile:05}"


@dataclass(frozen=True)
class Pile:
    """The rows of one criterion in one split of a view; `name` is their file's, `sha256` of the hashes of its rows."""

    view: str
    criterion: str
    split: str
    name: str
    rows: int
    sha256: str


class Growing:
    """A pile while rows are put on it."""

    def __init__(self, number: int, file: IO[bytes]) -> None:
        self.number = number
        self.file = file
        self.hash = hashlib.sha256()
        self.rows = 0

    def add(self, written: bytes, rows: int, hashed: bytes) -> None:
        self.file.write(written)
        self.hash.update(hashed)
        self.rows += rows


class Spool:
    """All rows of a release in files of a folder, with their raters' own ids in them and no column left out.

    Where the columns are `fixed`, those without a value are not left out later, either.
    """

    def __init__(
        self, folder: Path, columns: Mapping[str, Sequence[Column]], keys: Mapping[str, str], *, fixed: bool = False
    ) -> None:
        folder.mkdir()
        self.folder = folder
        self.columns = columns
        self.keys = keys
        self.empty = {view: [] if fixed else [column.name for column in of] for view, of in columns.items()}
        self.growing: dict[tuple[str, str, str], Growing] = {}
        self.rows = dict.fromkeys(columns, 0)
        self.closing = ExitStack()
        self.index = IndexWriter(folder / "index")
        self.closing.callback(self.index.close)
        self.dropped = Growing(0, self.closing.enter_context((folder / DROPPED).open("wb")))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.close()

    def key(self, row: Row) -> str:
        """What names the row for good."""
        key: str = row.values[self.keys[row.view]]
        return key

    def add(self, row: Row, forms: Iterable[dict[str, Any]]) -> None:
        """Put the row on its pile, in the form in which it leaves: one line or several."""
        pile = self.growing.get((row.view, row.criterion, row.split)) or self._begin(row)
        empty, lines = self.empty[row.view], []
        for values in forms:
            lines.append(line(values))
            if empty:
                empty = self.empty[row.view] = [name for name in empty if values[name] is None]
        written = b"".join(lines)
        hashed = hashlib.sha256(row.split.encode() + written).digest()[:16]
        works = ",".join(map(str, row.works))
        self.index.add(Entry.at(row.view, self.key(row), hashed.hex(), works, pile.number, pile.rows, len(lines)))
        pile.add(written, len(lines), hashed)
        self.rows[row.view] += len(lines)

    def drop(self, dropped: Dropped) -> None:
        """Note what stayed out, beside the rows."""
        written = line({"view": dropped.view, "key": dropped.key, "reason": dropped.reason})
        self.dropped.add(written, 1, written)

    def spooled(self) -> "Spooled":
        """The rows there are, in order; of the columns those with a value somewhere, the same in every split."""
        piles = [
            Pile(*of, name_of(pile.number), pile.rows, pile.hash.hexdigest())
            for of, pile in sorted(self.growing.items())
        ]
        dropped = Pile("", "", "", DROPPED, self.dropped.rows, self.dropped.hash.hexdigest())
        columns = {view: [column.name for column in of] for view, of in self.columns.items()}
        filled = {view: [name for name in of if name not in self.empty[view]] for view, of in columns.items()}
        return Spooled(self.folder, piles, dropped, columns, filled)

    def _begin(self, row: Row) -> Growing:
        number = len(self.growing)
        file = self.closing.enter_context((self.folder / name_of(number)).open("wb", BUFFER))
        pile = self.growing[row.view, row.criterion, row.split] = Growing(number, file)
        return pile


@dataclass(frozen=True)
class Spooled:
    """What a spool holds once it is full, as the files of the release need it."""

    folder: Path
    piles: list[Pile]
    dropped: Pile
    columns: dict[str, list[str]]
    filled: dict[str, list[str]]

    def told(self) -> dict[str, Any]:
        """As it is written down beside the rows."""
        return asdict(self) | {"folder": self.folder.name}

    @classmethod
    def from_told(cls, folder: Path, told: dict[str, Any]) -> Self:
        piles, dropped = [Pile(**pile) for pile in told["piles"]], Pile(**told["dropped"])
        return cls(folder, piles, dropped, told["columns"], told["filled"])

    def lines(self, pile: Pile, key: bytes, kept: bytes | None = None) -> Iterator[bytes]:
        """The rows of a pile as they leave: without empty columns, raters under the key's pseudonyms.

        `kept` says of each row whether it leaves; None is all.
        """
        absent = self._absent(pile.view)
        pseudonym = pseudonyms(key)
        with (self.folder / pile.name).open("rb") as file:
            for written in file if kept is None else compress(file, kept):
                left = written
                for nothing in absent:
                    left = left.replace(nothing, b"", 1)
                yield RATER.sub(pseudonym, left)

    def _absent(self, view: str) -> list[bytes]:
        """What empty columns look like in a line, neighbours together.

        Quotes inside strings are escaped, so this is found where keys are and nowhere else; no inner key has their names.
        """
        neighbours = groupby(self.columns[view], key=self.filled[view].__contains__)
        return ["".join(f',"{name}":null' for name in names).encode() for filled, names in neighbours if not filled]


def pseudonyms(key: bytes) -> Callable[[re.Match[bytes]], bytes]:
    """A function that names raters under the key: the same name for the same rater, and no way back without it."""
    known: dict[bytes, bytes] = {}

    def pseudonym(found: re.Match[bytes]) -> bytes:
        rater = found[1]
        if rater not in known:
            known[rater] = b'"%s"' % hmac.new(key, rater, hashlib.sha256).hexdigest()[:32].encode()
        return known[rater]

    return pseudonym
