"""The order in which a rater is asked for criteria."""

import random

from feedback.people.models import Rater
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion, Study


def criteria_for(study: Study, rater: Rater) -> tuple[Criterion, ...]:
    """The study's criteria in this rater's order: always the same for the same rater, shuffled if the study says so."""
    criteria = criteria_of(study)
    if study.criteria_order == Study.CriteriaOrder.FIXED:
        return criteria
    drawn = random.Random(f"{study.slug} {rater.public_id.hex}")  # noqa: S311 - an order to be repeated, not a secret
    return tuple(drawn.sample(criteria, len(criteria)))
