"""The rows of views and presets as they are told, before any file is written."""

import math
from typing import Any

from feedback.datasets.columns import Column
from feedback.datasets.presets import PRESETS
from feedback.datasets.reading.book import books_of
from feedback.datasets.rows import VIEWS, Dropped, Row
from feedback.datasets.rows.tally import Tally
from feedback.people.actions import set_words
from feedback.people.models import Rater
from feedback.studies.models import Study
from tests.datasets.panel import asked


def told(study: Study | list[Study], view: str = "pairs", **terms: Any) -> tuple[list[Row], list[Dropped], Tally]:
    """Rows, dropped rows and counts of one view."""
    studies = study if isinstance(study, list) else [study]
    meant = asked(*studies, view="" if "preset" in terms else view, **terms)
    of, tally = VIEWS[meant.views[0]], Tally()
    form = PRESETS[meant.preset] if meant.preset else None
    books = books_of(meant, of.wants | (form.wants if form else frozenset()), *([form.takes] if form else []))
    found = [row for book in books for chapter in book.chapters() for row in of.rows(book, chapter, tally)]
    rows = [row for row in found if isinstance(row, Row)]
    _must_fit([row.values for row in rows], of.columns(meant))
    assert len({row.values[of.key] for row in rows}) == len(rows), "the key names each row"
    assert all(row.works for row in rows), "every row says which works it speaks of"
    return rows, [row for row in found if isinstance(row, Dropped)], tally


def values(study: Study | list[Study], view: str = "pairs", **terms: Any) -> list[dict[str, Any]]:
    """What the rows of a view say."""
    return [row.values for row in told(study, view, **terms)[0]]


def consumed(study: Study, preset: str, **terms: Any) -> list[dict[str, Any]]:
    """What the consumer of a preset is given."""
    rows, _, _ = told(study, preset=preset, **terms)
    turned = [one for row in rows for one in PRESETS[preset].turn(row.values)]
    _must_fit(turned, PRESETS[preset].columns(asked(study, preset=preset, **terms)))
    return turned


def _must_fit(rows: list[dict[str, Any]], columns: tuple[Column, ...]) -> None:
    """Every row has every column, in order, and every value is of its column's type or null."""
    for row in rows:
        assert list(row) == [column.name for column in columns]
        for column in columns:
            assert is_of(row[column.name], column.feature), f"{column.name}: {row[column.name]!r}"


SCALARS = {
    "string": lambda value: type(value) is str,
    "binary": lambda value: type(value) is str,  # the path of the file whose bytes it will be
    "bool": lambda value: type(value) is bool,
    "int64": lambda value: type(value) is int and abs(value) < 2**63,
    "float64": lambda value: type(value) in {float, int} and math.isfinite(value),
}


def is_of(value: Any, feature: dict[str, Any]) -> bool:
    """Whether the value is one that a reader of typed features takes for the feature, without a key it does not name."""
    if value is None:
        return True
    if "dtype" in feature:
        return SCALARS[feature["dtype"]](value)
    if "struct" in feature:
        return _is_struct(value, feature["struct"])
    of = feature["list"]
    inner = {"dtype": of} if isinstance(of, str) else {"struct": of} if isinstance(of, list) else of
    return isinstance(value, list) and all(is_of(one, inner) for one in value)


def _is_struct(value: Any, fields: list[dict[str, Any]]) -> bool:
    named = {field["name"]: field for field in fields}
    return (
        isinstance(value, dict)
        and value.keys() <= named.keys()
        and all(is_of(one, named[name]) for name, one in value.items())
    )


def share_words(rater: Rater) -> None:
    """The rater lets their own sentences leave."""
    set_words(rater=rater, on=True)
