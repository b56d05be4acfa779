"""The API's own description: as OpenAPI for machines, and as a page for people."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api.permissions import takes_part
from feedback.api.view import ApiView
from feedback.http import SignedIn, signed_in

NOUNS = ("studies", "prompts", "works", "uploads", "judgements", "fits", "releases", "builds")
METHODS = ("get", "post", "patch", "delete")


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """The OpenAPI document, made once."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # spectacular has no types there
    return schema


class OpenApi(ApiView):
    """The OpenAPI document."""

    @extend_schema(exclude=True)
    def get(self, _request: Request) -> Response:
        return Response(described())


class Nowhere(ApiView):
    """Every other address."""

    scopes = {}

    @extend_schema(exclude=True)
    def get(self, _request: Request, **_: Any) -> Response:
        raise Http404

    post = patch = delete = get


@dataclass(frozen=True)
class Field:
    """A parameter, a key or an answer."""

    name: str
    kind: str
    says: str
    required: bool = False


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked for."""

    method: str
    path: str
    summary: str
    says: str
    parameters: list[Field]
    body: str
    answers: list[Field]
    refusals: list[str]


@dataclass(frozen=True)
class Shape:
    """An object that is sent or answered."""

    name: str
    says: str
    fields: list[Field]


@require_safe
@signed_in
def page(request: SignedIn) -> HttpResponseBase:
    """What can be asked for, noun by noun, and the shapes of what is sent and answered."""
    if not takes_part(request.user):
        raise Http404
    schema = described()
    nouns: dict[str, list[Operation]] = {noun: [] for noun in NOUNS}
    for noun, operation in _operations(schema):
        nouns[noun].append(operation)
    shapes = [_shape(name, one) for name, one in schema["components"]["schemas"].items() if "properties" in one]
    return render(request, "api/docs.html", {"nouns": nouns, "shapes": shapes, "names": {one.name for one in shapes}})


def _operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if told := methods.get(method):
                summary, _, rest = told.get("description", "").partition("\n")
                answers = told["responses"]
                yield (
                    told["tags"][0],
                    Operation(
                        method.upper(),
                        path,
                        summary,
                        _says(rest.strip()),
                        [_parameter(one) for one in told.get("parameters", [])],
                        _content(told.get("requestBody", {})),
                        [Field(status, _content(one), "") for status, one in answers.items() if status < "300"],
                        [status for status in answers if status >= "300"],
                    ),
                )


def _parameter(told: Mapping[str, Any]) -> Field:
    place = f" ({told['in']})"
    says = _says(told.get("description", ""))
    return Field(told["name"], _kind(told["schema"]) + place, says, told.get("required", False))


def _says(text: str) -> str:
    """The sentence with its words of code set as such."""
    return mark_safe(re.sub("`([^`]+)`", r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped, and our own


def _content(told: Mapping[str, Any]) -> str:
    return ", ".join(
        _kind(one["schema"]) if media_type.endswith("json") else media_type
        for media_type, one in told.get("content", {}).items()
    )


def _shape(name: str, told: Mapping[str, Any]) -> Shape:
    required = told.get("required", [])
    fields = [
        Field(key, _kind(one), _says(one.get("description", "")), key in required)
        for key, one in told["properties"].items()
    ]
    return Shape(name, told.get("description", ""), fields)


def _kind(told: Mapping[str, Any]) -> str:
    """The type as a person would say it."""
    if "$ref" in told:
        return str(told["$ref"]).rpartition("/")[2]
    for several in ("oneOf", "anyOf", "allOf"):
        if several in told:
            return " or ".join(_kind(one) for one in told[several])
    if "enum" in told:
        return " or ".join(str(one) for one in told["enum"] if one is not None)
    kinds = told.get("type", "anything")
    kind = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return f"list of {_kind(told['items'])}" if "items" in told else str(told.get("format", kind))
