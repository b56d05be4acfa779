"""Whose judgements count in scores: those of people, and of stand-ins for them, whom no lead keeps out."""

from django.db.models import Exists, Model, OuterRef, QuerySet

from feedback.people.models import Rater
from feedback.results.models import Exclusion
from feedback.studies.models import Study


def counted[Row: Model](rows: QuerySet[Row], study: Study, rater: str = "rater") -> QuerySet[Row]:
    """Those of the rows that count in the study's scores; `rater` is the way from a row to its rater."""
    kept_out = Exclusion.objects.live().filter(study=study, rater=OuterRef(rater))
    return rows.exclude(**{f"{rater}__kind": Rater.Kind.MACHINE}).filter(~Exists(kept_out))


def excluded(study: Study) -> frozenset[int]:
    """The raters, by primary key, whom a lead keeps out of the study's scores."""
    return frozenset(Exclusion.objects.live().filter(study=study).values_list("rater_id", flat=True))
