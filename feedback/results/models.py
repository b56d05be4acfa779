"""Fits and their estimates, written once and kept."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from feedback.judging.models import Comparison, Round
from feedback.people.models import Rater, User
from feedback.studies.models import Criterion, Study
from feedback.works.models import Generator, Work


class Fit(models.Model):
    """One run of a model on one criterion: settings, population, code version and cut-off."""

    class Level(models.TextChoices):
        WORKS = "works"
        GENERATORS = "generators"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="fits")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="fits")
    level = models.CharField(max_length=10, choices=Level)
    model = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    code_version = models.CharField(max_length=40)
    cutoff = models.PositiveBigIntegerField(help_text="The last submission it may have seen.")
    submissions = models.PositiveIntegerField(
        help_text="How many submissions and withdrawals there were: more now means it is stale."
    )
    judgements = models.PositiveIntegerField()
    tie = models.FloatField(null=True, blank=True)
    position = models.FloatField(null=True, blank=True, help_text="Logit added to the work shown first, in pairs.")
    position_error = models.FloatField(null=True, blank=True, help_text="Its standard error.")
    fitted_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["study", "-id"], name="fit_newest_first")]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=["works", "generators"]), name="fit_level_known"),
        ]


class Estimate(models.Model):
    """One work's or generator's strength in logits, with its interval."""

    fit = models.ForeignKey(Fit, on_delete=models.CASCADE, related_name="estimates")
    work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.CASCADE, related_name="estimates")
    generator = models.ForeignKey(Generator, null=True, blank=True, on_delete=models.CASCADE, related_name="estimates")
    value = models.FloatField()
    standard_error = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    judgements = models.PositiveIntegerField()
    component = models.PositiveIntegerField(help_text="Values compare only within one component.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fit", "work"], name="estimate_once_per_work"),
            models.UniqueConstraint(fields=["fit", "generator"], name="estimate_once_per_generator"),
            models.CheckConstraint(
                condition=Q(work__isnull=False, generator__isnull=True) | Q(work__isnull=True, generator__isnull=False),
                name="estimate_of_one",
            ),
        ]


class Live(models.Model):
    """How far a fit's strengths have moved by the judgements that came since; the next fit begins without."""

    fit = models.OneToOneField(Fit, on_delete=models.CASCADE, related_name="live")
    cutoff = models.PositiveBigIntegerField(help_text="The last submission that was taken in.")
    judgements = models.PositiveIntegerField(help_text="How many it stands on by now.")
    moves = models.JSONField(help_text="Logits by the id of the work or generator; what hardly moved is left out.")
    at = models.DateTimeField(default=now, editable=False)


class Report(models.Model):
    """Everything the lead's page tells, computed by the worker after a fit, and kept: pages read, they never compute."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="reports")
    cutoff = models.PositiveBigIntegerField(help_text="The last submission it may have seen.")
    submissions = models.PositiveIntegerField(help_text="What has happened so far, counted as fits count it.")
    code_version = models.CharField(max_length=40)
    seconds = models.FloatField(help_text="How long it took.")
    told = models.JSONField()
    made_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["study", "-id"], name="report_newest_first")]


class ExclusionQuerySet(models.QuerySet["Exclusion"]):
    def live(self) -> Self:
        return self.filter(lifted_at__isnull=True)


class Exclusion(models.Model):
    """A rater whose judgements a lead keeps out of the scores, with the reason; lifted, it stays on record."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="exclusions")
    rater = models.ForeignKey(Rater, on_delete=models.CASCADE, related_name="exclusions")
    reason = models.TextField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "rater"], condition=Q(lifted_at__isnull=True), name="exclusion_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exclusion_has_a_reason"),
        ]


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    def live(self) -> Self:
        return self.filter(undone_at__isnull=True)


class Resolution(models.Model):
    """What a lead decided about a disputed comparison."""

    class Kind(models.TextChoices):
        RESOLVED = "resolved", "settled"
        SENT_BACK = "sent-back", "asked again"
        GOLD = "gold", "made a hidden check"
        GOLDEN = "golden", "taken into the golden set"

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="resolutions")
    kind = models.CharField(max_length=10, choices=Kind)
    ranks = models.JSONField(default=dict, help_text="By criterion: what holds, aligned with the entries.")
    note = models.TextField(blank=True)
    opened = models.ForeignKey(
        Round, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="What is asked since then."
    )
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["resolved", "sent-back", "gold", "golden"]), name="resolution_kind_known"
            ),
            models.UniqueConstraint(
                fields=["comparison", "kind"],
                condition=Q(undone_at__isnull=True) & ~Q(kind="sent-back"),
                name="resolution_one_of_a_kind",
            ),
        ]


class Dispute(models.Model):
    """How far the answers on a comparison contradict one another and the scores; the worst of each criterion are kept."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="disputes")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="disputes")
    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="disputes")
    value = models.FloatField(help_text="In nats an answer, drawn towards none where few answered.")
    answers = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["study", "-value"], name="dispute_worst_first")]
        constraints = [
            models.UniqueConstraint(fields=["comparison", "criterion"], name="dispute_once_per_criterion"),
        ]
