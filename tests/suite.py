"""Runs the tests: `rankings` alone with every branch counted, then all else on SQLite and on a throw-away PostgreSQL.

`python -m tests.suite [pytest's arguments]`; with paths among the arguments those run on both databases, nothing counted.
"""

import os
import subprocess
import sys

from tests.browser.chromium import chromium
from tests.server.postgres import throwaway

RANKINGS = "tests/rankings"
COUNTED = ["--cov=rankings", "--cov-branch", "--cov-fail-under=100", "--cov-report=term-missing:skip-covered"]

# What never touches a database runs once.
ONCE = [RANKINGS, "tests/house", "tests/intake/test_demonstration_content.py", "tests/works/test_media.py"]


def run(database: str, arguments: list[str]) -> int:
    environment = os.environ | {"DATABASE_URL": database, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    if not database:
        del environment["DATABASE_URL"]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", *arguments]
    return subprocess.run(command, env=environment, check=False).returncode


def main(arguments: list[str]) -> int:
    whole = all(one.startswith("-") for one in arguments)
    print(f"Browser: {chromium()}")
    code = 0
    if whole:
        print("\nrankings, every branch", flush=True)
        code = run("", [RANKINGS, *COUNTED, *arguments])
    print("\nOn SQLite", flush=True)
    code = run("", [*arguments, *([f"--ignore={RANKINGS}"] if whole else [])]) or code
    with throwaway() as url:
        print("\nOn PostgreSQL", flush=True)
        return run(url, [*arguments, *([f"--ignore={path}" for path in ONCE] if whole else [])]) or code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
