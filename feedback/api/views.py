"""Standings as JSON, for members who may see them."""

from typing import cast

from django.http import Http404
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.people.models import User
from feedback.results.standings import as_json
from feedback.studies import access


@api_view(["GET"])
def standings(request: Request, slug: str) -> Response:
    """The newest fits of a study, as `manage.py fit --json` prints them."""
    user = cast("User", request.user)  # the default permission turns strangers away
    study = access.study_of_member(user, slug, access.LEAD, access.ENGINEER)
    if study is None or not access.sees_names(user, study):
        raise Http404
    return Response(as_json(study))


standings.open_to = "lead or engineer"  # type: ignore[attr-defined]  # read by the test that walks every URL
