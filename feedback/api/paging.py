"""Pages of rows by keyset: the same cost at every depth, and no row twice."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from feedback.api.problems import Problem

SIGNER = signing.Signer(salt="salon.cursor")
LAST = 2**63


def page_of(
    rows: "QuerySet[Any]",
    asked: Mapping[str, Any],
    request: Request,
    told: Callable[[list[Any]], Iterable[dict[str, Any]]],
    *,
    newest_first: bool = False,
) -> dict[str, Any]:
    """So many of the rows after the cursor, told together, and the address of the next page."""
    after = _after(asked.get("cursor"))
    if after is not None:
        rows = rows.filter(pk__lt=after) if newest_first else rows.filter(pk__gt=after)
    found = list(rows.order_by("-pk" if newest_first else "pk")[: asked["limit"] + 1])
    here = found[: asked["limit"]]
    more = len(found) > len(here)
    return {"results": list(told(here)), "next": _address(request, here[-1].pk) if more else None}


def told_as(shape: type[serializers.Serializer[Any]], row: Any, *, besides: Iterable[str] = ()) -> dict[str, Any]:
    """What the row has of the names in the shape, but for those beside."""
    return {name: getattr(row, name) for name, _ in shape().fields.items() if name not in besides}


def shape_of(row: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """A page of such rows, for the API's document."""
    fields = {
        "__doc__": f"A page: {row.__doc__}",
        "results": row(many=True),
        "next": serializers.URLField(allow_null=True, help_text="The next page; null on the last."),
    }
    return type(f"{row.__name__.removesuffix('Serializer')}Page", (serializers.Serializer,), fields)


def _after(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    try:
        return int(SIGNER.unsign(cursor)) % LAST
    except (signing.BadSignature, ValueError):
        raise Problem(
            400,
            "The cursor is not one of ours.",
            where="query parameter cursor",
            remedy="Follow `next` as it is, or begin without a cursor.",
        ) from None


def _address(request: Request, last: int) -> str:
    parameters = request.query_params.copy()
    parameters["cursor"] = SIGNER.sign(str(last))
    return f"{request.build_absolute_uri(request.path)}?{parameters.urlencode()}"
