"""Rounds of comparisons, who was handed which, and every answer given."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import now

from feedback.judging.withdrawals import Withdrawal
from feedback.people.models import DeviceCheck, Rater, random_id
from feedback.studies.models import Criterion, Study
from feedback.works.models import Prompt, Work


class Purpose(models.TextChoices):
    """Why a comparison is asked."""

    UNIFORM = "uniform"
    INFORMATIVE = "informative"
    LINK = "link"
    GOLD = "gold"
    REPEAT = "repeat"
    TRAINING = "training"
    IMPORTED = "imported"


class Round(models.Model):
    """Comparisons opened together, with the reason and the seed."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="rounds")
    purpose = models.CharField(max_length=12, choices=Purpose)
    seed = models.BigIntegerField()
    opened_at = models.DateTimeField(default=now, editable=False)


class Comparison(models.Model):
    """Works of one prompt put side by side: the question."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="comparisons")
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="comparisons")
    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="comparisons")
    purpose = models.CharField(max_length=12, choices=Purpose)
    position = models.PositiveIntegerField(help_text="Its place in the queue, drawn from the round's seed.")
    turn = models.PositiveSmallIntegerField(default=0, help_text="The entry that the first rater sees first.")
    size = models.PositiveSmallIntegerField(help_text="How many works it holds.")
    expected = models.JSONField(
        null=True, blank=True, help_text="An expert's key where there is one: for each criterion's slug the ranks."
    )
    lesson = models.TextField(blank=True, help_text="The expert's reason, told after a training comparison.")
    repeats = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="repeated", help_text="Asked again."
    )
    only_for = models.ForeignKey(
        Rater, null=True, blank=True, on_delete=models.CASCADE, related_name="+", help_text="Nobody else is asked."
    )
    cohort = models.CharField(max_length=100, blank=True, help_text="Only raters of this cohort are asked.")
    places = models.PositiveIntegerField(help_text="How many raters it is for.")
    places_taken = models.PositiveIntegerField(default=0)
    handed_out = models.PositiveIntegerField(default=0, help_text="How often it was put on a screen; turns the order.")

    class Meta:
        indexes = [
            models.Index(
                fields=["study", "position"], condition=Q(places_taken__lt=F("places")), name="comparison_queue"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="comparison_once_per_position"),
            models.CheckConstraint(condition=Q(places_taken__lte=F("places")), name="comparison_overlap_kept"),
            models.CheckConstraint(condition=Q(size__gte=1), name="comparison_holds_works"),
        ]


class Entry(models.Model):
    """A work in a comparison, at an index that has nothing to do with the screen."""

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="entries")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="entries")
    index = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["comparison", "work"], name="entry_work_once"),
            models.UniqueConstraint(fields=["comparison", "index"], name="entry_index_once"),
        ]


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def kept(self) -> Self:
        """Those of raters who have not withdrawn from their study."""
        gone = Withdrawal.objects.live().filter(study=OuterRef("study"), rater=OuterRef("rater"))
        return self.filter(~Exists(gone))

    def answered(self) -> Self:
        return self.filter(latest__kind=Submission.Kind.ANSWER)

    def waiting(self) -> Self:
        """Handed out, place held, and not (or no longer) answered."""
        return self.filter(Q(latest__isnull=True) | Q(latest__kind=Submission.Kind.RETRACTION), holds_place=True)

    def expired(self) -> Self:
        return self.waiting().filter(leased_until__lt=now())


class Assignment(models.Model):
    """A comparison handed to one rater, with the order on the screen and the lease."""

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="assignments")
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="assignments")
    rater = models.ForeignKey(Rater, on_delete=models.PROTECT, related_name="assignments")
    shown_order = models.JSONField(help_text="Entry indexes as they stood on the screen, left to right.")
    handed_out_at = models.DateTimeField(default=now)
    leased_until = models.DateTimeField()
    holds_place = models.BooleanField(default=True, help_text="Whether it counts towards the overlap.")
    latest = models.OneToOneField(
        "Submission",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="latest_of",
        editable=False,
        help_text="The newest, which alone counts; none while the rater is withdrawn.",
    )

    objects = AssignmentQuerySet.as_manager()
    withdrawn: bool  # whether the rater is; like the next, only where an action annotates it
    done: int  # how many the rater has answered in the study; only where an action annotates it

    class Meta:
        indexes = [
            models.Index(fields=["rater", "study"], name="assignment_of_rater"),
            models.Index(fields=["study", "leased_until"], name="assignment_by_lease"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["comparison", "rater"], name="assignment_once_per_rater"),
        ]


class Submission(models.Model):
    """One press of the key: answers on every criterion, or a retraction. Never changed."""

    class Kind(models.TextChoices):
        ANSWER = "answer"
        RETRACTION = "retraction"

    key = models.UUIDField(unique=True, help_text="Made with the page, so that a retry is known as one.")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="submissions")
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="submissions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField(default=now, editable=False)
    dwell_ms = models.PositiveIntegerField(null=True, blank=True, help_text="How long it was on the screen.")
    seen = models.JSONField(default=list, blank=True, help_text="What was seen of each entry, and for how long.")
    device = models.ForeignKey(
        DeviceCheck, null=True, blank=True, on_delete=models.SET_NULL, related_name="submissions", editable=False
    )
    late = models.BooleanField(default=False, help_text="The lease had run out.")
    extra = models.BooleanField(default=False, help_text="It came late and its place was gone: kept, beyond overlap.")

    class Meta:
        indexes = [models.Index(fields=["study", "id"], name="submission_by_study")]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "number"], name="submission_numbered"),
            models.CheckConstraint(condition=Q(kind__in=["answer", "retraction"]), name="submission_kind_known"),
        ]


class Rationale(models.Model):
    """The sentence that goes with a submission, in a row of its own so that it can be erased."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="rationale")
    text = models.TextField()


class Mark(models.Model):
    """A reason pinned to its place in a work; places are exact, in the units of the original."""

    class Kind(models.TextChoices):
        POINT = "point"
        BOX = "box"
        BRUSH = "brush"
        MOMENT = "moment"
        SPAN = "span"
        WORDS = "words"
        SPOT = "spot"

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(Criterion, null=True, blank=True, on_delete=models.PROTECT, related_name="marks")
    number = models.PositiveSmallIntegerField(help_text="Its order in the submission.")
    entry = models.PositiveSmallIntegerField(help_text="The index of the entry it lies on.")
    kind = models.CharField(max_length=10, choices=Kind)
    place = models.JSONField()
    tag = models.CharField(max_length=100, blank=True)
    sign = models.SmallIntegerField(help_text="1 speaks for the work, -1 against it.")
    note = models.TextField(blank=True)
    claim = models.CharField(max_length=200, blank=True, help_text="A predicate such as shadow_falls(left).")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="mark_numbered"),
            models.CheckConstraint(condition=Q(sign__in=[-1, 1]), name="mark_is_for_or_against"),
            models.CheckConstraint(
                condition=Q(kind__in=["point", "box", "brush", "moment", "span", "words", "spot"]),
                name="mark_kind_known",
            ),
        ]


class Draft(models.Model):
    """What a rater has entered and not yet sent, so that another device can go on with it."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="draft")
    said = models.JSONField()
    saved_at = models.DateTimeField(default=now)


class Flag(models.Model):
    """A rater's word to the lead about a comparison, beside the answer."""

    class Reason(models.TextChoices):
        RECOGNISED = "recognised", "I recognise the maker"
        BROKEN = "broken", "Something is broken"
        UNFIT = "unfit", "Not fit to be shown"
        OTHER = "other", "Something else"

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=12, choices=Reason)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "reason"], name="flag_once_per_reason"),
            models.CheckConstraint(
                condition=Q(reason__in=["recognised", "broken", "unfit", "other"]), name="flag_reason_known"
            ),
        ]


class Example(models.Model):
    """A work shown beside a criterion's anchor texts; whoever has read them knows it, so it is never compared."""

    class Shows(models.TextChoices):
        STRONG = "strong"
        WEAK = "weak"

    public_id = models.UUIDField(default=random_id, unique=True, editable=False)
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="examples")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="examples")
    shows = models.CharField(max_length=6, choices=Shows)
    note = models.TextField(blank=True, help_text="Why, as raters read it.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "work"], name="example_once_per_criterion"),
            models.CheckConstraint(condition=Q(shows__in=["strong", "weak"]), name="example_shows_known"),
        ]


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def live(self) -> Self:
        """Those of each assignment's latest submission."""
        return self.filter(submission__latest_of__isnull=False)

    def on(self, criterion: Criterion) -> Self:
        return self.filter(criterion=criterion)

    def answered(self) -> Self:
        return self.filter(outcome=Judgement.Outcome.ANSWERED)


class Judgement(models.Model):
    """One answer on one criterion: `ranks` aligned with the entries, 1 = best, equal = tie."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered"
        CANNOT_JUDGE = "cannot_judge"
        SKIPPED = "skipped"

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="judgements")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="judgements")
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.ANSWERED)
    ranks = models.JSONField(null=True, blank=True)
    strength = models.SmallIntegerField(null=True, blank=True, help_text="-3..3, positive favours entry 0.")
    score = models.FloatField(null=True, blank=True)
    acceptable = models.JSONField(null=True, blank=True, help_text="True, false or null for each entry.")

    objects = JudgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "criterion"], name="judgement_once_per_criterion"),
            models.CheckConstraint(
                condition=Q(outcome__in=["answered", "cannot_judge", "skipped"]), name="judgement_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(strength__isnull=True) | Q(strength__gte=-3, strength__lte=3),
                name="judgement_strength_range",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="answered") | Q(ranks__isnull=False) | Q(score__isnull=False),
                name="judgement_answered_says_something",
            ),
        ]
