"""Noting who took a release away."""

from django.db import transaction

from feedback.datasets.models import Release
from feedback.people.actions import record
from feedback.people.models import User


@transaction.atomic
def note_download(*, release: Release, by: User) -> None:
    """Write the audit row of a download."""
    record(by=by, action="download release", subject=release.studies.first(), release=str(release))
