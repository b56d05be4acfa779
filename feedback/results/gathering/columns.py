"""Rows of the database as columns of numbers."""

import json
from collections.abc import Hashable, Iterable
from typing import Any, cast

import numpy as np
from django.db.models import FloatField, Func, TextField
from numpy.typing import ArrayLike, NDArray

from feedback.results.sample import Ints

AT_ONCE = 2_000

type Table = NDArray[Any]  # of named columns
type Small = NDArray[np.int8]


class Epoch(Func):
    """A moment as seconds since 1970, reckoned by the database: to read it as a datetime takes longer than all the rest."""

    output_field = FloatField()

    def get_db_converters(self, _connection: Any) -> list[Any]:
        return []  # it is a number already

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        return self.as_sql(compiler, connection, template="((julianday(%(expressions)s) - 2440587.5) * 86400.0)")

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> Any:
        return self.as_sql(compiler, connection, template="EXTRACT(EPOCH FROM %(expressions)s)::double precision")


class Spelt(Func):
    """A JSON field as the database spells it: few spellings recur, and each is read once."""

    output_field = TextField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s")  # it is text already

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::text")


class Numbers(dict[Hashable, int]):
    """Numbers things in the order in which they are first asked about."""

    def __missing__(self, thing: Hashable) -> int:
        self[thing] = number = len(self)
        return number


def table(rows: Iterable[tuple[Any, ...]], **columns: str) -> Table:
    """The rows, one by one, as a table with these columns and their types."""
    return np.fromiter(rows, list(columns.items()))


def lists(spellings: Numbers, *, width: int, blank: int) -> Ints:
    """The list behind each number: shape (n, width), `blank` for null, behind each end and where there is no list."""
    told = np.full((max(len(spellings), 1), width), blank)
    for spelling, number in spellings.items():
        listed = json.loads(cast("str", spelling)) if spelling else None
        for at, one in enumerate(listed or ()):
            told[number, at] = blank if one is None else int(one)
    return told


def dense(ranks: NDArray[np.integer[Any]]) -> Small:
    """The same order by the ranks 1, 2, 3 without gaps, equal for a tie; 0 stays 0, where there is none."""
    order = np.argsort(ranks, axis=1)
    ascending = np.take_along_axis(ranks, order, axis=1)
    steps = np.diff(ascending, axis=1, prepend=0) > 0
    told = np.empty(ranks.shape, np.int8)
    np.put_along_axis(told, order, steps.cumsum(axis=1).astype(np.int8), axis=1)
    return told


def find(ids: Ints, wanted: ArrayLike) -> Ints:
    """Where each of the wanted stands in `ids`, which are in order; -1 where it does not."""
    sought = np.asarray(wanted, np.int64)
    if not len(ids):
        return np.full(sought.shape, -1)
    at = np.minimum(np.searchsorted(ids, sought), len(ids) - 1)
    return np.where(ids[at] == sought, at, -1)
