"""The next round: opened while there is still something in the queue, so that nobody waits for it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from django.db.models import Max, Sum
from django.utils.timezone import now

import rankings
from feedback.judging.actions import (
    PLANNED,
    Overtaken,
    Question,
    open_questions,
    places_of,
    round_size,
    slip_in,
    still_open,
    works_to_ask,
)
from feedback.judging.models import Assignment, Purpose, Round
from feedback.results.boards.fitted import strengths_of
from feedback.results.boards.said import said_on
from feedback.results.gathering import gather
from feedback.results.models import Report
from feedback.results.planning.asked import Asked
from feedback.results.planning.choosing import Ints, Shape, choose
from feedback.results.sample import NOBODY, Sample
from feedback.studies.models import Membership, Study

LOW = 0.25  # of a round: with so little of it left the next is opened
AHEAD = 2  # comparisons that each rater at work should find besides
SETTLED = {"done", "never"}


def plan_next(*, study: Study, sample: Sample | None = None) -> Round | None:
    """Slip in hidden checks, and open the next round if the study goes on in rounds and its queue runs low.

    Safe to repeat: it opens nothing twice. `sample` is what was gathered for the fit, if the caller has it.
    """
    study = Study.objects.get(pk=study.pk)
    if not study.is_open or study.paused_at or study.archived_at:
        return None
    slip_in(study=study)
    if not _goes_on_in_rounds(study):
        return None
    newest = study.rounds.filter(purpose__in=PLANNED).aggregate(newest=Max("pk"))["newest"] or 0
    seed, asked = seed_of(study), Asked.of(study)
    n_sets = _wanted(study, len(asked.works))
    questions = _questions(study, asked, n_sets, seed, sample or gather(study)) if n_sets else []
    try:
        return _opened(study, questions, seed, newest) if questions else None
    except Overtaken:
        return None


def _opened(study: Study, questions: Sequence[Question], seed: int, newest: int) -> Round:
    return open_questions(study=study, questions=questions, seed=seed, purpose=Purpose.INFORMATIVE, after=newest)


def _questions(study: Study, asked: Asked, n_sets: int, seed: int, sample: Sample) -> list[Question]:
    """What the round asks; nothing where no criterion needs it."""
    criteria = open_criteria(study, sample)
    if not criteria:
        return []
    shape = Shape(asked.prompts, n_sets, study.set_size, study.uniform_share, study.selection, seed)
    members = Membership.objects.filter(study=study, role=Membership.Role.RATER).count()
    met = asked.met(raters=max(members, len(sample.raters.ids)), places=places_of(study))
    chosen = choose(shape, beliefs_of(sample, criteria, asked.works), met=met)
    first = asked.first_of([members for members, _ in chosen])
    return [
        Question(int(asked.prompts[members[0]]), tuple(asked.works[list(members)].tolist()), why, repeats)
        for (members, why), repeats in zip(chosen, first, strict=True)
    ]


def running_low() -> list[Study]:
    """Open studies that go on in rounds and may need the next: for a worker to look at where nobody judges any more."""
    at_work = Study.objects.filter(opened_at__isnull=False, closed_at=None, paused_at=None, archived_at=None)
    in_rounds = filter(_goes_on_in_rounds, at_work.exclude(selection=Study.Selection.ONCE).order_by("pk"))
    return [study for study in in_rounds if _wanted(study, len(list(works_to_ask(study))))]


def _goes_on_in_rounds(study: Study) -> bool:
    return study.selection != Study.Selection.ONCE and study.form != Study.Form.RATING


def seed_of(study: Study) -> int:
    """The seed of the next round: made of the study and the round's number, and of no answer."""
    number = study.rounds.filter(purpose__in=PLANNED).count()
    return random.Random(f"{study.content_digest} {study.slug} {number}").getrandbits(32)  # noqa: S311 - a design to be repeated, not a secret


def _wanted(study: Study, n_works: int) -> int:
    """How many comparisons the next round may hold; 0 while the last one is not used up, or where the quota is."""
    size = round_size(study, n_works) if n_works else 0
    at_work = Assignment.objects.filter(study=study, leased_until__gt=now()).values("rater").distinct().count()
    if n_works < study.set_size or fresh(study) > max(LOW * size, AHEAD * at_work):
        return 0
    if study.most_judgements is None:
        return size
    opened = study.comparisons.exclude(purpose=Purpose.IMPORTED)
    in_queue = opened.filter(purpose__in=PLANNED).aggregate(sum=Sum("places"))["sum"] or 0
    besides = opened.exclude(purpose__in=PLANNED).aggregate(sum=Sum("places_taken"))["sum"] or 0
    return max(0, min(size, (study.most_judgements - in_queue - besides) // places_of(study)))


def fresh(study: Study) -> int:
    """How many comparisons are open that nobody was handed yet."""
    return still_open(study).filter(handed_out=0, purpose__in=PLANNED, only_for=None).count()


def open_criteria(study: Study, sample: Sample) -> Sequence[str]:
    """The criteria that more judgements would help: neither at the target nor, by the last report, out of its reach."""
    report = Report.objects.filter(study=study).order_by("-pk").first()
    told: Mapping[str, Mapping[str, Mapping[str, object]]] = report.told.get("by", {}) if report else {}
    return [slug for slug in sample.criteria if told.get(slug, {}).get("done", {}).get("state") not in SETTLED]


def beliefs_of(sample: Sample, criteria: Sequence[str], works: Ints) -> list[rankings.Strengths]:
    """What is known of these works, given by their ids, on each of the criteria; none before the first answer."""
    order = np.argsort(works)
    found = []
    for slug in criteria:
        said = said_on(sample, slug, "works")
        ids = np.where(said.items == NOBODY, works[0], sample.works.ids[said.keys[said.items]])
        said = said.kept(np.isin(ids, works).all(axis=1))
        number = order[np.searchsorted(works, sample.works.ids[said.keys], sorter=order)]
        items = np.where(said.items == NOBODY, NOBODY, number[said.items])
        found.append(strengths_of(replace(said, keys=np.arange(len(works)), items=items)))
    return [strengths for strengths in found if strengths is not None]
