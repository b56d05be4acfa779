"""Who may: leads and engineers, with a token of the scope. Raters get nothing here."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from feedback.api.problems import Problem
from feedback.datasets.models import Build, Release
from feedback.people.models import Token, User
from feedback.studies import access
from feedback.studies.models import Membership, Study


class TakesPart(BasePermission):
    """Open to whoever leads or builds in some study, within the token's scopes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, User):
            return False  # answered with 401
        scope = view.scopes.get("GET" if request.method == "HEAD" else request.method, "")
        if isinstance(request.auth, Token) and scope and scope not in request.auth.scopes:
            raise Problem(
                403,
                f"The token {request.auth} may {' and '.join(request.auth.scopes)}; this asks for {scope}.",
                remedy=f"Make a token that may {scope}, on the page /tokens/.",
            )
        return view.is_of_a_study or takes_part(request.user)


def takes_part(user: User) -> bool:
    """Whether there is anything for the user here."""
    return Membership.objects.filter(user=user, role__in=(access.LEAD, access.ENGINEER)).exists()


def within[Asked: (Release, Build)](rows: "QuerySet[Asked]", user: User) -> "QuerySet[Asked]":
    """Those of the releases or builds of which the user may have every study, as `may_release` says of each."""
    mine = Membership.objects.filter(user=user, study=OuterRef("pk"))
    is_open = Q(opened_at__isnull=False, closed_at__isnull=True)
    may_have = Exists(mine.filter(role__in=(access.LEAD, access.ENGINEER)))
    blind = is_open & Exists(mine.filter(role=access.RATER))
    return rows.exclude(studies__in=Study.objects.exclude(may_have & ~blind)).exclude(studies=None)
