"""Removes guards from a running process, to see that the tests notice; named in SALON_TAMPERING, by commas."""

import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import AppConfig


class Tampering(AppConfig):
    name = "tests.durability"
    label = "tampering"

    def ready(self) -> None:
        for change in filter(None, os.environ.get("SALON_TAMPERING", "").split(",")):
            CHANGES[change]()


def serve_anyway() -> None:
    """Whatever the database is like."""
    from feedback import safety

    safety.refuse_unsafe_database = lambda: None


def take_everything_for_new() -> None:
    """A key is not looked up, what a page knew of is not asked: whatever comes is the next answer."""
    from feedback.judging import views

    submit = views.submit

    def careless(*, assignment: Any, key: uuid.UUID, replaces: int, answers: Any) -> Any:
        number = assignment.latest.number if assignment.latest else 0
        return submit(assignment=assignment, key=uuid.uuid4(), replaces=number, answers=answers)

    views.submit = careless


def count_no_places() -> None:
    """Comparisons are handed out as if nobody else had them."""
    from feedback.judging.actions import asking
    from feedback.judging.models import Comparison

    hand_out_of = asking._take_first

    def careless(*queue: Any) -> Any:
        found = hand_out_of(*queue)
        if found:
            Comparison.objects.filter(pk=found.pk).update(places_taken=0)
        return found

    asking._take_first = careless


def lock_no_rows() -> None:
    """On PostgreSQL, where rows are locked rather than the file."""
    from django.db.models import QuerySet

    QuerySet.select_for_update = lambda self, **_: self.all()


def take_no_turns() -> None:
    """A rater's requests do not follow one another; constraints have the last word alone."""
    from feedback.judging.actions import answering, asking

    asking.take_turns = answering.take_turns = lambda _: None


def acknowledge_first() -> None:
    """Answers are stored a moment after the rater was told that they are."""
    from feedback.judging import views
    from feedback.judging.actions import AlreadyAnswered, pick_up
    from feedback.judging.models import Submission

    submit = views.submit

    def store(user: Any, public_id: uuid.UUID, **given: Any) -> None:
        from django.db import connection, transaction

        time.sleep(0.5)
        try:
            with transaction.atomic():
                assignment = pick_up(public_id=public_id, user=user)
                submit(assignment=assignment, **given)
        except AlreadyAnswered:
            pass
        finally:
            connection.close()

    def careless(*, assignment: Any, **given: Any) -> Any:
        arguments = (assignment.rater.user, assignment.public_id)
        threading.Thread(target=store, args=arguments, kwargs=given, daemon=True).start()
        return Submission()

    views.submit = careless


def keep_leases() -> None:
    """Places never come back."""
    from feedback.judging.actions import asking

    asking.sweep = lambda **_: 0


def never_late() -> None:
    """A late answer looks like any other."""
    from feedback.judging import views

    submit = views.submit

    def careless(*, assignment: Any, **given: Any) -> Any:
        assignment.leased_until += timedelta(days=36_500)
        return submit(assignment=assignment, **given)

    views.submit = careless


def undo_nothing() -> None:
    """Undo shows the answers again and leaves them stored."""
    from feedback.judging import views
    from feedback.judging.models import Assignment

    def careless(*, study: Any, rater: Any, key: uuid.UUID) -> Any:
        return Assignment.objects.filter(study=study, rater=rater).answered().first()

    views.retract = careless


def write_in_place() -> None:
    """An export writes its files where they are to be read."""
    from feedback.datasets.actions import writing

    @contextmanager
    def careless(target: Path) -> Iterator[Path]:
        target.mkdir(parents=True, exist_ok=True)
        for file in [path for path in target.rglob("*") if path.is_file()]:
            file.unlink()
        yield target

    writing.appearing = careless


def reclaim_nothing() -> None:
    """What a killed worker had begun is left alone."""
    from django_ox.worker import Worker

    Worker.reap = lambda _: 0


def fit_slowly() -> None:
    """No guard: it only takes time, at the end of the transaction, for a kill to fall into."""
    from django.db import transaction

    from feedback.results import actions

    refresh = actions.refresh

    def slow(**given: Any) -> Any:
        with transaction.atomic():
            fits = refresh(**given)
            time.sleep(30)
        return fits

    actions.refresh = slow


CHANGES: dict[str, Callable[[], None]] = {
    change.__name__: change
    for change in (
        serve_anyway,
        take_everything_for_new,
        count_no_places,
        lock_no_rows,
        take_no_turns,
        acknowledge_first,
        keep_leases,
        never_late,
        undo_nothing,
        write_in_place,
        reclaim_nothing,
        fit_slowly,
    )
}
