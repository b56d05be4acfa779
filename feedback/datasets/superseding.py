"""Releases that hold what was taken back since: they are told as superseded and no longer handed out.

Nothing is written for it: what was withdrawn, and until when it was cleared, says so whenever a release is asked for,
and undoing a withdrawal lets its releases be handed out again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import F
from django.utils.timezone import now

from feedback.datasets.models import Release
from feedback.judging.withdrawals import Withdrawal
from feedback.people.models import Consent, Rater
from feedback.works.models import Clearance

ENDED, WORDS = "licence_expired", "words"
WORK, RATER = "work", "rater"
SAYS = {
    (WORK, "withdrawn"): ("a work whose maker withdrew it", "works whose makers withdrew them"),
    (WORK, "licence_expired"): ("a work whose clearance has ended", "works whose clearance has ended"),
    (WORK, "erasure"): ("a work that was erased", "works that were erased"),
    (WORK, "quality"): ("a work found unfit for the study", "works found unfit for the study"),
    (RATER, "withdrawn"): ("judgements of a rater who withdrew", "judgements of raters who withdrew"),
    (RATER, "erasure"): ("judgements that were erased", "judgements of raters that were erased"),
    (RATER, "quality"): ("judgements found unreliable", "judgements of raters found unreliable"),
    (RATER, "words"): ("sentences that a rater took back", "sentences that raters took back"),
}


class TakenBack(NamedTuple):
    """Something that a release holds and may not hold any more."""

    release: int
    kind: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Superseded:
    """Since when a release is not handed out, and why."""

    at: datetime
    reasons: dict[tuple[str, str], int]

    @property
    def why(self) -> str:
        """The reasons as half a sentence: "it holds a work that was erased"."""
        said = [
            SAYS[reason][0] if number == 1 else f"{number:,} {SAYS[reason][1]}"
            for reason, number in sorted(self.reasons.items())
        ]
        return f"it holds {' and '.join(said)}"

    def told(self) -> list[dict[str, str | int]]:
        """For machines."""
        return [{"kind": kind, "reason": reason, "count": number} for (kind, reason), number in self.reasons.items()]


def superseded(releases: Iterable[Release]) -> dict[int, Superseded]:
    """Those of the releases that are superseded, by primary key, in a constant number of queries."""
    found: dict[int, list[TakenBack]] = defaultdict(list)
    for one in _taken_back([release.pk for release in releases]):
        found[one.release].append(one)
    return {
        release: Superseded(min(one.at for one in of), dict(Counter((one.kind, one.reason) for one in of)))
        for release, of in found.items()
    }


def _taken_back(releases: list[int]) -> Iterator[TakenBack]:
    works = Clearance.objects.filter(replaced_at__isnull=True, work__releases__in=releases)
    gone = works.filter(withdrawn__gt="").values_list("work__releases", "withdrawn", "stated_at")
    ended = works.filter(valid_until__lte=now()).values_list("work__releases", "valid_until")
    raters = Withdrawal.objects.live().filter(rater__releases__in=releases, study__releases=F("rater__releases"))
    words = Consent.objects.filter(
        rater__releases__in=releases,
        rater__releases__terms__rationales=True,
        words_until__gt=F("rater__releases__frozen_at"),
    ).exclude(rater__in=Rater.objects.sharing_words().values("pk"))
    yield from (TakenBack(release, WORK, reason, at) for release, reason, at in gone)
    yield from (TakenBack(release, WORK, ENDED, at) for release, at in ended if at)
    yield from (
        TakenBack(release, RATER, reason, at)
        for release, reason, at in raters.values_list("rater__releases", "reason", "at")
    )
    yield from (
        TakenBack(release, RATER, WORDS, at)
        for release, at in words.values_list("rater__releases", "words_until")
        if at
    )
