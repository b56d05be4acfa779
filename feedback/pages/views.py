"""Home, signing in and out, health, the list of studies, and the door to each study."""

from django.contrib.auth import login, logout
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from feedback.http import SignedIn, anyone, member, signed_in
from feedback.intake.desk.home import deliveries_of, groups_of
from feedback.people import actions as people
from feedback.studies import access
from feedback.studies.models import Study


@require_safe
@anyone
def home(request: HttpRequest) -> HttpResponseBase:
    """What Salon is, for strangers; members go to their studies."""
    if request.user.is_authenticated:
        return redirect("studies")
    return render(request, "pages/home.html")


@require_safe
@anyone
def health(_request: HttpRequest) -> HttpResponseBase:
    """200 while the site can answer and its database can be read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@anyone
def how_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    return render(request, "pages/sign_in.html")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@anyone
def sign_in(request: HttpRequest, token: str) -> HttpResponseBase:
    """A one-time link: looking at it changes nothing, the button spends it."""
    try:
        link = people.spend_link(token=token) if request.method == "POST" else people.read_link(token=token)
    except people.LinkRefused as refusal:
        try:
            people.count_failed_try(address=request.META.get("REMOTE_ADDR", ""))
        except people.TooManyTries:
            message = "Too many tries from this address. Wait a minute, then open your link again."
            return render(request, "pages/sign_in.html", {"refusal": message}, status=429)
        return render(request, "pages/sign_in.html", {"refusal": str(refusal)}, status=410)
    if request.method != "POST":
        return render(request, "pages/sign_in.html", {"link": link})
    login(request, link.user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(link.goes_to or "studies")


@require_POST
@anyone
def sign_out(request: HttpRequest) -> HttpResponseBase:
    logout(request)
    return redirect("home")


@require_GET
@never_cache
@signed_in
def studies(request: SignedIn) -> HttpResponseBase:
    """The studies that the user has a part in, by stage, and what waits for them in each."""
    groups = groups_of(request.user)
    roles = {role for group in groups for row in group.rows for role in row.roles}
    makes = access.LEAD in roles or request.user.makes_studies
    context = {
        "groups": groups,
        "rates": access.RATER in roles,
        "leads_or_builds": bool(roles & {access.LEAD, access.ENGINEER}),
        "makes": makes,
        "begun": list(deliveries_of(request.user)) if makes else [],
    }
    return render(request, "pages/studies.html", context)


@require_GET
@member("rater", "lead", "engineer")
def study(request: SignedIn, study: Study) -> HttpResponseBase:
    """To the page of the user's part in the study."""
    roles = access.roles_of(request.user, study)
    if access.LEAD in roles:
        return redirect("results" if study.opened_at else "study_desk", study.slug)
    return redirect("releases" if access.ENGINEER in roles else "judge", study.slug)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The same page for what is missing and for what is somebody else's."""
    return render(request, "404.html", status=404)
