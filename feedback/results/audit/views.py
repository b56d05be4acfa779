"""The auditor's pages: what was judged and is disputed, one comparison with everybody's answers, and decisions on it."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from feedback.http import SignedIn, member, ranged
from feedback.judging.models import Comparison
from feedback.results.audit import actions
from feedback.results.audit.answers import pseudonym
from feedback.results.audit.forms import DecisionForm, wanted_of
from feedback.results.audit.golden import golden_lines, golden_set
from feedback.results.audit.listing import Listing, page_of
from feedback.results.audit.reading import audit_of, shown_asset
from feedback.results.models import Resolution
from feedback.studies import access
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study

PER_PAGE = 50
Kind = Resolution.Kind


@require_GET
@never_cache
@member("lead")
def judged_comparisons(request: SignedIn, study: Study) -> HttpResponseBase:
    """The list; kept from a lead who rates here until the study is closed."""
    if not access.sees_names(request.user, study):
        return render(request, "results/judged.html", {"study": study, "hidden": True})
    listing = Listing.of(study, wanted_of(study, request.GET))
    asked = request.GET.get("page", "")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1
    found, more = page_of(listing, number, PER_PAGE)
    context = {
        "study": study,
        "wanted": listing.wanted,
        "criteria": criteria_of(study),
        "rater": pseudonym(study, listing.wanted.rater) if listing.wanted.rater else "",
        "found": found,
        "number": number,
        "start": (number - 1) * PER_PAGE + 1,
        "more": more,
        "asked": _asked(request),
    }
    return render(request, "results/judged.html", context)


@require_GET
@never_cache
@member("lead")
def audit(request: SignedIn, study: Study, number: int) -> HttpResponseBase:
    """One comparison: its works as raters see them, all answers, all marks, and what was decided."""
    return render(request, "results/audit.html", _page(request, study, _comparison(request, study, number)))


@require_POST
@member("lead")
def decide(request: SignedIn, study: Study, number: int) -> HttpResponseBase:
    """Settle it, ask again, or make a key of it."""
    comparison = _comparison(request, study, number)
    form = DecisionForm(comparison, criteria_of(study), request.POST)
    faults = [fault for of in form.errors.values() for fault in of] if not form.is_valid() else []
    try:
        if not faults:
            _decide(request, comparison, form.cleaned_data)
    except actions.Undecided as why:
        faults = [str(why)]
    if faults:
        page = _page(request, study, comparison) | {"faults": faults, "form": form}
        return render(request, "results/audit.html", page, status=422)
    return _back(request, study, number)


@require_POST
@member("lead")
def undo_decision(request: SignedIn, study: Study, number: int) -> HttpResponseBase:
    """Take a decision back."""
    comparison = _comparison(request, study, number)
    asked = request.POST.get("decision", "")
    resolution = get_object_or_404(Resolution, comparison=comparison, pk=asked if asked.isdecimal() else None)
    actions.undo(resolution=resolution, by=request.user)
    return _back(request, study, number)


@require_safe
@member("lead")
def audited_work(request: SignedIn, study: Study, number: int, entry: int) -> HttpResponseBase:
    """The work at an entry of the comparison, or a part of it."""
    asset = shown_asset(_comparison(request, study, number), entry, request.GET.get("part", "shown"))
    if asset is None or not asset.derivative:
        raise Http404
    response = ranged(request, asset.derivative, size=asset.bytes, content_type=asset.media_type)
    response["Cache-Control"] = "private, max-age=1200"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_GET
@never_cache
@member("lead")
def golden(request: SignedIn, study: Study) -> HttpResponseBase:
    """The comparisons on which there is no doubt."""
    hidden = not access.sees_names(request.user, study)
    found = [] if hidden else golden_set(study)
    return render(request, "results/golden.html", {"study": study, "golden": found, "hidden": hidden})


@require_GET
@never_cache
@member("lead")
def golden_file(request: SignedIn, study: Study) -> HttpResponseBase:
    """The same as JSON lines."""
    if not access.sees_names(request.user, study):
        raise Http404
    name = f'attachment; filename="{study.slug}-golden.jsonl"'
    return HttpResponse(golden_lines(study), content_type="application/x-ndjson", headers={"Content-Disposition": name})


def _page(request: SignedIn, study: Study, comparison: Comparison) -> dict[str, Any]:
    before, behind = Listing.of(study, wanted_of(study, request.GET)).neighbours(comparison)
    return {
        "study": study,
        "audit": audit_of(comparison),
        "before": before,
        "behind": behind,
        "asked": _asked(request),
    }


def _decide(request: SignedIn, comparison: Comparison, told: dict[str, Any]) -> None:
    given: dict[str, Any] = {"comparison": comparison, "note": told["note"], "by": request.user}
    match told["decision"]:
        case Kind.RESOLVED:
            actions.settle(ranks=told["ranks"], **given)
        case Kind.SENT_BACK:
            actions.ask_again(others=told["others"] or 0, **given)
        case Kind.GOLD:
            actions.make_gold(ranks=told["ranks"], **given)
        case Kind.GOLDEN:
            actions.take_into_golden(ranks=told["ranks"], **given)


def _asked(request: SignedIn) -> str:
    """What the list was asked for, to be carried along."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


def _back(request: SignedIn, study: Study, number: int) -> HttpResponseBase:
    return redirect(f"{reverse('audit', args=[study.slug, number])}?{_asked(request)}#decision")


def _comparison(request: SignedIn, study: Study, number: int) -> Comparison:
    """A judged comparison of the study; none for a lead who may yet be asked about it."""
    if not access.sees_names(request.user, study):
        raise Http404
    comparison = get_object_or_404(Comparison.objects.select_related("prompt"), study=study, pk=number)
    comparison.study = study
    return comparison
