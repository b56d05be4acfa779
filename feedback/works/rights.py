"""What a work is kept from, why, and what would free it."""

from collections.abc import Iterator
from dataclasses import dataclass

from feedback.studies.models import Study
from feedback.works.models import Clearance, Work

USES = {
    "judging": ("show",),
    "export": ("export",),
    "training a reward model": ("export", "train-reward-model"),
}


@dataclass(frozen=True)
class Blocked:
    """A work that may not be used for something, with the reason and the remedy."""

    work: str
    prompt: str
    uses: tuple[str, ...]
    reason: str
    remedy: str


def blocked_works(study: Study) -> Iterator[Blocked]:
    """The works of the study that lack a basis, a purpose or their content, by external id."""
    live = {row.work_id: row for row in Clearance.objects.live().filter(work__collection__studies=study)}
    works = Work.objects.filter(collection__studies=study).select_related("prompt").order_by("external_id")
    for work in works.iterator():
        found = _blocked(work, live.get(work.pk))
        if found:
            yield found


def _blocked(work: Work, clearance: Clearance | None) -> Blocked | None:
    def blocked(uses: tuple[str, ...], reason: str, remedy: str) -> Blocked:
        return Blocked(work.external_id, work.prompt.external_id, uses, reason, remedy)

    if clearance and clearance.withdrawn:
        lasts = clearance.withdrawn == Clearance.Withdrawn.ERASURE
        return blocked(
            tuple(USES),
            f"Withdrawn: {clearance.get_withdrawn_display()}.",
            "This stays so." if lasts else "Give it back under Withdrawals, if it may be used again.",
        )
    if clearance is None or not clearance.has_basis:
        return blocked(
            tuple(USES), "No licence or consent is stated.", "State its licence or consent and import again."
        )
    uses = tuple(use for use, purposes in USES.items() if clearance.lacks(*purposes))
    if uses:
        missing = sorted({purpose for use in uses for purpose in clearance.lacks(*USES[use])})
        return blocked(
            uses,
            f"Not cleared for {', '.join(missing)}.",
            f"Add {', '.join(missing)} to its purposes, if the maker agrees.",
        )
    if work.medium == Work.Medium.ABSENT:
        return blocked(
            ("judging", "export"), "Its content is absent.", "Import it with its text or file to have it judged."
        )
    return None
