"""What to refresh, and when: as often as it costs little, however much is judged, and always in the end."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from feedback.judging.models import Submission
from feedback.results.models import Fit, Report
from feedback.results.standings import decisions, stale_among
from feedback.studies.models import Study

REST = 4.0
"""A refresh is followed by a rest so many times as long as it took."""

LEAST, MOST = 2.0, 600.0  # seconds of rest


class Watch:
    """Which studies are stale, at little cost: what was submitted is counted only where nothing simpler tells."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[tuple[int, ...], bool]] = {}

    def stale(self) -> list[Study]:
        """As `stale_studies` has it, but that it may learn of rows that were committed out of turn only after `forget`."""
        fits = Fit.objects.filter(study=OuterRef("pk")).order_by("-pk")
        submissions = Submission.objects.filter(study=OuterRef("pk")).order_by("-pk")
        studies = Study.objects.order_by("pk").annotate(
            newest=Coalesce(Subquery(submissions.values("pk")[:1]), 0),
            decided=decisions(),
            fit=Coalesce(Subquery(fits.values("pk")[:1]), 0),
            cutoff=Coalesce(Subquery(fits.values("cutoff")[:1]), 0),
        )
        return [study for study in studies if study.newest > study.cutoff or self._is_stale(study)]

    def forget(self) -> None:
        """Count everything at the next look."""
        self._known.clear()

    def _is_stale(self, study: Any) -> bool:
        pulse = (study.newest, study.decided, study.fit)
        known = self._known.get(study.pk)
        if known is None or known[0] != pulse:
            known = self._known[study.pk] = (pulse, bool(stale_among(Study.objects.filter(pk=study.pk))))
        return known[1]


def due_of(stale: Sequence[Study]) -> Sequence[Study]:
    """Those whose rest is over. It is counted from the last report, so no stream of judgements puts it off."""
    newest = Report.objects.filter(study__in=stale).values("study").annotate(last=Max("pk")).values("last")
    last = {report.study_id: report for report in Report.objects.filter(pk__in=newest).defer("told")}
    return [study for study in stale if _has_rested(last.get(study.pk))]


def rest_after(seconds: float) -> timedelta:
    """How long the worker leaves a study alone after a refresh that took so long."""
    return timedelta(seconds=min(max(REST * seconds, LEAST), MOST))


def _has_rested(report: Report | None) -> bool:
    return report is None or now() - report.made_at >= rest_after(report.seconds)
