"""What a rater has on the screen: the works of one comparison in their order, and the answers so far."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase

from django.db.models import Count, F, Q
from django.urls import reverse

from feedback.judging.forms import screen_values
from feedback.judging.models import Assignment, Comparison, Submission
from feedback.people.models import Rater
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion, Study
from feedback.works.models import Asset

CHOICE_LABELS = ("A", "=", "B")
CHOICE_NAMES = ("A is better", "No difference", "B is better")
STRENGTH_LABELS = ("3", "2", "1", "=", "1", "2", "3")
STRENGTH_NAMES = (
    "A is much better",
    "A is better",
    "A is slightly better",
    "No difference",
    "B is slightly better",
    "B is better",
    "B is much better",
)
RATING_NAMES = ("Very weak", "Weak", "Rather weak", "Middling", "Rather strong", "Strong", "Very strong")


@dataclass(frozen=True)
class Pane:
    """One work as it stands on the screen."""

    letter: str
    medium: str
    text: str
    url: str
    width: int | None
    height: int | None


@dataclass(frozen=True)
class Step:
    """One answer on a scale: its key, what is printed on it, and what it is called."""

    key: str
    label: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class Rank:
    """Where a work's rank on one criterion is entered."""

    name: str
    letter: str
    value: str


@dataclass(frozen=True)
class Question:
    """One criterion with its scale, or with a rank for each work."""

    criterion: Criterion
    steps: list[Step]
    ranks: list[Rank]
    cannot: bool
    acceptable: str
    error: str = ""


@dataclass(frozen=True)
class Task:
    """A comparison on the bench."""

    assignment: Assignment
    panes: list[Pane]
    questions: list[Question]
    rationale: str
    rationale_error: str
    key: uuid.UUID
    replaces: int
    done: int
    errors: list[str] = field(default_factory=list)

    @property
    def study(self) -> Study:
        return self.assignment.study

    @property
    def undo_key(self) -> uuid.UUID:
        return uuid.uuid4()

    @property
    def verdicts(self) -> tuple[str, str]:
        """What "all below acceptable" and "all excellent" are called for this many works."""
        who = {1: "", 2: "both "}.get(len(self.panes), "all ")
        return (f"{who}fail", f"{who}excel") if who else ("fails", "excels")

    @property
    def is_text(self) -> bool:
        return all(pane.medium == "text" for pane in self.panes)


def task_of(
    assignment: Assignment,
    *,
    done: int,
    said: Mapping[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    key: uuid.UUID | None = None,
) -> Task:
    """The assignment as a page shows it; `said` and `errors` are a form's values and faults, by field."""
    if said is None:
        said = _former_answers(assignment)
    errors = errors or {}
    return Task(
        assignment=assignment,
        panes=_panes(assignment),
        questions=[_question(assignment, criterion, said, errors) for criterion in criteria_of(assignment.study)],
        rationale=said.get("rationale", ""),
        rationale_error=" ".join(errors.get("rationale", [])),
        key=key or uuid.uuid4(),
        replaces=assignment.latest.number if assignment.latest else 0,
        done=done,
        errors=[message for messages in errors.values() for message in messages],
    )


def _panes(assignment: Assignment) -> list[Pane]:
    rows = Asset.objects.filter(
        role=Asset.Role.SHOWN, work__entries__comparison_id=assignment.comparison_id
    ).values_list("work__entries__index", "work__medium", "text", "width", "height")
    shown = {index: (medium, text, width, height) for index, medium, text, width, height in rows}
    panes = []
    for position, entry in enumerate(assignment.shown_order):
        medium, text, width, height = shown[entry]
        url = "" if medium == "text" else reverse("shown_work", args=[assignment.public_id, position])
        panes.append(Pane(ascii_uppercase[position], medium, text, url, width, height))
    return panes


def _question(
    assignment: Assignment, criterion: Criterion, said: Mapping[str, str], errors: Mapping[str, list[str]]
) -> Question:
    field_name = f"answer.{criterion.slug}"
    chosen = said.get(field_name, "")
    return Question(
        criterion=criterion,
        steps=[
            Step(str(number), label, name, chosen == str(number))
            for number, (label, name) in enumerate(_scale(assignment), start=1)
        ],
        ranks=_ranks(assignment, criterion, said),
        cannot=chosen == "0",
        acceptable=said.get(f"acceptable.{criterion.slug}", ""),
        error=" ".join(errors.get(field_name, [])),
    )


def _scale(assignment: Assignment) -> list[tuple[str, str]]:
    study = assignment.study
    if study.form == Study.Form.RATING:
        return [(str(number), name) for number, name in enumerate(RATING_NAMES, start=1)]
    if assignment.comparison.size > 2:
        return []
    if study.scale == Study.Scale.STRENGTH:
        return list(zip(STRENGTH_LABELS, STRENGTH_NAMES, strict=True))
    return list(zip(CHOICE_LABELS, CHOICE_NAMES, strict=True))


def _ranks(assignment: Assignment, criterion: Criterion, said: Mapping[str, str]) -> list[Rank]:
    if assignment.comparison.size <= 2:
        return []
    names = [f"rank.{criterion.slug}.{position}" for position in range(assignment.comparison.size)]
    return [Rank(name, letter, said.get(name, "")) for name, letter in zip(names, ascii_uppercase, strict=False)]


def _former_answers(assignment: Assignment) -> dict[str, str]:
    """What the rater had answered before undoing it, so that nothing has to be said twice."""
    if assignment.latest is None:
        return {}
    former = (
        assignment.submissions.filter(kind=Submission.Kind.ANSWER)
        .prefetch_related("judgements__criterion")
        .select_related("rationale")
        .order_by("-number")
        .first()
    )
    if former is None:
        return {}
    steps = len(_scale(assignment))
    said = {"rationale": former.rationale.text} if hasattr(former, "rationale") else {}
    for judgement in former.judgements.all():
        said |= dict(screen_values(assignment, judgement, steps))
    return said


@dataclass(frozen=True)
class Progress:
    """How far a rater is: comparisons done, and done or still to be had."""

    done: int
    total: int


def done_by(rater: Rater, study: Study) -> int:
    return Assignment.objects.filter(rater=rater, study=study).answered().count()


def progress_of(rater: Rater, study: Study) -> Progress:
    """Counts over the whole queue; for pages, not for the step from one comparison to the next."""
    mine = Count("assignments", filter=Q(assignments__rater=rater))
    ahead = Comparison.objects.filter(study=study, places_taken__lt=F("places")).annotate(mine=mine).filter(mine=0)
    waiting = Assignment.objects.filter(rater=rater, study=study).waiting().count()
    done = done_by(rater, study)
    return Progress(done, done + waiting + ahead.count())
