"""The API's OpenAPI document: what views take and give, read from the views themselves."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from feedback.api.problems import MEDIA_TYPE, ProblemSerializer

LIMITS = {
    "X-RateLimit-Limit": "How many such requests are allowed in the window.",
    "X-RateLimit-Remaining": "How many of them are left.",
    "X-RateLimit-Reset": "Seconds until the window ends.",
}


class Described(AutoSchema):
    """A view's operation with its named parameters, the problems it may answer with, and its allowance."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        asks = self.view.asks.get(self.method)
        limits = [
            OpenApiParameter(
                name, OpenApiTypes.INT, OpenApiParameter.HEADER, description=says, response=[200, 201, 202]
            )
            for name, says in LIMITS.items()
        ]
        wait = OpenApiParameter(
            "Retry-After", OpenApiTypes.INT, OpenApiParameter.HEADER, description="Seconds to wait.", response=[429]
        )
        return [*([asks] if asks else []), *limits, wait]

    def get_operation_id(self) -> str:
        return f"{self.method.lower()}{type(self.view).__name__}"

    def get_tags(self) -> list[str]:
        return [self.view.__module__.rpartition(".")[2]]

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        shaped: Any = self._get_response_for_code
        for status, says in self._problems().items():
            if status not in bodies:
                body = shaped(ProblemSerializer, status, [MEDIA_TYPE], direction)
                bodies[status] = body | {"description": says}
        return dict(sorted(bodies.items()))

    def _problems(self) -> dict[str, str]:
        found = {
            "400": "An unknown or unfit parameter or key.",
            "401": "No token, or none that is live.",
            "403": "Not with this token, or not in this role.",
            "429": "Too many requests; Retry-After says when to go on.",
        }
        if "{" in self.path:
            found["404"] = "Not there, or not for you."
        if self.method in {"POST", "PATCH"}:
            found |= {"413": "Too large.", "415": "Not a Content-Type that is taken here."}
        return found


class StrictShape(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # spectacular has no types there
    """What a strict serializer takes: the known keys and no others."""

    target_class = "feedback.api.asking.Strict"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # noqa: SLF001 - the documented way
        return schema | {"additionalProperties": False}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # likewise
    """A token in the header Authorization."""

    target_class = "feedback.api.authentication.Bearer"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> Any:  # noqa: ARG002 - spectacular's signature
        return {"type": "http", "scheme": "bearer", "description": "A token from the page /tokens/."}


class BrowserScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # likewise
    """The cookie of somebody signed in."""

    target_class = "feedback.api.authentication.Browser"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> Any:  # noqa: ARG002 - spectacular's signature
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "Reads, and never writes."}
