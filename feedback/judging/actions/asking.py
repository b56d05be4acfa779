"""Handing out what is open, and taking back."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import IsNull
from django.utils.timezone import now

from feedback.judging.models import Assignment, AssignmentQuerySet, Comparison, Entry, Purpose, Submission
from feedback.judging.qualification import KEYED, Stage, standing_of
from feedback.judging.withdrawals import Withdrawal
from feedback.people.models import Rater
from feedback.studies.models import Study
from feedback.works.models import Clearance

EXPIRED_AT_ONCE = 200
POOL_OF_KEYS = Q(purpose=Purpose.GOLD, only_for=None)
LOOKED_AT = 32  # of the queue, for one that nobody is being handed and without a work that the rater has just seen


def queue(*, study: Study, rater: Rater) -> QuerySet[Comparison]:
    """The comparisons that may be handed to this rater now, in order."""
    known = Assignment.objects.filter(comparison=OuterRef("pk"), rater=rater)
    asked_before = Assignment.objects.filter(rater=rater).filter(
        Q(comparison=OuterRef("repeats")) | Q(comparison__repeats=OuterRef("repeats"))
    )
    withdrawn = Withdrawal.objects.live().filter(study=study, rater=rater)
    return (
        open_for(study, rater)
        .filter(_kept_for_others(study, rater))
        .filter(_none(known), _none(_blocked("pk")), _none(withdrawn))
        .filter(Q(repeats=None) | Q(only_for=rater) | _none(asked_before))
        .order_by("position")
    )


def open_for(study: Study, rater: Rater) -> QuerySet[Comparison]:
    """The comparisons with a place left for raters like this one, whatever was handed to them."""
    addressed = Q(only_for=None) | Q(only_for=rater), Q(cohort="") | Q(cohort=rater.cohort)
    return Comparison.objects.filter(*addressed, study=study, places_taken__lt=F("places"))


def still_open(study: Study) -> QuerySet[Comparison]:
    """The comparisons that somebody may still be handed."""
    return Comparison.objects.filter(_none(_blocked("pk")), study=study, places_taken__lt=F("places"))


def _kept_for_others(study: Study, rater: Rater) -> Q:
    """That a place would be left for each rater whom other cohorts have yet to send."""
    awaited: list[Combinable] = []
    for cohort, wanted in sorted(study.cohort_places.items()):
        if cohort != rater.cohort:
            theirs = Assignment.objects.filter(comparison=OuterRef("pk"), holds_place=True, rater__cohort=cohort)
            sent = Coalesce(Subquery(theirs.order_by().values("comparison").annotate(n=Count("pk")).values("n")), 0)
            awaited.append(Greatest(Value(0), wanted - sent))
    if not awaited:
        return Q()
    return Q(places__gt=sum(awaited, F("places_taken")))


def _blocked(comparison: str) -> QuerySet[Entry]:
    """The works of the outer query's comparison that may not be shown, or not any more."""
    shown = Clearance.objects.live().granting("show").filter(work=OuterRef("work"))
    return Entry.objects.filter(~Exists(shown), comparison=OuterRef(comparison))


def showable(assignments: AssignmentQuerySet) -> AssignmentQuerySet:
    """Those of the assignments whose works may all still be shown."""
    return assignments.filter(_none(_blocked("comparison")))


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
    """Give the rater a comparison that is new to them, or None if the study has none for them.

    Training comes first; where a qualification round is asked for, nothing but what has a key until it is passed.
    Afterwards a key is slipped in only now and then: see `checking`.

    Where the rater may ask twice at a time, call `take_turns` first.
    """
    if not study.is_open or study.paused_at or _has_done_enough(study, rater):
        return None
    waiting = queue(study=study, rater=rater)
    stage = standing_of(rater, study).stage
    if stage == Stage.FAILED:
        return None
    waiting = waiting.filter(purpose__in=KEYED) if stage == Stage.QUALIFYING else waiting.exclude(POOL_OF_KEYS)
    comparison = _take_first(waiting, rater)
    if comparison is None and sweep(study=study):
        comparison = _take_first(waiting, rater)
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


def _has_done_enough(study: Study, rater: Rater) -> bool:
    return study.most_each is not None and counted(study, rater) >= study.most_each


def counted(study: Study, rater: Rater) -> int:
    """How many comparisons count towards what one rater may judge: all in hand or answered but those that teach."""
    mine = Assignment.objects.filter(study=study, rater=rater).exclude(comparison__purpose=Purpose.TRAINING)
    return mine.filter(Q(holds_place=True) | Q(latest__kind=Submission.Kind.ANSWER)).count()


def _take_first(comparisons: QuerySet[Comparison], rater: Rater) -> Comparison | None:
    """The first that nobody is being handed, if it can be without a work of the rater's last; else wait for one.

    Those that others are being handed may have a place left. The nearest are asked for by themselves: PostgreSQL would
    hold every comparison there is against them, 600 ms of a million.
    """
    keys = list(comparisons.values_list("pk", flat=True)[:LOOKED_AT])
    if not keys:
        return None
    nearest = Comparison.objects.filter(pk__in=keys, places_taken__lt=F("places"))
    spaced = nearest.order_by(_just_seen(rater), "position").select_related("prompt")
    free = spaced.select_for_update(skip_locked=True, of=("self",)).first()
    return free or comparisons.select_related("prompt").select_for_update(of=("self",)).first()


def _just_seen(rater: Rater) -> Case:
    """1 where the outer query's comparison holds a work of what the rater was handed last, in any study, else 0."""
    last = Assignment.objects.filter(rater=rater).order_by("-handed_out_at", "-pk").values("comparison")[:1]
    works = Entry.objects.filter(comparison=Subquery(last)).values("work")
    again = Exists(Entry.objects.filter(comparison=OuterRef("pk"), work__in=works))
    return Case(When(again, then=1), default=0, output_field=IntegerField())


@transaction.atomic
def resume(*, study: Study, rater: Rater, besides: Sequence[str] = ()) -> Assignment | None:
    """What the rater has in hand, with a fresh lease; else something new; else what they once let lapse.

    `besides` are public ids of assignments that are on the rater's page already.
    """
    take_turns(Rater.objects.filter(pk=rater.pk))
    mine = (
        showable(Assignment.objects.kept().filter(study=study, rater=rater))
        .exclude(public_id__in=besides)
        .select_related("comparison__prompt", "latest", "rater")
    )
    waiting = mine.waiting().order_by(F("latest").desc(nulls_last=True), "id").first()
    if waiting:
        waiting.leased_until = now() + settings.LEASE
        waiting.save(update_fields=["leased_until"])
        return waiting
    return hand_out(study=study, rater=rater) or _retake(study, mine)


def _retake(study: Study, mine: QuerySet[Assignment]) -> Assignment | None:
    if not study.is_open or study.paused_at:
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
