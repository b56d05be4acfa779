"""The golden set: comparisons whose answer a lead vouches for, to measure others by."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from feedback.results.audit.answers import order_of
from feedback.results.models import Resolution
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study
from feedback.works.models import Clearance


@dataclass(frozen=True)
class Golden:
    """A comparison with its works by their ids, and what holds, in words and in ranks."""

    resolution: Resolution
    prompt: str
    works: list[str]
    said: list[tuple[str, str]]

    def told(self) -> dict[str, Any]:
        """For a file."""
        of = self.resolution
        return {
            "prompt": of.comparison.prompt.external_id,
            "works": self.works,
            "ranks": of.ranks,
            "note": of.note or None,
            "decided_at": of.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }


def golden_set(study: Study) -> list[Golden]:
    """In the order in which it grew; without comparisons of which a work is withdrawn."""
    names = {criterion.slug: criterion.name for criterion in criteria_of(study)}
    of_study = Clearance.objects.withdrawing().filter(work__collection__studies=study)
    gone = set(of_study.values_list("work_id", flat=True))
    chosen = (
        Resolution.objects.live()
        .filter(comparison__study=study, kind=Resolution.Kind.GOLDEN)
        .select_related("comparison__prompt")
        .prefetch_related("comparison__entries__work")
        .order_by("id")
    )
    golden = []
    for resolution in chosen:
        works = [entry.work for entry in resolution.comparison.entries.all()]
        if gone.isdisjoint(work.pk for work in works):
            said = [(names.get(slug, slug), order_of(ranks)) for slug, ranks in resolution.ranks.items()]
            ids = [work.external_id for work in works]
            golden.append(Golden(resolution, resolution.comparison.prompt.text, ids, said))
    return golden


def golden_lines(study: Study) -> Iterator[str]:
    """One JSON object a line: prompt, works, and for each criterion the rank of each work, 1 for the best."""
    return (json.dumps(one.told(), ensure_ascii=False) + "\n" for one in golden_set(study))
