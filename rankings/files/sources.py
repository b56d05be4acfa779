"""Sources: CSV and JSON Lines, read in chunks, column by column."""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from io import TextIOWrapper
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TextIO

from rankings.errors import RankingError

CHUNK = 1 << 13
"""Rows that are read at a time."""


class Chunk(NamedTuple):
    """Some rows of a file.

    Attributes
    ----------
    lines : sequence of int, length n_rows
        The line on which each row ends, from 1.
    columns : list of sequences, length n_rows
        Text from CSV, anything from JSON Lines.
    """

    lines: Sequence[int]
    columns: list[Sequence[Any]]


class Source(Protocol):
    """A file with named columns.

    Attributes
    ----------
    file : str
    header : list of str
    """

    file: str
    header: list[str]

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        """Yield the wanted columns of some rows after the other."""


def opened(path: str) -> AbstractContextManager[TextIO]:
    """Open a file, or standard input for "-"."""
    if path == "-":
        return nullcontext(TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline=""))
    return Path(path).open(encoding="utf-8-sig", newline="")


def source_of(file: str, text: TextIO) -> Source:
    """Look at the first line."""
    head = text.readline()
    if not head.strip():
        raise RankingError(f"{file}: no header; the first line names the columns, or is a JSON object")
    if head.lstrip().startswith(("{", "[")):
        return JsonLines(file, head, text)
    return CommaSeparated(file, head, text)


class CommaSeparated:
    """CSV with a header, parted by commas, semicolons or tabs."""

    def __init__(self, file: str, head: str, text: TextIO) -> None:
        self.file = file
        self._reader = csv.reader(
            chain([head], text), delimiter=max(",;\t", key=head.count), skipinitialspace=True, strict=True
        )
        self.header = [column.strip() for row in self._rows(1) for column in row]

    def _rows(self, most: int) -> list[list[str]]:
        try:
            return list(islice(self._reader, most))
        except csv.Error as error:
            raise RankingError(f"{self.file}:{self._reader.line_num}: not CSV: {error}") from error

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        """See Source."""
        places = [self.header.index(column) for column in wanted]
        before = self._reader.line_num
        while rows := self._rows(CHUNK):
            lines: Sequence[int] = range(before + 1, self._reader.line_num + 1)
            if len(lines) > len(rows):
                lines = list(accumulate((1 + "".join(row).count("\n") for row in rows), initial=before))[1:]
            if set(map(len, rows)) != {len(self.header)}:
                lines, rows = self._even(lines, rows)
            yield Chunk(lines, [[row[place] for row in rows] for place in places])
            before = self._reader.line_num

    def _even(self, lines: Sequence[int], rows: list[list[str]]) -> tuple[list[int], list[list[str]]]:
        """Drop empty lines, and refuse rows that are shorter or longer than the header."""
        width, kept = len(self.header), [(line, row) for line, row in zip(lines, rows, strict=True) if row]
        for line, row in kept:
            if len(row) != width:
                raise RankingError(
                    f"{self.file}:{line}: {len(row)} cells under {width} columns; quote cells that hold the separator"
                )
        return [line for line, _ in kept], [row for _, row in kept]


class JsonLines:
    """One JSON object a line; the first says which keys there are."""

    def __init__(self, file: str, head: str, text: TextIO) -> None:
        self.file = file
        self._text = chain([head], text)
        self.header = list(self._object(1, head))

    def _object(self, number: int, line: str) -> dict[str, Any]:
        try:
            found = json.loads(line)
        except json.JSONDecodeError as error:
            raise RankingError(f"{self.file}:{number}: not JSON: {error.msg} at column {error.colno}") from error
        if not isinstance(found, dict):
            raise RankingError(f"{self.file}:{number}: not an object; write one JSON object with named values a line")
        return found

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        """See Source."""
        numbered = enumerate(self._text, 1)
        while some := list(islice(numbered, CHUNK)):
            objects = [(number, self._object(number, line)) for number, line in some if not line.isspace()]
            lines = [number for number, _ in objects]
            try:
                columns: list[Sequence[Any]] = [[found[column] for _, found in objects] for column in wanted]
            except KeyError as error:
                line = next(number for number, found in objects if error.args[0] not in found)
                raise RankingError(f'{self.file}:{line}: no "{error.args[0]}", which the first line has') from error
            yield Chunk(lines, columns)
