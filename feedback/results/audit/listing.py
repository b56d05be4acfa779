"""Which comparisons were judged: the most disputed or the newest first, narrowed down to what the lead looks for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Max, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from feedback.judging.models import Assignment, Comparison, Flag, Judgement, Mark, Purpose, Submission
from feedback.judging.qualification import agree
from feedback.results.models import Dispute, Resolution
from feedback.studies.models import Study

DISPUTED, NEWEST = "disputed", "newest"
ANSWER = Submission.Kind.ANSWER


@dataclass(frozen=True)
class Wanted:
    """What the lead looks for; `criterion` is a slug, `rater` a primary key."""

    order: str = NEWEST
    criterion: str = ""
    rater: int | None = None
    prompt: str = ""
    marks: bool = False
    flags: bool = False
    missed: bool = False
    undecided: bool = False


@dataclass(frozen=True)
class Row:
    """A comparison of the list, with what is annotated; how many missed its key, and what was decided, in words."""

    comparison: Any
    missed: int
    decided: str


@dataclass(frozen=True)
class Listing:
    """The comparisons that are wanted, in order, by primary key."""

    study: Study
    wanted: Wanted
    missed: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, study: Study, wanted: Wanted) -> "Listing":
        return cls(study, wanted, missed_keys(study) if wanted.missed else Counter())

    def keys(self) -> QuerySet[Any, int]:
        """In order; from an index alone as far as it is read."""
        return self._disputed() if self.wanted.order == DISPUTED else self._newest()

    def neighbours(self, comparison: Comparison) -> tuple[int | None, int | None]:
        """What stands before and behind the comparison; where it is not in the list any more, the first is next."""
        if self.wanted.order == NEWEST:
            return self._newer_and_older(comparison)
        keys = list(self.keys())
        if comparison.pk not in keys:
            return None, keys[0] if keys else None
        at = keys.index(comparison.pk)
        return keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None

    def _disputed(self) -> QuerySet[Any, int]:
        rows = Dispute.objects.filter(study=self.study)
        if self.wanted.criterion:
            rows = rows.filter(criterion__slug=self.wanted.criterion)
        worst = self._narrowed(rows, "comparison").values("comparison").annotate(worst=Max("value"))
        return worst.order_by("-worst", "comparison").values_list("comparison", flat=True)

    def _newest(self) -> QuerySet[Any, int]:
        return self._last_answers().order_by("-id").values_list("assignment__comparison", flat=True)

    def _last_answers(self) -> QuerySet[Submission]:
        """The last answer on each comparison; the rater's own where one is wanted, for those are few."""
        answers = Submission.objects.filter(study=self.study, kind=ANSWER, latest_of__isnull=False)
        if self.wanted.rater:
            answers = answers.filter(assignment__rater=self.wanted.rater)
        else:
            beside = Assignment.objects.filter(comparison=OuterRef("assignment__comparison"))
            answers = answers.filter(~Exists(beside.filter(latest__kind=ANSWER, latest__gt=OuterRef("id"))))
        return self._narrowed(answers, "assignment__comparison")

    def _newer_and_older(self, comparison: Comparison) -> tuple[int | None, int | None]:
        answers = self._last_answers()
        own = answers.filter(assignment__comparison=comparison).aggregate(last=Max("id"))["last"] or 0
        rows = answers.values_list("assignment__comparison", flat=True)
        return rows.filter(id__gt=own).order_by("id").first(), rows.filter(id__lt=own).order_by("-id").first()

    def _narrowed[Row: Model](self, rows: QuerySet[Row], comparison: str) -> QuerySet[Row]:
        """Those of the rows whose comparison, found by that way, is wanted."""
        wanted, this = self.wanted, OuterRef(comparison)
        if wanted.rater and wanted.order == DISPUTED:
            mine = Assignment.objects.filter(comparison=this, rater=wanted.rater, latest__kind=ANSWER)
            rows = rows.filter(Exists(mine))
        if wanted.prompt:
            prompt = f"{comparison}__prompt__"
            named = Q(**{f"{prompt}text__icontains": wanted.prompt}) | Q(**{f"{prompt}external_id": wanted.prompt})
            rows = rows.filter(named)
        if wanted.marks:
            rows = rows.filter(Exists(Mark.objects.filter(submission__latest_of__comparison=this).order_by()))
        if wanted.flags:
            rows = rows.filter(Exists(Flag.objects.filter(assignment__comparison=this)))
        if wanted.missed:
            rows = rows.filter(**{f"{comparison}__in": list(self.missed)})
        if wanted.undecided:
            rows = rows.filter(~Exists(Resolution.objects.live().filter(comparison=this)))
        return rows


def page_of(listing: Listing, number: int, size: int) -> tuple[list[Row], bool]:
    """The rows of a page, and whether there is another."""
    keys = list(listing.keys()[(number - 1) * size : number * size + 1])
    found = {comparison.pk: comparison for comparison in _told(keys[:size])}
    rows = [_row(found[key], listing.missed[key]) for key in keys[:size]]
    return rows, len(keys) > size


def _row(comparison: Any, missed: int) -> Row:
    decided = Resolution.Kind(comparison.decided).label if comparison.decided else ""
    return Row(comparison, missed, decided)


def missed_keys(study: Study) -> Counter[int]:
    """By comparison with a hidden key: how many answers are not the key's on some criterion."""
    rows = (
        Judgement.objects.live()
        .filter(submission__study=study, submission__assignment__comparison__purpose=Purpose.GOLD)
        .values_list(
            "submission",
            "submission__assignment__comparison",
            "submission__assignment__comparison__expected",
            "criterion__slug",
            "ranks",
        )
    )
    missed = {
        (submission, comparison)
        for submission, comparison, expected, slug, ranks in rows.iterator()
        if expected and slug in expected and not agree(expected[slug], ranks)
    }
    return Counter(comparison for _, comparison in missed)


def _told(keys: Sequence[int]) -> QuerySet[Any]:
    """The comparisons with what the list says of each."""
    live = Assignment.objects.filter(comparison=OuterRef("pk"), latest__kind=ANSWER)
    worst = Dispute.objects.filter(comparison=OuterRef("pk")).order_by("-value")
    decided = Resolution.objects.live().filter(comparison=OuterRef("pk")).order_by("-id")
    return (
        Comparison.objects.filter(pk__in=keys)
        .select_related("prompt")
        .annotate(
            answers=_number(live),
            last=Subquery(live.order_by("-latest").values("latest__at")[:1]),
            marks=_number(Mark.objects.filter(submission__latest_of__comparison=OuterRef("pk"))),
            flags=_number(Flag.objects.filter(assignment__comparison=OuterRef("pk"))),
            disputed_on=Subquery(worst.values("criterion__name")[:1]),
            dispute=Subquery(worst.values("value")[:1]),
            decided=Subquery(decided.values("kind")[:1]),
        )
    )


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many there are, for each row of the outer query."""
    together = rows.order_by().annotate(all=Value(1)).values("all")
    return Coalesce(Subquery(together.annotate(number=Count("pk")).values("number")), 0)
