"""The lead's desk: where the study stands, what comes next, what is blocked, and what was done by whom."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from feedback.http import SignedIn, member
from feedback.intake.desk import actions
from feedback.intake.desk.places import way_of
from feedback.intake.desk.trail import trail_of
from feedback.results.readiness import readiness_of
from feedback.studies import access
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Membership, Study
from feedback.studies.stages import WrongStage, stage_of, ways_from
from feedback.works import actions as works
from feedback.works.models import Prompt, Work
from feedback.works.rights import blocked_works

CONFLICT = 409
LISTED = 200  # blocked works


@dataclass(frozen=True)
class Step:
    """Something to have in order before a study opens: what there is of it, and where to see to it."""

    name: str
    says: str
    is_done: bool
    page: str = ""


@require_GET
@never_cache
@member("lead")
def desk(request: SignedIn, study: Study) -> HttpResponseBase:
    """The study as a whole."""
    return _page(request, study)


@require_POST
@member("lead")
def act(request: SignedIn, study: Study) -> HttpResponseBase:
    """Open, pause, resume, close, archive or bring back."""
    try:
        actions.act(study=study, act=request.POST.get("act", ""), by=request.user)
    except WrongStage as wrong:
        study.refresh_from_db()
        return _page(request, study, trouble=str(wrong), status=CONFLICT)
    return redirect("study_desk", study.slug)


@require_GET
@never_cache
@member("lead")
def making(request: SignedIn, study: Study) -> HttpResponseBase:
    """How far the worker is, for the page to refresh; the whole page once it is ready."""
    readiness = readiness_of(study)
    if readiness is None or not readiness.preparation.is_making:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "studies/desk.html#making", {"study": study, "readiness": readiness})


@require_POST
@member("lead")
def go_on(request: SignedIn, study: Study) -> HttpResponseBase:
    """Go on without the works that were refused."""
    works.go_on(study=study, by=request.user)
    return redirect("study_desk", study.slug)


def steps_of(study: Study) -> list[Step]:
    """What a study is made of, in the order in which one sees to it."""
    shown = Work.objects.cleared("show").filter(collection__studies=study).exclude(medium=Work.Medium.ABSENT).count()
    prompts = Prompt.objects.filter(collection__studies=study).count()
    criteria = [criterion.name for criterion in criteria_of(study)]
    counted = dict(
        Membership.objects.filter(study=study).values_list("role").annotate(number=Count("pk")).order_by("role")
    )
    raters = counted.get(access.RATER, 0)
    return [
        Step("Works", f"{shown:,} to be judged, on {prompts:,} prompt{'s' * (prompts != 1)}", shown > 0),
        Step("Criteria", ", ".join(criteria) or "none yet", bool(criteria), "desk_criteria"),
        Step(
            "Guide",
            "written" if study.guide else "not written; raters have the criteria alone",
            bool(study.guide),
            "desk_settings",
        ),
        Step("Preview", "see it as a rater does; nothing is stored", True, "desk_preview"),
        Step("Raters", f"{raters} invited" if raters else "nobody is invited yet", raters > 0, "desk_people"),
    ]


def _page(request: SignedIn, study: Study, *, status: int = 200, **more: Any) -> HttpResponse:
    if not access.can_lead(request.user, study):
        raise Http404
    blocked = list(blocked_works(study))
    context = {
        "study": study,
        "stage": stage_of(study),
        "ways": ways_from(study),
        "readiness": readiness_of(study),
        "steps": steps_of(study),
        "way": way_of(study),
        "named": access.sees_names(request.user, study),
        "blocked": blocked[:LISTED],
        "more_blocked": max(0, len(blocked) - LISTED),
        "trail": trail_of(study),
        "is_new": "new" in request.GET,
    }
    return render(request, "studies/desk.html", context | more, status=status)
