"""What a machine judged, read as an import reads judgements and stored beside the experts', in no score."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from feedback.intake.brought import answer_of
from feedback.intake.reading.findings import JUDGEMENTS, Findings
from feedback.intake.reading.past import read_judgements
from feedback.intake.reading.plans import DEFAULT_LIMITS, JudgementPlan
from feedback.intake.reading.rows import Known
from feedback.judging.actions import Answer, Answers, PastAnswer, bring_along
from feedback.judging.models import Comparison, Judgement
from feedback.people.actions import machine_rater
from feedback.people.models import Rater, User
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study
from feedback.works.actions import CollectionConflict
from feedback.works.models import Collection, Work

type _Works = frozenset[int]
type _Said = tuple[str, list[int] | None, int | None, float | None, list[bool | None] | None]


@transaction.atomic
def add_judgements(
    *,
    study: Study,
    collection: Collection,
    machine: str,
    rows: Sequence[Mapping[str, Any]],
    scratch: Path,
    by: User,
) -> tuple[int, int]:
    """Store what the machine judged; how many judgements are new, and how many were there.

    Raises BadStudy where a row is at fault and CollectionConflict where the machine has said otherwise, and then
    stores none.
    """
    works = {work.external_id: work for work in collection.works.select_related("prompt")}
    plans = _read(study, machine, rows, works, scratch)
    Collection.objects.select_for_update().get(pk=collection.pk)  # the same request twice at a time follows itself
    rater = machine_rater(origin=study.slug, label=machine)
    if rater.kind != Rater.Kind.MACHINE:
        raise CollectionConflict(f"{machine} is a person's name in this study.")
    held, past, new = _held(study, rater), [], 0
    for which, judgements in _by_works(plans, works).items():
        one = _past(study, rater, judgements, works)
        if which not in held:
            past.append(one)
            new += len(judgements)
        elif held[which] != {answer.criterion.slug: _said(answer) for answer in one.answers.each}:
            names = ", ".join(judgements[0].works)
            raise CollectionConflict(f"{machine} has answered otherwise on {names}.")
    bring_along(study=study, past=past, by=by)
    return new, len(plans) - new


def _read(
    study: Study, machine: str, rows: Sequence[Mapping[str, Any]], works: Mapping[str, Work], scratch: Path
) -> list[JudgementPlan]:
    """The rows by the rules of judgements.jsonl; the first is line 1."""
    path = scratch / JUDGEMENTS
    path.write_text("".join(json.dumps({**row, "rater": machine}) + "\n" for row in rows))
    findings = Findings(DEFAULT_LIMITS)
    prompt_of = {name: work.prompt.external_id for name, work in works.items()}
    prompts = Known(lines=dict.fromkeys(prompt_of.values(), 0))
    known = Known(lines=dict.fromkeys(works, 0), prompt_of=prompt_of)
    plans = read_judgements(path, {one.slug for one in criteria_of(study)}, prompts, known, findings)
    findings.settle()
    return plans


def _by_works(plans: Sequence[JudgementPlan], works: Mapping[str, Work]) -> dict[_Works, list[JudgementPlan]]:
    grouped: dict[_Works, list[JudgementPlan]] = defaultdict(list)
    for plan in plans:
        grouped[frozenset(works[work].pk for work in plan.works)].append(plan)
    return grouped


def _past(study: Study, rater: Rater, judgements: Sequence[JudgementPlan], works: dict[str, Work]) -> PastAnswer:
    """One submission: all that was said of these works."""
    criteria = {criterion.slug: criterion for criterion in criteria_of(study)}
    first = judgements[0]
    answers = Answers(
        each=[answer_of(judgement, criteria[judgement.criterion], works) for judgement in judgements],
        rationale="\n".join(dict.fromkeys(one.rationale for one in judgements if one.rationale)),
    )
    at = min((one.judged_at for one in judgements if one.judged_at), default=None)
    shown = tuple(works[work].pk for work in first.works)
    return PastAnswer(rater, works[first.works[0]].prompt_id, shown, answers, at)


def _held(study: Study, rater: Rater) -> dict[_Works, dict[str, _Said]]:
    """What the machine has said before, by works and by criterion."""
    theirs = {"assignments__study": study, "assignments__rater": rater}
    works: dict[int, set[int]] = defaultdict(set)
    for comparison, work in Comparison.objects.filter(**theirs).values_list("pk", "entries__work"):
        works[comparison].add(work)
    said = Judgement.objects.live().filter(submission__study=study, submission__assignment__rater=rater)
    held: dict[_Works, dict[str, _Said]] = defaultdict(dict)
    for judgement in said.select_related("criterion", "submission__assignment"):
        comparison = judgement.submission.assignment.comparison_id
        held[frozenset(works[comparison])][judgement.criterion.slug] = _said(judgement)
    return held


def _said(answer: Answer | Judgement) -> _Said:
    return answer.outcome, answer.ranks, answer.strength, answer.score, answer.acceptable
