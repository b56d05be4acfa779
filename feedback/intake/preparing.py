"""Making what raters see of a study that was imported without it: work by work, each kept as soon as it is made.

Whatever ends the worker, another goes on behind the last work that was kept.
"""

import shutil
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path

from feedback.intake.finishing import finish
from feedback.intake.reading import DEFAULT_LIMITS
from feedback.studies.models import Study
from feedback.works import actions
from feedback.works.media import MediaRefused, encode
from feedback.works.models import Asset, Preparation, Work

AT_A_TIME = 10.0  # seconds, after which other work of the worker has its turn
BEAT_EVERY = 1.0
MOST_TRIES = 2


def work_at(*, study_id: int) -> timedelta | None:
    """Make works for a while; when to go on, or None if there is no more to do. Only one run at a time is at it."""
    preparation = actions.hold(study_id=study_id, holder=uuid.uuid4())
    if preparation is None:
        return actions.HELD_FOR if actions.is_wanted(study_id=study_id) else None
    end = time.monotonic() + AT_A_TIME
    try:
        while works := _next(preparation.study):
            _make(preparation, works)
            if time.monotonic() > end:
                return timedelta()
        finish(preparation=preparation)
    finally:
        actions.let_go(preparation=preparation)
    return None


def _next(study: Study) -> list[Work]:
    """The next works to be made, all of one content."""
    unmade = Work.objects.filter(collection__studies=study).unmade().select_related("prompt").order_by("id")
    first = unmade.first()
    return list(unmade.filter(sha256=first.sha256)) if first else []


def _make(preparation: Preparation, works: list[Work]) -> None:
    pulse = _Pulse(preparation)
    try:
        _count_try(preparation, works[0])
        with tempfile.TemporaryDirectory(prefix="salon-making-") as scratch:
            source = _copied(works[0], Path(scratch) / "original")
            limits = DEFAULT_LIMITS
            made = encode(
                source, Path(scratch) / "shown", long_side=limits.long_side, limits=limits.media, on_fraction=pulse
            )
            if made.original is None:
                raise AssertionError("a derivative without its original")
            actions.keep_derivative(works=works, made=made, original=made.original)
    except MediaRefused as refused:
        actions.refuse_works(works=works, refused=refused)
    pulse(1.0, at_once=True)


def _count_try(preparation: Preparation, work: Work) -> None:
    """Give up a work that was begun and never ended, time after time: something in it kills the worker."""
    if actions.begin_work(preparation=preparation, work=work) >= MOST_TRIES:
        raise MediaRefused("a file that ended the worker each time", "make it smaller, or save it in another format")


def _copied(work: Work, destination: Path) -> Path:
    """The original on a disk of ours, wherever originals are kept."""
    original = work.assets.get(role=Asset.Role.ORIGINAL).original
    with original.open("rb") as source, destination.open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
    return destination


class _Pulse:
    """Hears how far a work is, and tells it once a second."""

    def __init__(self, preparation: Preparation) -> None:
        self._preparation = preparation
        self._told = time.monotonic()

    def __call__(self, fraction: float, *, at_once: bool = False) -> None:
        since = time.monotonic() - self._told
        if at_once or since >= BEAT_EVERY:
            self._told += since
            actions.beat(preparation=self._preparation, fraction=0.0 if at_once else fraction, seconds=since)
