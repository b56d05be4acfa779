"""Users, raters, sign-in links, consent and the audit trail."""

import secrets
import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.timezone import now

SCOPES = ("read", "write", "export")


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

    keymap = models.JSONField(default=dict, blank=True, help_text="Keys of the bench that the user has moved.")
    break_after = models.PositiveSmallIntegerField(default=30, help_text="Minutes until a break is suggested; 0 never.")
    makes_studies = models.BooleanField(default=False, help_text="May create studies, also while leading none.")

    USERNAME_FIELD = "public_id"
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="user_has_a_name")]

    def __str__(self) -> str:
        return self.name


class RaterManager(models.Manager["Rater"]):
    def sharing_words(self) -> "models.QuerySet[Rater]":
        """Those whose own sentences may leave with releases: nobody's are, where no person judged.

        Raters from elsewhere agreed there, if those who brought their judgements say so.
        """
        newest = Consent.objects.filter(rater=OuterRef("pk")).order_by("-text__version").values("words")[:1]
        return self.annotate(words=Subquery(newest)).filter(
            Q(words=True) | Q(agreed_elsewhere=True) | ~Q(kind=Rater.Kind.PERSON)
        )


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
    cohort = models.CharField(max_length=100, blank=True, help_text="The group the rater judges with: composers.")
    agreed_elsewhere = models.BooleanField(default=False, help_text="Whether the rater's own words may leave.")

    objects: ClassVar[RaterManager] = RaterManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "label"], condition=~Q(origin=""), name="rater_once_per_origin"),
            models.CheckConstraint(condition=Q(kind__in=["person", "simulated", "machine"]), name="rater_kind_known"),
        ]

    def __str__(self) -> str:
        return self.user.name if self.user else self.label or f"rater {self.public_id.hex[:8]}"


class DeviceCheck(models.Model):
    """What a rater's screen and sound were found to be; judgements name the one they were made on."""

    rater = models.ForeignKey(Rater, on_delete=models.CASCADE, related_name="device_checks")
    found = models.JSONField(help_text="Resolution, pixel ratio, the gamma steps and the tones that were told apart.")
    at = models.DateTimeField(default=now, editable=False)


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
    words = models.BooleanField(default=False, help_text="Whether the rater's own sentences may leave with releases.")
    words_until = models.DateTimeField(null=True, blank=True, help_text="When the rater last took them back.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rater", "text"], name="consent_once_per_version")]


class Token(models.Model):
    """A person's key to the API: what it opens, until when, and the hash of its secret, which is shown once."""

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100, help_text="What it is for, in its owner's words.")
    prefix = models.CharField(max_length=16, unique=True, help_text="The part that may be seen, to know it by.")
    sha256 = models.CharField(max_length=64)
    may_read = models.BooleanField(default=False)
    may_write = models.BooleanField(default=False)
    may_export = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True, help_text="The last use, to the minute.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_lives_a_while"),
            models.CheckConstraint(
                condition=Q(may_read=True) | Q(may_write=True) | Q(may_export=True), name="token_opens_something"
            ),
        ]

    def __str__(self) -> str:
        return self.prefix

    @property
    def scopes(self) -> list[str]:
        return [scope for scope in SCOPES if getattr(self, f"may_{scope}")]

    @property
    def state(self) -> str:
        """One of live, expired, revoked."""
        if self.revoked_at:
            return "revoked"
        return "live" if self.expires_at > now() else "expired"


class AuditEntry(models.Model):
    """A change that matters, written in the same transaction as the change itself."""

    at = models.DateTimeField(default=now, editable=False)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    study = models.CharField(max_length=100, blank=True, help_text="The slug of the study that it is about.")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_by_subject"),
            models.Index(fields=["study", "at"], name="audit_by_study"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An audit entry is written once and never changed.")
        super().save(*args, **kwargs)
