"""Releases: frozen, checksummed exports, their files, and the requests to build them."""

from datetime import timedelta
from typing import Self

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from feedback.people.models import Rater, User, random_id
from feedback.studies.models import Study
from feedback.works.models import Work


def releases() -> Storage:
    return storages["releases"]


class Asked(models.Model):
    """What is asked for: of which studies, on which terms, as `Terms.told` writes them."""

    studies = models.ManyToManyField(Study, related_name="%(class)ss")
    terms = models.JSONField(default=dict)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The preset, or else the views."""
        return str(self.terms["preset"] or "-".join(self.terms["views"]))


class ReleaseQuerySet(models.QuerySet["Release"]):
    def stored(self) -> Self:
        """Those whose archive is kept."""
        return self.exclude(archive="")

    def of_series(self, series: str) -> Self:
        """All of a series, the newest first."""
        return self.filter(series=series).order_by("-pk")


class Release(Asked):
    """A frozen export, never edited. The same terms over the same judgements are the same release."""

    public_id = models.UUIDField(unique=True, editable=False, help_text="Drawn from its digest and the site's secret.")
    schema_version = models.PositiveSmallIntegerField()
    code_version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True, help_text="Of its terms, facts and rows before pseudonyms.")
    content_sha256 = models.CharField(max_length=64, blank=True, help_text="Of its rows as JSONL, whatever the format.")
    pseudonym_key = models.CharField(max_length=64, help_text="Hex; turns its raters' ids into its own pseudonyms.")
    series = models.CharField(max_length=64, help_text="Of the studies and terms that decide which rows there are.")
    version = models.CharField(max_length=30, help_text="MAJOR.MINOR.PATCH in its series.")
    since = models.ForeignKey("self", null=True, blank=True, on_delete=models.RESTRICT, related_name="successors")
    manifest = models.JSONField(default=dict)
    rows = models.PositiveBigIntegerField()
    works = models.ManyToManyField(Work, related_name="releases", help_text="Those that are in some row.")
    raters = models.ManyToManyField(Rater, related_name="releases", help_text="Those whose judgements are counted.")
    archive = models.FileField(storage=releases, max_length=200, blank=True, help_text="Empty until it is stored.")
    archive_bytes = models.PositiveBigIntegerField(default=0)
    archive_sha256 = models.CharField(max_length=64, blank=True)
    index = models.FileField(storage=releases, max_length=200, blank=True, help_text="The key and hash of each row.")
    frozen_at = models.DateTimeField(default=now, editable=False)
    frozen_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["series", "-id"], name="release_newest_of_series")]
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="release_once_per_version"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def file_name(self) -> str:
        """What its download is called."""
        return f"{'-'.join(self.terms['studies'])[:100]}-{self.name}-{self.version}-{self.public_id.hex[:8]}.zip"


class ReleaseFileQuerySet(models.QuerySet["ReleaseFile"]):
    def data(self) -> Self:
        """Those that hold rows."""
        return self.filter(rows__isnull=False)


class ReleaseFile(models.Model):
    """A file of a release; `rows` is null for what holds none."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=300)
    view = models.CharField(max_length=30, blank=True)
    split = models.CharField(max_length=20, blank=True)
    criterion = models.CharField(max_length=100, blank=True)
    rows = models.PositiveBigIntegerField(null=True, blank=True)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    offset = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Where its bytes begin in the archive; null where they are packed in it."
    )

    objects = ReleaseFileQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["release", "path"], name="release_file_once")]


class Build(Asked):
    """A request for a release, how far it is, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        READY = "ready"
        FAILED = "failed"
        CANCELLED = "cancelled"

    UNDER_WAY = (State.WAITING, State.RUNNING)

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    stage = models.CharField(max_length=40, blank=True, help_text="What it is at: reading, writing, packing.")
    done = models.PositiveBigIntegerField(default=0, help_text="Steps of this stage that are behind it.")
    total = models.PositiveBigIntegerField(default=0, help_text="Steps of this stage; 0 is unknown.")
    started_at = models.DateTimeField(null=True, blank=True, help_text="When this stage began.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When it last told how far it is.")
    release = models.ForeignKey(Release, null=True, blank=True, on_delete=models.CASCADE, related_name="builds")
    reason = models.TextField(blank=True, help_text="Why it failed, and the remedy.")
    asked_at = models.DateTimeField(default=now, editable=False)
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-asked_at"], name="build_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "ready", "failed", "cancelled"]), name="build_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(release__isnull=False), name="build_ready_has_a_release"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def left(self) -> timedelta | None:
        """How long this stage still takes at its rate so far; None while that is unknown."""
        if not (self.done and self.total and self.started_at and self.told_at):
            return None
        return (self.told_at - self.started_at) * ((self.total - self.done) / self.done)


class Shape:  # until rows/ and presets/ stand
    class View(models.TextChoices):
        PAIRS = "pairs"
        JUDGEMENTS = "judgements"

    class Preset(models.TextChoices):
        NONE = ""
        TRL = "trl"
        TRL_CHAT = "trl-chat"
