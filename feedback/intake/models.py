"""Files of a study to be, on their way in from a browser."""

from datetime import timedelta
from pathlib import PurePosixPath

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.timezone import now

from feedback.people.models import User, random_id
from feedback.studies.models import Study

STUDY_FILE = "study.toml"
SILENT_AFTER = timedelta(minutes=2)


def uploads() -> Storage:
    return storages["uploads"]


class Delivery(models.Model):
    """What somebody sends to make a study of; its files are kept until the study is stored or it is called off."""

    class State(models.TextChoices):
        OPEN = "open", "files are coming in"
        READING = "reading", "the worker reads them"
        REFUSED = "refused", "something has to be put right"
        STORED = "stored"

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deliveries")
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=100)
    form = models.CharField(max_length=10, choices=Study.Form, default=Study.Form.PAIR)
    set_size = models.PositiveSmallIntegerField(default=3, help_text="How many works are ranked at once.")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    leaves_out = models.BooleanField(default=False, help_text="Works that are refused are left out.")
    arranged = models.JSONField(default=dict, help_text="Where no study.toml came along: prompts, works and rights.")
    stage = models.CharField(max_length=20, blank=True, help_text="What the worker is at.")
    done = models.FloatField(default=0.0)
    total = models.PositiveIntegerField(default=0)
    heard_at = models.DateTimeField(null=True, blank=True, help_text="When the worker was last heard of.")
    faults = models.JSONField(default=list, help_text="What has to be put right: file, line, field, message.")
    warnings = models.JSONField(default=list)
    study = models.ForeignKey(Study, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    begun_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["begun_at"], name="delivery_oldest_first")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "reading", "refused", "stored"]), name="delivery_state_known"
            ),
            models.CheckConstraint(condition=Q(form__in=["pair", "set", "rating"]), name="delivery_form_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether files may be added, taken away and arranged."""
        return self.state in {self.State.OPEN, self.State.REFUSED}

    @property
    def is_silent(self) -> bool:
        """Nothing has been heard of the worker for so long that it may have ended."""
        return self.state == self.State.READING and now() - (self.heard_at or self.begun_at) > SILENT_AFTER

    @property
    def percent(self) -> int:
        return int(100 * self.done / self.total) if self.total else 0

    @property
    def bytes(self) -> int:
        """Of all files as they were told, whether here already or not."""
        return int(self.files.aggregate(sum=Sum("bytes"))["sum"] or 0)


class DeliveredFile(models.Model):
    """A file that is sent in parts; whole when all its bytes are here."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=500, help_text="Where it lies in its folder.")
    bytes = models.PositiveBigIntegerField()
    modified = models.BigIntegerField(default=0, help_text="When it was last changed, in ms: tells another version.")
    received = models.PositiveBigIntegerField(default=0)
    parts = models.JSONField(default=list, help_text="The names of its parts where uploads are kept, in order.")

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "path"], name="delivered_file_once"),
            models.CheckConstraint(condition=Q(received__lte=F("bytes")), name="delivered_file_not_beyond_its_end"),
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def is_whole(self) -> bool:
        return self.received == self.bytes

    @property
    def is_study_file(self) -> bool:
        """At the top, or in the one folder that was chosen."""
        path = PurePosixPath(self.path)
        return path.name == STUDY_FILE and len(path.parts) <= 2

    @property
    def is_zip(self) -> bool:
        return self.path.lower().endswith(".zip")
