"""The forms that a release can be asked for in, as the page offers them: grouped, and unfit ones with the reason."""

from dataclasses import dataclass

from feedback.datasets.presets import PRESETS
from feedback.datasets.rows import VIEWS
from feedback.judging.models import Judgement, Mark
from feedback.studies.models import Study
from feedback.works.models import Work

TEXT = frozenset({Work.Medium.TEXT.value})
GROUPS = {
    "Train on texts": ("trl", "trl-chat", "openrlhf", "axolotl-bt", "llamafactory", "nemo-rl", "kto"),
    "Train on pictures and films": ("pickapic", "hpdv2", "imagereward", "videoalign"),
    "Test a reward model": ("rewardbench",),
    "Train on scores and strengths": ("helpsteer3",),
    "Work with it yourself": (
        "pairs",
        "pairs_soft",
        "rankings",
        "judgements",
        "works",
        "pairs_conversational",
        "pairs_implicit",
        "pairs_ab",
        "ratings",
        "unpaired",
        "marks",
    ),
}
PREFERRED = ("trl", "pairs_soft", "rankings", "ratings", "judgements")  # the first that fits is offered first
RANKS, SCORES, SCORES_OR_FLAGS, MARKS, ANYTHING = "ranks", "scores", "scores or flags", "marks", "anything"
NEEDS = {
    "pairs": RANKS,
    "pairs_conversational": RANKS,
    "pairs_implicit": RANKS,
    "pairs_soft": RANKS,
    "pairs_ab": RANKS,
    "rankings": RANKS,
    "ratings": SCORES,
    "unpaired": SCORES_OR_FLAGS,
    "marks": MARKS,
    "judgements": ANYTHING,
    "works": ANYTHING,
}
LACKS = {
    RANKS: "needs works set against each other; nobody has done that here yet",
    SCORES: "needs scores of single works; here there are none",
    SCORES_OR_FLAGS: "needs scores, or works called good or bad; here there are none",
    MARKS: "needs marked places; none was marked here yet",
    ANYTHING: "needs judgements; there is none yet",
}
MEDIA = {
    "text": "texts",
    "image": "pictures",
    "motion": "animations",
    "video": "films",
    "audio": "sounds",
    "model": "3D models",
    "absent": "works without content",
}


@dataclass(frozen=True)
class Offer:
    """A preset or a view; `unfit` says why it cannot be asked for here."""

    name: str
    says: str
    unfit: str

    @property
    def is_preset(self) -> bool:
        return self.name in PRESETS


@dataclass(frozen=True)
class Group:
    """What is for the same end; `unfit` is the reason that all of them share, if they do."""

    title: str
    offers: list[Offer]

    @property
    def unfit(self) -> str:
        reasons = {offer.unfit for offer in self.offers}
        return reasons.pop() if len(reasons) == 1 else ""


def offers_for(study: Study) -> list[Group]:
    """Every preset and view in its group, the fit before the others."""
    media = set(Work.objects.filter(collection__studies=study).values_list("medium", flat=True).distinct())
    has = _has(study)
    groups = [
        Group(title, sorted((_offer(name, media, has) for name in names), key=lambda offer: bool(offer.unfit)))
        for title, names in GROUPS.items()
    ]
    return sorted(groups, key=lambda group: bool(group.unfit))


def default_of(groups: list[Group]) -> str:
    """What is chosen unless somebody chooses otherwise."""
    fit = [offer.name for group in groups for offer in group.offers if not offer.unfit]
    return next((name for name in PREFERRED if name in fit), PREFERRED[0])


def _has(study: Study) -> set[str]:
    """What the study's judgements offer."""
    live = Judgement.objects.live().filter(submission__study=study)
    marks = Mark.objects.filter(submission__study=study, submission__latest_of__isnull=False)
    ranked = live.filter(ranks__isnull=False).exclude(submission__assignment__comparison__size=1)
    told = {
        RANKS: ranked,
        SCORES: live.filter(score__isnull=False),
        SCORES_OR_FLAGS: live.exclude(acceptable__isnull=True, score__isnull=True),
        MARKS: marks,
        ANYTHING: live,
    }
    return {name for name, rows in told.items() if rows.exists()}


def _offer(name: str, media: set[str], has: set[str]) -> Offer:
    preset = PRESETS.get(name)
    view = VIEWS[preset.view if preset else name]
    says = preset.says if preset else view.says
    takes = (
        preset.takes if preset else TEXT if view.name in {"pairs", "pairs_conversational", "pairs_implicit"} else media
    )
    if media and not media & takes:
        return Offer(name, says, f"takes {_listed(takes)}; the works here are {_listed(media)}")
    needs = NEEDS[view.name]
    return Offer(name, says, "" if needs in has else LACKS[needs])


def _listed(media: frozenset[str] | set[str]) -> str:
    *front, last = [words for medium, words in MEDIA.items() if medium in media]
    return f"{', '.join(front)} and {last}" if front else last
