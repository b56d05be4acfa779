"""Runs a management command again and again and kills it, each time at another moment.

`python -m tests.durability.crash FOLDER KILLS SEED COMMAND ARGUMENTS…` loads the site once; each run is a fork of it. The
first is left alone: it writes to FOLDER/whole and tells how often it touched the disk (a write, a rename, an fsync, …).
The others write to FOLDER/<point>/release and are killed with SIGKILL just before their point-th touch; every other one
finds an earlier release there. What is visible then is copied to FOLDER/seen/<point>, and the command is run once more
with --resume. Before each run that is killed, releases are taken away, so that all have them to make.
"""

import json
import os
import random
import shutil
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

    countdown = Countdown(point)
    sys.setprofile(countdown)
    try:
        call_command(*command, "--out", str(out), stdout=open(os.devnull, "w"))  # noqa: PTH123, SIM115 - it ends with us
    finally:
        sys.setprofile(None)
    return countdown.touches


def forget_releases() -> None:
    """As if none had ever been made; a fork must not inherit the connection."""
    from django.db import connection

    from feedback.datasets.models import Release

    for release in Release.objects.all():
        for stored in (release.archive, release.index):
            stored.storage.delete(stored.name)
        release.delete()
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


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


def points_of(touches: int, kills: int, seed: int) -> list[int]:
    """Moments to be killed at: one third anywhere, two thirds at the very end, when the folder is written."""
    dice, late = random.Random(seed), range(touches * 19 // 20, touches)
    return sorted([*dice.sample(range(late.start), kills // 3), *dice.sample(late, kills - kills // 3)])


def main(folder: Path, kills: int, seed: int, command: list[str]) -> None:
    import django

    django.setup()
    from feedback.datasets.management.commands import export_release  # noqa: F401 - loaded once, before forking

    whole = folder / "whole"
    undisturbed = in_a_fork(command, whole, None)
    print(json.dumps(undisturbed))
    for number, point in enumerate(points_of(int(undisturbed["touches"]), kills, seed)):
        out = folder / str(point) / "release"
        out.parent.mkdir()
        if number % 2:
            shutil.copytree(whole, out)
        forget_releases()
        killed = in_a_fork(command, out, point)
        if out.exists():
            shutil.copytree(out, folder / "seen" / str(point))
        resumed = in_a_fork([*command, "--resume"], out, None)
        print(json.dumps(killed | {"resumed": resumed["code"]}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
