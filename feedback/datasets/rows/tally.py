"""What was met on the way to the rows of a view: for the card, the manifest and the summary."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from feedback.datasets.lines import moment
from feedback.datasets.reading.chapters import Content, Judged
from feedback.datasets.reading.splits import SPLITS
from feedback.datasets.reasons import TIED


@dataclass
class Tally:
    """Counts of one view: judgements, the rows they gave or did not give, and by primary key whose works and answers.

    `files` are those that rows name, by path in the release, with the names they are kept under.
    """

    live: int = 0
    used: int = 0
    until: datetime | None = None
    judgements_left: Counter[str] = field(default_factory=Counter)
    pairs_left: Counter[str] = field(default_factory=Counter)
    works: set[int] = field(default_factory=set)
    raters: set[int] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)
    prompts: Counter[str] = field(default_factory=Counter)

    def told(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "judged_until": moment(self.until) if self.until else None,
            "judgements": {"live": self.live, "used": self.used, "left_out": _counts(self.judgements_left)},
            "ties": self.pairs_left[TIED],
            "pairs_left_out": _counts(self.pairs_left),
            "works": len(self.works),
            "prompts": {split: self.prompts[split] for split in SPLITS},
        }

    def meet(self, told: Judged) -> None:
        """Count a live judgement."""
        self.live += 1
        self.until = max(self.until, told.at) if self.until else told.at

    def uses(self, told: Judged, reason: str = "") -> bool:
        """Count a live judgement as one that counts in some row, or as left out for the reason."""
        if reason:
            self.judgements_left[reason] += 1
            return False
        self.used += 1
        self.raters.add(told.hand)
        return True

    def holds(self, works: Iterable[int], files: Iterable[Content] = ()) -> None:
        """Count works that are in a row, and the files it names."""
        self.works.update(works)
        self.files.update((file.path, file.stored) for file in files)


def _counts(counter: Counter[str]) -> list[dict[str, Any]]:
    return [{"reason": reason, "count": counter[reason]} for reason in sorted(counter) if counter[reason]]
