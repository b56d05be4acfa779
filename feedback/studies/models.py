"""Studies, their criteria, and memberships."""

from django.db import models
from django.db.models import F, Q
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

    class Marks(models.TextChoices):
        OFF = "off"
        OPTIONAL = "optional"
        STRONG = "strong", "required at strong preference"

    class Exposure(models.TextChoices):
        OFF = "off"
        WHOLE = "whole"

    class Asking(models.TextChoices):
        TOGETHER = "together"
        ONE = "one", "one at a time"

    class CriteriaOrder(models.TextChoices):
        FIXED = "fixed"
        SHUFFLED = "shuffled", "another for each rater"

    class Ranking(models.TextChoices):
        FULL = "full"
        BEST = "best"
        BEST_WORST = "best-worst"

    class Selection(models.TextChoices):
        ONCE = "once", "everything at once"
        INFORMATION = "information", "what tells most"
        SWISS = "swiss", "neighbours in score"

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    brief = models.TextField(blank=True)
    form = models.CharField(max_length=10, choices=Form, default=Form.PAIR)
    set_size = models.PositiveSmallIntegerField(default=2, help_text="How many works a comparison holds.")
    scale = models.CharField(max_length=10, choices=Scale, default=Scale.CHOICE)
    overlap = models.PositiveSmallIntegerField(default=1, help_text="How many raters judge each comparison.")
    rationale = models.CharField(max_length=10, choices=Rationale, default=Rationale.OPTIONAL)
    marks = models.CharField(max_length=10, choices=Marks, default=Marks.OPTIONAL)
    tags = models.JSONField(default=list, blank=True, help_text="The vocabulary of marks; empty for the medium's own.")
    exposure = models.CharField(
        max_length=10, choices=Exposure, default=Exposure.OFF, help_text="What must have been seen before answering."
    )
    asking = models.CharField(max_length=10, choices=Asking, default=Asking.TOGETHER)
    criteria_order = models.CharField(max_length=10, choices=CriteriaOrder, default=CriteriaOrder.FIXED)
    ranking = models.CharField(
        max_length=10, choices=Ranking, default=Ranking.FULL, help_text="What is asked of a set."
    )
    guide = models.TextField(blank=True, help_text="How to judge here, as raters read it.")
    qualify_items = models.PositiveSmallIntegerField(default=0, help_text="Comparisons with a key before real work.")
    qualify_pass = models.PositiveSmallIntegerField(default=0, help_text="How many of them must agree with the key.")
    selection = models.CharField(
        max_length=12, choices=Selection, default=Selection.ONCE, help_text="How rounds after the first are chosen."
    )
    round_size = models.PositiveIntegerField(default=0, help_text="Comparisons in a round; 0 for about two per work.")
    uniform_share = models.FloatField(default=0.2, help_text="Of a round, drawn by chance alone: the audit stratum.")
    repeat_share = models.FloatField(default=0.05, help_text="Of a rater's work, asked again later, sides swapped.")
    gold_share = models.FloatField(default=0.05, help_text="Of a rater's work, taken from what has an expert's key.")
    everyone_judges_all = models.BooleanField(default=False, help_text="Each comparison is for every rater.")
    cohort_places = models.JSONField(default=dict, blank=True, help_text="At least so many raters of each cohort.")
    most_each = models.PositiveIntegerField(null=True, blank=True, help_text="Comparisons that one rater may judge.")
    most_judgements = models.PositiveIntegerField(null=True, blank=True, help_text="Comparisons judged, of all raters.")
    target = models.FloatField(default=0.8, help_text="The reliability wanted.")
    price_hour = models.FloatField(null=True, blank=True, help_text="What an hour of a rater costs.")
    content_digest = models.CharField(max_length=64, blank=True, help_text="Of the files it was imported from.")
    criteria_version = models.PositiveIntegerField(default=1, help_text="Rises when the criteria change.")
    created_at = models.DateTimeField(default=now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True, help_text="Nothing is handed out for a while.")
    archived_at = models.DateTimeField(null=True, blank=True, help_text="Kept out of the lists.")

    class Meta:
        verbose_name_plural = "studies"
        constraints = [
            models.CheckConstraint(condition=Q(form__in=["pair", "set", "rating"]), name="study_form_known"),
            models.CheckConstraint(condition=Q(scale__in=["choice", "strength"]), name="study_scale_known"),
            models.CheckConstraint(
                condition=Q(rationale__in=["off", "optional", "required"]), name="study_rationale_known"
            ),
            models.CheckConstraint(condition=Q(marks__in=["off", "optional", "strong"]), name="study_marks_known"),
            models.CheckConstraint(condition=Q(exposure__in=["off", "whole"]), name="study_exposure_known"),
            models.CheckConstraint(condition=Q(asking__in=["together", "one"]), name="study_asking_known"),
            models.CheckConstraint(condition=Q(criteria_order__in=["fixed", "shuffled"]), name="study_order_known"),
            models.CheckConstraint(condition=Q(ranking__in=["full", "best", "best-worst"]), name="study_ranking_known"),
            models.CheckConstraint(condition=Q(qualify_pass__lte=F("qualify_items")), name="study_can_be_passed"),
            models.CheckConstraint(condition=Q(overlap__gte=1), name="study_overlap_positive"),
            models.CheckConstraint(
                condition=Q(selection__in=["once", "information", "swiss"]), name="study_selection_known"
            ),
            models.CheckConstraint(
                condition=Q(uniform_share__gte=0.2, uniform_share__lte=1), name="study_keeps_an_audit_stratum"
            ),
            models.CheckConstraint(
                condition=Q(repeat_share__gte=0, repeat_share__lte=0.2, gold_share__gte=0, gold_share__lte=0.2),
                name="study_checks_with_measure",
            ),
            models.CheckConstraint(condition=Q(target__gt=0, target__lt=1), name="study_target_within_reach"),
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
