"""Judgements of a file, read in one pass into arrays."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np

from rankings.checks import Ints
from rankings.errors import RankingError
from rankings.files.layouts import Layout, details
from rankings.files.rows import Names, Rows
from rankings.files.sources import Chunk, Source, opened, source_of


@dataclass(frozen=True, eq=False)
class Judgements[T]:
    """What a file holds.

    Attributes
    ----------
    file : str
    lines : int array, shape (n_judgements,)
        The line on which each judgement ends, from 1.
    told : Pairs, Ranked, Chosen or Rated
        The judgements; items are numbered.
    details : dict of arrays, shape (n_judgements,)
        "rater", "prompt", "weight", "first" (whether a, or the winner, was shown first) and "top", where the file has
        them.
    names : dict of lists
        The names behind the numbers of "item", "rater" and so on.
    model : str
        What fits such judgements unless another model is asked for.
    """

    file: str
    lines: Ints
    told: T
    details: dict[str, Any]
    names: dict[str, list[str]]
    model: str

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def items(self) -> list[str]:
        """The items' names."""
        return self.names["item"]


def read[T](
    path: str,
    layouts: tuple[Layout[T], ...],
    *,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
) -> Judgements[T]:
    """Read a CSV or JSON Lines file.

    The first line says which it is, and which columns there are: of JSON Lines, the keys of the first object.

    Parameters
    ----------
    path : str
        A file in UTF-8, or "-" for standard input.
    layouts : tuple of Layout
        What to look for: JUDGEMENTS or RATINGS; the first that the file has is read.
    columns : mapping from role to column, optional
        Columns that are not named after their role; an empty name leaves an optional role out.
    where : mapping from column to text, optional
        Rows with other text in the column are passed over.
    Returns
    -------
    Judgements

    Raises
    ------
    RankingError
        If the file cannot be read or has none of the layouts, and where a row makes no sense, with its line.
    """
    name = "standard input" if path == "-" else path
    try:
        with opened(path) as text:
            return _gathered(source_of(name, text), columns or {}, where or {}, layouts)
    except OSError as error:
        raise RankingError(f"{name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RankingError(f"{name}: {error.reason}; save it as UTF-8") from error


def _gathered[T](
    source: Source, columns: Mapping[str, str], where: Mapping[str, str], layouts: tuple[Layout[T], ...]
) -> Judgements[T]:
    """Turn chunk after chunk into arrays, and join them."""
    layout, places = _layout(source, columns, layouts)
    names: defaultdict[str, Names] = defaultdict(Names)
    lines: list[Ints] = []
    told: list[Any] = []
    more: list[dict[str, Any]] = []
    for chunk in _chunks(source, list(places.values()), where):
        rows = Rows(source.file, chunk.lines, dict(zip(places, chunk.columns, strict=True)), names)
        told.append(layout.take(rows))
        more.append(details(rows, told[-1]))
        lines.append(np.array(chunk.lines))
    if not lines:
        raise RankingError(f"{source.file}: no judgements" + " where all that is so" * bool(where))
    return Judgements(
        source.file,
        np.concatenate(lines),
        type(told[0])(*map(np.concatenate, zip(*told, strict=True))),
        {role: np.concatenate([some[role] for some in more]) for role in more[0]},
        {kind: known.all() for kind, known in names.items()},
        layout.model,
    )


def _chunks(source: Source, wanted: list[str], where: Mapping[str, str]) -> Iterator[Chunk]:
    """Yield the wanted columns of the rows that fit."""
    for column in where:
        _check_there(source, column)
    tests = tuple(where.values())
    for chunk in source.chunks([*wanted, *where]):
        lines, columns = chunk.lines, chunk.columns[: len(wanted)]
        if where:
            fits = [tuple(map(str, cells)) == tests for cells in zip(*chunk.columns[len(wanted) :], strict=True)]
            lines, columns = list(compress(lines, fits)), [list(compress(column, fits)) for column in columns]
        if lines:
            yield Chunk(lines, columns)


def _layout[T](
    source: Source, columns: Mapping[str, str], layouts: tuple[Layout[T], ...]
) -> tuple[Layout[T], dict[str, str]]:
    """Find the layout that the file has, and the column of each of its roles."""
    roles = {role for layout in layouts for role in (*layout.columns, *layout.optional)}
    for role, column in columns.items():
        if role not in roles:
            raise RankingError(f"no column is called {role} here; name one of {', '.join(sorted(roles))}")
        if column:
            _check_there(source, column)
    for layout in layouts:
        needed = {role: columns.get(role, column) for role, column in layout.columns.items()}
        more = {role: columns.get(role, role) for role in layout.optional}
        if set(needed.values()) <= set(source.header) and columns.keys() <= needed.keys() | more.keys():
            places = needed | {role: column for role, column in more.items() if column and column in source.header}
            for column in places.values():
                _check_there(source, column)
            return layout, places
    forms = " or ".join(",".join(layout.columns.values()) for layout in layouts)
    raise RankingError(
        f"{source.file}:1: columns {', '.join(source.header)}; needed are {forms}: rename them, or say which is which "
        f"(--columns {'=…,'.join(layouts[-1].columns)}=…)"
    )


def _check_there(source: Source, column: str) -> None:
    """Refuse a column that is not there, or there twice."""
    if source.header.count(column) != 1:
        there = "is there twice" if column in source.header else f"is not among {', '.join(source.header)}"
        raise RankingError(f"{source.file}:1: the column {column} {there}")
