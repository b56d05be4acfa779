"""Taking works back, and giving them back: what is withdrawn is neither shown, nor counted, nor released."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from feedback.people.actions import record
from feedback.people.models import User
from feedback.studies import access
from feedback.studies.models import Membership
from feedback.works.models import PURPOSES, Asset, Clearance, Work, derivatives, originals

TERMS = ("licence", "consent", "source", "valid_from", "valid_until")
PERMITS = tuple(f"may_{purpose.replace('-', '_')}" for purpose in PURPOSES)
ERASURE = Clearance.Withdrawn.ERASURE


class NotGivenBack(Exception):
    """The work cannot be given back; the message says why."""


@transaction.atomic
def withdraw_work(*, work: Work, reason: str, by: User | None) -> Clearance:
    """Withdraw the work from every study that draws from its collection; `by` None is the command line.

    The same reason again changes nothing. An erasure takes its content with it, for good.
    """
    _must_lead(by, work)
    if reason not in Clearance.Withdrawn.values:
        raise ValueError(f"No such reason: {reason}. Reasons are {', '.join(Clearance.Withdrawn.values)}.")
    live = _live(work)
    if live.withdrawn in {reason, ERASURE}:
        return live
    withdrawn = _replace(live, Clearance(work=work, withdrawn=reason, licence=live.licence, source=live.source))
    if reason == ERASURE:
        _erase(work)
    record(by=by, action="withdraw work", subject=work.collection, work=work.external_id, reason=reason)
    return withdrawn


@transaction.atomic
def give_work_back(*, work: Work, by: User | None) -> Clearance:
    """Undo the withdrawal: what was permitted before it is permitted again. Raises NotGivenBack after an erasure."""
    _must_lead(by, work)
    live = _live(work)
    if not live.withdrawn:
        return live
    if live.withdrawn == ERASURE:
        raise NotGivenBack(f"{work} was erased: its content is gone. Import it again under another id.")
    former = work.clearances.filter(withdrawn="").latest("stated_at", "pk")
    kept = {name: getattr(former, name) for name in (*TERMS, *PERMITS)}
    given_back = _replace(live, Clearance(work=work, **kept))
    record(by=by, action="give work back", subject=work.collection, work=work.external_id)
    return given_back


def _must_lead(by: User | None, work: Work) -> None:
    studies = Membership.objects.filter(user=by, role=access.LEAD, study__collections=work.collection_id)
    if by is not None and not studies.exists():
        raise PermissionDenied


def _live(work: Work) -> Clearance:
    Work.objects.select_for_update().get(pk=work.pk)
    return work.clearances.get(replaced_at__isnull=True)


def _replace(live: Clearance, row: Clearance) -> Clearance:
    live.replaced_at = now()
    live.save(update_fields=["replaced_at"])
    row.save()
    return row


def _erase(work: Work) -> None:
    """Its content and the words about its maker; the row stays, so that what was judged still hangs together."""
    assets = Asset.objects.filter(work=work)
    files = list(assets.values_list("original", "derivative"))
    assets.delete()
    work.medium, work.metadata = Work.Medium.ABSENT, {}
    work.maker = work.maker and "erased"
    work.save(update_fields=["medium", "metadata", "maker"])
    work.clearances.update(consent="", source="")
    for original, derivative in files:
        if original and not Asset.objects.filter(original=original).exists():
            transaction.on_commit(partial(originals().delete, original))
        if derivative and not Asset.objects.filter(derivative=derivative).exists():
            transaction.on_commit(partial(derivatives().delete, derivative))
