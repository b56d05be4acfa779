"""What a lead decides about a disputed comparison, and takes back."""

from collections.abc import Mapping, Sequence
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from feedback.judging import actions as judging
from feedback.judging.models import Comparison, Round
from feedback.people.actions import record
from feedback.people.models import User
from feedback.results.models import Resolution
from feedback.studies.access import can_lead, sees_names

type Ranks = Mapping[str, Sequence[int]]
Kind = Resolution.Kind


class Undecided(ValueError):
    """Nothing is settled yet, so that there is no key."""

    def __init__(self) -> None:
        super().__init__("Settle it on one criterion at least: what holds becomes the key.")


@transaction.atomic
def settle(*, comparison: Comparison, ranks: Ranks, note: str, by: User) -> Resolution:
    """Say what holds, by the slugs of the criteria, instead of what was settled before."""
    if not ranks:
        raise Undecided
    _take_back(_standing(comparison, Kind.RESOLVED), by)
    return _decide(comparison, Kind.RESOLVED, ranks, note, by=by)


@transaction.atomic
def ask_again(*, comparison: Comparison, others: int, note: str, by: User) -> Resolution:
    """Ask so many raters who do not know it yet; with 0 the same ones again, who count in no score then."""
    if others:
        opened = judging.ask_others(of=comparison, places=others, by=by)
    else:
        opened = judging.ask_the_same(of=comparison, by=by)
    return _decide(comparison, Kind.SENT_BACK, {}, note, by=by, opened=opened)


@transaction.atomic
def make_gold(*, comparison: Comparison, ranks: Ranks, note: str, by: User) -> Resolution:
    """Check raters by it without their knowing; `ranks` settle it, without them what is settled is the key."""
    key = _key(comparison, ranks, note, by)
    _take_back(_standing(comparison, Kind.GOLD), by)
    opened = judging.ask_as_gold(of=comparison, expected=key, by=by)
    return _decide(comparison, Kind.GOLD, key, note, by=by, opened=opened)


@transaction.atomic
def take_into_golden(*, comparison: Comparison, ranks: Ranks, note: str, by: User) -> Resolution:
    """Take it into the set of comparisons on which there is no doubt; `ranks` settle it, if they are given."""
    key = _key(comparison, ranks, note, by)
    _take_back(_standing(comparison, Kind.GOLDEN), by)
    return _decide(comparison, Kind.GOLDEN, key, note, by=by)


@transaction.atomic
def undo(*, resolution: Resolution, by: User) -> None:
    """Take a decision back; what it opened is asked no more. Taken back already, nothing changes."""
    _must_see(resolution.comparison, by)
    _take_back(Resolution.objects.live().select_for_update().filter(pk=resolution.pk).first(), by)


def _key(comparison: Comparison, ranks: Ranks, note: str, by: User) -> Ranks:
    if ranks:
        settle(comparison=comparison, ranks=ranks, note=note, by=by)
        return ranks
    settled = _standing(comparison, Kind.RESOLVED)
    if settled is None:
        raise Undecided
    return cast("Ranks", settled.ranks)


def _standing(comparison: Comparison, kind: str) -> Resolution | None:
    Comparison.objects.select_for_update().get(pk=comparison.pk)  # decisions on it follow one another
    return Resolution.objects.live().filter(comparison=comparison, kind=kind).first()


def _take_back(resolution: Resolution | None, by: User) -> None:
    if resolution is None:
        return
    resolution.undone_at = now()
    resolution.save(update_fields=["undone_at"])
    if resolution.opened:
        judging.close_round(round_=resolution.opened, by=by)
    told = {"comparison": resolution.comparison_id, "decision": resolution.kind}
    record(by=by, action="undo decision", subject=resolution.comparison.study, **told)


def _decide(
    comparison: Comparison, kind: str, ranks: Ranks, note: str, *, by: User, opened: Round | None = None
) -> Resolution:
    _must_see(comparison, by)
    told = {slug: list(of) for slug, of in ranks.items()}
    record(by=by, action="decide", subject=comparison.study, comparison=comparison.pk, decision=kind, ranks=told)
    return Resolution.objects.create(comparison=comparison, kind=kind, ranks=told, note=note, by=by, opened=opened)


def _must_see(comparison: Comparison, by: User) -> None:
    """Nobody decides who may yet be asked, or who does not lead."""
    if not (can_lead(by, comparison.study) and sees_names(by, comparison.study)):
        raise PermissionDenied
