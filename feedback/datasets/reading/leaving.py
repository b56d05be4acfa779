"""Which works may leave, and what stays and why."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.timezone import now

from feedback.datasets.terms import Terms
from feedback.studies.models import Study
from feedback.works.models import Clearance, Work


@dataclass(frozen=True)
class Stayed:
    """Things that stayed out for one reason; `works` are listed where works are meant."""

    reason: str
    remedy: str
    count: int
    works: list[str] = field(default_factory=list)

    def told(self, *, listing: bool = False) -> dict[str, Any]:
        """For the manifest, which counts, or for a summary, which lists."""
        counted: dict[str, Any] = {"reason": self.reason, "remedy": self.remedy, "count": self.count}
        return counted | ({"works": self.works} if listing else {})


class Named:
    """How works and prompts are named: by their own ids, with the collection before them if there are several."""

    def __init__(self, collections: int) -> None:
        self.qualified = collections > 1

    def __call__(self, collection: str, external_id: str) -> str:
        return f"{collection}/{external_id}" if self.qualified else external_id


class Known(NamedTuple):
    """A work as a release names it."""

    id: str
    external: tuple[str, str]  # of its collection and its own: unique, and never changes
    prompt: int
    medium: str
    sha256: str
    licence: str
    cleared: bool


@dataclass(frozen=True)
class Works:
    """The works of a study, by primary key, and those of them that stay."""

    known: dict[int, Known]
    stayed: list[Stayed]


def works_of(terms: Terms, study: Study, named: Named) -> Works:
    """Every work of the study with whether it may leave, in a constant number of queries."""
    of_study = Work.objects.filter(collection__studies=study)
    cleared = set(of_study.cleared(*terms.purposes).values_list("pk", flat=True))
    clearances = {
        row.work_id: row
        for row in Clearance.objects.filter(work__collection__studies=study, replaced_at__isnull=True).iterator()
    }
    known: dict[int, Known] = {}
    stays: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows = of_study.values_list("pk", "collection__slug", "external_id", "prompt", "medium", "sha256")
    for pk, collection, external_id, prompt, medium, sha256 in rows.iterator():
        name, clearance = named(collection, external_id), clearances.get(pk)
        licence = clearance.licence if clearance else ""
        known[pk] = Known(name, (collection, external_id), prompt, medium, sha256, licence, pk in cleared)
        if pk not in cleared:
            stays[_why(clearance, terms.purposes)].append(name)
    listed = [Stayed(*why, len(works), sorted(works)) for why, works in sorted(stays.items())]
    return Works(known, listed)


def _why(clearance: Clearance | None, purposes: tuple[str, ...]) -> tuple[str, str]:
    if clearance and clearance.withdrawn:
        lasts = clearance.withdrawn == Clearance.Withdrawn.ERASURE
        remedy = "it stays out" if lasts else "give it back under Withdrawals, if it may be used again"
        return f"withdrawn: {clearance.get_withdrawn_display()}", remedy
    if clearance is None or not clearance.has_basis:
        return "no licence or consent is stated", "state `licence` or `consent` and import again"
    missing = ", ".join(clearance.lacks(*purposes))
    if missing:
        return f"not cleared for {missing}", f"add {missing} to `purposes`, if the maker agrees"
    if clearance.valid_from and clearance.valid_from > now():
        return "its clearance is not valid yet", "export again when it is"
    return "its clearance has ended", "ask the maker to renew it"
