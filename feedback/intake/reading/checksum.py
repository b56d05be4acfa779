"""One checksum over everything a study says, so that the same study is known when it comes again."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import MISSING, asdict, fields

from feedback.intake.reading.plans import StudyPlan


def digest(plan: StudyPlan) -> str:
    """SHA-256 over the canonical content: no paths, no line numbers, and no derivative, whose encoder may change."""
    sha256 = hashlib.sha256()
    for part in _parts(plan):
        sha256.update(json.dumps(part, sort_keys=True, separators=(",", ":")).encode())
        sha256.update(b"\n")
    return sha256.hexdigest()


def _parts(plan: StudyPlan) -> Iterator[object]:
    yield "study", plan.slug, plan.title, plan.brief, plan.collection
    yield plan.form, plan.set_size, plan.scale, plan.overlap, plan.rationale
    yield from _settings_told(plan)
    for criterion in plan.criteria:
        yield "criterion", criterion.slug, criterion.name, criterion.definition, criterion.strong, criterion.weak
        for example in criterion.examples:
            yield "example", example.work, example.shows, example.note
    for prompt in plan.prompts:
        yield "prompt", prompt.id, prompt.text, prompt.group, prompt.metadata
        if prompt.reference:
            yield "reference", prompt.reference
    for work in plan.works:
        yield "work", work.id, work.prompt, work.generator, work.generator_version, work.maker, work.medium, work.text
        yield work.info and work.info.sha256, work.licence, work.consent, work.source, sorted(work.purposes)
        yield work.metadata
    for answer in plan.judgements:
        yield "judgement", answer.rater, answer.prompt, answer.works, answer.criterion, answer.ranks, answer.strength
        yield answer.score, answer.outcome, answer.acceptable, answer.rationale
        yield answer.judged_at and answer.judged_at.isoformat()
    for mark in plan.pinned:
        yield "mark", mark.rater, mark.prompt, mark.works, mark.criterion, mark.work, mark.kind, mark.place
        yield mark.tag, mark.sign, mark.note, mark.claim
    for rater in plan.raters:
        yield "rater", rater.rater, rater.kind, rater.cohort
    for key in plan.keys:
        yield "key", key.purpose, key.prompt, key.works, key.criterion, key.ranks, key.reason


def _settings_told(plan: StudyPlan) -> Iterator[object]:
    """Settings beside their default, which a study imported before there was the setting had."""
    defaults = {one.name: one.default for one in fields(StudyPlan) if one.default is not MISSING}
    for name in sorted(defaults.keys() - {"pinned", "keys", "raters"}):
        if (told := getattr(plan, name)) != defaults[name]:
            yield name, asdict(told) if name == "rounds" else told
