"""Reading everything as it stood at one moment, without keeping anybody from writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.functions import Collate

COLLATIONS = {"postgresql": "C", "sqlite": "BINARY"}  # by code point, as Python sorts


@contextmanager
def snapshot() -> Iterator[None]:
    """A read-only transaction in which every query sees the same moment.

    Inside a transaction that is already open it is a savepoint of that one and sees what it sees.
    """
    connection: Any = transaction.get_connection()
    if connection.in_atomic_block:
        with transaction.atomic(), _joining_whole_tables(connection):
            yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            with _joining_whole_tables(connection):
                yield
    else:
        with _reading(connection), transaction.atomic():
            yield


@contextmanager
def _joining_whole_tables(connection: Any) -> Iterator[None]:
    """On PostgreSQL, keep the planner from looping row by row over tables whose new size it has not learnt yet.

    Whoever reads a whole study reads most of its tables; right after an import the loops took minutes.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")


@contextmanager
def _reading(connection: Any) -> Iterator[None]:
    """On SQLite, begin without the write lock, which our transactions take at once elsewhere."""
    usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = usual


def learn_sizes(*tables: type[Model]) -> None:
    """Tell PostgreSQL's planner of new rows; until it looks by itself it plans for empty tables, and takes minutes."""
    connection = transaction.get_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table._meta.db_table)}")  # noqa: SLF001 - Django's documented interface


def by_code_point(field: str) -> Collate:
    """Order text alike on every database."""
    return Collate(field, COLLATIONS[transaction.get_connection().vendor])
