"""Runs the tests: `rankings` alone with every branch counted, then all else on SQLite and on a throw-away PostgreSQL.

`python -m tests.suite [pytest's arguments]`; with paths among the arguments those run on both databases, nothing counted.
"""

import os
import subprocess
import sys

from tests.browser.chromium import chromium
from tests.server.postgres import throwaway

WORKERS = "2"  # more, and what is timed in a browser waits for its turn
RANKINGS = "tests/rankings"
COUNTED = ["--cov=rankings", "--cov-branch", "--cov-fail-under=100", "--cov-report=term-missing:skip-covered"]

# What has nothing to do with which database it is runs once, on one or the other so that both take about as long.
ON_SQLITE = [
    "tests/house",
    "tests/works",
    "tests/blinding",
    "tests/api/test_docs.py",
    "tests/api/test_openapi.py",
    "tests/datasets/test_directory.py",
    "tests/intake/test_demonstration.py",
    "tests/intake/test_demonstration_content.py",
    "tests/intake/test_small_hours.py",
    "tests/real/test_beside.py",
    "tests/real/test_media.py",
    "tests/results/boards",
    "tests/results/checks",
    "tests/results/dashboard/test_sentences.py",
    *(f"tests/results/measures/test_{measure}.py" for measure in ("agreement", "reliability", "taste")),
    *(f"tests/results/planning/test_{part}.py" for part in ("choosing", "forecasts", "savings")),
    *(f"tests/browser/test_{page}.py" for page in ("access", "audit", "bench", "dashboard", "desk")),
    *(f"tests/browser/test_{page}.py" for page in ("every_medium", "examples", "exposure", "keys_alone", "lightness")),
    *(f"tests/browser/test_{page}.py" for page in ("reasons", "releases")),
]
ON_POSTGRES = [
    "tests/durability/test_guards.py",  # PostgreSQL shows all of them
    "tests/intake/test_background_kills.py",
    *(f"tests/browser/test_{viewer}.py" for viewer in ("film", "page", "picture", "solid", "sound")),
]


def run(database: str, arguments: list[str]) -> int:
    environment = os.environ | {"DATABASE_URL": database}
    if not database:
        del environment["DATABASE_URL"]
    command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--dist", "loadgroup", *arguments]
    return subprocess.run(command, env=environment, check=False).returncode


def _leaving_out(*paths: str, whole: bool) -> list[str]:
    return [f"--ignore={path}" for path in paths] if whole else []


def main(arguments: list[str]) -> int:
    whole = all(one.startswith("-") for one in arguments)
    print(f"Browser: {chromium()}")
    code = 0
    if whole:
        print("\nrankings, every branch", flush=True)
        code = run("", [RANKINGS, *COUNTED, *arguments])
    print("\nOn SQLite", flush=True)
    code = run("", [*arguments, *_leaving_out(RANKINGS, *ON_POSTGRES, whole=whole)]) or code
    with throwaway() as url:
        print("\nOn PostgreSQL", flush=True)
        return run(url, [*arguments, *_leaving_out(RANKINGS, *ON_SQLITE, whole=whole)]) or code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
