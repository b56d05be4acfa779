"""Collections, prompts, generators, works, their assets and their clearance."""

from typing import Any

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import now

from feedback.people.models import random_id
from feedback.studies.models import Study

PURPOSES = ("show", "export", "train-reward-model", "train-generator", "commercial")


def originals() -> Storage:
    return storages["originals"]


def derivatives() -> Storage:
    return storages["derivatives"]


class Collection(models.Model):
    """Prompts and works that belong together; a study draws its prompts from collections."""

    slug = models.SlugField(max_length=100, unique=True)
    studies = models.ManyToManyField(Study, related_name="collections")

    def __str__(self) -> str:
        return self.slug


class Prompt(models.Model):
    """The brief that a set of works answers."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="prompts")
    external_id = models.CharField(max_length=200)
    text = models.TextField()
    group = models.CharField(max_length=200, blank=True, help_text="Prompts of a group stay in one split.")
    reference = models.CharField(
        max_length=200,
        blank=True,
        help_text="The id of the work of this prompt that raters may hear beside those they judge.",
    )
    metadata = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "external_id"], name="prompt_once_per_collection"),
        ]

    def __str__(self) -> str:
        return self.external_id


class Preparation(models.Model):
    """How far the works of an imported study are from being shown, and what was left out on the way."""

    class State(models.TextChoices):
        MAKING = "making", "the worker makes what raters see"
        ASKING = "asking", "works were refused, and the lead has to say whether to go on without them"
        STOPPED = "stopped", "it cannot go on"
        READY = "ready"

    study = models.OneToOneField(Study, on_delete=models.CASCADE, related_name="preparation")
    state = models.CharField(max_length=10, choices=State)
    leaves_out = models.BooleanField(default=False, help_text="Works that are refused are left out without asking.")
    total = models.PositiveIntegerField(default=0, help_text="How many works the worker has to make ready.")
    now = models.CharField(max_length=200, blank=True, help_text="The work in hand.")
    fraction = models.FloatField(default=0.0, help_text="How much of it is made.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often it was begun.")
    seconds = models.FloatField(default=0.0, help_text="Time that was worked.")
    holder = models.UUIDField(null=True, blank=True, help_text="The run that is at work.")
    beat_at = models.DateTimeField(null=True, blank=True, help_text="When it was last known to be.")
    brought = models.JSONField(default=dict, help_text="Judgements, marks and keys, until all works are ready.")
    rows_left_out = models.JSONField(default=dict, help_text="How many rows went with the works left out, by file.")
    trouble = models.TextField(blank=True, help_text="Why it stopped.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["making", "asking", "stopped", "ready"]), name="preparation_state_known"
            ),
        ]

    @property
    def done(self) -> int:
        """How many works are behind us, made or refused."""
        return max(0, self.total - Work.objects.filter(collection__studies=self.study_id).unmade().count())

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_making(self) -> bool:
        return self.state == self.State.MAKING


class LeftOut(models.Model):
    """A work that a study was to have and has not, because its file was refused."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="left_out")
    work = models.CharField(max_length=200)
    prompt = models.CharField(max_length=200)
    reason = models.TextField()
    remedy = models.TextField()

    class Meta:
        ordering = ["work"]
        constraints = [models.UniqueConstraint(fields=["study", "work"], name="left_out_once")]


class Generator(models.Model):
    """The system that made a work. Raters never learn it."""

    name = models.CharField(max_length=200)
    version = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="generator_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


class WorkQuerySet(models.QuerySet["Work"]):
    def unmade(self) -> "WorkQuerySet":
        """Works of which there is nothing yet that could be shown, though there will be."""
        shown = Asset.objects.filter(work=OuterRef("pk"), role=Asset.Role.SHOWN)
        return self.exclude(medium=Work.Medium.ABSENT).filter(~Exists(shown))

    def cleared(self, *purposes: str) -> "WorkQuerySet":
        """Works with a live clearance that names a basis and every one of these purposes."""
        return self.filter(Exists(Clearance.objects.live().granting(*purposes).filter(work=OuterRef("pk"))))


class Work(models.Model):
    """One creative output, machine- or human-made, that answers one prompt."""

    class Medium(models.TextChoices):
        TEXT = "text"
        IMAGE = "image"
        MOTION = "motion"
        VIDEO = "video"
        AUDIO = "audio"
        MODEL = "model"
        ABSENT = "absent"

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="works")
    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="works")
    external_id = models.CharField(max_length=200)
    generator = models.ForeignKey(Generator, null=True, blank=True, on_delete=models.PROTECT, related_name="works")
    maker = models.CharField(max_length=200, blank=True)
    medium = models.CharField(max_length=10, choices=Medium)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the original content; links copies.")
    metadata = models.JSONField(default=dict, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="work_by_content")]
        constraints = [
            models.UniqueConstraint(fields=["collection", "external_id"], name="work_once_per_collection"),
            models.CheckConstraint(
                condition=Q(generator__isnull=False, maker="") | (Q(generator__isnull=True) & ~Q(maker="")),
                name="work_made_by_one",
            ),
            models.CheckConstraint(
                condition=Q(medium__in=["text", "image", "motion", "video", "audio", "model", "absent"]),
                name="work_medium_known",
            ),
            models.CheckConstraint(condition=Q(medium="absent") | ~Q(sha256=""), name="work_content_is_hashed"),
        ]

    def __str__(self) -> str:
        return self.external_id


class Asset(models.Model):
    """A file of a work: the original, kept apart, or what raters see: the work, its still, its strip of stills."""

    class Role(models.TextChoices):
        ORIGINAL = "original"
        SHOWN = "shown"
        POSTER = "poster"
        STRIP = "strip"

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="assets")
    role = models.CharField(max_length=10, choices=Role)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    recipe = models.CharField(max_length=40, blank=True, help_text="The version of the encoding recipe.")
    text = models.TextField(blank=True)
    facts = models.JSONField(
        default=dict, blank=True, help_text="What the bench needs to know: duration, frames, peaks."
    )
    original = models.FileField(storage=originals, max_length=200, blank=True)
    derivative = models.FileField(storage=derivatives, max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "role"], name="asset_once_per_role")]


class ClearanceQuerySet(models.QuerySet["Clearance"]):
    def live(self) -> "ClearanceQuerySet":
        """The row that counts today for each work."""
        today = now()
        return self.filter(
            Q(replaced_at__isnull=True),
            Q(valid_from__isnull=True) | Q(valid_from__lte=today),
            Q(valid_until__isnull=True) | Q(valid_until__gt=today),
        )

    def withdrawing(self) -> "ClearanceQuerySet":
        """The rows by which works are withdrawn at present."""
        return self.filter(replaced_at__isnull=True, withdrawn__gt="")

    def granting(self, *purposes: str) -> "ClearanceQuerySet":
        """Rows with a stated basis that permit all these purposes."""
        permitted = {f"may_{purpose.replace('-', '_')}": True for purpose in purposes}
        return self.filter(~Q(licence="", consent=""), **permitted)


class Clearance(models.Model):
    """What a work may be used for, and on what ground. Silence is not consent.

    A work is withdrawn by a row that says why and permits nothing; another row after it can give it back.
    """

    class Withdrawn(models.TextChoices):
        WITHDRAWN = "withdrawn", "its maker withdrew it"
        LICENCE_EXPIRED = "licence_expired", "its licence has expired"
        ERASURE = "erasure", "it was erased"
        QUALITY = "quality", "it was not fit for the study"

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="clearances")
    licence = models.CharField(max_length=200, blank=True)
    consent = models.TextField(blank=True)
    source = models.TextField(blank=True)
    may_show = models.BooleanField(default=False)
    may_export = models.BooleanField(default=False)
    may_train_reward_model = models.BooleanField(default=False)
    may_train_generator = models.BooleanField(default=False)
    may_commercial = models.BooleanField(default=False)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    stated_at = models.DateTimeField(default=now, editable=False)
    replaced_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.CharField(max_length=20, choices=Withdrawn, blank=True, help_text="Why; empty if it is not.")

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["withdrawn", "work"], name="clearance_by_withdrawal"),
            models.Index(fields=["valid_until"], name="clearance_by_end"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["work"], condition=Q(replaced_at__isnull=True), name="clearance_one_live_row"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn__in=["", "withdrawn", "licence_expired", "erasure", "quality"]),
                name="clearance_withdrawn_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn="")
                | Q(
                    may_show=False,
                    may_export=False,
                    may_train_reward_model=False,
                    may_train_generator=False,
                    may_commercial=False,
                ),
                name="clearance_withdrawn_permits_nothing",
            ),
        ]

    @property
    def has_basis(self) -> bool:
        return bool(self.licence or self.consent)

    def lacks(self, *purposes: str) -> list[str]:
        """Those of the purposes that this row does not permit."""
        return [purpose for purpose in purposes if not self._permits(purpose)]

    def _permits(self, purpose: str) -> bool:
        permitted: Any = getattr(self, f"may_{purpose.replace('-', '_')}")
        return self.has_basis and bool(permitted)
