"""Fits and their estimates, written once and kept."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

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
    submissions = models.PositiveIntegerField(help_text="How many submissions there were: more now means it is stale.")
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
