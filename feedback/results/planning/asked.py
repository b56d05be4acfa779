"""What a study has asked so far and what it could ask: works by number, and the sets of them that have met."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from django.db.models import F

from feedback.judging.actions import PLANNED, works_to_ask
from feedback.judging.models import Comparison, Entry, Purpose
from feedback.results.planning.choosing import Ints, Met
from feedback.studies.models import Study

AT_ONCE = 10_000  # rows that are read at a time


@dataclass(frozen=True, eq=False)
class Asked:
    """Works by number, and the sets that were asked, each in ascending order: the first to ask for it, and what is open.

    `open` holds a set once for every place that is still to be answered, so that it counts as often as it will be.
    """

    works: Ints  # (n,) ids, in an order that no answer changes
    prompts: Ints  # (n,) ids
    sets: Ints  # (m, size) numbers of works
    first: Ints  # (m,) id of the comparison that asked for the set first
    times: Ints  # (m,) how many comparisons have asked for it
    open: Ints  # (k, size) numbers of works

    @classmethod
    def of(cls, study: Study) -> Self:
        """What stands in the database; works that may not be asked about, and what holds them, are left out."""
        rows = np.array(list(works_to_ask(study)), dtype=np.int64).reshape(-1, 2)
        ids, sets = _sets_of(study, rows[:, 1])
        unique, first, times = np.unique(sets, axis=0, return_index=True, return_counts=True)
        return cls(rows[:, 1], rows[:, 0], unique, ids[first], times, _open(study, ids, sets))

    def met(self, *, raters: int, places: int) -> Met:
        """What has met, of so many raters, if each comparison is for so many."""
        return Met(self.sets, self.open, self.sets[(self.times + 1) * places > raters])

    def first_of(self, sets: Iterable[tuple[int, ...]]) -> list[int | None]:
        """The comparison that asked for each of these sets first, None where none did."""
        known = dict(zip(map(tuple, self.sets.tolist()), self.first.tolist(), strict=True))
        return [known.get(tuple(sorted(members))) for members in sets]


def _sets_of(study: Study, works: Ints) -> tuple[Ints, Ints]:
    """Ids of the comparisons, oldest first, and the sets that they hold, as numbers of works: (m,) and (m, size)."""
    entries = Entry.objects.filter(comparison__study=study, comparison__size=study.set_size, comparison__only_for=None)
    pairs = entries.order_by("comparison_id", "index").values_list("comparison_id", "work_id").iterator(AT_ONCE)
    comparison, work = np.array(list(pairs), dtype=np.int64).reshape(-1, 2).T
    order = np.argsort(works)
    places = np.minimum(np.searchsorted(works, work, sorter=order), max(len(works) - 1, 0))
    number = order[places] if len(works) else places
    known = works[number] == work if len(works) else np.zeros(len(work), np.bool_)
    whole = known.reshape(-1, study.set_size).all(axis=1)
    return comparison[:: study.set_size][whole], np.sort(number.reshape(-1, study.set_size)[whole], axis=1)


def _open(study: Study, ids: Ints, sets: Ints) -> Ints:
    """The sets that are still to be answered, once for each of the places that the study asks for."""
    waiting = Comparison.objects.filter(study=study, purpose__in=PLANNED, places_taken__lt=F("places"), only_for=None)
    left = {
        pk: min(places - taken, study.overlap)
        for pk, places, taken in waiting.values_list("pk", "places", "places_taken")
    }
    in_hand = (
        Comparison.objects.filter(study=study, assignments__holds_place=True, assignments__latest=None)
        .exclude(purpose__in=(Purpose.GOLD, Purpose.TRAINING))
        .values_list("pk", flat=True)
    )
    for pk in in_hand:
        left[pk] = left.get(pk, 0) + 1
    return sets.repeat([left.get(pk, 0) for pk in ids.tolist()], axis=0)
