"""The rules of marks.jsonl: reasons pinned to places in works, which come along with past answers."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from feedback.intake.reading import rules
from feedback.intake.reading.documents import kind_of, quoted, read_rows
from feedback.intake.reading.findings import MARKS, Findings
from feedback.intake.reading.mentions import Mentions
from feedback.intake.reading.past import repeated_work
from feedback.intake.reading.plans import JudgementPlan, Limits, MarkPlan, WorkPlan
from feedback.intake.reading.rows import Known
from feedback.intake.reading.rules import Field, Law, Rule, Unfit, read_fields
from feedback.judging.claims import LONGEST, NoClaim, read_claim
from feedback.judging.places import KINDS, Extent, Misplaced, read_place
from feedback.judging.vocabulary import tags_of

type Answered = tuple[str, str, frozenset[str]]  # rater, prompt, works
type Report = Callable[[str, str], None]
MOST_MARKS = 1_000  # on one answer
OF_A_RELEASE = ("mark_id", "study")  # in the marks view of a release, which is read back as it is


def _fields(limits: Limits) -> tuple[Field, ...]:
    name = rules.name(limits.id_chars)
    kinds = dict.fromkeys(kind for some in KINDS.values() for kind in some)
    return (
        Field("rater", name, required=True),
        Field("prompt", name, required=True),
        Field("works", rules.list_of(name), required=True),
        Field("criterion", rules.optional_name(limits.slug_chars)),
        Field("work", name, required=True),
        Field("kind", rules.one_of(*kinds), required=True),
        Field("place", Rule('an object, such as {"x": 1, "y": 2} for a point', _object), required=True),
        Field("tag", rules.optional_name(100)),
        Field("sign", Rule("1 for the work or -1 against it", _sign), required=True),
        Field("note", rules.note(limits.note_chars)),
        Field("claim", rules.optional_name(LONGEST)),
        *(Field(name, rules.optional_name(limits.id_chars)) for name in OF_A_RELEASE),
    )


def _object(value: object) -> dict[str, Any]:
    """A place; a key without a value is the same as one left out."""
    if not isinstance(value, dict):
        raise Unfit(kind_of(value))
    return {key: inner for key, inner in value.items() if inner is not None}


def _sign(value: object) -> int:
    if isinstance(value, bool) or value not in (1, -1):
        raise Unfit(kind_of(value))
    return 1 if value == 1 else -1


_LAWS = (
    Law(("works",), repeated_work, "each work once"),
    Law(
        ("work", "works"),
        lambda mark: None if mark["work"] in mark["works"] else quoted(mark["work"]),
        "one of the row's works",
    ),
)


def read_marks(
    path: Path, criteria: Collection[str] | None, prompts: Known | None, works: Known | None, findings: Findings
) -> list[MarkPlan]:
    """Every mark, its place and words not yet held against the work; see `place_marks`."""
    fields = _fields(findings.limits)
    names = [field.name for field in fields]
    mentions = Mentions(MARKS, criteria, prompts, works, findings)
    plans = []
    for row in read_rows(path, MARKS, findings):
        if not row.sound:
            continue
        before = len(findings.faults)

        def report(field: str, message: str, line: int = row.line) -> None:
            findings.fault(MARKS, line, field, message)

        rules.refuse_unknown(row.values, names, report)
        mark = read_fields(row.values, fields, _LAWS, report)
        for name in OF_A_RELEASE:
            del mark[name]
        mentions.check(row.line, mark)
        if len(findings.faults) == before:
            plans.append(MarkPlan(line=row.line, **mark))
    return plans


def place_marks(
    marks: Sequence[MarkPlan],
    judgements: Sequence[JudgementPlan],
    works: Sequence[WorkPlan],
    tags: Sequence[str],
    findings: Findings,
) -> tuple[MarkPlan, ...]:
    """The marks held against their works and answers, once all of these are known, each in its one spelling."""
    marked = {mark.work for mark in marks}
    extents = {work.id: extent_of(work) for work in works if work.id in marked}
    judged: dict[Answered, set[str]] = defaultdict(set)
    for answer in judgements:
        judged[answered(answer)].add(answer.criterion)
    counts: Counter[Answered] = Counter()
    placed = []
    for mark in marks:

        def report(field: str, message: str, line: int = mark.line) -> None:
            findings.fault(MARKS, line, field, message)

        counts[answered(mark)] += 1
        if counts[answered(mark)] == MOST_MARKS + 1:
            report("rater", f"found over {MOST_MARKS:,} marks on one answer, expected fewer")
        _check_answer(mark, judged.get(answered(mark)), report)
        placed.append(_placed(mark, extents[mark.work], tags, report))
    return tuple(placed)


def answered(row: MarkPlan | JudgementPlan) -> Answered:
    """Which answer a row belongs to."""
    return row.rater, row.prompt, frozenset(row.works)


def extent_of(work: WorkPlan) -> Extent:
    """How far a work reaches, before it is stored."""
    return Extent(
        work.medium,
        work.text,
        work.info.width if work.info else None,
        work.info.height if work.info else None,
        dict(work.derivative.facts) if work.derivative else {},
    )


def _check_answer(mark: MarkPlan, criteria: Collection[str] | None, report: Report) -> None:
    if criteria is None:
        report("rater", f"found no answer of {quoted(mark.rater)} on these works, expected one in judgements.jsonl")
    elif mark.criterion and mark.criterion not in criteria:
        report("criterion", f"found {quoted(mark.criterion)}, expected one that this rater judged these works by")


def _placed(mark: MarkPlan, extent: Extent, tags: Sequence[str], report: Report) -> MarkPlan:
    known = tags_of(tags, extent.medium)
    if mark.tag and mark.tag not in known:
        report("tag", f"found {quoted(mark.tag)}, expected one of {', '.join(known)}{rules.near(mark.tag, known)}")
    try:
        claim = str(read_claim(mark.claim, extent.medium)) if mark.claim else ""
        return replace(mark, place=read_place(mark.kind, mark.place, extent), claim=claim)
    except Misplaced as why:
        report("place", f"{why}")
    except NoClaim as why:
        report("claim", f"found {quoted(mark.claim)}: {why}")
    return mark
