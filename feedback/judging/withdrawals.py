"""Raters whose answers in a study do not count."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from feedback.people.models import Rater, User
from feedback.studies.models import Study


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    def live(self) -> Self:
        return self.filter(restored_at__isnull=True)


class Withdrawal(models.Model):
    """A rater's answers in a study taken out of everything, as if never given; while it lasts none of them is live."""

    class Reason(models.TextChoices):
        WITHDRAWN = "withdrawn", "the rater withdrew"
        ERASURE = "erasure", "the rater's answers were erased"
        QUALITY = "quality", "the answers cannot be relied on"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="withdrawals")
    rater = models.ForeignKey(Rater, on_delete=models.PROTECT, related_name="withdrawals")
    reason = models.CharField(max_length=20, choices=Reason)
    at = models.DateTimeField(default=now, editable=False)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    restored_at = models.DateTimeField(null=True, blank=True)
    restored_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "rater"], condition=Q(restored_at__isnull=True), name="withdrawal_one_live_row"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["withdrawn", "erasure", "quality"]), name="withdrawal_reason_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason="erasure") | Q(restored_at__isnull=True), name="withdrawal_erasure_stays"
            ),
        ]
