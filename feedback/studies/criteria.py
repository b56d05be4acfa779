"""The criteria of a study, remembered by version: judged wording never changes."""

from functools import lru_cache

from feedback.studies.models import Criterion, Study


def criteria_of(study: Study) -> tuple[Criterion, ...]:
    """The criteria in their present wording, in order; read from the database once per process and version."""
    return _criteria(study.pk, study.created_at.timestamp(), study.criteria_version)


@lru_cache(maxsize=1024)
def _criteria(study: int, _created: float, _version: int) -> tuple[Criterion, ...]:
    newest = {one.slug: one for one in Criterion.objects.filter(study=study).order_by("version")}
    return tuple(sorted(newest.values(), key=lambda one: (one.position, one.pk)))
