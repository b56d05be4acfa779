"""What a report says about one criterion, with names to say it by: all that sentences and charts are made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

type Json = Mapping[str, Any]

OVERALL = "overall"  # the tab that all criteria are summed up on


@dataclass(frozen=True)
class Names:
    """What ids are called to this reader: numbers in place of names for a lead who rates here."""

    criteria: Mapping[str, str]
    generators: Mapping[int, str] = field(default_factory=dict)
    raters: Mapping[int, str] = field(default_factory=dict)

    def criterion(self, slug: str) -> str:
        """Within a sentence."""
        name = self.criteria.get(slug, slug)
        return name if name[1:2].isupper() else name[:1].lower() + name[1:]

    def generator(self, number: int) -> str:
        return self.generators.get(number, f"Generator {number}")

    def rater(self, number: int) -> str:
        return self.raters.get(number, f"Rater {number}")


@dataclass(frozen=True)
class Facts:
    """A report as one tab of the page shows it: `here` of its criterion, `every` in short of each."""

    criterion: str
    names: Names
    counts: Json
    target: float
    findings: Sequence[Json]
    raters: Sequence[Json]
    here: Json
    every: Mapping[str, Json]

    def part(self, *path: str) -> Json:
        """A part of this criterion's; empty where the report has none."""
        found: Any = self.here
        for name in path:
            found = (found or {}).get(name)
        return found or {}

    @property
    def rows(self) -> Sequence[Json]:
        """The generators on the board, best first within each part."""
        return self.part("best", "generators").get("rows") or []


def facts_of(told: Json, criterion: str, names: Names, target: float = 0.8) -> Facts:
    """The facts of one criterion of a report."""
    by = told.get("by") or {}
    return Facts(
        criterion=criterion,
        names=names,
        counts=told.get("counts") or {},
        target=target,
        findings=told.get("findings") or [],
        raters=told.get("raters") or [],
        here=by.get(criterion) or {},
        every={slug: by[slug] for slug in told.get("criteria") or [] if by.get(slug)},
    )
