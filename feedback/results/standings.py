"""The newest fits, whether they are stale, and how far the panel is."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from feedback.judging.models import Submission
from feedback.judging.withdrawals import Withdrawal
from feedback.people.models import Rater
from feedback.results.models import Estimate, Exclusion, Fit, Report
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion, Study
from feedback.works.models import Clearance, Generator


def newest_fits(study: Study) -> dict[tuple[int, str], Fit]:
    """The last fit of each criterion and level."""
    last = Fit.objects.filter(study=study).values("criterion", "level").annotate(last=Max("id")).values("last")
    return {(fit.criterion_id, fit.level): fit for fit in Fit.objects.filter(pk__in=last)}


def stale_studies() -> Sequence[Study]:
    """Open or closed studies in which more has happened than their last fit had seen."""
    return stale_among(Study.objects.all())


def stale_among(studies: QuerySet[Study, Study]) -> Sequence[Study]:
    """Those of the studies."""
    fitted = Fit.objects.filter(study=OuterRef("pk")).order_by("-id").values("submissions")[:1]
    counted = studies.annotate(changes=changes(), fitted=Coalesce(Subquery(fitted), 0)).order_by("id")
    return [study for study in counted if study.changes > study.fitted]


def changes() -> Combinable:
    """Of a study in a query: how many submissions there were, and decisions about what counts."""
    submissions = Submission.objects.filter(study=OuterRef("pk")).values("study")
    return _number(submissions, Count("pk")) + decisions()


def decisions() -> Combinable:
    """Of a study in a query: how many withdrawals and exclusions there were, and how many undone again."""
    raters = Withdrawal.objects.filter(study=OuterRef("pk")).values("study")
    excluded = Exclusion.objects.filter(study=OuterRef("pk")).values("study")
    reasons = Clearance.Withdrawn.values  # each by itself, or SQLite goes through all works rather than the index
    works = Clearance.objects.filter(withdrawn__in=reasons, work__collection__studies=OuterRef("pk"))
    return (
        _number(raters, Count("pk") + Count("restored_at"))
        + _number(excluded, Count("pk") + Count("lifted_at"))
        + _number(works.values("work__collection__studies"), Count("pk") + Count("replaced_at"))
    )


def _number(rows: QuerySet[Any, Any], number: Combinable) -> Combinable:
    return Coalesce(Subquery(rows.order_by().annotate(number=number).values("number")), 0)


def as_json(study: Study) -> dict[str, Any]:
    """The newest fits of a study by external ids, and what the newest report says of its boards.

    Values are in logits, mean zero in each connected part; intervals hold all at once within one.
    """
    fits, report = newest_fits(study), Report.objects.filter(study=study).order_by("-pk").first()
    generators = {one.pk: one for one in Generator.objects.filter(works__collection__studies=study).distinct()}
    told = report.told["by"] if report else {}
    boards = {slug: _named(part["best"], generators) for slug, part in told.items() if part.get("best")}
    criteria = [_criterion(criterion, fits) | {"best": boards.get(criterion.slug)} for criterion in criteria_of(study)]
    return {"study": study.slug, "criteria": criteria, "overall": boards.get("overall")}


def _criterion(criterion: Criterion, fits: dict[tuple[int, str], Fit]) -> dict[str, Any]:
    works, generators = fits.get((criterion.pk, Fit.Level.WORKS)), fits.get((criterion.pk, Fit.Level.GENERATORS))
    return {
        "criterion": criterion.slug,
        "judgements": works.judgements if works else 0,
        "position": _position(works),
        "generators": [
            {"generator": row.generator.name, "version": row.generator.version} | _numbers(row)
            for row in estimates_of(generators)
            if row.generator
        ],
        "works": [
            {"work": row.work.external_id, "prompt": row.work.prompt.external_id} | _numbers(row)
            for row in estimates_of(works)
            if row.work
        ],
    }


def _named(told: Any, generators: Mapping[int, Generator]) -> Any:
    """A part of the report with generators by name and version wherever it has their id."""
    if isinstance(told, list):
        return [_named(one, generators) for one in told]
    if not isinstance(told, dict):
        return told
    named = {key: _named(value, generators) for key, value in told.items() if key not in {"id", "leaders"}}
    if "id" in told:
        named = _name(generators.get(told["id"])) | named
    if "leaders" in told:
        named["leaders"] = [_name(generators.get(one)) for one in told["leaders"]]
    return named


def _name(generator: Generator | None) -> dict[str, str | None]:
    """Null where it is no longer there."""
    if generator is None:
        return {"generator": None, "version": None}
    return {"generator": generator.name, "version": generator.version}


def _position(fit: Fit | None) -> dict[str, float] | None:
    """What being shown first adds, in logits; None where the order was not drawn here, or sets were judged."""
    if fit is None or fit.position is None or fit.position_error is None:
        return None
    return {"value": round(fit.position, 6), "standard_error": round(fit.position_error, 6)}


def estimates_of(fit: Fit | None) -> Iterable[Estimate]:
    """Part by part, best first."""
    if fit is None:
        return []
    return fit.estimates.select_related("generator", "work__prompt").order_by("component", "-value", "id")


def _numbers(row: Estimate) -> dict[str, float | int]:
    return {
        "value": round(row.value, 6),
        "standard_error": round(row.standard_error, 6),
        "low": round(row.low, 6),
        "high": round(row.high, 6),
        "judgements": row.judgements,
        "component": row.component,
    }


@dataclass(frozen=True)
class PanelRow:
    """How far a rater is."""

    name: str
    kind: str
    done: int
    seconds: float | None
    last: datetime | None


def panel_of(study: Study) -> list[PanelRow]:
    """Everybody who rates, with what they judged and their median time for it; the busiest first."""
    members = Rater.objects.filter(user__memberships__study=study, user__memberships__role="rater")
    at_work = Rater.objects.filter(assignments__study=study)
    here = Q(assignments__study=study, assignments__latest__kind=Submission.Kind.ANSWER)
    raters = (
        Rater.objects.filter(Q(pk__in=members.values("pk")) | Q(pk__in=at_work.values("pk")))
        .select_related("user")
        .annotate(done=Count("assignments", filter=here), last=Max("assignments__latest__at", filter=here))
    )
    seconds = _median_seconds(study)
    panel = [PanelRow(str(rater), rater.kind, rater.done, seconds.get(rater.pk), rater.last) for rater in raters]
    return sorted(panel, key=lambda row: (-row.done, row.name))


def _median_seconds(study: Study) -> dict[int, float]:
    rows = (
        Submission.objects.filter(study=study, latest_of__isnull=False, dwell_ms__isnull=False)
        .values_list("assignment__rater", "dwell_ms")
        .order_by()
    )
    times: dict[int, list[int]] = defaultdict(list)
    for rater, dwell in rows.iterator():
        times[rater].append(cast("int", dwell))
    return {rater: statistics.median(dwells) / 1000 for rater, dwells in times.items()}
