"""A database for one site: a file for SQLite, a database of its own on the server that DATABASE_URL names."""

import itertools
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

SERVER = os.environ.get("DATABASE_URL", "")
ON_POSTGRES = SERVER.startswith("postgres")
FILE = "salon.sqlite3"
_numbers = itertools.count(1)


@contextmanager
def database(data: Path, *, like: str = "") -> Iterator[str]:
    """The URL of a new database, empty or a copy of the one at the URL `like`; it goes with the block.

    An SQLite database is a file in `data`, copied with that folder already.
    """
    if not ON_POSTGRES:
        yield f"sqlite:///{data / FILE}"
        return
    name = f"durability_{os.getpid()}_{next(_numbers)}"
    template = f' TEMPLATE "{name_of(like)}"' if like else ""
    _on_server(f'CREATE DATABASE "{name}"{template}')
    try:
        yield urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
    finally:
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def query(url: str, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """The rows that a statement gives, committed; parameters are `?`."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as connection, connection:
            return connection.execute(sql, parameters).fetchall()
    import psycopg

    with psycopg.connect(url) as connection:
        cursor = connection.execute(sql.replace("?", "%s"), parameters)
        return cursor.fetchall() if cursor.description else []


def name_of(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def _on_server(statement: str) -> None:
    """Run it outside of any database it is about; a template may be in use for another moment."""
    import psycopg

    for tries in itertools.count(1):
        try:
            with psycopg.connect(SERVER, autocommit=True) as connection:
                connection.execute(statement)
        except psycopg.errors.ObjectInUse:
            if tries == 50:
                raise
            time.sleep(0.1)
        else:
            return
