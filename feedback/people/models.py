"""Users, raters, sign-in links, consent and the audit trail."""

import secrets
import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now


def random_id() -> uuid.UUID:
    """128 random bits: an id that tells nothing about what it names."""
    return uuid.UUID(int=secrets.randbits(128))


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(public_id=uuid.UUID(username))


class User(AbstractBaseUser):
    """Somebody who signs in, by link: there are no passwords."""

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=now, editable=False)
    letter_keys = models.BooleanField(default=True, help_text="Whether single letters are shortcuts on the bench.")

    USERNAME_FIELD = "public_id"
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="user_has_a_name")]

    def __str__(self) -> str:
        return self.name


class Rater(models.Model):
    """The hand that judged: outlives the user it belongs to, so that scores survive an erasure."""

    class Kind(models.TextChoices):
        PERSON = "person"
        SIMULATED = "simulated"
        MACHINE = "machine"

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="rater")
    origin = models.CharField(max_length=200, blank=True, help_text="Where an imported or simulated rater comes from.")
    label = models.CharField(max_length=200, blank=True, help_text="What that place calls the rater.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "label"], condition=~Q(origin=""), name="rater_once_per_origin"),
            models.CheckConstraint(condition=Q(kind__in=["person", "simulated", "machine"]), name="rater_kind_known"),
        ]

    def __str__(self) -> str:
        return self.user.name if self.user else self.label or f"rater {self.public_id.hex[:8]}"


class SignInLink(models.Model):
    """An invitation to sign in once; only its signature leaves the database."""

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    goes_to = models.CharField(max_length=300, blank=True, help_text="The page it leads to.")
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="link_lives_a_while")]


class SignInAttempt(models.Model):
    """A failed try to sign in, kept to slow guessing down across all processes."""

    address = models.CharField(max_length=64)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="attempt_by_address")]


class ConsentText(models.Model):
    """What raters agree to; a new wording is a new version."""

    version = models.PositiveIntegerField(unique=True)
    body = models.TextField()
    created_at = models.DateTimeField(default=now, editable=False)

    def __str__(self) -> str:
        return f"version {self.version}"


class Consent(models.Model):
    """One rater's agreement to one version of the consent text."""

    rater = models.ForeignKey(Rater, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    agreed_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rater", "text"], name="consent_once_per_version")]


class AuditEntry(models.Model):
    """A change that matters, written in the same transaction as the change itself."""

    at = models.DateTimeField(default=now, editable=False)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="audit_by_subject")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An audit entry is written once and never changed.")
        super().save(*args, **kwargs)
