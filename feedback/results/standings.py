"""The newest fits, as the lead's page and the command line tell them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from feedback.judging.models import Submission
from feedback.results.models import Estimate, Fit
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study


def newest_fits(study: Study) -> dict[tuple[int, str], Fit]:
    """The last fit of each criterion and level."""
    last = Fit.objects.filter(study=study).values("criterion", "level").annotate(last=Max("id")).values("last")
    return {(fit.criterion_id, fit.level): fit for fit in Fit.objects.filter(pk__in=last)}


def stale_studies() -> Sequence[Study]:
    """Open or closed studies with more submissions than their last fit had seen."""
    given = (
        Submission.objects.filter(study=OuterRef("pk")).order_by().values("study").annotate(number=Count("pk"))
    ).values("number")
    fitted = Fit.objects.filter(study=OuterRef("pk")).order_by("-id").values("submissions")[:1]
    return [
        study
        for study in Study.objects.annotate(
            given=Coalesce(Subquery(given), 0), fitted=Coalesce(Subquery(fitted), 0)
        ).order_by("id")
        if study.given > study.fitted
    ]


def as_json(study: Study) -> dict[str, Any]:
    """The newest fits of a study by external ids; values in logits, mean zero in each connected part."""
    fits = newest_fits(study)
    return {"study": study.slug, "criteria": [_criterion(criterion, fits) for criterion in criteria_of(study)]}


def _criterion(criterion: Any, fits: dict[tuple[int, str], Fit]) -> dict[str, Any]:
    works, generators = fits.get((criterion.pk, Fit.Level.WORKS)), fits.get((criterion.pk, Fit.Level.GENERATORS))
    return {
        "criterion": criterion.slug,
        "judgements": works.judgements if works else 0,
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


def estimates_of(fit: Fit | None) -> Sequence[Estimate]:
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
