"""Simulated raters, who judge through the same actions as people."""

import math
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from feedback.judging.actions import Answer, Answers, hand_out, submit
from feedback.judging.models import Assignment, Entry
from feedback.people.actions import simulated_rater
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion, Study
from feedback.works.models import Work

type Truth = Mapping[tuple[str, str], float]

STRENGTH_CUTS = (0.8, 1.8)  # logits at which a preference turns from slight to plain, and from plain to strong
RATING_WIDTH = 0.8  # logits per step of a seven-step rating


@dataclass(frozen=True)
class Simulated:
    """What a simulation did."""

    raters: int
    submissions: int
    judgements: int
    full: bool


def random_truth(study: Study, rng: random.Random) -> Truth:
    """Standard normal strengths, for a study whose truth nobody stated."""
    works = Work.objects.filter(collection__studies=study).order_by("external_id").values_list("external_id", flat=True)
    return {(work, criterion.slug): rng.gauss(0, 1) for work in works for criterion in criteria_of(study)}


def simulate(
    *,
    study: Study,
    raters: int,
    judgements: int,
    seed: int,
    truth: Truth | None = None,
    on_progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> Simulated:
    """Let simulated raters judge in turn until `judgements` (rater × comparison × criterion) or until the study is full.

    They draw a utility for each work, its strength plus Gumbel noise, so that P(A over B) = σ(a − b), and answer on
    the study's scale. A work without a stated strength raises KeyError.
    """
    rng = random.Random(seed)  # noqa: S311 - a simulation to be repeated, not a secret
    truth = truth if truth is not None else random_truth(study, rng)
    origin = f"simulation {study.slug} {seed}"
    panel = [simulated_rater(origin=origin, label=f"simulated {number}") for number in range(1, raters + 1)]
    criteria = criteria_of(study)
    wanted, given, idle = judgements // len(criteria), 0, 0
    while given < wanted and idle < len(panel):
        rater = panel[(given + idle) % len(panel)]
        assignment = hand_out(study=study, rater=rater)
        if assignment is None:
            idle += 1
            continue
        idle = 0
        answers = Answers(each=_answers(assignment, criteria, truth, rng))
        submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=answers)
        given += 1
        on_progress("judging", given * len(criteria), judgements)
    return Simulated(len(panel), given, given * len(criteria), full=given < wanted)


def _answers(assignment: Assignment, criteria: Sequence[Criterion], truth: Truth, rng: random.Random) -> list[Answer]:
    works = list(
        Entry.objects.filter(comparison=assignment.comparison_id)
        .order_by("index")
        .values_list("work__external_id", flat=True)
    )
    return [_answer(assignment.study, criterion, works, truth, rng) for criterion in criteria]


def _answer(study: Study, criterion: Criterion, works: list[str], truth: Truth, rng: random.Random) -> Answer:
    felt = [truth[work, criterion.slug] - math.log(rng.expovariate(1)) for work in works]
    if study.form == Study.Form.RATING:
        return Answer(criterion, score=float(min(7, max(1, round(4 + felt[0] / RATING_WIDTH)))))
    best_first = sorted(range(len(works)), key=lambda at: -felt[at])
    ranks = [best_first.index(at) + 1 for at in range(len(works))]
    if study.scale == Study.Scale.STRENGTH and len(works) == 2:
        lead = felt[0] - felt[1]
        size = 1 + sum(abs(lead) > cut for cut in STRENGTH_CUTS)
        return Answer(criterion, ranks=ranks, strength=size if lead > 0 else -size)
    return Answer(criterion, ranks=ranks)
