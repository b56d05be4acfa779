"""Prints the table: `python -m tests.benchmarks.rankings [part of a task's name…]`; FULL=1 runs what takes minutes."""

import os
import platform
import re
import sys
import time
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.rankings.rows import HEAD, rows
from tests.benchmarks.rankings.tasks import TASKS

MEANING = """\
Medians of CPU seconds, user and system, on one core, each contender in a process of its own with the same judgements,
run in turn after one run that does not count; "first" is that run. A contender that needs long runs once. Ours are
fitted from the arrays of judgements with all standard errors. Goals are the library's own; the spread is the least and
the greatest ratio of one turn. Errors: the farthest value from the optimum in logits (with a prior where one is needed,
normal with sd 10), goal 1e-6; of rater models the root mean square from the truth; of α the difference from the formula.
The floor: np.bincount of both columns, the pair's key, and np.bincount of the keys (n² ≤ 2m) or np.sort of them."""
PEERS = ("evalica", "choix", "arena-rank", "crowd-kit", "krippendorff")
UNDER_OURS = ("numpy", "scipy")


def facts() -> str:
    """What the numbers depend on."""
    lock = Path("requirements-peers.lock").read_text()
    theirs = dict(re.findall(r"^(\S+)==(\S+)", lock, re.MULTILINE))
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}; "
        f"ours: {', '.join(f'{name} {version(name)}' for name in UNDER_OURS)}; "
        f"beside: {', '.join(f'{name} {theirs[name]}' for name in (*PEERS, *UNDER_OURS))}"
    )


def main(parts: list[str], *, everything: bool) -> None:
    started = time.monotonic()
    print(f"{facts()}.\n\n{MEANING}\n")
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
    for task in TASKS:
        if not parts or any(part.lower() in task.what.lower() for part in parts):
            for row in rows(task, everything=everything):
                print(f"| {' | '.join(row)} |", flush=True)
    print(f"\nLoad average {os.getloadavg()[0]:.1f} after {time.monotonic() - started:.0f} s.\n")


if __name__ == "__main__":
    main(sys.argv[1:], everything=bool(os.environ.get("FULL")))
