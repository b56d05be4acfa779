"""Background work: the task backend's worker, and the watch that gives it something to do."""

import signal
import subprocess
import sys
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.tasks import TaskResult

from feedback.judging.actions import sweep
from feedback.results.standings import stale_studies
from feedback.results.tasks import refit
from feedback.safety import refuse_unsafe_database

LOOK_EVERY = 1.0  # seconds
SWEEP_EVERY = 30.0
GIVE_UP_AFTER = 120.0


class Command(BaseCommand):
    help = "Run the background worker: fits after new judgements, releases, leases that ran out. Ctrl-C stops it."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe_database()
        worker = subprocess.Popen([sys.executable, "manage.py", *settings.TASK_WORKER], cwd=settings.BASE_DIR)  # noqa: S603 - our own command
        signal.signal(signal.SIGTERM, _stop)
        try:
            self.watch(worker)
        except KeyboardInterrupt:
            pass
        finally:
            worker.terminate()
            worker.wait(timeout=30)

    def watch(self, worker: subprocess.Popen[bytes]) -> None:
        """Notice studies whose fit is stale and leases that ran out, until the worker ends."""
        asked: dict[int, tuple[float, TaskResult[Any, Any]]] = {}
        swept = 0.0
        while worker.poll() is None:
            try:
                close_old_connections()
                if time.monotonic() - swept > SWEEP_EVERY:
                    sweep()
                    swept = time.monotonic()
                for study in stale_studies():
                    if _is_free(asked.get(study.pk)):
                        asked[study.pk] = (time.monotonic(), refit.enqueue(study.pk))
            except OperationalError as error:
                self.stderr.write(f"The database did not answer, trying again: {error}")
            time.sleep(LOOK_EVERY)
        self.stderr.write("The task worker ended.")


def _is_free(asked: "tuple[float, TaskResult[Any, Any]] | None") -> bool:
    """Whether to ask for a fit: none is waiting or running, or it has waited too long to be believed."""
    if asked is None:
        return True
    since, result = asked
    result.refresh()
    return result.is_finished or time.monotonic() - since > GIVE_UP_AFTER


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
