"""The rubric as raters read it: criteria with their anchor texts, and works that show what they mean."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from feedback.judging.models import Example
from feedback.studies.models import Criterion, Study
from feedback.works.models import Asset, Work
from feedback.works.texts import shown

LONGEST_EXCERPT = 1_200  # characters of a text
STRONG, WEAK = Example.Shows.STRONG, Example.Shows.WEAK


@dataclass(frozen=True)
class Shown:
    """An example as it stands beside an anchor text; nothing of it says who made it."""

    medium: str
    note: str
    url: str
    poster: str
    text: str
    width: int | None
    height: int | None


@dataclass
class Anchor:
    """One end of a criterion: what it means in words, and works that show it."""

    name: str
    text: str
    examples: list[Shown] = field(default_factory=list)


@dataclass(frozen=True)
class Item:
    """One criterion of the rubric."""

    criterion: Criterion
    anchors: list[Anchor]


def rubric_of(study: Study, criteria: Sequence[Criterion]) -> list[Item]:
    """The criteria in this order, each with its anchors; examples that may not be shown any longer are left out."""
    anchors = {
        criterion.pk: {STRONG: Anchor("Strong", criterion.strong), WEAK: Anchor("Weak", criterion.weak)}
        for criterion in criteria
    }
    for example, made in _examples(study):
        if example.criterion_id in anchors:
            anchors[example.criterion_id][Example.Shows(example.shows)].examples.append(made)
    return [
        Item(criterion, [one for one in anchors[criterion.pk].values() if one.text or one.examples])
        for criterion in criteria
    ]


def _examples(study: Study) -> list[tuple[Example, Shown]]:
    rows = list(
        Example.objects.filter(criterion__study=study, work__in=Work.objects.cleared("show")).select_related("work")
    )
    assets: dict[tuple[int, str], Asset] = {}
    if rows:
        wanted = Asset.objects.filter(work__in=[row.work_id for row in rows]).exclude(role=Asset.Role.ORIGINAL)
        assets = {(asset.work_id, asset.role): asset for asset in wanted}
    return [
        (row, _shown(study, row, asset, has_poster=(row.work_id, Asset.Role.POSTER) in assets))
        for row in rows
        if (asset := assets.get((row.work_id, Asset.Role.SHOWN)))
    ]


def _shown(study: Study, example: Example, asset: Asset, *, has_poster: bool) -> Shown:
    is_text = example.work.medium == Work.Medium.TEXT
    url = "" if is_text else reverse("example", args=[study.slug, example.public_id])
    return Shown(
        medium=example.work.medium,
        note=example.note,
        url=url,
        poster=f"{url}?part=poster" if has_poster else "",
        text=_excerpt(shown(asset.text).text),
        width=asset.width,
        height=asset.height,
    )


def _excerpt(text: str) -> str:
    """The beginning, cut between words."""
    if len(text) <= LONGEST_EXCERPT:
        return text
    kept = text[:LONGEST_EXCERPT]
    return f"{kept[: max(kept.rfind(' '), kept.rfind('\n'), LONGEST_EXCERPT // 2)]} …"


def work_of(study: Study, public_id: uuid.UUID) -> Work | None:
    """The work behind an example of the study, as long as it may be shown."""
    return Work.objects.cleared("show").filter(examples__public_id=public_id, examples__criterion__study=study).first()
