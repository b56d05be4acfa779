"""What the API remembers between requests: allowances used, and files on their way in."""

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from feedback.people.models import User, random_id


def uploads() -> Storage:
    return storages["uploads"]


class Allowance(models.Model):
    """How much of one kind a person has asked for since the window began."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    since = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="allowance_once_per_kind")]


class Upload(models.Model):
    """A file that a person sends in parts, until works name it; whole when all its bytes are here and are the right ones."""

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200, help_text="Its name; only the ending is used.")
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    received = models.PositiveBigIntegerField(default=0)
    parts = models.JSONField(default=list, help_text="The names of its parts where uploads are kept, in order.")
    begun_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["begun_at"], name="upload_oldest_first")]
        constraints = [
            models.UniqueConstraint(fields=["user", "sha256"], name="upload_once_per_content"),
            models.CheckConstraint(condition=Q(received__lte=F("bytes")), name="upload_not_beyond_its_end"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_whole(self) -> bool:
        return self.received == self.bytes
