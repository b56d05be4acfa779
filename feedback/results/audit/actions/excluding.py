"""Raters kept out of the scores, by a lead and with a reason: nothing is dropped by itself."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from feedback.people.actions import record
from feedback.people.models import Rater, User
from feedback.results.models import Exclusion
from feedback.studies.access import can_lead
from feedback.studies.models import Study


@transaction.atomic
def exclude(*, study: Study, rater: Rater, reason: str, by: User) -> Exclusion:
    """Count the rater's judgements in no score, from the next fit on; they stay, and are exported as they were.

    Excluded already, the reason given then stands.
    """
    _must_lead(by, study)
    Study.objects.select_for_update().get(pk=study.pk)
    standing = Exclusion.objects.live().filter(study=study, rater=rater).first()
    if standing:
        return standing
    record(by=by, action="exclude rater", subject=study, rater=rater.pk, reason=reason)
    return Exclusion.objects.create(study=study, rater=rater, reason=reason, by=by)


@transaction.atomic
def lift(*, study: Study, rater: Rater, by: User) -> None:
    """Count the rater's judgements again, from the next fit on; counted already, nothing changes."""
    _must_lead(by, study)
    if Exclusion.objects.live().filter(study=study, rater=rater).update(lifted_at=now()):
        record(by=by, action="lift exclusion", subject=study, rater=rater.pk)


def _must_lead(by: User, study: Study) -> None:
    if not can_lead(by, study):
        raise PermissionDenied
