"""What a rater has on the screen: the works of one comparison in their order, and the answers so far."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from feedback.judging.actions import POOL_OF_KEYS, open_for
from feedback.judging.claims import SPEAKS_OF, usage
from feedback.judging.criteria import criteria_for
from feedback.judging.forms import screen_values, to_screen
from feedback.judging.marks import extents_of, former_marks, on_screen
from feedback.judging.models import Assignment, Submission
from feedback.judging.qualification import Stage, standing_of
from feedback.judging.scales import Scale, scales_of, steps_for
from feedback.judging.vocabulary import tags_of
from feedback.people.models import Rater
from feedback.studies.models import Criterion, Study
from feedback.works.models import Asset, Work
from feedback.works.texts import shown

VIEWERS = {
    "text": "page-viewer",
    "image": "picture-viewer",
    "motion": "picture-viewer",
    "video": "film-viewer",
    "audio": "sound-viewer",
    "model": "solid-viewer",
}


@dataclass(frozen=True)
class Pane:
    """One work as it stands on the screen; `width` and `height` are those of the upright original."""

    position: int
    letter: str
    medium: str
    text: str
    url: str
    width: int | None
    height: int | None
    facts: Mapping[str, Any]
    poster: str
    strip: str


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
    scales: list[Scale]
    ranks: list[Rank]
    cannot: bool
    acceptable: str
    error: str = ""


@dataclass(frozen=True)
class Task:
    """A comparison on the bench."""

    assignment: Assignment
    panes: list[Pane]
    reference: str
    questions: list[Question]
    rationale: str
    rationale_error: str
    marks: str
    marks_error: str
    seen: str
    kept: bool
    key: uuid.UUID
    replaces: int
    done: int
    errors: list[str] = field(default_factory=list)

    @property
    def study(self) -> Study:
        return self.assignment.study

    @property
    def path(self) -> str:
        """Where its answers, drafts and flags are sent."""
        return reverse("answer", args=[self.assignment.public_id])

    @property
    def undo_key(self) -> uuid.UUID:
        return uuid.uuid4()

    @property
    def verdicts(self) -> tuple[str, str]:
        """What "all below acceptable" and "all excellent" are called for this many works."""
        who = {1: "", 2: "both "}.get(len(self.panes), "all ")
        return (f"{who}fail", f"{who}excel") if who else ("fails", "excels")

    @property
    def medium(self) -> str:
        return self.panes[0].medium

    @property
    def viewer(self) -> str:
        """The element that shows works of this medium."""
        return VIEWERS[self.medium]

    @property
    def is_text(self) -> bool:
        return self.medium == "text"

    @property
    def tags(self) -> tuple[str, ...]:
        """What a mark may be about."""
        return tags_of(self.study.tags, self.medium)

    @property
    def claims(self) -> list[str]:
        """How the claims that a mark may make are written."""
        return [usage(predicate) for predicate in SPEAKS_OF[self.medium]]


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
        panes=panes_of(assignment),
        reference=_reference_url(assignment),
        questions=[
            _question(assignment, criterion, said, errors)
            for criterion in criteria_for(assignment.study, assignment.rater)
        ],
        rationale=said.get("rationale", ""),
        rationale_error=" ".join(errors.get("rationale", [])),
        marks=said.get("marks", "[]"),
        marks_error=" ".join(errors.get("marks", [])),
        seen=said.get("seen", ""),
        kept="marks" in errors,
        key=key or uuid.uuid4(),
        replaces=assignment.latest.number if assignment.latest else 0,
        done=done,
        errors=[message for messages in errors.values() for message in messages],
    )


def panes_of(assignment: Assignment) -> list[Pane]:
    """The works in the order in which this rater has them."""
    rows = Asset.objects.filter(work__entries__comparison_id=assignment.comparison_id).values_list(
        "work__entries__index", "role", "work__medium", "text", "width", "height", "facts"
    )
    assets = {(index, role): asset for index, role, *asset in rows}
    return [_pane(assignment, assets, position, entry) for position, entry in enumerate(assignment.shown_order)]


def _pane(assignment: Assignment, assets: Mapping[tuple[int, str], list[Any]], position: int, entry: int) -> Pane:
    medium, text, width, height, facts = assets[entry, Asset.Role.SHOWN]
    original = assets.get((entry, Asset.Role.ORIGINAL))
    url = "" if medium == "text" else reverse("shown_work", args=[assignment.public_id, position])
    return Pane(
        position=position,
        letter=ascii_uppercase[position],
        medium=medium,
        text=shown(text).text,
        url=url,
        width=original[2] if original else width,
        height=original[3] if original else height,
        facts={name: fact for name, fact in facts.items() if name != "gain"},  # how loud a maker's original was
        poster=f"{url}?part=poster" if (entry, Asset.Role.POSTER) in assets else "",
        strip=f"{url}?part=strip" if (entry, Asset.Role.STRIP) in assets else "",
    )


def reference_of(assignment: Assignment) -> Asset | None:
    """The open reference: a sound that is heard beside the works, and never judged."""
    prompt = assignment.comparison.prompt
    if not prompt.reference:
        return None
    works = Work.objects.cleared("show").filter(prompt=prompt, external_id=prompt.reference, medium=Work.Medium.AUDIO)
    return Asset.objects.filter(work__in=works, role=Asset.Role.SHOWN).first()


def _reference_url(assignment: Assignment) -> str:
    """An address like those of the works, at the place after the last of them."""
    if reference_of(assignment) is None:
        return ""
    return reverse("shown_work", args=[assignment.public_id, len(assignment.shown_order)])


def _question(
    assignment: Assignment, criterion: Criterion, said: Mapping[str, str], errors: Mapping[str, list[str]]
) -> Question:
    field_name = f"answer.{criterion.slug}"
    return Question(
        criterion=criterion,
        scales=scales_of(assignment, criterion, said),
        ranks=_ranks(assignment, criterion, said),
        cannot=said.get(field_name) == "0",
        acceptable=said.get(f"acceptable.{criterion.slug}", ""),
        error=" ".join(errors.get(field_name, [])),
    )


def _ranks(assignment: Assignment, criterion: Criterion, said: Mapping[str, str]) -> list[Rank]:
    if assignment.comparison.size <= 2 or assignment.study.ranking != Study.Ranking.FULL:
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
    steps = len(steps_for(assignment.study, "")) if assignment.comparison.size <= 2 else 0
    said = {"rationale": former.rationale.text} if hasattr(former, "rationale") else {}
    said["seen"] = json.dumps(to_screen(assignment, former.seen)) if former.seen else ""
    marks = former_marks(former)
    said["marks"] = json.dumps(on_screen(assignment, marks, extents_of(assignment.comparison_id) if marks else {}))
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
    ahead = open_for(study, rater).annotate(mine=mine).filter(mine=0)
    if standing_of(rater, study).stage == Stage.WORKING:
        ahead = ahead.exclude(POOL_OF_KEYS)
    waiting = Assignment.objects.filter(rater=rater, study=study).waiting().count()
    done = done_by(rater, study)
    total = done + waiting + ahead.count()
    return Progress(done, total if study.most_each is None else min(total, max(done, study.most_each)))
