"""Which of many moments are worth keeping: the older, the farther apart."""

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta

from django.utils.timezone import now

KEPT = (
    (timedelta(hours=1), timedelta(0)),
    (timedelta(days=1), timedelta(minutes=10)),
    (timedelta(days=30), timedelta(hours=6)),
    (timedelta.max, timedelta(days=1)),
)
"""Up to this age, moments at least so far apart: everything of the last hour, then one in ten minutes, and so on."""


def superfluous(rows: Iterable[tuple[int, datetime, Hashable]]) -> list[int]:
    """The keys of those that may go, of `rows` newest first; the newest and the first of each kind always stay.

    Steps are of the calendar, not of what is there already, so that what once was kept stays until it reaches the next
    age.
    """
    today, old = now(), []
    kept: dict[Hashable, tuple[int, int]] = {}
    rows = list(rows)
    first = {kind: key for key, _, kind in rows}
    newest: dict[Hashable, int] = {}
    for key, at, kind in rows:
        newest.setdefault(kind, key)
        slot = _slot(at, today - at)
        if slot is not None and kept.get(kind) == slot and key not in {first[kind], newest[kind]}:
            old.append(key)
        elif slot is not None:
            kept[kind] = slot
    return old


def _slot(at: datetime, age: timedelta) -> tuple[int, int] | None:
    """The step of the calendar that a moment lies in; None where every moment is kept."""
    for number, (up_to, apart) in enumerate(KEPT):
        if age < up_to:
            return (number, int(at.timestamp() // apart.total_seconds())) if apart else None
    return None
