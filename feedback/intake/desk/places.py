"""How much of a study is judged, counted in comparisons."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Case, F, Sum, Value, When
from django.db.models.functions import Greatest

from feedback.judging.actions.opening import EVERYBODY
from feedback.judging.models import Assignment, Comparison
from feedback.studies.access import RATER
from feedback.studies.models import Membership, Study


@dataclass(frozen=True)
class Way:
    """Judgements there are, and judgements that are asked for so far."""

    done: int
    asked: int

    @property
    def percent(self) -> int:
        return min(100, int(100 * self.done / self.asked)) if self.asked else 0


def way_of(study: Study) -> Way:
    """How far the study is with what is asked so far."""
    raters = Membership.objects.filter(study=study, role=RATER).count()
    of_all = Greatest(Value(raters), F("places_taken"), output_field=BigIntegerField())
    places = Case(When(places__gte=EVERYBODY, then=of_all), default=F("places"), output_field=BigIntegerField())
    asked = Comparison.objects.filter(study=study).aggregate(sum=Sum(places))["sum"] or 0
    return Way(Assignment.objects.filter(study=study).answered().count(), asked)


def open_places(study: Study) -> int:
    """Comparisons that some rater may still be handed, whoever they are."""
    return Comparison.objects.filter(study=study, places_taken__lt=F("places")).count()
