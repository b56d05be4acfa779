"""Works that show what a criterion means."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from feedback.judging.models import Entry, Example
from feedback.studies.models import Study


@dataclass(frozen=True)
class NewExample:
    """A work that shows one end of a criterion, and why."""

    criterion: int
    work: int
    shows: str
    note: str


@transaction.atomic
def add_examples(*, study: Study, examples: Sequence[NewExample]) -> int:
    """Store works to be shown beside the anchor texts; the number stored.

    Call it before `open_round`, which leaves them out: a work that raters are asked about can be no example.
    """
    asked = Entry.objects.filter(comparison__study=study, work__in=[example.work for example in examples])
    if asked.exists():
        raise ValueError("Raters are asked about a work that is to be an example.")
    rows = [Example(criterion_id=one.criterion, work_id=one.work, shows=one.shows, note=one.note) for one in examples]
    return len(Example.objects.bulk_create(rows))
