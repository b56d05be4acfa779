"""Releases: frozen, checksummed exports and their files."""

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.timezone import now

from feedback.people.models import User, random_id
from feedback.studies.models import Criterion, Study


def releases() -> Storage:
    return storages["releases"]


class Release(models.Model):
    """A frozen export. The same settings over the same judgements are the same release."""

    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="releases")
    criterion = models.ForeignKey(Criterion, null=True, blank=True, on_delete=models.PROTECT, related_name="releases")
    preset = models.CharField(max_length=40, blank=True)
    view = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    content_sha256 = models.CharField(max_length=64, help_text="Of its rows before raters are given pseudonyms.")
    pseudonym_key = models.CharField(max_length=64)
    manifest = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=now, editable=False)
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
