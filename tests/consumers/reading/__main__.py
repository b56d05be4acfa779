"""Runs the checks of one module over a folder of releases: `python -m tests.consumers.reading trainers FOLDER`.

One JSON object a check on stdout; what the libraries print goes to stderr.
"""

import contextlib
import json
import os
import sys
import time
import traceback
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from tests.consumers.reading.checks import CHECKS, Check


def run(check: Check, folder: Path) -> dict[str, Any]:
    started = time.monotonic()
    try:
        told, passed = check.run(folder), True
    except Exception as error:  # noqa: BLE001 - a check that fails is a row of the table, whatever it raised
        traceback.print_exc()
        told, passed = f"{type(error).__name__}: {error}".splitlines()[0][:200], False
    return {
        "consumer": check.consumer,
        "version": metadata.version(check.consumer),
        "what": check.what,
        "told": told,
        "passed": passed,
        "seconds": round(time.monotonic() - started, 1),
    }


def main(name: str, folder: Path) -> int:
    caches = dict.fromkeys(("HF_HOME", "CROISSANT_CACHE"), str(folder / "cache"))
    offline = "0" if name == "served" else "1"  # that one asks our own site
    os.environ |= {"HF_HUB_OFFLINE": offline, "HF_DATASETS_DISABLE_PROGRESS_BARS": "1", "USE_TF": "0"} | caches
    passed = True
    with contextlib.redirect_stdout(sys.stderr):
        module = import_module(f"tests.consumers.reading.{name}")
        for check in CHECKS:
            if check.run.__module__ == module.__name__:
                row = run(check, folder)
                passed &= row["passed"]
                print(json.dumps(row), file=sys.__stdout__, flush=True)
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
