"""The scales on the bench: what stands on each step, what it is called, and which key chooses it."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from feedback.judging.models import Assignment
from feedback.studies.models import Criterion, Study

CHOICE_LABELS = ("A", "=", "B")
CHOICE_NAMES = ("A is better", "No difference", "B is better")
STRENGTH_LABELS = ("3", "2", "1", "=", "1", "2", "3")
STRENGTH_NAMES = (
    "A is much better",
    "A is better",
    "A is slightly better",
    "No difference",
    "B is slightly better",
    "B is better",
    "B is much better",
)
RATING_NAMES = ("Very weak", "Weak", "Rather weak", "Middling", "Rather strong", "Strong", "Very strong")


@dataclass(frozen=True)
class Step:
    """One answer on a scale: its key, what is posted, what is printed on it, and what it is called."""

    key: str
    value: str
    label: str
    name: str
    chosen: bool
    strength: int = 0
    favours: int | None = None


@dataclass(frozen=True)
class Scale:
    """Steps of which one is chosen, under the name of a form's field; `label` where a criterion has several."""

    field: str
    steps: list[Step]
    label: str = ""


def scales_of(assignment: Assignment, criterion: Criterion, said: Mapping[str, str]) -> list[Scale]:
    """The criterion's scale, or those of the best and the worst; none where works are put in order."""
    study, size = assignment.study, assignment.comparison.size
    if study.form == Study.Form.RATING or size <= 2:
        field_name = f"answer.{criterion.slug}"
        steps = steps_for(study, said.get(field_name, ""))
        return [Scale(field_name, steps)]
    asked = {Study.Ranking.FULL: [], Study.Ranking.BEST: ["best"], Study.Ranking.BEST_WORST: ["best", "worst"]}
    return [
        Scale(f"{which}.{criterion.slug}", _letters(which, size, said.get(f"{which}.{criterion.slug}", "")), which)
        for which in asked[Study.Ranking(study.ranking)]
    ]


def steps_for(study: Study, chosen: str) -> list[Step]:
    """The steps of a pair or of a rating."""
    if study.form == Study.Form.RATING:
        return [
            Step(str(number), str(number), str(number), name, chosen == str(number))
            for number, name in enumerate(RATING_NAMES, start=1)
        ]
    strong = study.scale == Study.Scale.STRENGTH
    labels, names = (STRENGTH_LABELS, STRENGTH_NAMES) if strong else (CHOICE_LABELS, CHOICE_NAMES)
    middle = len(labels) // 2
    return [
        Step(
            str(at + 1),
            str(at + 1),
            label,
            name,
            chosen == str(at + 1),
            strength=abs(at - middle) if strong else 0,
            favours=None if at == middle else int(at > middle),
        )
        for at, (label, name) in enumerate(zip(labels, names, strict=True))
    ]


def _letters(which: str, size: int, chosen: str) -> list[Step]:
    return [
        Step(str(position + 1), str(position), letter, f"{letter} is the {which}", chosen == str(position))
        for position, letter in zip(range(size), ascii_uppercase, strict=False)
    ]
