"""The rules of raters.jsonl: of what kind the raters of past answers are, and with whom they judge."""

from collections.abc import Collection
from pathlib import Path

from feedback.intake.reading import rules
from feedback.intake.reading.documents import quoted, read_rows
from feedback.intake.reading.findings import JUDGEMENTS, RATERS, Findings
from feedback.intake.reading.plans import Limits, RaterPlan
from feedback.intake.reading.rules import Field, read_fields


def _fields(limits: Limits) -> tuple[Field, ...]:
    return (
        Field("rater", rules.name(limits.id_chars), required=True),
        Field("kind", rules.one_of("person", "machine", "simulated"), blank="person"),
        Field("cohort", rules.optional_name(limits.slug_chars)),
    )


def read_raters(path: Path, judged: Collection[str], findings: Findings) -> list[RaterPlan]:
    """Everybody who is told about; `judged` are those of whom there is an answer."""
    fields = _fields(findings.limits)
    names = [field.name for field in fields]
    told: dict[str, int] = {}
    sound = not any(fault.file == JUDGEMENTS for fault in findings.faults)
    plans = []
    for row in read_rows(path, RATERS, findings):
        if not row.sound:
            continue
        before = len(findings.faults)

        def report(field: str, message: str, line: int = row.line) -> None:
            findings.fault(RATERS, line, field, message)

        rules.refuse_unknown(row.values, names, report)
        read = read_fields(row.values, fields, (), report)
        rater = read.get("rater")
        if rater and (first := told.setdefault(rater, row.line)) != row.line:
            report("rater", f"found {quoted(rater)} already at line {first}, expected each rater once")
        elif rater and sound and rater not in judged:
            report("rater", f"found {quoted(rater)}, expected a rater in {JUDGEMENTS}{rules.near(rater, judged)}")
        if len(findings.faults) == before:
            plans.append(RaterPlan(line=row.line, **read))
    return plans
