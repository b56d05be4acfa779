"""How far an imported study is from being judged, and what was left out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.timezone import now

from feedback.studies.models import Study
from feedback.works.models import LeftOut, Preparation

SILENT_AFTER = timedelta(seconds=90)  # longer than the worker takes to pick up what another dropped


@dataclass(frozen=True)
class Readiness:
    """The background worker's way through a study's works, and the works that were left out."""

    preparation: Preparation
    done: int
    left_out: Sequence[LeftOut]

    @property
    def behind(self) -> float:
        """Works behind us, the one in hand for as much as is made of it."""
        return min(self.done + self.preparation.fraction, self.preparation.total)

    @property
    def percent(self) -> int:
        return int(100 * self.behind / self.preparation.total) if self.preparation.total else 100

    @property
    def fraction(self) -> int:
        """Of the work in hand, in per cent."""
        return int(100 * self.preparation.fraction)

    @property
    def time_left(self) -> str:
        """At the pace so far, rounded as one would say it."""
        if self.behind < 0.05 or self.preparation.seconds < 1:
            return ""
        seconds = self.preparation.seconds * (self.preparation.total - self.behind) / self.behind
        return f"about {seconds / 60:.0f} min left" if seconds >= 90 else f"about {max(1, round(seconds))} s left"

    @property
    def is_silent(self) -> bool:
        """Nothing has been heard of the worker for so long that it may not be running."""
        beat = self.preparation.beat_at or self.preparation.study.created_at
        return self.preparation.is_making and now() - beat > SILENT_AFTER

    @property
    def rows(self) -> Sequence[tuple[str, int]]:
        """How many rows went with the works left out, by file."""
        return sorted(self.preparation.rows_left_out.items())


def readiness_of(study: Study) -> Readiness | None:
    """None for a study that was imported in one go, with every work."""
    preparation = Preparation.objects.select_related("study").filter(study=study).first()
    if preparation is None:
        return None
    done = preparation.total if preparation.is_ready else preparation.done
    return Readiness(preparation, done, list(study.left_out.all()))
