"""The plan of a study that is thought of, as a page."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from feedback.http import SignedIn, member
from feedback.results.dashboard.charts.expected import ends, expected
from feedback.results.dashboard.words import SPACE, coefficient, lasting, plural
from feedback.results.planning.forecasts import Outlook, outlook
from feedback.results.planning.launching import LaunchForm, ceiling_of, expected_of
from feedback.studies.models import Study
from feedback.studies.stages import stage_of
from rankings import RankingError


@require_GET
@never_cache
@member("lead")
def plan(request: SignedIn, study: Study) -> HttpResponseBase:
    """What the study takes as it is, or as it is asked for."""
    given = {**expected_of(study), **request.GET.dict()}
    form = LaunchForm(given)
    context = {"study": study, "stage": stage_of(study), "form": form, "is_rating": study.form == Study.Form.RATING}
    if not context["is_rating"] and form.is_valid():
        try:
            context |= _told(outlook(form.launch(study)))
        except RankingError as refusal:
            context["trouble"] = f"It cannot be reckoned: {refusal}."
    return _page(request, context)


def _page(request: SignedIn, context: dict[str, Any]) -> HttpResponse:
    partial = "#expected" if request.htmx and not request.htmx.history_restore_request else ""  # type: ignore[attr-defined]  # by its middleware
    return render(request, f"studies/plan.html{partial}", context)


def _told(found: Outlook) -> dict[str, Any]:
    plan = found.plan
    points = [(point.judgements, point.reliability, point.sd) for point in plan.curve]
    picture = expected(points, plan.target, plan.judgements)
    return {"headline": _headline(found), "because": list(_because(found)), "picture": picture, "table": picture.table}


def _headline(found: Outlook) -> str:
    plan = found.plan
    if plan.judgements is None:
        return f"{coefficient(plan.target)} is out of reach."
    return f"{plural(plan.judgements, 'judgement')} reach {coefficient(plan.target)}."


def _because(found: Outlook) -> Iterator[str]:
    """Hours and money in all and for each, how sure that is, and what it takes for granted."""
    plan, raters = found.plan, found.launch.raters
    if plan.judgements is None or plan.hours is None:
        most = coefficient(plan.curve[-1].reliability)
        is_taste = ceiling_of(found.launch) < plan.target
        why = "so few raters speak for their own taste" if is_taste else "works so close are hardly told apart"
        yield f"After {plan.most:g} judgements of every work {most} is expected: {why}."
        return
    cost = "" if found.cost is None else f" and {found.cost:,.0f} in pay"
    yield f"That is {lasting(plan.hours)} of work{cost}, for every criterion that is asked with it."
    yield f"Of {plural(raters, 'rater')} each gives {plan.judgements / raters:,.0f}, in {lasting(plan.hours / raters)}."
    sd = float(
        np.interp(plan.judgements, [point.judgements for point in plan.curve], [point.sd for point in plan.curve])
    )
    low, high = ends(plan.target, sd)
    yield f"19 of 20 such studies would lie between {coefficient(low)} and {coefficient(high)} then{SPACE}–"
    yield "if chance alone chooses what is asked; rounds that ask what tells most take fewer."
