"""The terms of a release: what it can be asked to be; anything else is refused with what there is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from feedback.datasets.models import Shape
from feedback.studies.models import Criterion, Study
from feedback.works.models import PURPOSES

SCHEMA_VERSION = 1
LEAVES_FOR = tuple(purpose for purpose in PURPOSES if purpose != "show")
DEFAULT_PURPOSE = "train-reward-model"


class ReleaseRefused(Exception):
    """There can be no such release; the message says why and what would help."""


@dataclass(frozen=True)
class Terms:
    """Which rows of a study, in which form, for which purpose; `criterion` None is all."""

    study: Study
    view: str
    preset: str
    purpose: str
    criterion: Criterion | None
    rationales: bool

    @property
    def purposes(self) -> tuple[str, ...]:
        """What a work must be cleared for to leave."""
        return tuple(dict.fromkeys(("export", self.purpose)))

    def told(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "study": self.study.slug,
            "view": self.view,
            "preset": self.preset or None,
            "purpose": self.purpose,
            "criterion": self.criterion.slug if self.criterion else None,
            "rationales": self.rationales,
        }

    def fields(self) -> dict[str, Any]:
        """For a row of Release or Build."""
        return {
            "study": self.study,
            "view": self.view,
            "preset": self.preset,
            "purpose": self.purpose,
            "criterion": self.criterion,
            "rationales": self.rationales,
        }


def terms_for(
    *,
    study: Study,
    preset: str = "",
    view: str = "",
    purpose: str = DEFAULT_PURPOSE,
    criterion: str | Criterion | None = None,
    rationales: bool = False,
) -> Terms:
    """The terms if they go together; raises ReleaseRefused otherwise. The view is `pairs` unless told."""
    view = view or Shape.View.PAIRS
    _must_be_one_of("preset", preset, Shape.Preset.values)
    _must_be_one_of("view", view, Shape.View.values)
    _must_be_one_of("purpose", purpose, LEAVES_FOR)
    if preset and view != Shape.View.PAIRS:
        raise ReleaseRefused(f"The preset {preset} is a form of the view pairs: leave out the preset or the view.")
    if rationales and view != Shape.View.JUDGEMENTS:
        raise ReleaseRefused("Rationales belong to single judgements: ask for the view judgements to have them.")
    chosen = criterion if isinstance(criterion, Criterion) or criterion is None else _criterion(study, criterion)
    return Terms(study, view, preset, purpose, chosen, rationales)


def study_named(slug: str) -> Study:
    """The study of that slug; raises ReleaseRefused with the slugs there are."""
    study = Study.objects.filter(slug=slug).first()
    if study is None:
        known = Study.objects.order_by("slug").values_list("slug", flat=True)
        raise ReleaseRefused(f"There is no study {slug!r}. {_there_is(known)}")
    return study


def newest_criteria(study: Study) -> list[Criterion]:
    """The criteria in their present wording, in their order."""
    newest: dict[str, Criterion] = {}
    for criterion in study.criteria.order_by("version"):
        newest[criterion.slug] = criterion
    return sorted(newest.values(), key=lambda one: (one.position, one.slug))


def _criterion(study: Study, slug: str) -> Criterion:
    criteria = {criterion.slug: criterion for criterion in newest_criteria(study)}
    if slug not in criteria:
        raise ReleaseRefused(f"The study {study.slug} has no criterion {slug!r}. {_there_is(criteria)}")
    return criteria[slug]


def _must_be_one_of(what: str, value: str, known: Iterable[str]) -> None:
    known = list(known)
    if value not in known:
        raise ReleaseRefused(f"There is no {what} {value!r}. {_there_is(one for one in known if one)}")


def _there_is(known: Iterable[str]) -> str:
    names = list(known)
    listed = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    return f"There is: {listed}." if names else "There is none yet: import one first."
