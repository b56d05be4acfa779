"""The rules of keys.jsonl: comparisons whose answer an expert gave, to teach raters with or to check them by."""

from collections.abc import Collection, Sequence
from pathlib import Path

from feedback.intake.reading import rules
from feedback.intake.reading.documents import quoted, read_rows
from feedback.intake.reading.findings import KEYS, STUDY, Findings
from feedback.intake.reading.mentions import Mentions
from feedback.intake.reading.past import ranks_not_aligned, repeated_work
from feedback.intake.reading.plans import KeyPlan, Limits, WorkPlan
from feedback.intake.reading.rows import Known
from feedback.intake.reading.rules import Field, Law, read_fields
from feedback.intake.reading.settings import StudySettings


def _fields(limits: Limits) -> tuple[Field, ...]:
    name = rules.name(limits.id_chars)
    return (
        Field("prompt", name, required=True),
        Field("works", rules.list_of(name, least=2), required=True),
        Field("criterion", rules.name(limits.slug_chars), required=True),
        Field("ranks", rules.list_of(rules.whole(1, limits.set_size)), required=True),
        Field("reason", rules.note(limits.text_chars)),
        Field("purpose", rules.one_of("training", "gold"), blank="training"),
    )


_LAWS = (
    Law(("works",), repeated_work, "each work once"),
    Law(("ranks", "works"), ranks_not_aligned, "one rank for each work, in the same order"),
)


def read_keys(
    path: Path, criteria: Collection[str] | None, prompts: Known | None, works: Known | None, findings: Findings
) -> list[KeyPlan]:
    """Every key, one row for each criterion of a comparison."""
    fields = _fields(findings.limits)
    names = [field.name for field in fields]
    mentions = Mentions(KEYS, criteria, prompts, works, findings)
    first: dict[tuple[str, frozenset[str]], KeyPlan] = {}
    told: dict[tuple[str, frozenset[str], str], int] = {}
    plans = []
    for row in read_rows(path, KEYS, findings):
        if not row.sound:
            continue
        before = len(findings.faults)

        def report(field: str, message: str, line: int = row.line) -> None:
            findings.fault(KEYS, line, field, message)

        rules.refuse_unknown(row.values, names, report)
        read = read_fields(row.values, fields, _LAWS, report)
        mentions.check(row.line, read)
        if len(findings.faults) > before:
            continue
        key = KeyPlan(line=row.line, **read)
        known = first.setdefault((key.prompt, frozenset(key.works)), key)
        if known.purpose != key.purpose:
            report("purpose", f"found {key.purpose}, expected {known.purpose} as at line {known.line} on these works")
        line = told.setdefault((key.prompt, frozenset(key.works), key.criterion), key.line)
        if line != key.line:
            report("criterion", f"found the key of line {line} again, expected one for each works and criterion")
        plans.append(key)
    return plans


def check_keys(keys: Sequence[KeyPlan], settings: StudySettings, works: Sequence[WorkPlan], findings: Findings) -> None:
    """Hold the keys against the study's form, and its qualification round against the keys there are."""
    shown = {work.id for work in works if work.may_be_shown}
    for key in keys:
        if settings.form == "rating" or (settings.form == "pair" and len(key.works) != 2):
            found = f"found {len(key.works)} works in a study of the form {settings.form}"
            findings.fault(KEYS, key.line, "works", f"{found}, expected keys for pairs in pairs and for sets in sets")
        for work in sorted(set(key.works) - shown):
            findings.fault(KEYS, key.line, "works", f"found {quoted(work)}, expected works that may be shown")
    gold = len({(key.prompt, frozenset(key.works)) for key in keys if key.purpose == "gold"})
    if gold != settings.qualify_items:
        found = f"found {settings.qualify_items} beside {gold} gold comparisons in {KEYS}"
        findings.fault(STUDY, None, "qualify_items", f"{found}, expected as many as there are")
