"""What may be asked: named parameters and named keys, and nothing beside them."""

from collections.abc import Mapping
from typing import Any, NoReturn

from rest_framework import serializers
from rest_framework.request import Request

from feedback.api.problems import Problem, invalid
from feedback.intake.reading.documents import kind_of
from feedback.intake.reading.rules import near

MOST_ROWS, USUAL_ROWS = 1_000, 100


class Strict(serializers.Serializer[Any]):
    """Refuses keys that it does not know, and names those that it does."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := [key for key in data if key not in self.fields]):
            raise serializers.ValidationError({key: self._unknown(str(key)) for key in unknown})
        return super().to_internal_value(data)

    def _unknown(self, key: str) -> str:
        known = list(self.fields)
        return f"unknown{near(key, known)}. Known are: {', '.join(known) or 'none'}."


class OneOf(serializers.ChoiceField):
    """One of a few words; a refusal names them."""

    def fail(self, key: str, **about: Any) -> NoReturn:
        if key == "invalid_choice":
            words = [str(word) for word in self.choices]
            raise serializers.ValidationError(f"{kind_of(about['input'])} is none of: {', '.join(words)}.")
        super().fail(key, **about)


class Nothing(Strict):
    """No parameters."""


class Rows(Strict):
    """Which page of rows."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MOST_ROWS, default=USUAL_ROWS, help_text="How many rows at most."
    )
    cursor = serializers.CharField(max_length=200, required=False, help_text="From `next` of the page before.")


def asked_of(request: Request, questions: type[Strict]) -> dict[str, Any]:
    """The query's parameters in their types, each at most once; anything else is a 400 that names the known ones."""
    parameters = request.query_params
    for name, values in parameters.lists():
        if len(values) > 1 and name in questions().fields:
            raise Problem(400, "The parameter is given more than once.", where=f"query parameter {name[:100]}")
    if any("\0" in value for value in parameters.values()):
        raise Problem(400, "A parameter holds a NUL.", where="query")
    return checked(questions(data=parameters.dict()), place="query parameter ")


def said_in(request: Request, shape: type[Strict]) -> dict[str, Any]:
    """The body in its types."""
    if not isinstance(request.data, Mapping):
        raise Problem(400, "The body is not an object of keys and values.")
    return checked(shape(data=request.data))


def checked(read: Strict, *, place: str = "") -> dict[str, Any]:
    """What was read if all of it is fit; otherwise the problem with every fault."""
    if not read.is_valid():
        raise invalid(serializers.ValidationError(read.errors), place=place)
    return dict(read.validated_data)
