"""The rules of prompts.jsonl and works.jsonl, row by row, and of one JSONL that holds both."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from feedback.intake.reading import rights, rules
from feedback.intake.reading.documents import Row, quoted, read_rows
from feedback.intake.reading.findings import PROMPTS, Findings
from feedback.intake.reading.plans import Limits, PromptPlan, WorkPlan
from feedback.intake.reading.rules import Field, Law, Rule, read_fields

_HINTS = 20  # guessing what was meant is slow; the first few tell


@dataclass(slots=True)
class Known:
    """The ids met so far with the line of each, sound or not, so that one fault does not cause ten."""

    lines: dict[str, int] = field(default_factory=dict)
    prompt_of: dict[str, str | None] = field(default_factory=dict)

    def meets(self, name: str, line: int, file: str, findings: Findings) -> bool:
        """Note the id; a second one is a fault."""
        first = self.lines.setdefault(name, line)
        if first != line:
            findings.fault(file, line, "id", f"found {quoted(name)} already at line {first}, expected each id once")
        return first == line


def _prompt_fields(limits: Limits) -> tuple[Field, ...]:
    return (
        Field("id", rules.name(limits.id_chars), required=True),
        Field("text", rules.text(limits.text_chars), required=True),
        Field("group", rules.optional_name(limits.name_chars)),
    )


def _work_fields(limits: Limits, prompt: Rule) -> tuple[Field, ...]:
    return (
        Field("id", rules.name(limits.id_chars), required=True),
        Field("prompt", prompt, required=True),
        Field("generator", rules.optional_name(limits.name_chars)),
        Field("generator_version", rules.optional_name(limits.name_chars)),
        Field("maker", rules.optional_name(limits.name_chars)),
        Field("text", rules.text(limits.text_chars)),
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
    """A work of one row, its file not yet looked for."""

    line: int
    file: str
    plan: WorkPlan


def read_prompts(path: Path, findings: Findings) -> tuple[list[PromptPlan], Known]:
    """The prompts, and the ids that works may name."""
    fields = _prompt_fields(findings.limits)
    known, prompts, extras = Known(), [], _Extras(PROMPTS, fields, findings)
    for row in read_rows(path, PROMPTS, findings):
        read = _read(row, PROMPTS, fields, (), known, findings)
        if read is not None:
            prompts.append(PromptPlan(**read, metadata=extras.of(row)))
    return prompts, known


def read_works(path: Path, name: str, prompts: Known | None, findings: Findings) -> tuple[list[ReadWork], Known]:
    """The works, and their ids with the prompt of each; `prompts` is None when no ids of prompts are to be had."""
    fields = _work_fields(findings.limits, rules.name(findings.limits.id_chars))
    known, works, extras = Known(), [], _Extras(name, fields, findings)
    for row in read_rows(path, name, findings):
        read = _read(row, name, fields, _WORK_LAWS, known, findings)
        prompt = row.values.get("prompt")
        if prompts is not None and isinstance(prompt, str) and prompt.strip() and prompt not in prompts.lines:
            near = rules.near(prompt, prompts.lines) if len(findings.faults) < _HINTS else ""
            findings.fault(name, row.line, "prompt", f"found {quoted(prompt)}, expected an id in {PROMPTS}{near}")
        elif read is not None:
            known.prompt_of[read["id"]] = read["prompt"]
            works.append(_work(row, read, extras.of(row)))
    return works, known


def read_works_with_prompts(
    path: Path, name: str, findings: Findings
) -> tuple[list[PromptPlan], list[ReadWork], Known]:
    """Works whose rows bring their prompt along: its text, or its id beside `prompt_text`."""
    limits = findings.limits
    by_text = _work_fields(limits, rules.text(limits.text_chars))
    prompt_text = Field("prompt_text", rules.text(limits.text_chars), required=True)
    by_id = (*_work_fields(limits, rules.name(limits.id_chars)), prompt_text)
    known, works, extras = Known(), [], _Extras(name, by_id, findings)
    prompts: dict[str, tuple[int, PromptPlan]] = {}
    for row in read_rows(path, name, findings):
        fields = by_text if row.values.get("prompt_text") is None else by_id
        read = _read(row, name, fields, _WORK_LAWS, known, findings)
        if read is None:
            continue
        text = read.pop("prompt_text", read["prompt"])
        if fields is by_text:
            read["prompt"] = hashlib.sha256(text.encode()).hexdigest()[:16]
        line, prompt = prompts.setdefault(read["prompt"], (row.line, PromptPlan(id=read["prompt"], text=text)))
        if prompt.text != text:
            found = f"found another text for the prompt {quoted(prompt.id)} than at line {line}, expected the same"
            findings.fault(name, row.line, "prompt_text", found)
        else:
            known.prompt_of[read["id"]] = prompt.id
            works.append(_work(row, read, extras.of(row)))
    return [prompt for _line, prompt in prompts.values()], works, known


def _read(
    row: Row, name: str, fields: Sequence[Field], laws: Sequence[Law], known: Known, findings: Findings
) -> dict[str, Any] | None:
    """The row's fields, or None if anything in it is at fault; its id is noted either way."""
    told = row.values.get("id")
    first = not isinstance(told, str) or known.meets(told, row.line, name, findings)
    if not row.sound:
        return None
    before = len(findings.faults)
    read = read_fields(row.values, fields, laws, lambda at, message: findings.fault(name, row.line, at, message))
    return read if first and len(findings.faults) == before else None


def _work(row: Row, read: dict[str, Any], metadata: dict[str, Any]) -> ReadWork:
    file, absent = read.pop("file"), read.pop("content")
    return ReadWork(row.line, file, WorkPlan(**read, medium="absent" if absent else "text", metadata=metadata))


class _Extras:
    """Keeps the fields we do not know as metadata, with a word about those that look like a slip of the pen."""

    def __init__(self, file: str, fields: Sequence[Field], findings: Findings) -> None:
        self._file = file
        self._known = [field.name for field in fields]
        self._findings = findings
        self._seen: set[str] = set()

    def of(self, row: Row) -> dict[str, Any]:
        extra = {key: value for key, value in row.values.items() if key not in self._known}
        for key in extra.keys() - self._seen:
            self._seen.add(key)
            if near := rules.near(key, self._known):
                self._findings.warn(self._file, row.line, f"{quoted(key)} is kept as metadata{near}")
        return extra
