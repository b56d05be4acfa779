"""Leaving works out whose files were refused, with the rows that name them, so that the rest can be imported."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Protocol

from feedback.intake.reading.findings import STUDY, Findings
from feedback.intake.reading.plans import KeyPlan, WorkPlan
from feedback.intake.reading.settings import StudySettings
from feedback.works.media import MediaRefused


@dataclass(frozen=True, slots=True)
class LeftOutWork:
    """A work that is left out, why, and what would bring it in."""

    work: str
    prompt: str
    reason: str
    remedy: str


@dataclass(slots=True)
class LeftOut:
    """All that is left out: works, and by file how many rows go with them."""

    works: list[LeftOutWork] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)

    def add(self, work: WorkPlan, refused: MediaRefused) -> None:
        self.works.append(LeftOutWork(work.id, work.prompt, refused.reason, refused.remedy))


class NamesWorks(Protocol):
    """A row of judgements, marks or keys."""

    @property
    def works(self) -> tuple[str, ...]: ...


class Qualifying(Protocol):
    """A study, or the settings it is made of."""

    @property
    def qualify_items(self) -> int: ...
    @property
    def qualify_pass(self) -> int: ...


def without[Row: NamesWorks](rows: Sequence[Row], gone: Collection[str], file: str, counts: Counter[str]) -> list[Row]:
    """The rows that name none of the works that are gone; the others are counted."""
    kept = [row for row in rows if not set(row.works) & set(gone)]
    if len(kept) < len(rows):
        counts[file] += len(rows) - len(kept)
    return kept


def qualified_by(keys: Sequence[KeyPlan], before: Sequence[KeyPlan], settings: Qualifying) -> tuple[int, int]:
    """`qualify_items` and `qualify_pass` once gold keys have gone: as many as are left, and the same share of them."""
    gold, were = _gold(keys), _gold(before)
    if gold == were or were != settings.qualify_items:
        return settings.qualify_items, settings.qualify_pass
    return gold, ceil(settings.qualify_pass * gold / were)


def adjusted(
    settings: StudySettings, keys: Sequence[KeyPlan], before: Sequence[KeyPlan], findings: Findings
) -> StudySettings:
    """The settings, their qualification round as long as there are gold keys for it."""
    items, passing = qualified_by(keys, before, settings)
    if items != settings.qualify_items:
        left = f"{items} of {settings.qualify_items} gold comparisons are left"
        findings.warn(STUDY, None, f"{left}, so {passing} have to agree with their keys")
    return replace(settings, qualify_items=items, qualify_pass=passing)


def _gold(keys: Sequence[KeyPlan]) -> int:
    return len({(key.prompt, frozenset(key.works)) for key in keys if key.purpose == "gold"})
