"""Many rows written at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections, models, router


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert plain numbers, texts and keys, a tuple for each row; no object is made of any, which takes ten times as long.

    Defaults and conversions of the model's fields are not used, and no signal is sent: name every column without a default
    of the database's own.
    """
    table: Any = model._meta  # noqa: SLF001 - documented as the Model _meta API
    connection = connections[router.db_for_write(model)]
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(table.get_field(field).column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quoted(table.db_table)} ({names}) VALUES ({marks})"  # noqa: S608 - of the model's own names
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))
