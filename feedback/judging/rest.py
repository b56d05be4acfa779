"""Why a rater has nothing to judge just now, so that it can be said kindly."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from django.db.models import Sum
from django.utils.timezone import now

from feedback.judging.actions import counted
from feedback.judging.models import Purpose, Submission
from feedback.judging.qualification import Stage, standing_of
from feedback.judging.withdrawals import Withdrawal
from feedback.people.models import Rater
from feedback.studies.models import Study

PREPARED_WITHIN = timedelta(minutes=2)  # of the last answer: by then a next round is there, or there is none


class Rest(StrEnum):
    """What it is; whoever has withdrawn is told that before anything else."""

    WITHDRAWN = "withdrawn"
    DRAFT = "draft"
    CLOSED = "closed"
    PAUSED = "paused"
    FAILED = "failed"
    OWN_SHARE = "own share"
    ENOUGH = "enough"
    PREPARING = "preparing"
    NOTHING_LEFT = "nothing left"


def rest_of(study: Study, rater: Rater) -> Rest:
    """The first reason that holds."""
    reasons: dict[Rest, Callable[[], bool]] = {
        Rest.WITHDRAWN: lambda: Withdrawal.objects.live().filter(study=study, rater=rater).exists(),
        Rest.DRAFT: lambda: study.opened_at is None,
        Rest.CLOSED: lambda: not study.is_open,
        Rest.PAUSED: lambda: study.paused_at is not None,
        Rest.FAILED: lambda: standing_of(rater, study).stage == Stage.FAILED,
        Rest.OWN_SHARE: lambda: study.most_each is not None and counted(study, rater) >= study.most_each,
        Rest.ENOUGH: lambda: study.most_judgements is not None and _judged(study) >= study.most_judgements,
        Rest.PREPARING: lambda: _is_preparing(study),
    }
    return next((rest for rest, holds in reasons.items() if holds()), Rest.NOTHING_LEFT)


def _judged(study: Study) -> int:
    here = study.comparisons.exclude(purpose=Purpose.IMPORTED)
    taken: int = here.aggregate(sum=Sum("places_taken"))["sum"] or 0
    return taken


def _is_preparing(study: Study) -> bool:
    """Whether the worker may still be choosing what to ask next."""
    if study.selection == Study.Selection.ONCE or study.form == Study.Form.RATING:
        return False
    last = Submission.objects.filter(study=study).order_by("-id").values_list("at", flat=True).first()
    return last is not None and now() - last < PREPARED_WITHIN
