"""Many rows at once, added all or not at all, by the rules of an import."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from feedback.api.asking import MOST_ROWS, Strict
from feedback.api.problems import Problem
from feedback.intake.reading.plans import BadStudy, Fault
from feedback.studies.models import Study
from feedback.works.actions import CollectionConflict
from feedback.works.models import Collection

LISTED = 100  # faults


class AddedSerializer(serializers.Serializer[Any]):
    """What became of the rows: nothing is half done."""

    added = serializers.ListField(child=serializers.CharField(), help_text="The ids that are new.")
    unchanged = serializers.ListField(
        child=serializers.CharField(), help_text="The ids that were there with the same content."
    )
    warnings = serializers.ListField(child=serializers.CharField(), help_text="Worth knowing; they stop nothing.")


class ManyRows(Strict):
    """Rows for a collection of the study."""

    collection = serializers.SlugField(
        max_length=100, required=False, help_text="Which of the study's; needed where it draws from several."
    )


def rows_of(shape: type[serializers.Serializer[Any]]) -> Any:
    """A list of objects that the import's own rules will read; `shape` tells the document what they take."""
    child = extend_schema_field(shape)(type("Row", (serializers.DictField,), {}))()
    return serializers.ListField(child=child, min_length=1, max_length=MOST_ROWS)


def collection_of(study: Study, slug: str) -> Collection:
    """The study's collection of that slug, or its only one."""
    collections = list(study.collections.order_by("slug"))
    chosen = [one for one in collections if one.slug == slug or not slug]
    if len(chosen) != 1:
        names = ", ".join(one.slug for one in collections)
        raise Problem(
            422, "Which collection is meant?", where="collection", remedy=f"Name one of the study's: {names}."
        )
    return chosen[0]


@contextmanager
def adding(what: str) -> Iterator[Path]:
    """A folder to work in; faults become problems that name each row, as `works[3].licence`."""
    with tempfile.TemporaryDirectory(prefix="salon-api-") as folder:
        try:
            yield Path(folder)
        except BadStudy as bad:
            errors = [_error(fault, what) for fault in bad.faults[:LISTED]]
            more = f" and {len(bad.faults) - 1} more" if len(bad.faults) > 1 else ""
            raise Problem(
                422,
                f"{errors[0]['detail']}{more}",
                where=errors[0]["where"],
                remedy="Correct the rows and send all of them again; none was stored.",
                errors=errors,
            ) from None
        except CollectionConflict as conflict:
            raise Problem(409, str(conflict), remedy="Give it another id; none of the rows was stored.") from None


def _error(fault: Fault, what: str) -> dict[str, str]:
    place = f"{what}[{fault.line - 1}]" if fault.line else what
    return {"where": f"{place}.{fault.field}" if fault.field else place, "detail": fault.message}
