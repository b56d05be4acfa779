"""What the newest fits say of works: for what is expected of a comparison, and for what is disputed."""

import numpy as np

from feedback.judging.models import Comparison
from feedback.results.audit.disputes import Scored, expected_of
from feedback.results.models import Estimate, Fit
from feedback.results.sample import Works
from feedback.results.standings import newest_fits
from feedback.studies.models import Study


def fits_of_works(study: Study) -> dict[int, Fit]:
    """The newest by criterion."""
    return {criterion: fit for (criterion, level), fit in newest_fits(study).items() if level == Fit.Level.WORKS}


def expected_on(comparison: Comparison) -> dict[int, list[float]]:
    """Of a pair, by criterion: how often the first, neither and the second is expected to be answered."""
    fits = fits_of_works(comparison.study)
    rows = Estimate.objects.filter(fit__in=fits.values(), work__entries__comparison=comparison).values_list(
        "fit__criterion", "work__entries__index", "value", "component"
    )
    told: dict[int, dict[int, tuple[float, int]]] = {}
    for criterion, index, value, component in rows:
        told.setdefault(criterion, {})[index] = value, component
    return {
        criterion: expected_of(np.array(both[0][0] - both[1][0]), fits[criterion].tie or 0).tolist()
        for criterion, both in told.items()
        if len(both) == 2 and both[0][1] == both[1][1]
    }


def scored_by(fit: Fit | None, works: Works) -> Scored:
    """The fit's estimates, by the works' numbers in a sample."""
    values, parts = np.full(len(works.ids), np.nan), np.full(len(works.ids), -1)
    if fit is None:
        return Scored(values, parts, 0)
    rows = fit.estimates.order_by("work").values_list("work", "value", "component")
    told = np.array(list(rows), dtype=[("work", "i8"), ("value", "f8"), ("part", "i8")])
    at = np.searchsorted(works.ids, told["work"])
    held = at < len(works.ids)
    held[held] = works.ids[at[held]] == told["work"][held]
    values[at[held]], parts[at[held]] = told["value"][held], told["part"][held]
    return Scored(values, parts, fit.tie or 0)
