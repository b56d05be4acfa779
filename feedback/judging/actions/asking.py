"""Opening rounds, handing out, taking back."""

import random
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.utils.timezone import now

from feedback.judging import designs
from feedback.judging.models import Assignment, Comparison, Entry, Purpose, Round, Submission
from feedback.people.actions import record
from feedback.people.models import Rater, User
from feedback.studies.models import Study
from feedback.works.models import Clearance, Work

EXPIRED_AT_ONCE = 200


@transaction.atomic
def open_round(*, study: Study, seed: int, by: User | None = None) -> Round:
    """Ask about every prompt of the study: all pairs or sets of its cleared works, or a connected random design."""
    rng = random.Random(seed)  # noqa: S311 - a design to be repeated, not a secret
    opened = Round.objects.create(study=study, purpose=Purpose.UNIFORM, seed=seed)
    chosen = [
        (prompt, rng.sample(works, len(works)))
        for prompt, candidates in _works_by_prompt(study).items()
        for works in _design(study, candidates, rng)
    ]
    rng.shuffle(chosen)
    turns = designs.turns([works for _, works in chosen], rng)
    start = Comparison.objects.filter(study=study).count()
    comparisons = Comparison.objects.bulk_create(
        [
            Comparison(
                round=opened,
                study=study,
                prompt_id=prompt,
                purpose=Purpose.UNIFORM,
                position=start + position,
                turn=turn,
                size=len(works),
                places=study.overlap,
            )
            for position, ((prompt, works), turn) in enumerate(zip(chosen, turns, strict=True))
        ],
        batch_size=1000,
    )
    Entry.objects.bulk_create(
        [
            Entry(comparison=comparison, work_id=work, index=index)
            for comparison, (_, works) in zip(comparisons, chosen, strict=True)
            for index, work in enumerate(works)
        ],
        batch_size=1000,
    )
    record(by=by, action="open round", subject=study, seed=seed, comparisons=len(comparisons))
    return opened


def _works_by_prompt(study: Study) -> dict[int, list[int]]:
    works = (
        Work.objects.cleared("show")
        .filter(collection__studies=study)
        .exclude(medium=Work.Medium.ABSENT)
        .order_by("prompt__external_id", "external_id")
        .values_list("prompt_id", "id")
    )
    grouped: dict[int, list[int]] = {}
    for prompt, work in works:
        grouped.setdefault(prompt, []).append(work)
    return grouped


def _design(study: Study, works: list[int], rng: random.Random) -> list[tuple[int, ...]]:
    if study.form == Study.Form.RATING:
        return [(work,) for work in works]
    if len(works) < 2:
        return []
    if study.form == Study.Form.PAIR:
        return designs.pairs(works, rng)
    return designs.sets(works, study.set_size, rng)


def queue(*, study: Study, rater: Rater) -> QuerySet[Comparison]:
    """The comparisons that may be handed to this rater now, in order."""
    shown = Clearance.objects.live().granting("show").filter(work=OuterRef("work"))
    blocked = Entry.objects.filter(~Exists(shown), comparison=OuterRef("pk"))
    known = Assignment.objects.filter(comparison=OuterRef("pk"), rater=rater)
    return Comparison.objects.filter(_none(known), _none(blocked), study=study, places_taken__lt=F("places")).order_by(
        "position"
    )


def _none(rows: QuerySet[Any]) -> IsNull:
    """Whether there are none, asked row by row down the index.

    A plain NOT EXISTS is joined by PostgreSQL over the whole queue before the first row is found: 250 ms instead of
    2 ms at 33,000 comparisons.
    """
    return IsNull(Subquery(rows.values("pk")[:1]), True)


def take_turns(raters: QuerySet[Rater]) -> None:
    """Let requests of these raters follow one another until the transaction ends, so that tabs know of each other.

    Always the first lock: what is read after it is what the request before has left.
    """
    if connection.features.has_select_for_update:  # SQLite's transactions follow one another anyway
        list(raters.select_for_update(no_key=True).values_list("pk"))


@transaction.atomic(savepoint=False)
def hand_out(*, study: Study, rater: Rater) -> Assignment | None:
    """Give the rater a comparison that is new to them, or None if the study has none left.

    Where the rater may ask twice at a time, call `take_turns` first.
    """
    if not study.is_open:
        return None
    comparison = _take_first(queue(study=study, rater=rater))
    if comparison is None and sweep(study=study):
        comparison = _take_first(queue(study=study, rater=rater))
    if comparison is None:
        return None
    order = [(comparison.turn + comparison.handed_out + step) % comparison.size for step in range(comparison.size)]
    Comparison.objects.filter(pk=comparison.pk).update(
        places_taken=F("places_taken") + 1, handed_out=F("handed_out") + 1
    )
    return Assignment.objects.create(
        comparison=comparison,
        study=study,
        rater=rater,
        shown_order=order,
        leased_until=now() + settings.LEASE,
    )


def _take_first(comparisons: QuerySet[Comparison]) -> Comparison | None:
    """The first that nobody is being handed; if there is none, wait for those: one may have a place left."""
    candidates = comparisons.select_related("prompt")
    free = candidates.select_for_update(skip_locked=True, of=("self",)).first()
    return free or candidates.select_for_update(of=("self",)).first()


@transaction.atomic
def resume(*, study: Study, rater: Rater, besides: Sequence[str] = ()) -> Assignment | None:
    """What the rater has in hand, with a fresh lease; else something new; else what they once let lapse.

    `besides` are public ids of assignments that are on the rater's page already.
    """
    take_turns(Rater.objects.filter(pk=rater.pk))
    mine = (
        Assignment.objects.filter(study=study, rater=rater)
        .exclude(public_id__in=besides)
        .select_related("comparison__prompt", "latest")
    )
    waiting = mine.waiting().order_by(F("latest").desc(nulls_last=True), "id").first()
    if waiting:
        waiting.leased_until = now() + settings.LEASE
        waiting.save(update_fields=["leased_until"])
        return waiting
    return hand_out(study=study, rater=rater) or _retake(study, mine)


def _retake(study: Study, mine: QuerySet[Assignment]) -> Assignment | None:
    if not study.is_open:
        return None
    unanswered = Q(latest__isnull=True) | Q(latest__kind=Submission.Kind.RETRACTION)
    lapsed = mine.filter(unanswered, holds_place=False).order_by("id")
    for assignment in lapsed.select_for_update(of=("self",)):
        if take_place(assignment):
            assignment.leased_until = now() + settings.LEASE
            assignment.save(update_fields=["holds_place", "leased_until"])
            return assignment
    return None


def take_place(assignment: Assignment) -> bool:
    """Let the assignment count towards the overlap if there is room; the caller saves `holds_place`."""
    free = Comparison.objects.filter(pk=assignment.comparison_id, places_taken__lt=F("places"))
    assignment.holds_place = bool(free.update(places_taken=F("places_taken") + 1))
    return assignment.holds_place


@transaction.atomic
def sweep(*, study: Study | None = None) -> int:
    """Give back the places of leases that ran out; the number given back."""
    expired = Assignment.objects.expired()
    if study:
        expired = expired.filter(study=study)
    locked = list(
        expired.select_for_update(skip_locked=True, of=("self",))
        .order_by("id")
        .values_list("pk", "comparison")[:EXPIRED_AT_ONCE]
    )
    Assignment.objects.filter(pk__in=[pk for pk, _ in locked]).update(holds_place=False)
    for comparison in sorted(comparison for _, comparison in locked):
        Comparison.objects.filter(pk=comparison).update(places_taken=F("places_taken") - 1)
    return len(locked)
