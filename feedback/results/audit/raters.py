"""One rater for the lead to look into: what the report says, what goes against the rest, and how the work went on."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from django.db.models import Exists, OuterRef

from feedback.judging.models import Assignment, Submission
from feedback.people.models import Rater
from feedback.results.audit.answers import pseudonym
from feedback.results.audit.contradicting import Contradiction, contradictions_of
from feedback.results.models import Exclusion, Report
from feedback.studies.models import Study

STEPS = 60  # of the picture of a rater's pace


@dataclass(frozen=True)
class Step:
    """Some answers after one another: how many, since when, and their median time."""

    number: int
    since: datetime
    seconds: float | None


@dataclass(frozen=True)
class Pace:
    """A rater's answers in the order in which they came; `usual` is the panel's median in seconds."""

    steps: Sequence[Step]
    usual: float | None

    @property
    def is_timed(self) -> bool:
        return any(step.seconds is not None for step in self.steps)

    @property
    def top(self) -> float:
        """What the picture reaches up to, in seconds."""
        known = [step.seconds for step in self.steps if step.seconds is not None]
        return 1.1 * max([*known, self.usual or 0, 1.0])

    @property
    def bars(self) -> list[tuple[float, float, float, float]]:
        """x, y, width and height of each step's bar, in per cent of the picture."""
        width = 100 / max(1, len(self.steps))
        heights = [100 * (step.seconds or 0) / self.top for step in self.steps]
        return [(at * width, 100 - height, width * 0.8, height) for at, height in enumerate(heights)]

    @property
    def line(self) -> float | None:
        """How far down the panel's median lies, in per cent."""
        return None if self.usual is None else 100 - 100 * self.usual / self.top


@dataclass(frozen=True)
class RaterPage:
    """A rater as the lead sees them; `line` is the newest report's, None where it has none."""

    rater: Rater
    name: str
    line: Mapping[str, Any] | None
    told_at: datetime | None
    exclusion: Exclusion | None
    lifted: Sequence[Exclusion]
    answers: int
    pace: Pace
    contradictions: Sequence[Contradiction]


def rater_in(study: Study, number: int) -> Rater | None:
    """The rater by primary key, if they were handed something in the study."""
    here = Assignment.objects.filter(study=study, rater=OuterRef("pk"))
    return Rater.objects.filter(Exists(here), pk=number).first()


def page_of(study: Study, rater: Rater, *, answers_too: bool) -> RaterPage:
    """The rater's page; without what was answered for a lead who may yet be asked the same."""
    report = Report.objects.filter(study=study).order_by("-id").values_list("told__raters", "made_at").first()
    lines: Sequence[Mapping[str, Any]] = (report[0] if report else None) or []
    exclusions = list(Exclusion.objects.filter(study=study, rater=rater).select_related("by").order_by("id"))
    given = list(
        Submission.objects.filter(
            study=study, assignment__rater=rater, latest_of__isnull=False, kind=Submission.Kind.ANSWER
        )
        .order_by("at", "id")
        .values_list("at", "dwell_ms")
    )
    return RaterPage(
        rater=rater,
        name=pseudonym(study, rater.pk),
        line=next((line for line in lines if line["rater"] == rater.pk), None),
        told_at=report[1] if report else None,
        exclusion=next((one for one in exclusions if one.lifted_at is None), None),
        lifted=[one for one in exclusions if one.lifted_at],
        answers=len(given),
        pace=Pace(_steps(given), _usual(lines)),
        contradictions=contradictions_of(study, rater) if answers_too else [],
    )


def _steps(given: Sequence[tuple[datetime, int | None]]) -> list[Step]:
    """At most so many steps, of as many answers each."""
    steps = []
    for some in batched(given, max(1, -(-len(given) // STEPS))):
        dwells = [dwell / 1000 for _, dwell in some if dwell is not None]
        steps.append(Step(len(some), some[0][0], statistics.median(dwells) if dwells else None))
    return steps


def _usual(lines: Sequence[Mapping[str, Any]]) -> float | None:
    """What the raters of the report take, in the middle."""
    known = [line["seconds"] for line in lines if line.get("seconds") is not None]
    return statistics.median(known) if known else None
