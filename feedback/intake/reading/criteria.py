"""The criteria of a study: those of its study.toml, or the ones it gets when it names none of its own."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from feedback.intake.reading import rules
from feedback.intake.reading.documents import kind_of, quoted
from feedback.intake.reading.findings import KEYS, STUDY, Findings
from feedback.intake.reading.plans import CriterionPlan, ExamplePlan, KeyPlan, Limits, WorkPlan
from feedback.intake.reading.rules import Field, read_fields, refuse_unknown

type Report = Callable[[str, str], None]

EXAMPLES = 6  # of one criterion

DEFAULT_CRITERIA = (
    CriterionPlan(
        slug="lighting",
        name="Lighting",
        definition="Does the light come from somewhere, give things shape and suit the mood?",
        strong="One main direction reads at once; shadows and reflections agree with it; detail survives where the "
        "eye should rest.",
        weak="Shadows point different ways, areas are flat or burnt out, or something glows with no source.",
    ),
    CriterionPlan(
        slug="narrative-arc",
        name="Narrative arc",
        definition="Is something set up, turned, and left changed at the end?",
        strong="One thing causes the next, more and more is at stake, and the ending follows without being foreseen.",
        weak="Events merely stand in a row, nothing can be lost, or the end feels just as the beginning did.",
    ),
    CriterionPlan(
        slug="emotional-resonance",
        name="Emotional resonance",
        definition="Does it move you, as the person it is meant for, by how it is made?",
        strong="A feeling you can name arrives and stays, and the work itself brings it about.",
        weak="It leaves you unmoved, or it counts on a touching subject to do the work.",
    ),
)


def read_criteria(value: object, limits: Limits, report: Report) -> tuple[CriterionPlan, ...]:
    """The tables headed [[criteria]], or the criteria of a study that has none."""
    fields = (
        Field("slug", rules.slug(limits.slug_chars), required=True),
        Field("name", rules.name(100), required=True),
        Field("definition", rules.text(limits.note_chars), required=True),
        Field("strong", rules.note(limits.note_chars)),
        Field("weak", rules.note(limits.note_chars)),
    )
    criteria: dict[str, CriterionPlan] = {}
    for prefix, entry in _tables(value, "criteria", limits.criteria, report):
        here = _below(prefix, report)
        refuse_unknown(entry, [*(field.name for field in fields), "examples"], here)
        read = read_fields(entry, fields, (), here)
        examples = _read_examples(entry.get("examples", []), limits, here)
        if read.get("slug") in criteria:
            here("slug", f'found "{read["slug"]}" twice, expected each criterion once')
        elif len(read) == len(fields):
            criteria[read["slug"]] = CriterionPlan(**read, examples=examples)
    return tuple(criteria.values()) if value else DEFAULT_CRITERIA


def _read_examples(value: object, limits: Limits, report: Report) -> tuple[ExamplePlan, ...]:
    fields = (
        Field("work", rules.name(limits.id_chars), required=True),
        Field("shows", rules.one_of("strong", "weak"), required=True),
        Field("note", rules.note(limits.note_chars)),
    )
    examples: dict[str, ExamplePlan] = {}
    for prefix, entry in _tables(value, "examples", EXAMPLES, report):
        here = _below(prefix, report)
        refuse_unknown(entry, [field.name for field in fields], here)
        read = read_fields(entry, fields, (), here)
        if read.get("work") in examples:
            here("work", f"found {quoted(read['work'])} twice, expected each work once")
        elif len(read) == len(fields):
            examples[read["work"]] = ExamplePlan(**read)
    return tuple(examples.values())


def _tables(value: object, name: str, most: int, report: Report) -> list[tuple[str, dict[str, Any]]]:
    """The tables of an array of tables, each with its place in it; none if it is something else or too long."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        report(name, f"found {kind_of(value)}, expected tables headed [[{name}]]")
    elif len(value) > most:
        report(name, f"found {len(value)} {name}, expected at most {most}")
    else:
        return [(f"{name}[{index}]", entry) for index, entry in enumerate(value)]
    return []


def _below(prefix: str, report: Report) -> Report:
    return lambda field, message: report(f"{prefix}.{field}", message)


def without_examples(criteria: Sequence[CriterionPlan], gone: Collection[str]) -> tuple[CriterionPlan, ...]:
    """The criteria without the examples that are gone."""
    return tuple(
        replace(one, examples=tuple(example for example in one.examples if example.work not in gone))
        for one in criteria
    )


def check_examples(
    criteria: Sequence[CriterionPlan], works: Sequence[WorkPlan], keys: Sequence[KeyPlan], findings: Findings
) -> None:
    """Examples are works that may be shown, and that nobody is asked about before real work."""
    known = {work.id: work for work in works}
    named = {example.work for criterion in criteria for example in criterion.examples}
    for index, criterion in enumerate(criteria):
        for place, example in enumerate(criterion.examples):
            if fault := _unfit(known.get(example.work)):
                where = f"criteria[{index}].examples[{place}].work"
                findings.fault(STUDY, None, where, f"found {quoted(example.work)}, {fault}")
    for key in keys:
        for work in sorted(named & set(key.works) if key.purpose == "gold" else ()):
            found = f"found {quoted(work)}, which is an example in {STUDY}"
            findings.fault(KEYS, key.line, "works", f"{found}, expected works that raters do not know")


def _unfit(work: WorkPlan | None) -> str:
    if work is None:
        return "expected an id in works.jsonl"
    if not work.may_be_shown:
        return "expected a work that may be shown"
    return "a 3D model, expected a text, a picture, a video or a sound" if work.medium == "model" else ""
