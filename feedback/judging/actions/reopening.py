"""Works put before raters once more because a lead wants to know better: always as a question of its own.

The comparison that is doubted keeps its places. Had it got more of them, it would be asked oftener because of what was
answered, and a stratum that chance alone drew would be drawn by chance no longer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from feedback.judging.actions.opening import EVERYBODY, store
from feedback.judging.models import Assignment, Comparison, Purpose, Round
from feedback.people.actions import record
from feedback.people.models import User


@dataclass(frozen=True)
class _Again:
    """For how many raters, or for which one; the entry that is shown first; its place in the queue."""

    places: int
    turn: int
    position: int
    rater: int | None = None


@transaction.atomic
def ask_others(*, of: Comparison, places: int, by: User | None) -> Round:
    """Ask raters who have not judged these works in the comparison, before anything else."""
    again = _Again(places, turn=(of.turn + of.handed_out) % of.size, position=0)
    return _ask(of, Purpose.INFORMATIVE, [again], None, by)


@transaction.atomic
def ask_the_same(*, of: Comparison, by: User | None) -> Round:
    """Ask those who can still be asked, each once more and the other way round; it checks them and counts in no score."""
    answered = Assignment.objects.kept().answered().filter(comparison=of, rater__user__is_active=True)
    rows = answered.order_by("rater").values_list("rater", "shown_order")
    start = Comparison.objects.filter(study=of.study_id).count()
    again = [
        _Again(1, turn=shown[1 % of.size], position=start + number, rater=rater)
        for number, (rater, shown) in enumerate(rows)
    ]
    return _ask(of, Purpose.REPEAT, again, None, by)


@transaction.atomic
def ask_as_gold(*, of: Comparison, expected: Mapping[str, Sequence[int]], by: User | None) -> Round:
    """Make a hidden check of it, with the ranks that are expected by criterion; for raters who do not know it."""
    start = Comparison.objects.filter(study=of.study_id).count()
    return _ask(of, Purpose.GOLD, [_Again(EVERYBODY, turn=0, position=start)], expected, by)


@transaction.atomic
def close_round(*, round_: Round, by: User | None) -> None:
    """Hand out no more of it; what is in hand may still be answered, and what was answered stays."""
    round_.comparisons.filter(assignments=None).delete()
    round_.comparisons.update(places=F("places_taken"))
    record(by=by, action="close round", subject=round_.study, round=round_.pk)


def _ask(
    of: Comparison,
    purpose: Purpose,
    asked: Sequence[_Again],
    expected: Mapping[str, Sequence[int]] | None,
    by: User | None,
) -> Round:
    opened = Round.objects.create(study_id=of.study_id, purpose=purpose, seed=0)
    comparisons = [
        Comparison(
            round=opened,
            study_id=of.study_id,
            prompt_id=of.prompt_id,
            purpose=purpose,
            position=one.position,
            turn=one.turn,
            size=of.size,
            expected={slug: list(ranks) for slug, ranks in expected.items()} if expected else None,
            repeats_id=of.repeats_id or of.pk,
            only_for_id=one.rater,
            places=one.places,
        )
        for one in asked
    ]
    works = list(of.entries.order_by("index").values_list("work", flat=True))
    store(comparisons, [works] * len(comparisons))
    record(by=by, action="ask again", subject=of.study, comparison=of.pk, purpose=purpose, comparisons=len(comparisons))
    return opened
