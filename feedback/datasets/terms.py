"""The terms of a release: which rows, of which studies, in which form, for which purpose."""

from dataclasses import dataclass
from typing import Any, Self

from feedback.datasets.lines import digest
from feedback.datasets.models import Release
from feedback.studies.models import Criterion, Study
from feedback.works.models import PURPOSES

SCHEMA_VERSION = 2
LEAVES_FOR = tuple(purpose for purpose in PURPOSES if purpose != "show")
DEFAULT_PURPOSE = "train-reward-model"
SPLITTERS = ("prompt",)
MEDIA = NO_MEDIA, SHOWN = ("none", "shown")
PACKAGING = frozenset({"format", "media", "since"})  # what decides nothing about the rows there are


class ReleaseRefused(Exception):
    """There can be no such release; the message says why and what would help."""


@dataclass(frozen=True)
class Terms:
    """What was asked for; `studies` by slug, `criterion` None is all, `since` the release whose rows need no repeating.

    `terms_for` makes them, and sees that they go together.
    """

    studies: tuple[Study, ...]
    views: tuple[str, ...]
    preset: str
    format: str
    criterion: str | None
    purpose: str
    split: str
    min_judgements: int
    margin: bool
    rationales: bool
    media: str
    since: Release | None

    @property
    def purposes(self) -> tuple[str, ...]:
        """What a work must be cleared for to leave."""
        return tuple(dict.fromkeys(("export", self.purpose)))

    @property
    def series(self) -> str:
        """The same for all releases that may hold the same rows: their versions count in one row."""
        return digest({name: value for name, value in self.told().items() if name not in PACKAGING})

    def told(self) -> dict[str, Any]:
        """As the manifest tells them and the database keeps them."""
        return {
            "studies": [study.slug for study in self.studies],
            "views": list(self.views),
            "preset": self.preset or None,
            "format": self.format,
            "criterion": self.criterion,
            "purpose": self.purpose,
            "split": self.split,
            "min_judgements": self.min_judgements,
            "margin": self.margin,
            "rationales": self.rationales,
            "media": self.media,
            "since": str(self.since) if self.since else None,
        }

    @classmethod
    def from_told(cls, told: dict[str, Any]) -> Self:
        """The terms that were told so."""
        studies = Study.objects.in_bulk(told["studies"], field_name="slug")
        since = Release.objects.get(public_id=told["since"]) if told["since"] else None
        return cls(
            **(told | {"studies": tuple(studies[slug] for slug in told["studies"])})
            | {"views": tuple(told["views"]), "preset": told["preset"] or "", "since": since}
        )


def newest_criteria(study: Study) -> list[Criterion]:
    """The criteria in their present wording, in their order."""
    newest: dict[str, Criterion] = {}
    for criterion in study.criteria.order_by("version"):
        newest[criterion.slug] = criterion
    return sorted(newest.values(), key=lambda one: (one.position, one.slug))
