"""The lead's page: the leaderboard, the panel, blocked works, and the study's door."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from feedback.http import SignedIn, member
from feedback.results import charts
from feedback.results.forms import InviteForm
from feedback.results.standings import leaderboards, panel_of
from feedback.studies import access
from feedback.studies import actions as studies
from feedback.studies.models import Study
from feedback.works.rights import blocked_works


@require_GET
@never_cache
@member("lead")
def results(request: SignedIn, study: Study) -> HttpResponseBase:
    """Everything a lead needs on one page; the leaderboard refreshes itself."""
    return render(request, "results/results.html", _page(request, study))


@require_GET
@never_cache
@member("lead")
def leaderboard(request: SignedIn, study: Study) -> HttpResponseBase:
    """The leaderboard and the panel's progress alone, for the page to refresh."""
    return render(request, "results/results.html#live", _live(request, study))


@require_POST
@member("lead")
def invite(request: SignedIn, study: Study) -> HttpResponseBase:
    """Add a person and show the link, once."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return render(request, "results/results.html", _page(request, study) | {"form": form}, status=422)
    link = studies.invite(study=study, by=request.user, **form.cleaned_data)
    invited = {"name": form.cleaned_data["name"], "role": form.cleaned_data["role"], "link": link}
    return render(request, "results/results.html", _page(request, study) | {"invited": invited})


@require_POST
@member("lead")
def open_study(request: SignedIn, study: Study) -> HttpResponseBase:
    studies.open_study(study=study, by=request.user)
    return redirect("results", study.slug)


@require_POST
@member("lead")
def close_study(request: SignedIn, study: Study) -> HttpResponseBase:
    studies.close_study(study=study, by=request.user)
    return redirect("results", study.slug)


def _live(request: SignedIn, study: Study) -> dict[str, Any]:
    named = access.sees_names(request.user, study)
    boards = leaderboards(study, named=named)
    reach = charts.reach_of(boards)
    return {
        "study": study,
        "named": named,
        "boards": [(board, charts.forest(board.rows, reach)) for board in boards],
        "panel": panel_of(study),
    }


def _page(request: SignedIn, study: Study) -> dict[str, Any]:
    return _live(request, study) | {
        "blocked": list(blocked_works(study)),
        "form": InviteForm(),
        "roles": access.roles_of(request.user, study),
    }
