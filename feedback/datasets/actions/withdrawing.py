"""Taking works and raters back, with what that means for the releases that hold them."""

from functools import partial

from django.db import transaction

from feedback.datasets.models import Release, ReleaseQuerySet, releases
from feedback.judging import actions as judging
from feedback.judging.withdrawals import Withdrawal
from feedback.people.models import Rater, User
from feedback.studies.models import Study
from feedback.works import actions as works
from feedback.works.models import Clearance, Work


@transaction.atomic
def withdraw_work(*, work: Work, reason: str, by: User | None) -> None:
    """Withdraw the work; releases that hold it are superseded, and where it is erased their archives go with it."""
    works.withdraw_work(work=work, reason=reason, by=by)
    if reason == Clearance.Withdrawn.ERASURE:
        _erase(Release.objects.filter(works=work))


@transaction.atomic
def withdraw_rater(*, study: Study, rater: Rater, reason: str, by: User | None) -> None:
    """Withdraw the rater's answers in the study, likewise."""
    judging.withdraw_rater(study=study, rater=rater, reason=reason, by=by)
    if reason == Withdrawal.Reason.ERASURE:
        _erase(Release.objects.filter(raters=rater, studies=study))


def _erase(holding: ReleaseQuerySet) -> None:
    """Delete the archives; what was in them stays on record by its checksums."""
    for release in holding.stored():
        transaction.on_commit(partial(releases().delete, str(release.archive.name)))
        release.archive = ""
        release.save(update_fields=["archive"])
