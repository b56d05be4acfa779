"""What a view is, and what its rows are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from feedback.datasets.columns import Column
from feedback.datasets.reading.book import Book
from feedback.datasets.reading.chapters import Chapter
from feedback.datasets.rows.tally import Tally
from feedback.datasets.terms import Terms


class Row(NamedTuple):
    """A row of a view, with the criterion ("" where it is of none) and the split whose file it goes to.

    `works` are the primary keys of those it speaks of.
    """

    view: str
    criterion: str
    split: str
    values: dict[str, Any]
    works: tuple[int, ...] = ()


class Dropped(NamedTuple):
    """A row that would have been of the view, by its key, and why it stayed out."""

    view: str
    key: str
    reason: str


type Rows = Iterator[Row | Dropped]


@dataclass(frozen=True)
class View:
    """A way to tell what was judged; `rows` gives those of one chapter.

    `columns` are all of them, in order; one without a value in the whole view is left out when it is written. `key`
    names the column that names the row for good. `wants` is what the chapters must carry for it.
    """

    name: str
    says: str
    key: str
    columns: Callable[[Terms], tuple[Column, ...]]
    rows: Callable[[Book, Chapter, Tally], Rows]
    wants: frozenset[str] = field(default_factory=frozenset)
