"""Releases: frozen, checksummed exports, their files, and the requests to build them."""

from typing import Self

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from feedback.people.models import User, random_id
from feedback.studies.models import Criterion, Study


def releases() -> Storage:
    return storages["releases"]


class Shape(models.Model):
    """What is asked for: which rows, in which form, for which purpose."""

    class View(models.TextChoices):
        PAIRS = "pairs"
        JUDGEMENTS = "judgements"

    class Preset(models.TextChoices):
        NONE = ""
        TRL = "trl"
        TRL_CHAT = "trl-chat"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="%(class)ss")
    view = models.CharField(max_length=20, choices=View)
    preset = models.CharField(max_length=20, choices=Preset, blank=True)
    purpose = models.CharField(max_length=40)
    criterion = models.ForeignKey(
        Criterion, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", help_text="Empty for all."
    )
    rationales = models.BooleanField(default=False, help_text="Whether raters' sentences leave, too.")

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The preset, or else the view."""
        return self.preset or self.view


class Release(Shape):
    """A frozen export, never edited. The same settings over the same judgements are the same release."""

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    schema_version = models.PositiveSmallIntegerField()
    code_version = models.CharField(max_length=40)
    content_sha256 = models.CharField(max_length=64, help_text="Of its settings, counts and rows before pseudonyms.")
    pseudonym_key = models.CharField(max_length=64, help_text="Hex; turns its raters' ids into its own pseudonyms.")
    manifest = models.JSONField(default=dict)
    rows = models.PositiveBigIntegerField()
    archive = models.FileField(storage=releases, max_length=200, blank=True, help_text="Empty until it is stored.")
    archive_bytes = models.PositiveBigIntegerField(default=0)
    archive_sha256 = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField(default=now, editable=False)
    frozen_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "content_sha256"], name="release_once_per_content"),
            models.CheckConstraint(condition=Q(view__in=["pairs", "judgements"]), name="release_view_known"),
            models.CheckConstraint(condition=Q(preset__in=["", "trl", "trl-chat"]), name="release_preset_known"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def file_name(self) -> str:
        """What its download is called."""
        return f"{self.study.slug}-{self.name}-{self.public_id.hex[:8]}.zip"


class ReleaseFileQuerySet(models.QuerySet["ReleaseFile"]):
    def data(self) -> Self:
        """Those that hold rows."""
        return self.filter(rows__isnull=False)


class ReleaseFile(models.Model):
    """A file of a release; `rows` is null for the card and the manifest."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=300)
    view = models.CharField(max_length=20, blank=True)
    split = models.CharField(max_length=20, blank=True)
    criterion = models.CharField(max_length=100, blank=True)
    rows = models.PositiveBigIntegerField(null=True, blank=True)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    objects = ReleaseFileQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["release", "path"], name="release_file_once")]


class Build(Shape):
    """A request for a release, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    release = models.ForeignKey(Release, null=True, blank=True, on_delete=models.CASCADE, related_name="builds")
    reason = models.TextField(blank=True, help_text="Why it failed, and the remedy.")
    asked_at = models.DateTimeField(default=now, editable=False)
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["study", "-asked_at"], name="build_newest_first")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["waiting", "ready", "failed"]), name="build_state_known"),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(release__isnull=False), name="build_ready_has_a_release"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
