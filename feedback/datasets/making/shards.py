"""The files of a release, made of what was read: each is whole before the next one begins."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, islice
from operator import attrgetter
from typing import IO

from feedback.datasets.columns import Column
from feedback.datasets.making.formats import PICTURE, WRITERS
from feedback.datasets.making.gathering import Progress, Reading, columns_of
from feedback.datasets.making.spool import DROPPED, Pile
from feedback.datasets.making.workshop import Finished, Workshop
from feedback.datasets.reading.splits import SPLITS
from feedback.datasets.terms import Terms
from feedback.works.models import derivatives

ROWS_PER_FILE = 100_000
ROWS_WITH_BYTES = 1_000  # of a file that holds the works' own bytes
CHUNK = 1 << 20
PICTURES = ".webp"  # as pictures are shown
NAMING = ("string", "path")  # type and file of a column that names one file
WRITING = "writing"


@dataclass(frozen=True)
class Shard:
    """A data file to be: some rows of one pile."""

    path: str
    pile: Pile
    rows: int


@dataclass(frozen=True)
class Making:
    """What it takes to make the files; `kept` says of each pile's rows which leave, None is all."""

    terms: Terms
    workshop: Workshop
    reading: Reading
    key: bytes
    kept: dict[str, bytes] | None = None

    @property
    def columns(self) -> dict[str, list[Column]]:
        """Those written, by view."""
        filled = self.reading.spooled.filled
        return {
            view: [self._holding(one) for one in of if one.name in filled[view]]
            for view, of in columns_of(self.terms).items()
        }

    def _holding(self, column: Column) -> Column:
        """In Parquet, what names a picture holds it, so that loaders decode it."""
        pictures = all(path.endswith(PICTURES) for path in self.reading.files)
        if self.terms.preset or self.terms.format != "parquet" or not pictures:
            return column
        return replace(column, type=PICTURE, file="bytes") if (column.type, column.file) == NAMING else column

    def shards(self) -> list[Shard]:
        """The data files: in each split of a view one after another by criterion, each of one criterion."""
        slugs = ["", *(told["slug"] for told in self.reading.facts["criteria"])]
        piles = sorted(
            self.reading.spooled.piles,
            key=lambda pile: (pile.view, SPLITS.index(pile.split), slugs.index(pile.criterion)),
        )
        found: list[Shard] = []
        for (view, split), of_split in groupby(piles, key=attrgetter("view", "split")):
            at_once = ROWS_WITH_BYTES if any(one.file == "bytes" for one in self.columns[view]) else ROWS_PER_FILE
            cut = [
                (pile, min(at_once, left - start))
                for pile in of_split
                for left in [self._leaving(pile)]
                for start in range(0, left, at_once)
            ]
            found += [
                Shard(f"data/{view}/{split}-{number:05}-of-{len(cut):05}.{self.terms.format}", pile, rows)
                for number, (pile, rows) in enumerate(cut)
            ]
        return found

    def make(self, progress: Progress) -> None:
        """Write the data files, the media they name and the list of what stayed out, unless they are there."""
        shards = self.shards()
        total, done = sum(shard.rows for shard in shards), 0
        for pile, of_pile in groupby(shards, key=attrgetter("pile")):
            lines = self._lines(pile)
            for shard in of_pile:
                self._shard(shard, islice(lines, shard.rows))
                done += shard.rows
                progress(WRITING, done, total)
        self._media(progress)
        if self.reading.spooled.dropped.rows:
            self.put(DROPPED, _chunks(lambda: (self.workshop.rows / DROPPED).open("rb")))

    def put(self, path: str, chunks: Iterable[bytes]) -> Finished:
        """Write a file that is no data, unless it is there."""
        return self.workshop.finished.get(path) or self.workshop.finish(self.write(path, chunks))

    def write(self, path: str, chunks: Iterable[bytes]) -> Finished:
        """Write a file that is no data, whether it is there or not."""
        return Finished(path, *self._write(path, lambda file: file.writelines(chunks)))

    def _leaving(self, pile: Pile) -> int:
        return pile.rows if self.kept is None else sum(self.kept[pile.name])

    def _lines(self, pile: Pile) -> Iterator[bytes]:
        return self.reading.spooled.lines(pile, self.key, None if self.kept is None else self.kept[pile.name])

    def _shard(self, shard: Shard, lines: Iterator[bytes]) -> None:
        if shard.path in self.workshop.finished:
            for _ in lines:  # the next file begins behind them
                pass
            return
        pile, hashed = shard.pile, hashlib.sha256()
        write, columns = WRITERS[self.terms.format], self.columns[pile.view]
        size, sha256 = self._write(
            shard.path,
            lambda file: write(file, _hashing(lines, hashed.update), columns, self._content),
            checksum=hashed.hexdigest if self.terms.format == "jsonl" else None,
        )
        self.workshop.finish(
            Finished(shard.path, size, sha256, pile.view, pile.split, pile.criterion, shard.rows, hashed.hexdigest())
        )

    def _media(self, progress: Progress) -> None:
        """Copy what the rows name, unless they hold it themselves."""
        if all(any(one.file == "bytes" for one in of) for of in self.columns.values()):
            return
        for number, (path, name) in enumerate(sorted(self.reading.files.items()), start=1):
            self.put(path, _chunks(partial(derivatives().open, name)))
            progress("media", number, len(self.reading.files))

    def _content(self, path: str) -> bytes:
        with derivatives().open(self.reading.files[path]) as file:
            content: bytes = file.read()
        return content

    def _write(
        self, path: str, write: Callable[[IO[bytes]], object], checksum: Callable[[], str] | None = None
    ) -> tuple[int, str]:
        """Write the file; its size and its sha256, which `checksum` tells where it was taken on the way."""
        target = self.workshop.path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w+b") as file:
            write(file)
            size = file.tell()
            file.seek(0)
            return size, checksum() if checksum else hashlib.file_digest(file, "sha256").hexdigest()


def content_sha256(data: Iterable[Finished]) -> str:
    """One hash of all rows, free of their format: as `sha256sum` lists their files in JSONL, without suffixes."""
    listed = sorted((file.path.partition(".")[0], file.jsonl_sha256) for file in data)
    return hashlib.sha256("".join(f"{sha256}  {path}\n" for path, sha256 in listed).encode()).hexdigest()


def _hashing(lines: Iterable[bytes], update: Callable[[bytes], None]) -> Iterator[bytes]:
    for written in lines:
        update(written)
        yield written


def _chunks(opening: Callable[[], IO[bytes]]) -> Iterator[bytes]:
    with opening() as file:
        while chunk := file.read(CHUNK):
            yield chunk
