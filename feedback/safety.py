"""What must hold before a server starts: a database that keeps what it was told."""

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

SQLITE_FULL = 2


def refuse_unsafe_database() -> None:
    """Raise ImproperlyConfigured unless the database is up to date and loses nothing it acknowledged."""
    faults = list(_sqlite_faults() if connection.vendor == "sqlite" else _postgres_faults())
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        faults.append("migrations are waiting: run `make setup`")
    if faults:
        raise ImproperlyConfigured(f"The database is not safe to serve from: {'; '.join(faults)}.")


def _sqlite_faults() -> list[str]:
    options = connection.settings_dict["OPTIONS"]
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    expected = {
        "journal mode must be WAL": journal == "wal",
        "synchronous must be FULL": synchronous >= SQLITE_FULL,
        "transactions must be IMMEDIATE": options.get("transaction_mode") == "IMMEDIATE",
        "the timeout must be 30 s or more": options.get("timeout", 0) >= 30,
    }
    return [fault for fault, holds in expected.items() if not holds]


def _postgres_faults() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        isolation = cursor.fetchone()[0]
        cursor.execute("SHOW synchronous_commit")
        synchronous = cursor.fetchone()[0]
    expected = {
        "isolation must be READ COMMITTED": isolation == "read committed",
        "synchronous_commit must not be off": synchronous != "off",
    }
    return [fault for fault, holds in expected.items() if not holds]
