"""Runs the tests twice, on SQLite and on a throw-away PostgreSQL; `python -m tests.suite [pytest's arguments]`."""

import os
import subprocess
import sys

from tests.browser.chromium import chromium
from tests.server.postgres import throwaway

# What never touches a database runs once.
ONCE = ["tests/rankings", "tests/house", "tests/intake/test_demonstration_content.py", "tests/works/test_media.py"]


def run(database: str, arguments: list[str]) -> int:
    environment = os.environ | {"DATABASE_URL": database}
    if not database:
        del environment["DATABASE_URL"]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", *arguments]
    return subprocess.run(command, env=environment, check=False).returncode


def main(arguments: list[str]) -> int:
    print(f"Browser: {chromium()}")
    print("\nOn SQLite", flush=True)
    code = run("", arguments)
    with throwaway() as url:
        print("\nOn PostgreSQL", flush=True)
        once = [] if any(not one.startswith("-") for one in arguments) else [f"--ignore={path}" for path in ONCE]
        return run(url, [*arguments, *once]) or code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
