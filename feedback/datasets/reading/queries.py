"""What is read of a study for a release: rows that begin with their prompt, all in one order of the prompts."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from feedback.judging.models import Entry, Judgement, Mark, Submission
from feedback.snapshot import by_code_point
from feedback.studies.models import Study
from feedback.works.models import Asset, Clearance, Prompt, Work

type Rows = QuerySet[Any, Any]

OF_SUBMISSION = "assignment__comparison__prompt"
OF_JUDGEMENT = f"submission__{OF_SUBMISSION}"
ANSWER = Submission.Kind.ANSWER

# Columns, in the order of the tuples of a chapter.
PINNED = ("submission", "criterion__slug", "entry", "kind", "place", "tag", "sign", "note", "claim", "number")
SHOWN = ("text", "media_type", "sha256", "bytes", "width", "height", "facts", "derivative")
MADE = ("work__generator__name", "work__generator__version", "work__maker", "work__metadata")
GRANTED = ("licence", "consent", "source", "may_train_reward_model", "may_train_generator", "may_commercial")
SENT = ("assignment__comparison", "at", "assignment__rater")
TOLD = ("assignment__public_id", "number", "dwell_ms", "late", "extra")


def prompts(study: Study) -> Rows:
    of_study = Prompt.objects.filter(collection__studies=study).order_by(*_in_order(""))
    return of_study.values_list("pk", "collection__slug", "external_id", "group", "text")


def contents(study: Study, *, files: bool) -> Rows:
    """What raters saw of each work: texts, and files if they are wanted."""
    shown = Asset.objects.filter(work__collection__studies=study, role=Asset.Role.SHOWN)
    if not files:
        shown = shown.filter(work__medium=Work.Medium.TEXT)
    return shown.order_by(*_in_order("work__prompt__")).values_list("work__prompt", "work", *SHOWN)


def rights(study: Study) -> Rows:
    """Who made each work, and what it may be used for today."""
    stated = Clearance.objects.filter(work__collection__studies=study, replaced_at__isnull=True)
    return stated.order_by(*_in_order("work__prompt__")).values_list("work__prompt", "work", *MADE, *GRANTED)


def entries(study: Study) -> Rows:
    """The works of each comparison, in their order."""
    in_order = Entry.objects.filter(comparison__study=study).order_by(
        *_in_order("comparison__prompt__"), "comparison", "index"
    )
    return in_order.values_list("comparison__prompt", "comparison", "comparison__purpose", "work")


def submissions(study: Study, *, told: bool, rationales: bool) -> Rows:
    """The answers that count; lists of numbers as they are stored, for few of them differ."""
    live = Submission.objects.filter(study=study, kind=ANSWER, latest_of__isnull=False)
    sentence = ("rationale__text",) if rationales else ()
    return live.order_by(*_in_order(f"{OF_SUBMISSION}__")).values_list(
        OF_SUBMISSION, "pk", *SENT, _as_stored("assignment__shown_order"), *(TOLD if told else ()), *sentence
    )


def superseded_submissions(study: Study) -> Rows:
    """Answers that another answer of the same rater took the place of, with when; one that was taken back is gone."""
    after = Submission.objects.filter(assignment=OuterRef("assignment"), number__gt=OuterRef("number")).order_by(
        "number"
    )
    undone = Submission.objects.filter(
        study=study, kind=ANSWER, latest_of__isnull=True, assignment__latest__kind=ANSWER
    ).annotate(superseded_at=Subquery(after.values("at")[:1]))
    return undone.order_by(*_in_order(f"{OF_SUBMISSION}__")).values_list(
        OF_SUBMISSION, "pk", *SENT, _as_stored("assignment__shown_order"), *TOLD, "superseded_at"
    )


def judgements(study: Study, criterion: str | None, *, live: bool) -> Rows:
    """What the answers say on each criterion: those that count, or those that were superseded."""
    given = Judgement.objects.filter(submission__study=study, submission__latest_of__isnull=not live)
    if not live:
        given = given.filter(submission__assignment__latest__kind=ANSWER)
    if criterion:
        given = given.filter(criterion__slug=criterion)
    return given.order_by(*_in_order(f"{OF_JUDGEMENT}__")).values_list(
        OF_JUDGEMENT,
        "submission",
        "criterion",
        "outcome",
        _as_stored("ranks"),
        "strength",
        "score",
        _as_stored("acceptable"),
    )


def marks(study: Study, criterion: str | None, *, superseded: bool) -> Rows:
    """Reasons pinned to places by the answers that count, and by those that were superseded if they are wanted."""
    pinned = Mark.objects.filter(submission__study=study, submission__assignment__latest__kind=ANSWER)
    if not superseded:
        pinned = pinned.filter(submission__latest_of__isnull=False)
    if criterion:
        pinned = pinned.filter(Q(criterion=None) | Q(criterion__slug=criterion))
    return pinned.order_by(*_in_order(f"{OF_JUDGEMENT}__"), "submission", "number").values_list(OF_JUDGEMENT, *PINNED)


def _in_order(prompt: str) -> tuple[Any, ...]:
    return by_code_point(f"{prompt}collection__slug"), by_code_point(f"{prompt}external_id")


def _as_stored(field: str) -> Cast:
    return Cast(field, TextField())


class Stream:
    """Rows that begin with their prompt, given prompt by prompt to whoever asks in the rows' own order."""

    def __init__(self, rows: Rows | None, at_once: int) -> None:
        self.prompt: int | None = None
        self.rows: list[tuple[Any, ...]] = []
        self.groups = groupby(rows.iterator(at_once) if rows is not None else (), key=itemgetter(0))
        self._turn()

    def of(self, prompt: int) -> list[tuple[Any, ...]]:
        """The rest of the prompt's rows."""
        if self.prompt != prompt:
            return []
        rows = self.rows
        self._turn()
        return rows

    def _turn(self) -> None:
        found: tuple[int | None, Iterator[tuple[Any, ...]]] = next(self.groups, (None, iter(())))
        self.prompt, rows = found
        self.rows = [row[1:] for row in rows]
