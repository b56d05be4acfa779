"""Background work about results."""

from django.tasks import task

from feedback.results import actions
from feedback.results.standings import stale_studies
from feedback.studies.models import Study


@task
def refit(study_id: int) -> int:
    """Refresh the study unless another worker has just done so; how many fits were stored. Safe to repeat."""
    study = Study.objects.filter(pk=study_id).first()
    if study is None or study not in stale_studies():
        return 0
    return len(actions.refresh(study=study))
