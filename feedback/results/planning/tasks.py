"""Background work about rounds."""

from django.tasks import task

from feedback.results.planning.rounds import plan_next
from feedback.studies.models import Study


@task
def open_next(study_id: int) -> int:
    """Open the next round where the queue runs low; how many comparisons it holds. Safe to repeat."""
    study = Study.objects.filter(pk=study_id).first()
    opened = plan_next(study=study) if study else None
    return opened.comparisons.count() if opened else 0
