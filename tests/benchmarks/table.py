"""One table of benchmarks as Markdown, with the facts of the machine; started by `python -m tests.benchmarks`."""

import os
import platform
import sqlite3
import sys
import time
from collections.abc import Iterator
from importlib import import_module

import django
from django.core.management import call_command
from django.db import connection

from tests.benchmarks.measure import Row

MEANING = (
    "A ratio says how many times as much ours costs as its floor: the least that could be called the same work, run in "
    "turn with ours. Times are medians of CPU time, that of our connection's PostgreSQL process included; only the "
    "browser's are by the clock. The spread is the least and the greatest ratio of one turn."
)


def facts() -> str:
    """What the numbers depend on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0].split()[0] if connection.vendor == "postgresql" else sqlite3.sqlite_version
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, Django {django.__version__}, "
        f"{connection.display_name} {version}"
    )


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def rows(names: list[str]) -> Iterator[Row]:
    for name in names:
        yield from import_module(f"tests.benchmarks.{name}").rows()


def main(names: list[str]) -> None:
    started, busy = time.monotonic(), load()
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(f"{facts()}.\n\n{MEANING}\n")
    print("| What | Ours | Floor | Ratio | Spread | The floor |\n|---|---|---|---|---|---|", flush=True)
    for row in rows(names):
        print(f"| {row.what} | {row.ours} | {row.floor} | {row.ratio} | {row.spread} | {row.against} |", flush=True)
    print(f"\nLoad average {busy} before and {load()} after {time.monotonic() - started:.0f} s.\n")


if __name__ == "__main__":
    main(sys.argv[1:])
