"""Makes releases of simulated raters' judgements and has the real consumers train on them: `python -m tests.consumers`.

Ours runs in this Python; the consumers run in the one named by CONSUMERS_PYTHON, which has their packages.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.durability.databases import database
from tests.durability.site import Site

READINGS = ("loading", "served", "croissants", "factory", "rewards", "preferences", "pictures", "snippets", "faults")
PYTHON = os.environ.get("CONSUMERS_PYTHON", ".venv-consumers/bin/python")


@contextmanager
def served(site: Site, folder: Path) -> Iterator[None]:
    """The releases lie in the folder, and the site that made them serves them."""
    try:
        making = [sys.executable, "-m", "tests.consumers.releases", str(folder)]
        subprocess.run(making, env=site.environment, check=True)
        site.start()
        yield
    finally:
        site.end()


def readings(names: list[str], folder: Path) -> Iterator[dict[str, Any]]:
    """The rows of the table; a consumer that does not even start is one."""
    for name in names:
        command = [PYTHON, "-m", "tests.consumers.reading", name, str(folder)]
        log = folder / f"{name}.log"
        with log.open("w") as errors:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, text=True, check=False)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        yield from found
        if done.returncode and all(row["passed"] for row in found):
            told = log.read_text().strip().splitlines()[-1][:200]
            yield {"consumer": name, "version": "", "what": "starts", "told": told, "passed": False, "seconds": 0}


def line(row: dict[str, Any]) -> str:
    result = row["told"] if row["passed"] else f"**failed** {row['told']}"
    cells = (row["consumer"], row["version"], row["what"], result, row["seconds"])
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"


def main(names: list[str]) -> int:
    unknown = set(names) - set(READINGS)
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}. There is: {', '.join(READINGS)}.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that the site ends with us
    started, passed = time.monotonic(), True
    with tempfile.TemporaryDirectory(prefix="salon-consumers-") as named:
        folder = Path(named)
        data = folder / "data"
        data.mkdir()
        with database(data) as url, served(Site(data, url), folder):
            print(f"Made in {time.monotonic() - started:.0f} s.\n\n| Consumer | Version | What | Result | Seconds |")
            print("|---|---|---|---|---|", flush=True)
            for row in readings(names or list(READINGS), folder):
                passed &= row["passed"]
                print(line(row), flush=True)
    print(f"\n{'All passed' if passed else 'FAILED'} in {time.monotonic() - started:.0f} s.")
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
