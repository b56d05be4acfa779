"""Rows: the cells of a file as they stand, and what they name and count."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, NoReturn

import numpy as np

from rankings.checks import Flags, Floats, Ints
from rankings.errors import RankingError


class Names:
    """Numbers 0, 1, 2, … for names, in the order in which they come."""

    def __init__(self) -> None:
        self._known: defaultdict[str, int] = defaultdict(count().__next__)

    def ids(self, names: Sequence[str]) -> Ints:
        """Return the names' numbers; a new name gets the next."""
        return np.fromiter(map(self._known.__getitem__, names), np.int64, len(names))

    def all(self) -> list[str]:
        """Return the names, each at its number."""
        return list(self._known)


@dataclass(frozen=True)
class Rows:
    """Some rows of a file.

    Attributes
    ----------
    file : str
    lines : sequence of int, length n_rows
        The line on which each row ends, from 1.
    cells : dict
        The cells of each role, length n_rows: text from CSV, anything from JSON Lines.
    names : dict
        The numbers of "item", "rater" and so on, for the whole file.
    """

    file: str
    lines: Sequence[int]
    cells: dict[str, Sequence[Any]]
    names: defaultdict[str, Names]

    def refuse(self, row: int, problem: str) -> NoReturn:
        """Refuse the file for what stands in a row."""
        raise RankingError(f"{self.file}:{self.lines[row]}: {problem}")

    def texts(self, role: str) -> list[str]:
        """Return what names something: text, or numbers of JSON; no cell is empty."""
        cells = self.cells[role]
        texts = list(map(str.strip, cells)) if set(map(type, cells)) <= {str} else list(map(name_of, cells))
        if "" in texts:
            row = texts.index("")
            self.refuse(row, f"{role} is {shown(cells[row])}; write text or a number, or leave the line out")
        return texts

    def ids(self, role: str, kind: str = "item") -> Ints:
        """Return the numbers of the names."""
        return self.names[kind].ids(self.texts(role))

    def numbers(self, role: str, sound: Callable[[Floats], Flags], must: str) -> Floats:
        """Return the numbers, which are sound."""
        values = np.fromiter(map(number, self.cells[role]), np.float64, len(self.lines))
        good = np.isfinite(values) & sound(values)
        if not good.all():
            row = int(np.argmin(good))
            self.refuse(row, f"{role} is {shown(self.cells[role][row])}; {must}")
        return values

    def sides(self, first: str, second: str) -> tuple[Ints, Ints]:
        """Return the two items of each comparison."""
        pairs = zip(self.texts(first), self.texts(second), strict=True)
        a, b = self.names["item"].ids([name for pair in pairs for name in pair]).reshape(-1, 2).T.copy()
        if (a == b).any():
            row = int(np.argmax(a == b))
            self.refuse(row, f"{shown(self.cells[first][row])} is compared with itself; leave the line out")
        return a, b


def name_of(cell: Any) -> str:
    """Return the text that a cell holds, or nothing."""
    return str(cell).strip() if type(cell) in {str, int, float} else ""


def number(cell: Any) -> float:
    """Return the number that a cell holds, or NaN."""
    try:
        return float(cell)
    except (TypeError, ValueError):
        return float("nan")


def shown(cell: Any) -> str:
    """Return a cell as it can be shown in one line."""
    text = json.dumps(cell, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
