"""A study's settings, and its criteria."""

import copy
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from feedback.http import SignedIn, member
from feedback.intake.desk import actions
from feedback.intake.reading.settings import slug_of
from feedback.judging.models import Comparison, Judgement
from feedback.studies.actions import NotRemoved
from feedback.studies.criteria import criteria_of
from feedback.studies.forms import CriterionForm, SettingsForm
from feedback.studies.models import Criterion, Study
from feedback.studies.stages import WrongStage, stage_of

CONFLICT, UNPROCESSABLE = 409, 422
MOST_CRITERIA = 12


@require_http_methods(["GET", "POST"])
@never_cache
@member("lead")
def settings(request: SignedIn, study: Study) -> HttpResponseBase:
    """All settings on one page, each with what it does."""
    fixed = Comparison.objects.filter(study=study).exists()
    form = SettingsForm(request.POST or None, instance=copy.copy(study), fixed=fixed)
    if request.method == "POST" and form.is_valid():
        changed = actions.change_settings(study=study, settings=form.cleaned_data, by=request.user)
        return redirect(f"/studies/{study.slug}/desk/settings/?kept={len(changed)}")
    context = {
        "study": study,
        "stage": stage_of(study),
        "form": form,
        "fixed": fixed,
        "kept": request.GET.get("kept", ""),
    }
    return render(request, "studies/settings.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_GET
@never_cache
@member("lead")
def criteria(request: SignedIn, study: Study) -> HttpResponseBase:
    """The criteria in their order, each to be reworded, and one to be added."""
    return _criteria(request, study)


@require_POST
@member("lead")
def change_criterion(request: SignedIn, study: Study) -> HttpResponseBase:
    """Add, reword, move or remove a criterion."""
    act, slug = request.POST.get("act", ""), request.POST.get("criterion", "")
    known = {criterion.slug for criterion in criteria_of(study)}
    if act not in {"add", "save", "up", "down", "remove"} or (act != "add" and slug not in known):
        raise Http404
    form = CriterionForm(request.POST) if act in {"add", "save"} else None
    if form and not form.is_valid():
        return _criteria(request, study, status=UNPROCESSABLE, faulty={"slug": slug, "form": form})
    acts: dict[str, Callable[[], Any]] = {
        "add": lambda: _add(request, study, form),
        "save": lambda: form and actions.reword(study=study, slug=slug, wording=form.wording, by=request.user),
        "up": lambda: actions.move(study=study, slug=slug, up=True, by=request.user),
        "down": lambda: actions.move(study=study, slug=slug, up=False, by=request.user),
        "remove": lambda: actions.remove(study=study, slug=slug, by=request.user),
    }
    try:
        acts[act]()
    except (NotRemoved, WrongStage) as why:
        return _criteria(request, study, status=CONFLICT, trouble=str(why))
    return redirect("desk_criteria", study.slug)


def _add(request: SignedIn, study: Study, form: CriterionForm | None) -> None:
    if form is None or len(criteria_of(study)) >= MOST_CRITERIA:
        raise WrongStage(f"A study has at most {MOST_CRITERIA} criteria: more are answered without care.")
    slug, taken = slug_of(form.cleaned_data["name"], 90), set(study.criteria.values_list("slug", flat=True))
    numbered = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
    free = next(one for one in numbered if one not in taken)
    actions.add(study=study, slug=free, wording=form.wording, by=request.user)


def _criteria(request: SignedIn, study: Study, *, status: int = 200, **more: Any) -> HttpResponse:
    present = criteria_of(study)
    judged = set(
        Criterion.objects.filter(
            study=study, pk__in=Judgement.objects.filter(criterion__study=study).values("criterion")
        ).values_list("pk", flat=True)
    )
    former = [one for one in study.criteria.order_by("-version") if one.pk not in {two.pk for two in present}]
    context = {
        "study": study,
        "stage": stage_of(study),
        "criteria": [(one, one.pk in judged, [old for old in former if old.slug == one.slug]) for one in present],
        "full": len(present) >= MOST_CRITERIA,
    }
    return render(request, "studies/criteria.html", context | more, status=status)
