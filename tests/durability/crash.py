"""Runs a management command again and again and kills it, each time at another moment.

`python -m tests.durability.crash FOLDER POINTS COMMAND ARGUMENTS…` loads the site once; each run is a fork of it, writes
to FOLDER/<point>/release and is killed with SIGKILL just before its point-th touch of the disk (a write, a rename, an
fsync, …). POINTS is a list of numbers, or `count`, which runs to the end and prints how many there are.
Before each run, stored archives are taken away, so that every run has them to make.
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

TOUCHES = {"write", "fsync", "rename", "replace", "link", "mkdir", "rmdir", "unlink", "open", "close", "commit"}


class Countdown:
    """Counts touches of the disk; at the last it kills the process."""

    def __init__(self, point: int | None) -> None:
        self.point = point
        self.touches = 0

    def __call__(self, _frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and getattr(called, "__name__", "") in TOUCHES:
            if self.touches == self.point:
                os.kill(os.getpid(), signal.SIGKILL)
            self.touches += 1


def run(command: list[str], out: Path, point: int | None) -> int:
    """The command in this process; the number of touches."""
    from django.core.management import call_command

    _forget_archives()
    countdown = Countdown(point)
    sys.setprofile(countdown)
    try:
        call_command(*command, "--out", str(out), stdout=open(os.devnull, "w"))  # noqa: PTH123, SIM115 - it ends with us
    finally:
        sys.setprofile(None)
    return countdown.touches


def _forget_archives() -> None:
    from feedback.datasets.models import Release

    for release in Release.objects.exclude(archive=""):
        release.archive.delete()


def in_a_fork(command: list[str], out: Path, point: int | None) -> dict[str, Any]:
    """How the run ended."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.write(writer, str(run(command, out, point)).encode())
            code = 0
        except BaseException:  # noqa: BLE001 - a fork must not go on as its parent
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as pipe:
        touches = pipe.read().decode()
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"point": point, "killed": killed, "code": os.waitstatus_to_exitcode(status), "touches": touches}


def main(folder: Path, points: str, command: list[str]) -> None:
    import django

    django.setup()
    from feedback.datasets.management.commands import export_release  # noqa: F401 - loaded once, before forking

    for point in [None] if points == "count" else json.loads(points):
        print(json.dumps(in_a_fork(command, folder / str(point) / "release", point)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
