"""One rater's page, and the exclusion of a rater."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from feedback.http import SignedIn, member
from feedback.people.models import Rater
from feedback.results.audit import actions
from feedback.results.audit.figures import figures_of, influences_of
from feedback.results.audit.forms import ExclusionForm
from feedback.results.audit.raters import RaterPage, page_of, rater_in
from feedback.results.dashboard.charts.dumbbell import dumbbell
from feedback.results.dashboard.facts import Names, facts_of
from feedback.results.dashboard.sentences.needs import needs
from feedback.results.dashboard.stored import called
from feedback.studies import access
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study


@require_GET
@never_cache
@member("lead")
def rater(request: SignedIn, study: Study, number: int) -> HttpResponseBase:
    """What the report says of the rater, what goes against the scores, and what would change without them."""
    return render(request, "results/rater.html", _context(request, study, _rater(study, number)))


@require_POST
@member("lead")
def exclude(request: SignedIn, study: Study, number: int) -> HttpResponseBase:
    """Keep the rater out of the scores."""
    found, form = _rater(study, number), ExclusionForm(request.POST)
    if not form.is_valid():
        return render(request, "results/rater.html", _context(request, study, found) | {"form": form}, status=422)
    actions.exclude(study=study, rater=found, by=request.user, **form.cleaned_data)
    return redirect("rater", study.slug, number)


@require_POST
@member("lead")
def lift_exclusion(request: SignedIn, study: Study, number: int) -> HttpResponseBase:
    """Count the rater again."""
    actions.lift(study=study, rater=_rater(study, number), by=request.user)
    return redirect("rater", study.slug, number)


def _rater(study: Study, number: int) -> Rater:
    found = rater_in(study, number)
    if found is None:
        raise Http404
    return found


def _context(request: SignedIn, study: Study, of: Rater) -> dict[str, Any]:
    named = access.sees_names(request.user, study)
    page = page_of(study, of, answers_too=named)
    names = {criterion.slug: criterion.name for criterion in criteria_of(study)}
    line = page.line or {}
    moved = {pk for rows in (line.get("without") or {}).values() for pk, *_ in rows}
    told = influences_of(line, called(study, moved, named=named))
    return {
        "study": study,
        "page": page,
        "named": named,
        "flags": _flags(page, names),
        "figures": figures_of(page.line) if page.line else [],
        "influences": [dumbbell(pairs, of=names.get(slug, slug)) for slug, pairs in told],
    }


def _flags(page: RaterPage, names: dict[str, str]) -> list[Any]:
    """In the words of the lead's page."""
    if not page.line or not page.line.get("flags"):
        return []
    facts = facts_of({"raters": [page.line]}, "", Names(names, raters={page.rater.pk: page.name.capitalize()}))
    return [flag for need in needs(facts) for flag in need.flags]
