"""The list of somebody's studies: by stage, with what waits for them in each."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from feedback.intake.models import Delivery
from feedback.judging.models import Assignment, Comparison, Submission
from feedback.people.models import User
from feedback.studies import access
from feedback.studies.models import Membership, Study
from feedback.studies.stages import stage_of
from feedback.works.models import Preparation

STAGES = {
    "open": "Open",
    "paused": "Paused",
    "draft": "Being made",
    "closed": "Closed",
    "archived": "Archived",
}


@dataclass
class Row:
    """A study, the person's part in it, and what waits for them."""

    study: Study
    stage: str
    roles: list[str]
    waits: list[str] = field(default_factory=list)

    @property
    def may_judge(self) -> bool:
        return access.RATER in self.roles and self.stage == "open"


@dataclass
class Group:
    """Studies of one stage."""

    stage: str
    title: str
    rows: list[Row]

    @property
    def is_folded(self) -> bool:
        return self.stage == "archived"


def groups_of(user: User) -> list[Group]:
    """The person's studies by stage, those under way first."""
    roles: dict[int, list[str]] = {}
    for study, role in Membership.objects.filter(user=user).values_list("study", "role").order_by("role"):
        roles.setdefault(study, []).append(role)
    rows = [
        Row(study, stage_of(study), roles[study.pk], _waits(study, roles[study.pk]))
        for study in _studies(user, roles).order_by("title", "pk")
    ]
    grouped = [Group(stage, title, [row for row in rows if row.stage == stage]) for stage, title in STAGES.items()]
    return [group for group in grouped if group.rows]


def deliveries_of(user: User) -> QuerySet[Delivery]:
    """Studies that were begun and are not stored yet."""
    return Delivery.objects.filter(by=user).exclude(state=Delivery.State.STORED).order_by("-begun_at")


def _studies(user: User, roles: dict[int, list[str]]) -> "QuerySet[Study]":
    """The studies with what is to be told of them, in one query; no count runs over a whole study."""
    newest = Submission.objects.filter(study=OuterRef("pk")).order_by("-pk")
    mine = Assignment.objects.filter(comparison=OuterRef("pk"), rater__user=user)
    left = Comparison.objects.filter(~Exists(mine), study=OuterRef("pk"), places_taken__lt=F("places"))
    answered = Assignment.objects.filter(study=OuterRef("pk"), rater__user=user).answered().order_by()
    raters = Membership.objects.filter(study=OuterRef("pk"), role=access.RATER).order_by()
    return (
        Study.objects.filter(pk__in=roles)
        .select_related("preparation")
        .annotate(
            last=Subquery(newest.values("at")[:1]),
            left=Exists(left),
            judged=_number(answered),
            raters=_number(raters),
        )
    )


def _number(rows: QuerySet[Any]) -> Subquery:
    """How many of the rows a study has; none where there are none."""
    return Subquery(rows.values("study").annotate(number=Count("pk")).values("number"))


def _waits(study: Study, roles: list[str]) -> list[str]:
    stage = stage_of(study)
    told = [*_of_rater(study, stage)] if access.RATER in roles else []
    return told + ([*_of_lead(study, stage)] if access.LEAD in roles else [])


def _of_rater(study: Study, stage: str) -> list[str]:
    judged: int = study.judged or 0  # type: ignore[attr-defined]  # annotated above
    told = [f"{judged:,} judged by you"] if judged else []
    if stage == "open":
        told.append("more to judge" if study.left else "nothing left for you now")  # type: ignore[attr-defined]  # as above
    return told


def _of_lead(study: Study, stage: str) -> list[str]:
    preparation: Preparation | None = getattr(study, "preparation", None)
    if preparation and preparation.state == Preparation.State.ASKING:
        return ["works were refused: say whether to go on"]
    if preparation and preparation.state == Preparation.State.STOPPED:
        return ["cannot be opened"]
    if preparation and preparation.is_making:
        return ["works are being made ready"]
    raters: int = study.raters or 0  # type: ignore[attr-defined]  # annotated above
    last: datetime | None = study.last  # type: ignore[attr-defined]  # as above
    told = ["nobody is invited yet"] if not raters and stage in {"draft", "open"} else []
    if stage == "draft" and raters:
        told.append("ready to be opened")
    if stage == "open" and raters and last is None:
        told.append("no judgement yet")
    return told
