"""What every view of the API shares: its scopes, its named parameters, its study."""

from typing import Any, ClassVar, cast

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.api.actions import Spent
from feedback.api.asking import Nothing, Strict, asked_of
from feedback.api.problems import Problem
from feedback.api.throttling import headers
from feedback.people.models import User
from feedback.studies import access
from feedback.studies.models import Study

BOTH = (access.LEAD, access.ENGINEER)
KEPT_BLIND = "You rate in this study while it is open, so that names are kept from you."


class ApiView(APIView):
    """A view for machines. `scopes` and `spends` are by method, `asks` names the query's parameters."""

    http_method_names = ["get", "head", "post", "patch", "delete"]
    open_to: ClassVar[str] = "lead or engineer"
    scopes: ClassVar[dict[str, str]] = {"GET": "read"}
    spends: ClassVar[dict[str, str]] = {}
    asks: ClassVar[dict[str, type[Strict]]] = {}
    is_of_a_study: ClassVar[bool] = False
    spent: Spent | None = None

    @classmethod
    def as_view(cls, **kwargs: Any) -> Any:
        view: Any = super().as_view(**kwargs)
        view.open_to = cls.open_to  # read by the test that walks every URL
        return view

    @property
    def user(self) -> User:
        """Who asks; strangers were turned away."""
        return cast("User", self.request.user)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = "GET" if request.method == "HEAD" else str(request.method)
        self.asked = asked_of(request, self.asks.get(method, Nothing))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        for name, value in headers(self.spent).items():
            final[name] = value
        final.setdefault("Cache-Control", "private, no-store")
        return final


class StudyView(ApiView):
    """A view of one study, for its members of these roles by method; to all others it does not exist."""

    is_of_a_study = True
    roles: ClassVar[dict[str, tuple[str, ...]]] = {}
    names: ClassVar[bool] = True  # whether it tells, or could tell, who made a work
    study: Study

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.study = self.study_of(kwargs["slug"], *self.roles.get(str(request.method), BOTH))
        if self.names and not access.sees_names(self.user, self.study):
            raise Problem(
                403, KEPT_BLIND, remedy="Close the study first, or leave this to somebody who does not rate in it."
            )

    def study_of(self, slug: str, *roles: str) -> Study:
        """The user's study of that slug; with a part in it but none of the roles the refusal says so."""
        study = access.study_of_member(self.user, slug, *roles)
        if study is None and access.study_of_member(self.user, slug, *BOTH):
            raise Problem(403, f"This is for the study's {' or '.join(roles)}.", remedy="Ask a lead of the study.")
        if study is None:
            raise Http404
        return study
