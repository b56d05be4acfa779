"""The rules of prompts.jsonl and works.jsonl, row by row, and of one JSONL that holds both."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from feedback.intake.reading import rights, rules
from feedback.intake.reading.documents import Row, quoted, read_rows
from feedback.intake.reading.findings import PROMPTS, WORKS, Findings
from feedback.intake.reading.plans import Limits, PromptPlan, WorkPlan
from feedback.intake.reading.rules import Field, Law, Rule, is_visible, read_fields

_HINTS = 20  # guessing what was meant is slow; the first few tell


@dataclass(slots=True)
class Known:
    """The ids met so far with the line of each, sound or not, so that one fault does not cause ten."""

    lines: dict[str, int] = field(default_factory=dict)
    prompt_of: dict[str, str] = field(default_factory=dict)


def _prompt_fields(limits: Limits) -> tuple[Field, ...]:
    return (
        Field("id", rules.name(limits.id_chars), required=True),
        Field("text", rules.text(limits.text_chars), required=True),
        Field("group", rules.optional_name(limits.name_chars)),
        Field("reference", rules.optional_name(limits.id_chars)),
    )


def _work_fields(limits: Limits, prompt: Rule) -> tuple[Field, ...]:
    text = rules.text(limits.text_chars)
    return (
        Field("id", rules.name(limits.id_chars), required=True),
        Field("prompt", prompt, required=True),
        Field("generator", rules.optional_name(limits.name_chars)),
        Field("generator_version", rules.optional_name(limits.name_chars)),
        Field("maker", rules.optional_name(limits.name_chars)),
        Field("text", replace(text, expected=f'{text.expected}, or "content": "absent" for none')),
        Field("file", rules.name(1_000)),
        Field("content", rules.one_of("absent")),
        Field("licence", rights.licence(limits.name_chars)),
        Field("consent", rules.note(limits.note_chars)),
        Field("source", rules.note(limits.note_chars)),
        Field("purposes", rights.purposes(), blank=frozenset()),
    )


def _maker_count(work: Mapping[str, Any]) -> str | None:
    if work["generator"] and work["maker"]:
        return "both generator and maker"
    return None if work["generator"] or work["maker"] else "neither generator nor maker"


def _content_count(work: Mapping[str, Any]) -> str | None:
    stated = [name for name in ("text", "file", "content") if work[name]]
    return None if len(stated) == 1 else " and ".join(stated) or "no content"


_WORK_LAWS = (
    Law(("generator", "maker"), _maker_count, "exactly one of them"),
    Law(
        ("generator_version", "generator"),
        lambda work: "a version without a generator" if work["generator_version"] and not work["generator"] else None,
        "the generator it is of",
    ),
    Law(("text", "file", "content"), _content_count, 'exactly one of text, file and "content": "absent"'),
)


@dataclass(frozen=True, slots=True)
class ReadWork:
    """A work of one row; its file, if it names one, not yet looked for."""

    line: int
    file: str
    plan: WorkPlan


class _Table:
    """Reads the rows of one file: its ids, its faults, and the fields it does not know, which become metadata."""

    def __init__(self, file: str, fields: Sequence[Field], laws: Sequence[Law], findings: Findings) -> None:
        self.known = Known()
        self._file = file
        self._fields = fields
        self._names = [field.name for field in fields]
        self._laws = laws
        self._findings = findings
        self._judged: set[str] = set()

    def read(self, row: Row, fields: Sequence[Field] | None = None) -> dict[str, Any] | None:
        """The row's fields with `metadata`, or None if anything is at fault; its id is noted either way."""
        before = len(self._findings.faults)
        told = row.values.get("id")
        if isinstance(told, str) and (first := self.known.lines.setdefault(told, row.line)) != row.line:
            self.report(row, "id", f"found {quoted(told)} already at line {first}, expected each id once")
        if not row.sound:
            return None
        read = read_fields(row.values, fields or self._fields, self._laws, lambda at, text: self.report(row, at, text))
        return {**read, "metadata": self._extra(row)} if len(self._findings.faults) == before else None

    def report(self, row: Row, field: str, message: str) -> None:
        self._findings.fault(self._file, row.line, field, message)

    def _extra(self, row: Row) -> dict[str, Any]:
        extra = {key: value for key, value in row.values.items() if key not in self._names}
        for key in extra:
            if key in self._judged:
                continue
            self._judged.add(key)
            if near := rules.near(key, self._names):
                self._findings.warn(self._file, row.line, f"{quoted(key)} is kept as metadata{near}")
        return extra


def read_prompts(path: Path, findings: Findings) -> tuple[list[PromptPlan], Known]:
    """The prompts, and the ids that works may name."""
    table = _Table(PROMPTS, _prompt_fields(findings.limits), (), findings)
    rows = (table.read(row) for row in read_rows(path, PROMPTS, findings))
    return [PromptPlan(**read) for read in rows if read is not None], table.known


def read_works(path: Path, prompts: Known | None, findings: Findings) -> tuple[list[ReadWork], Known]:
    """The works, and their ids with the prompt of each; `prompts` is None when no ids of prompts are to be had."""
    table = _Table(WORKS, _work_fields(findings.limits, rules.name(findings.limits.id_chars)), _WORK_LAWS, findings)
    works = []
    for row in read_rows(path, WORKS, findings):
        read = table.read(row)
        prompt = row.values.get("prompt")
        if prompts is not None and isinstance(prompt, str) and is_visible(prompt) and prompt not in prompts.lines:
            near = rules.near(prompt, prompts.lines) if len(findings.faults) < _HINTS else ""
            table.report(row, "prompt", f"found {quoted(prompt)}, expected an id in {PROMPTS}{near}")
        elif read is not None:
            table.known.prompt_of[read["id"]] = read["prompt"]
            works.append(_work(row, read))
    return works, table.known


def read_works_with_prompts(path: Path, findings: Findings) -> tuple[list[PromptPlan], list[ReadWork], Known]:
    """Works whose rows bring their prompt along: its text, or its id beside `prompt_text`."""
    limits = findings.limits
    text = rules.text(limits.text_chars)
    by_text = _work_fields(limits, text)
    by_id = (*_work_fields(limits, rules.name(limits.id_chars)), Field("prompt_text", text, required=True))
    table = _Table(path.name, by_id, _WORK_LAWS, findings)
    works = []
    prompts: dict[str, tuple[int, str]] = {}
    for row in read_rows(path, path.name, findings):
        read = table.read(row, by_text if row.values.get("prompt_text") is None else by_id)
        if read is None:
            continue
        prompt_text = read.pop("prompt_text", None)
        if prompt_text is None:
            prompt_text = read["prompt"]
            read["prompt"] = hashlib.sha256(prompt_text.encode()).hexdigest()[:16]
        line, first = prompts.setdefault(read["prompt"], (row.line, prompt_text))
        if first != prompt_text:
            found = f"found another text for the prompt {quoted(read['prompt'])} than at line {line}"
            table.report(row, "prompt_text", f"{found}, expected the same")
        works.append(_work(row, read))
    return [PromptPlan(id=id_, text=text_) for id_, (_line, text_) in prompts.items()], works, table.known


def _work(row: Row, read: dict[str, Any]) -> ReadWork:
    file, absent = read.pop("file"), read.pop("content")
    return ReadWork(row.line, file, WorkPlan(**read, medium="absent" if absent else "text"))
