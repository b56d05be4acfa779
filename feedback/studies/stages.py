"""The stages of a study's life, and the ways from one to another."""

from dataclasses import dataclass

from feedback.studies.models import Study


@dataclass(frozen=True)
class Way:
    """Something a lead may do to a study as a whole."""

    act: str
    label: str
    says: str


OPEN = Way("open", "Open the study", "Raters are handed comparisons from then on.")
PAUSE = Way("pause", "Pause", "Nothing is handed out until you resume. What is on screens can still be sent.")
RESUME = Way("resume", "Resume", "Comparisons are handed out again.")
CLOSE = Way("close", "Close", "No more judgements are asked for; those given stay. You can open it again.")
REOPEN = Way("open", "Open again", "Raters are handed what is left.")
ARCHIVE = Way("archive", "Archive", "It leaves the lists; nothing is deleted. You can bring it back.")
UNARCHIVE = Way("unarchive", "Bring back", "It stands in the lists again, as it was.")

WAYS = {
    "draft": (OPEN, ARCHIVE),
    "open": (PAUSE, CLOSE),
    "paused": (RESUME, CLOSE),
    "closed": (REOPEN, ARCHIVE),
    "archived": (UNARCHIVE,),
}


def stage_of(study: Study) -> str:
    """One of draft, open, paused, closed, archived."""
    if study.archived_at:
        return "archived"
    return "paused" if study.is_open and study.paused_at else study.state


def ways_from(study: Study) -> tuple[Way, ...]:
    """What may be done next."""
    return WAYS[stage_of(study)]


class WrongStage(ValueError):
    """The act does not follow from the study's stage."""


def must_allow(study: Study, act: str) -> None:
    """Raise WrongStage with the reason, unless the act follows from the study's stage."""
    if act not in {way.act for way in ways_from(study)}:
        raise WrongStage(f"A study that is {stage_of(study)} cannot be asked to {act}.")
