"""Background work about imports."""

from django.tasks import task
from django.utils.timezone import now


@task()
def prepare(study_id: int) -> None:
    """Make what raters see of the study's works, for a while; then the next task goes on. Safe to repeat."""
    from feedback.intake.preparing import work_at  # noqa: PLC0415 - that module needs the actions that ask for this task

    wait = work_at(study_id=study_id)
    if wait is not None:
        (prepare.using(run_after=now() + wait) if wait else prepare).enqueue(study_id)


@task()
def read_delivery(delivery_id: int) -> None:
    """Read what a browser has sent, and store the study or say what is wrong. Safe to repeat."""
    from feedback.intake.delivering.worker import read  # noqa: PLC0415 - as above

    read(delivery_id=delivery_id)
