"""What goes wrong, as problem JSON (RFC 9457): what was wrong, where, and what to do."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"
REMEDIES = {
    400: "Correct what is named and send it again; the API's document says what is taken.",
    401: "Send `Authorization: Bearer …` with a token of yours; the page /tokens/ makes one.",
    403: "Ask a lead of the study.",
    404: "Check the address. What you have no part in is not there for you.",
    405: "Use one of the methods in the header Allow.",
    415: "Send what the API's document names, with its Content-Type.",
    429: "Wait as many seconds as the header Retry-After says.",
}


class Problem(exceptions.APIException):
    """A refusal: `detail` says what was wrong, `where` where it is, `remedy` what to do."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        remedy: str = "",
        where: str = "",
        errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status_code = status
        self.said = detail
        self.remedy = remedy or REMEDIES.get(status, "")
        self.where = where
        self.errors = errors or []
        self.headers = headers or {}

    def told(self) -> dict[str, Any]:
        return {
            "title": HTTPStatus(self.status_code).phrase,
            "status": self.status_code,
            "detail": self.said,
            "where": self.where,
            "remedy": self.remedy,
            "errors": self.errors,
        }


class Fault(serializers.Serializer[Any]):
    """One thing to put right."""

    where = serializers.CharField(help_text="The field, such as `works[3].licence`, or the query parameter.")
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """What was wrong, where, and what to do."""

    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What was wrong.")
    where = serializers.CharField(allow_blank=True, help_text="Where it is; blank for the request as a whole.")
    remedy = serializers.CharField(allow_blank=True, help_text="What to do.")
    errors = Fault(many=True)  # type: ignore[assignment]  # a field of the problem, and none of the class


def told(error: Exception, context: dict[str, Any]) -> Response | None:  # noqa: ARG001 - REST framework's signature
    """The response to an error; None for one that is ours."""
    problem = _problem(error)
    if problem is None:
        return None
    return Response(problem.told(), problem.status_code, headers=problem.headers, content_type=MEDIA_TYPE)


def _problem(error: Exception) -> Problem | None:
    match error:
        case Problem():
            return error
        case Http404():
            return Problem(404, "There is nothing here.")
        case PermissionDenied():
            return Problem(403, "You may not do this.")
        case exceptions.ValidationError():
            return invalid(error)
        case exceptions.APIException():
            return Problem(error.status_code, str(error.detail), headers=_headers(error))
    return None


def invalid(error: exceptions.ValidationError, *, place: str = "") -> Problem:
    """Every fault of a body or a query, each with its place."""
    errors = [{"where": place + where, "detail": detail} for where, detail in _flat(error.detail, "")]
    several = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
    return Problem(400, f"{errors[0]['detail']}{several}", where=errors[0]["where"], errors=errors)


def _flat(detail: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(detail, dict):
        for key, inner in detail.items():
            inside = f"[{key}]" if isinstance(key, int) else f".{key}" if where and key else str(key)
            yield from _flat(inner, where + inside)
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, dict)
            yield from _flat(inner, f"{where}[{number}]" if nested else where)
    else:
        yield where, str(detail)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if authenticate := getattr(error, "auth_header", ""):
        headers["WWW-Authenticate"] = authenticate
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait))
    return headers
