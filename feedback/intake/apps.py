"""Whoever wants works made is heard here."""

from typing import Any

from django.apps import AppConfig

from feedback.works.signals import works_wanted


class IntakeConfig(AppConfig):
    name = "feedback.intake"

    def ready(self) -> None:
        works_wanted.connect(_make, dispatch_uid="feedback.intake")


def _make(*, study_id: int, **_more: Any) -> None:
    from feedback.intake.tasks import prepare  # noqa: PLC0415 - tasks are made when the apps are ready

    prepare.enqueue(study_id)
