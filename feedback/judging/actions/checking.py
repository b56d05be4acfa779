"""Checks that a rater cannot know from other work: what has an expert's key, and what they judged before, sides turned."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.timezone import now

from feedback.judging.actions.opening import PLANNED, store
from feedback.judging.models import Assignment, Comparison, Purpose, Round, Submission
from feedback.people.actions import record
from feedback.studies.models import Study

LATER = 30  # of the rater's assignments between an answer and its repeat, at least


@dataclass
class Work:
    """What one rater at work has had in a study so far, oldest first, and what was slipped in."""

    given: list[Assignment] = field(default_factory=list)
    opened: Mapping[str, int] = field(default_factory=dict)

    @property
    def asked(self) -> set[int]:
        """The comparisons that the rater was handed, and those that they repeated."""
        own = {one.comparison_id for one in self.given}
        return own | {one.comparison.repeats_id for one in self.given if one.comparison.repeats_id}


@transaction.atomic
def slip_in(*, study: Study) -> int:
    """Open hidden checks for the raters at work who are due for one; how many.

    They are due by chance, once in so many comparisons as the study's shares say; each has one before them at most.
    """
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    work = _work_of(study, _due(study))
    repeats = list(_repeats(study, work))
    keyed = list(_keyed(study, work))
    for purpose, comparisons in ((Purpose.REPEAT, repeats), (Purpose.GOLD, keyed)):
        if comparisons:
            _open(study, purpose, comparisons)
    if repeats or keyed:
        record(by=None, action="slip in checks", subject=study, repeats=len(repeats), keyed=len(keyed))
    return len(repeats) + len(keyed)


def _due(study: Study) -> dict[int, Mapping[str, int]]:
    """Raters at work with nothing slipped in that they have yet to be handed: how many of each kind they had."""
    at_work = Assignment.objects.filter(study=study, leased_until__gt=now()).values("rater")
    of_kind = {kind: Count("pk", filter=Q(purpose=kind)) for kind in (Purpose.REPEAT, Purpose.GOLD)}
    opened = (
        Comparison.objects.filter(study=study, only_for__in=at_work)
        .order_by()
        .values("only_for")
        .annotate(waiting=Count("pk", filter=Q(handed_out=0)), **{kind.value: count for kind, count in of_kind.items()})
    )
    had: dict[int, Any] = {row["only_for"]: row for row in opened}
    raters = at_work.order_by("rater").distinct().values_list("rater", flat=True)
    return {rater: had.get(rater, {}) for rater in raters if not had.get(rater, {}).get("waiting")}


def _work_of(study: Study, had: Mapping[int, Mapping[str, int]]) -> dict[int, Work]:
    """What these raters were handed, but for what teaches."""
    found = {rater: Work(opened=opened) for rater, opened in had.items()}
    given = (
        Assignment.objects.filter(study=study, rater__in=had)
        .exclude(comparison__purpose=Purpose.TRAINING)
        .select_related("comparison", "latest")
        .order_by("handed_out_at", "pk")
    )
    for one in given:
        found[one.rater_id].given.append(one)
    return found


def _is_time(share: float, had: int, given: int, dice: random.Random) -> bool:
    """Whether the next one is due: once in 1/share, at a moment that cannot be foretold."""
    return share > 0 and given >= (had + dice.random()) / share


def _dice(study: Study, rater: int, kind: str, had: int) -> random.Random:
    """The same whenever it is asked about the same check; outside, nobody knows these numbers."""
    return random.Random(f"{study.pk} {rater} {kind} {had}")  # noqa: S311 - a design to be repeated, not a secret


def _repeats(study: Study, work: Mapping[int, Work]) -> Iterator[tuple[Comparison, Sequence[int]]]:
    """For each rater who is due, an early answer's comparison with its works in the opposite order of that screen."""
    chosen: list[Assignment] = []
    for rater, own in work.items():
        had, settled = own.opened.get(Purpose.REPEAT, 0), len(own.given) - LATER + 1
        dice = _dice(study, rater, Purpose.REPEAT, had)
        if not _is_time(study.repeat_share, had, settled, dice):
            continue
        repeated = {one.comparison.repeats_id for one in own.given} - {None}
        early = [
            one
            for one in own.given[:settled]
            if one.latest
            and one.latest.kind == Submission.Kind.ANSWER
            and one.comparison.purpose in PLANNED
            and not {one.comparison_id, one.comparison.repeats_id} & repeated
        ]
        if early:
            chosen.append(dice.choice(early))
    entries = _works_of([one.comparison_id for one in chosen])
    for one in chosen:
        works = entries[one.comparison_id]
        row = Comparison(
            prompt_id=one.comparison.prompt_id, only_for_id=one.rater_id, repeats_id=one.comparison_id, size=len(works)
        )
        yield row, [works[entry] for entry in reversed(one.shown_order)]


def _keyed(study: Study, work: Mapping[int, Work]) -> Iterator[tuple[Comparison, Sequence[int]]]:
    """For each rater who is due, a comparison with a key that is new to them."""
    if study.gold_share == 0:
        return
    pool = list(Comparison.objects.filter(study=study, purpose=Purpose.GOLD, only_for=None).order_by("pk"))
    entries = _works_of([key.pk for key in pool])
    for rater, own in work.items():
        had = own.opened.get(Purpose.GOLD, 0)
        new = [key for key in pool if not {key.pk, key.repeats_id} & own.asked]
        dice = _dice(study, rater, Purpose.GOLD, had)
        if new and _is_time(study.gold_share, had, len(own.given), dice):
            key = dice.choice(new)
            row = Comparison(
                prompt_id=key.prompt_id, only_for_id=rater, repeats_id=key.pk, size=key.size, expected=key.expected
            )
            row.turn = dice.randrange(key.size)
            yield row, entries[key.pk]


def _works_of(comparisons: Sequence[int]) -> dict[int, list[int]]:
    """The works of each, in the order of the entries."""
    rows = Comparison.objects.filter(pk__in=comparisons).order_by("pk", "entries__index")
    found: dict[int, list[int]] = defaultdict(list)
    for comparison, work in rows.values_list("pk", "entries__work"):
        found[comparison].append(work)
    return found


def _open(study: Study, purpose: Purpose, chosen: Sequence[tuple[Comparison, Sequence[int]]]) -> None:
    """At the front of the queue, where each is seen by its own rater alone."""
    opened = Round.objects.create(study=study, purpose=purpose, seed=0)
    for position, (row, _) in enumerate(chosen):
        row.study, row.round, row.purpose, row.position, row.places = study, opened, purpose, position, 1
    store([row for row, _ in chosen], [works for _, works in chosen])
