"""What the worker does for this room."""

import uuid

from django.tasks import task


@task()
def build_release(build: str) -> None:
    """Build the release that was asked for."""
    from feedback.datasets.actions.building import run_build  # noqa: PLC0415 - that module enqueues this task

    run_build(build_id=uuid.UUID(build))
