"""One contender in a process of its own, on one core: makes ready, and then runs once for each line that it is sent.

Started by `turns` as `python -m tests.benchmarks.rankings.process MODULE FUNCTION FOLDER`, with the contender's own
Python. The folder holds what is given as .npy files; what the last run returned is left in its `results`.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.memory import peak

type Run = Callable[[], Any]

FORGET_PEAK = Path("/proc/self/clear_refs")  # Linux: after writing 5, the peak of memory is what is in use now


def main(module: str, function: str, folder: str) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    given = {path.stem: np.load(path) for path in Path(folder).glob("*.npy")}
    run = getattr(import_module(f"tests.benchmarks.rankings.{module}"), function)(given)
    tell()
    result = None
    for _ in sys.stdin:
        if FORGET_PEAK.exists():
            FORGET_PEAK.write_text("5")
        before, started = peak(), time.process_time()
        result = run()
        tell(seconds=time.process_time() - started, growth=peak() - before)
    np.save(Path(folder) / "results" / f"{function}.npy", np.asarray(result, dtype=float))


def tell(**figures: float) -> None:
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
