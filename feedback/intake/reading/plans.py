"""What a study folder says, once it is known to be sound: plain frozen values, nothing stored yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from feedback.works.media import Derivative, MediaInfo, MediaLimits

Form = Literal["pair", "set", "rating"]
Scale = Literal["choice", "strength"]
Rationale = Literal["off", "optional", "required"]
Marks = Literal["off", "optional", "strong"]
Exposure = Literal["off", "whole"]
Words = Literal["kept", "shared"]
Asking = Literal["together", "one"]
CriteriaOrder = Literal["fixed", "shuffled"]
Ranking = Literal["full", "best", "best-worst"]
Medium = Literal["text", "image", "motion", "video", "audio", "model", "absent"]
Outcome = Literal["answered", "cannot_judge", "skipped"]
Kind = Literal["person", "machine", "simulated"]

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a study may ask of us before it is refused."""

    line_bytes: int = 1024**2
    nesting: int = 64
    zip_entries: int = 10_000
    zip_bytes: int = 2 * 1024**3
    zip_ratio: int = 100
    id_chars: int = 200
    name_chars: int = 200
    slug_chars: int = 100
    note_chars: int = 2_000
    text_chars: int = 200_000
    criteria: int = 12
    set_size: int = 9
    listed_faults: int = 1_000
    long_side: int = 2048
    threads: int = 2
    media: MediaLimits = field(default_factory=MediaLimits)


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right, and where: `str(fault)` is a line a person can act on."""

    file: str
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place} {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801  `Warning` is Python's own
    """Something worth knowing that stops nothing."""

    file: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


class BadStudy(Exception):
    """The study cannot be imported; `faults` holds everything found, in reading order."""

    def __init__(self, faults: list[Fault], *, listed: int = DEFAULT_LIMITS.listed_faults) -> None:
        self.faults = faults
        self.listed = listed
        super().__init__(faults)

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults[: self.listed]]
        if len(self.faults) > self.listed:
            lines.append(f"and {len(self.faults) - self.listed:,} more")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplePlan:
    """A work that shows what a criterion's anchor text means, and why."""

    work: str
    shows: Literal["strong", "weak"]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionPlan:
    slug: str
    name: str
    definition: str
    strong: str = ""
    weak: str = ""
    examples: tuple[ExamplePlan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptPlan:
    id: str
    text: str
    group: str = ""
    reference: str = ""
    metadata: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPlan:
    """One work: exactly one of `generator` and `maker` is not blank; a file for every medium but text and absent."""

    id: str
    prompt: str
    generator: str = ""
    generator_version: str = ""
    maker: str = ""
    medium: Medium
    text: str = ""
    original: Path | None = None
    info: MediaInfo | None = None
    derivative: Derivative | None = None
    licence: str = ""
    consent: str = ""
    source: str = ""
    purposes: frozenset[str] = frozenset()
    metadata: Mapping[str, Json] = field(default_factory=dict)

    @property
    def may_be_shown(self) -> bool:
        return self.medium != "absent" and "show" in self.purposes and bool(self.licence or self.consent)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementPlan:
    """One past answer; `ranks` and `acceptable` are aligned with `works`, which are in shown order.

    Answered: either `ranks` (raw, and for a pair derived from `strength` when only that was given) or, for a single
    work, `score`. Not answered (cannot_judge, skipped): neither.
    """

    line: int
    rater: str
    prompt: str
    works: tuple[str, ...]
    criterion: str
    ranks: tuple[int, ...] | None = None
    strength: int | None = None
    score: float | None = None
    outcome: Outcome = "answered"
    acceptable: tuple[bool | None, ...] | None = None
    judged_at: datetime | None = None
    rationale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPlan:
    """A reason pinned to its place in `work`; it belongs to the answer of `rater` on `works`."""

    line: int
    rater: str
    prompt: str
    works: tuple[str, ...]
    criterion: str
    work: str
    kind: str
    place: Mapping[str, Any]
    tag: str
    sign: int
    note: str
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlan:
    """An expert's answer to teach with, or to check by; `ranks` are aligned with `works`."""

    line: int
    prompt: str
    works: tuple[str, ...]
    criterion: str
    ranks: tuple[int, ...]
    reason: str
    purpose: Literal["training", "gold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterPlan:
    """What is known of somebody who judged: a person unless told otherwise, of no cohort unless one is named."""

    line: int
    rater: str
    kind: Kind = "person"
    cohort: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsPlan:
    """How a study goes on after its first round, and how much is asked in all."""

    selection: Literal["once", "information", "swiss"] = "once"
    size: int = 0
    uniform_share: float = 0.2
    repeat_share: float = 0.05
    gold_share: float = 0.05
    everyone_judges_all: bool = False
    cohort_places: Mapping[str, int] = field(default_factory=dict)
    most_each: int | None = None
    most_judgements: int | None = None
    target: float = 0.8
    price_hour: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPlan:
    """A whole study, checked: ready to be stored in one short transaction."""

    slug: str
    title: str
    brief: str
    collection: str
    form: Form
    set_size: int
    scale: Scale
    overlap: int
    rationale: Rationale
    marks: Marks = "optional"
    tags: tuple[str, ...] = ()
    exposure: Exposure = "off"
    asking: Asking = "together"
    criteria_order: CriteriaOrder = "fixed"
    ranking: Ranking = "full"
    guide: str = ""
    qualify_items: int = 0
    qualify_pass: int = 0
    words: Words = "kept"
    rounds: RoundsPlan = RoundsPlan()
    criteria: tuple[CriterionPlan, ...]
    prompts: tuple[PromptPlan, ...]
    works: tuple[WorkPlan, ...]
    judgements: tuple[JudgementPlan, ...]
    pinned: tuple[MarkPlan, ...] = ()
    keys: tuple[KeyPlan, ...] = ()
    raters: tuple[RaterPlan, ...] = ()
    warnings: tuple[Warning_, ...]
    digest: str
