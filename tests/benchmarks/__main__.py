"""Runs the benchmarks: `python -m tests.benchmarks [names…]`.

The site's, each table on a new database: on SQLite, and then, if DATABASE_URL names a PostgreSQL, what touches a
database once more in a database of its own there. Then `rankings`, which has no site.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from tests.durability.databases import ON_POSTGRES, database

SUBJECTS = (
    "judging",
    "exports",
    "fits",
    "media",
    "imports",
    "browser",
    "dashboard",
    "live",
    "handing",
    "rounds",
    "forecasts",
    "faults",
    "headline",
)
RANKINGS = "rankings"
ON_DATABASES = ("judging", "exports", "fits", "imports", "handing")
NOT_OURS = {"ALLOWED_HOSTS", "BASE_URL", "DATABASE_URL", "DEBUG", "PORT"}


def run(names: list[str], *, on_postgres: bool) -> int:
    """One table, in a process that finds its settings in the environment from the start."""
    with (
        tempfile.TemporaryDirectory(prefix="salon-bench-") as data,
        database(Path(data)) if on_postgres else nullcontext("") as url,
    ):
        environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS} | {
            "DATA_DIR": data,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "feedback.settings",
            "OPENBLAS_NUM_THREADS": "1",  # as manage.py has it
            "SECRET_KEY": "a key for benchmarks alone, gone with the folder that it signs for",
        }
        command = [sys.executable, "-m", "tests.benchmarks.table", *names]
        return subprocess.run(command, env=environment, check=False).returncode


def main(names: list[str]) -> int:
    known = (*SUBJECTS, RANKINGS)
    unknown = set(names) - set(known)
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}. There is: {', '.join(known)}.", file=sys.stderr)
        return 2
    names = names or list(known)
    of_site = [name for name in names if name in SUBJECTS]
    again = [name for name in of_site if name in ON_DATABASES]
    code = run(of_site, on_postgres=False) if of_site else 0
    code = code or (run(again, on_postgres=True) if ON_POSTGRES and again else 0)
    if RANKINGS in names:
        code = code or subprocess.run([sys.executable, "-m", "tests.benchmarks.rankings"], check=False).returncode
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
