"""The numbers behind a picture: as the page writes them, and as a file keeps them."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for one


@dataclass(frozen=True)
class Column:
    """A heading, its name in the file, and how a number under it is written; words stand at the left."""

    heading: str
    key: str
    written: Callable[[Any], str] | None = None

    @property
    def is_number(self) -> bool:
        return self.written is not None

    def say(self, value: Any) -> str:
        if value is None:
            return "–"
        return self.written(value) if self.written else str(value)


@dataclass(frozen=True)
class Table:
    """Rows of plain values under their columns."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]

    def said(self) -> Iterator[list[tuple[Column, str]]]:
        """Row by row, as the page writes it."""
        for row in self.rows:
            yield [(column, column.say(value)) for column, value in zip(self.columns, row, strict=True)]

    def csv(self) -> str:
        """The values as they are; words that a spreadsheet would compute are quoted as words."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.key for column in self.columns])
        writer.writerows([[_plain(value) for value in row] for row in self.rows])
        return file.getvalue()


def _plain(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value
