"""The lead's page and its parts: whole, live, one table at a time, and as files."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from feedback.http import SignedIn, member
from feedback.results.dashboard import downloads, sentences, works
from feedback.results.dashboard.page import PICTURES, sections, table_of
from feedback.results.dashboard.stored import Reading, read, versions
from feedback.studies import access
from feedback.studies.models import Study
from feedback.studies.stages import stage_of

ROWS = 50


def context_of(request: SignedIn, study: Study, *, everyone: bool = False) -> dict[str, Any]:
    """What the page's template reads."""
    roles = access.roles_of(request.user, study)
    named = not (study.is_open and access.RATER in roles)  # as `sees_names` has it, without asking twice
    reading = read(study, request.GET.get("criterion", ""), named=named, everyone=everyone)
    return {"study": study, "stage": stage_of(study), "roles": roles, "named": named} | told_of(reading)


def told_of(reading: Reading) -> dict[str, Any]:
    """What a template needs to tell a reading."""
    return {
        "reading": reading,
        "criterion": reading.facts.criterion,
        "sections": sections(reading.facts),
        "sinking": sentences.sinking(reading.facts),
        "greyed": sentences.greyed(reading.facts),
        "needs": sentences.needs(reading.facts),
    }


@require_GET
@never_cache
@member("lead")
def results(request: SignedIn, study: Study) -> HttpResponseBase:
    """Five questions about one criterion; for another tab only what changes with it."""
    partial = "#dashboard" if request.htmx and not request.htmx.history_restore_request else ""  # type: ignore[attr-defined]  # by its middleware
    return render(request, f"results/results.html{partial}", context_of(request, study))


@require_GET
@never_cache
@member("lead")
def leaderboard(request: SignedIn, study: Study) -> HttpResponseBase:
    """What changed since the page was made: nothing, the board alone, or every answer."""
    criterion, seen = request.GET.get("criterion", ""), request.GET.get("seen", "")
    if seen and versions(study, criterion) == seen:
        return HttpResponse(status=204)
    context = context_of(request, study)
    same_report = seen.partition("-")[0] == str(context["reading"].report or 0)
    changed = [section for section in context["sections"] if section.name == "best" or not same_report]
    return render(request, "results/_live.html", context | {"changed": changed})


@require_GET
@never_cache
@member("lead")
def chart_table(request: SignedIn, study: Study, chart: str) -> HttpResponseBase:
    """The numbers behind a picture, a page at a time."""
    context = context_of(request, study, everyone=True)
    table = table_of(context["reading"].facts, chart)
    if table is None:
        raise Http404
    page = Paginator(list(table.said()), ROWS).get_page(request.GET.get("page"))
    alone = chart == "connections" or not request.htmx  # type: ignore[attr-defined]  # as below
    picture = PICTURES[chart](context["reading"].facts) if alone and chart in PICTURES else None
    template = "results/_table.html" if request.htmx else "results/table.html"  # type: ignore[attr-defined]  # by its middleware
    return render(request, template, context | {"chart": chart, "table": table, "page": page, "picture": picture})


@require_GET
@never_cache
@member("lead")
def works_in_prompts(request: SignedIn, study: Study) -> HttpResponseBase:
    """The works of each prompt against one another, some prompts a page."""
    named = access.sees_names(request.user, study)
    criterion = request.GET.get("criterion", "")
    page, boards = works.boards_of(study, criterion, request.GET.get("page"), named=named)
    return render(
        request,
        "results/works.html",
        {"study": study, "criterion": criterion, "page": page, "boards": boards, "named": named},
    )


@require_GET
@never_cache
@member("lead")
def chart_file(request: SignedIn, study: Study, chart: str, kind: str) -> HttpResponseBase:
    """A picture as SVG, or the numbers behind it as CSV."""
    reading = _reading(request, study)
    content = downloads.file_of(reading.facts, chart, kind)
    if content is None:
        raise Http404
    name = f"{study.slug}-{reading.facts.criterion}-{chart}.{kind}"
    return HttpResponse(content, content_type=downloads.TYPES[kind], headers=_kept_as(name))


@require_GET
@never_cache
@member("lead")
def results_json(request: SignedIn, study: Study) -> HttpResponseBase:
    """The report as it is stored, with names for its ids, and the page's sentences."""
    return JsonResponse(
        downloads.as_json(study, named=access.sees_names(request.user, study)),
        json_dumps_params={"ensure_ascii": False},
    )


@require_GET
@never_cache
@member("lead")
def report(request: SignedIn, study: Study) -> HttpResponseBase:
    """Every criterion on one page: a file that needs nothing else, or with `?print` looked at here, to be printed."""
    is_kept = "print" not in request.GET
    page = downloads.as_page(study, named=access.sees_names(request.user, study), is_kept=is_kept)
    return HttpResponse(page, headers=_kept_as(f"{study.slug}-report.html") if is_kept else None)


def _reading(request: SignedIn, study: Study) -> Reading:
    named = access.sees_names(request.user, study)
    return read(study, request.GET.get("criterion", ""), named=named, everyone=True)


def _kept_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
