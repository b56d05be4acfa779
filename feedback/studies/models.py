"""Studies, their criteria, and memberships."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from feedback.people.models import User


class Study(models.Model):
    """One question put to a panel."""

    class Form(models.TextChoices):
        PAIR = "pair"
        SET = "set"
        RATING = "rating"

    class Scale(models.TextChoices):
        CHOICE = "choice"
        STRENGTH = "strength"

    class Rationale(models.TextChoices):
        OFF = "off"
        OPTIONAL = "optional"
        REQUIRED = "required"

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    brief = models.TextField(blank=True)
    form = models.CharField(max_length=10, choices=Form, default=Form.PAIR)
    set_size = models.PositiveSmallIntegerField(default=2, help_text="How many works a comparison holds.")
    scale = models.CharField(max_length=10, choices=Scale, default=Scale.CHOICE)
    overlap = models.PositiveSmallIntegerField(default=1, help_text="How many raters judge each comparison.")
    rationale = models.CharField(max_length=10, choices=Rationale, default=Rationale.OPTIONAL)
    content_digest = models.CharField(max_length=64, blank=True, help_text="Of the files it was imported from.")
    criteria_version = models.PositiveIntegerField(default=1, help_text="Rises when the criteria change.")
    created_at = models.DateTimeField(default=now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "studies"
        constraints = [
            models.CheckConstraint(condition=Q(form__in=["pair", "set", "rating"]), name="study_form_known"),
            models.CheckConstraint(condition=Q(scale__in=["choice", "strength"]), name="study_scale_known"),
            models.CheckConstraint(
                condition=Q(rationale__in=["off", "optional", "required"]), name="study_rationale_known"
            ),
            models.CheckConstraint(condition=Q(overlap__gte=1), name="study_overlap_positive"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False), name="study_opened_before_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> str:
        """One of draft, open, closed."""
        if self.closed_at:
            return "closed"
        return "open" if self.opened_at else "draft"

    @property
    def is_open(self) -> bool:
        return self.state == "open"


class Criterion(models.Model):
    """A quality to judge by; its wording is frozen once judged, a change makes the next version."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="criteria")
    slug = models.SlugField(max_length=100)
    version = models.PositiveIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=100)
    definition = models.TextField(blank=True)
    strong = models.TextField(blank=True, help_text="What a strong work does.")
    weak = models.TextField(blank=True, help_text="What a weak work does.")

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["study", "slug", "version"], name="criterion_once_per_version"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a user may do in a study."""

    class Role(models.TextChoices):
        RATER = "rater"
        LEAD = "lead"
        ENGINEER = "engineer"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    since = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "study", "role"], name="membership_once_per_role"),
            models.CheckConstraint(condition=Q(role__in=["rater", "lead", "engineer"]), name="membership_role_known"),
        ]
