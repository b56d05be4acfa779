"""What was said before the import: as answers and keys of this site, and as JSON while the worker makes the works."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from feedback.intake.reading.plans import JudgementPlan, KeyPlan, MarkPlan, RaterPlan, StudyPlan
from feedback.judging.actions import Answer, Key
from feedback.judging.marks import Said
from feedback.studies.models import Criterion, Study
from feedback.works.models import Work


@dataclass(frozen=True)
class Brought:
    """Past judgements, their marks and raters, and the keys of experts; whether the raters' own words may leave.

    And whether the study `opens` by itself once its works are made.
    """

    judgements: tuple[JudgementPlan, ...] = ()
    marks: tuple[MarkPlan, ...] = ()
    keys: tuple[KeyPlan, ...] = ()
    shares_words: bool = False
    opens: bool = True
    raters: tuple[RaterPlan, ...] = ()

    @classmethod
    def by(cls, plan: StudyPlan) -> "Brought":
        return cls(plan.judgements, plan.pinned, plan.keys, plan.words == "shared", raters=plan.raters)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Brought":
        return cls(
            tuple(JudgementPlan(**_judgement(row)) for row in told.get("judgements", [])),
            tuple(MarkPlan(**_with_tuples(row)) for row in told.get("marks", [])),
            tuple(KeyPlan(**_with_tuples(row)) for row in told.get("keys", [])),
            told.get("shares_words", False),
            told.get("opens", True),
            tuple(RaterPlan(**row) for row in told.get("raters", [])),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "judgements": [_told(asdict(row)) for row in self.judgements],
            "marks": [asdict(row) for row in self.marks],
            "keys": [asdict(row) for row in self.keys],
            "shares_words": self.shares_words,
            "opens": self.opens,
            "raters": [asdict(row) for row in self.raters],
        }


def answer_of(judgement: JudgementPlan, criterion: Criterion, works: dict[str, Work]) -> Answer:
    """The judgement with its ranks turned from shown order to that of the entries."""
    keys = [works[work].pk for work in judgement.works]
    turned = sorted(range(len(keys)), key=keys.__getitem__)
    flipped = turned != sorted(turned)
    return Answer(
        criterion=criterion,
        outcome=judgement.outcome,
        ranks=[judgement.ranks[at] for at in turned] if judgement.ranks else None,
        strength=-judgement.strength if judgement.strength and flipped else judgement.strength,
        score=judgement.score,
        acceptable=[judgement.acceptable[at] for at in turned] if judgement.acceptable else None,
    )


def mark_of(mark: MarkPlan, works: dict[str, Work]) -> Said:
    """The mark on the entry that its work will be."""
    entries = sorted(works[work].pk for work in mark.works)
    return Said(
        criterion=mark.criterion,
        entry=entries.index(works[mark.work].pk),
        kind=mark.kind,
        place=dict(mark.place),
        tag=mark.tag,
        sign=mark.sign,
        note=mark.note,
        claim=mark.claim,
    )


def keys_of(study: Study, brought: Sequence[KeyPlan], works: dict[str, Work]) -> list[Key]:
    """The keys, one for each comparison."""
    names = {criterion.slug: criterion.name for criterion in study.criteria.all()}
    told: dict[tuple[str, frozenset[str]], list[KeyPlan]] = defaultdict(list)
    for key in brought:
        told[key.prompt, frozenset(key.works)].append(key)
    keys = []
    for rows in told.values():
        reasons = {row.criterion: row.reason for row in rows if row.reason}
        lesson = [f"{names[slug]}: {reason}" if len(names) > 1 else reason for slug, reason in reasons.items()]
        keys.append(
            Key(
                prompt=works[rows[0].works[0]].prompt_id,
                ranks={
                    row.criterion: {works[work].pk: rank for work, rank in zip(row.works, row.ranks, strict=True)}
                    for row in rows
                },
                lesson="\n".join(lesson),
                gold=rows[0].purpose == "gold",
            )
        )
    return keys


def _told(judgement: dict[str, Any]) -> dict[str, Any]:
    at: datetime | None = judgement["judged_at"]
    return judgement | {"judged_at": at and at.isoformat()}


def _judgement(row: dict[str, Any]) -> dict[str, Any]:
    at = row["judged_at"]
    return _with_tuples(row) | {"judged_at": datetime.fromisoformat(at) if at else None}


def _with_tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
