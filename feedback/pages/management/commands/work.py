"""Background work: the task backend's worker, and the watch that moves scores and gives it something to do."""

import signal
import subprocess
import sys
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.tasks import TaskResult, TaskResultStatus

from feedback.judging.actions import sweep
from feedback.results.live import Following
from feedback.results.pace import Watch, due_of
from feedback.results.planning import running_low
from feedback.results.planning.tasks import open_next
from feedback.results.tasks import refit
from feedback.safety import refuse_unsafe_database

LOOK_EVERY = 0.5  # seconds
SWEEP_EVERY = PLAN_EVERY = 30.0
TRY_AGAIN_AFTER = 60.0
GIVE_UP_AFTER = 600.0


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
        """Follow what is judged, notice whose fit is due and which leases ran out, until the worker ends."""
        following, watch = Following(), Watch()
        asked: dict[int, tuple[float, TaskResult[Any, Any]]] = {}
        swept = planned = 0.0
        while worker.poll() is None:
            try:
                close_old_connections()
                if time.monotonic() - swept > SWEEP_EVERY:
                    sweep()
                    watch.forget()
                    swept = time.monotonic()
                if time.monotonic() - planned > PLAN_EVERY:
                    for study in running_low():
                        open_next.enqueue(study.pk)
                    planned = time.monotonic()
                stale = watch.stale()
                for study in due_of(stale):
                    if _is_free(asked.get(study.pk)):
                        asked[study.pk] = (time.monotonic(), refit.enqueue(study.pk))
                following.look(stale)
            except OperationalError as error:
                self.stderr.write(f"The database did not answer, trying again: {error}")
            time.sleep(LOOK_EVERY)
        self.stderr.write("The task worker ended.")


def _is_free(asked: "tuple[float, TaskResult[Any, Any]] | None") -> bool:
    """Whether to ask for a refresh: none waits, runs or has just failed, or it took too long to be believed."""
    if asked is None:
        return True
    since, result = asked
    result.refresh()
    waited = time.monotonic() - since
    if result.status == TaskResultStatus.FAILED:
        return waited > TRY_AGAIN_AFTER
    return result.is_finished or waited > GIVE_UP_AFTER


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
