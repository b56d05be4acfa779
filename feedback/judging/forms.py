"""What a rater may answer, from the screen's words to the entries' and back."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from feedback.judging.actions import Answer, Answers
from feedback.judging.models import Assignment, Judgement
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion, Study

CANNOT = "0"
ACCEPTABLE = {"": None, "none": False, "all": True}
LONGEST_DWELL = 24 * 60 * 60 * 1000  # ms; a page left open over night says nothing
CHOICES = {Study.Scale.CHOICE: 3, Study.Scale.STRENGTH: 7}
RATINGS = 7


def steps_of(study: Study) -> int:
    """How many steps a criterion's scale has; 0 where works are put in order instead."""
    if study.form == Study.Form.RATING:
        return RATINGS
    if study.form == Study.Form.SET and study.set_size > 2:
        return 0
    return CHOICES[Study.Scale(study.scale)]


class AnswerForm(forms.Form):
    """One press of the key. Fields speak of screen positions; `answers()` speaks of entries."""

    key = forms.UUIDField()
    replaces = forms.IntegerField(min_value=0)
    dwell_ms = forms.IntegerField(required=False, min_value=0)
    rationale = forms.CharField(required=False, max_length=4000)

    def __init__(self, data: Any, *, assignment: Assignment) -> None:
        super().__init__(data)
        self.assignment = assignment
        self.study = assignment.study
        self.criteria = criteria_of(self.study)
        self.size = assignment.comparison.size
        self.steps = 0 if self.size > 2 else steps_of(self.study) or CHOICES[Study.Scale.CHOICE]
        for criterion in self.criteria:
            self._add_fields(criterion)

    def _add_fields(self, criterion: Criterion) -> None:
        values = [str(step) for step in range(self.steps + 1)]
        self.fields[f"answer.{criterion.slug}"] = forms.ChoiceField(
            choices=[(value, value) for value in values], required=False
        )
        self.fields[f"acceptable.{criterion.slug}"] = forms.ChoiceField(
            choices=[(value, value) for value in ACCEPTABLE], required=False
        )
        if not self.steps:
            for position in range(self.size):
                self.fields[f"rank.{criterion.slug}.{position}"] = forms.IntegerField(
                    required=False, min_value=1, max_value=self.size
                )

    def clean_dwell_ms(self) -> int | None:
        dwell: int | None = self.cleaned_data["dwell_ms"]
        return None if dwell is None else min(dwell, LONGEST_DWELL)

    def clean_rationale(self) -> str:
        text: str = self.cleaned_data["rationale"].replace("\r\n", "\n").strip()
        if "\0" in text:
            raise ValidationError("The sentence holds a character that cannot be stored.")
        return text

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for criterion in self.criteria:
            if not self._is_answered(said, criterion):
                self.add_error(f"answer.{criterion.slug}", f"{criterion.name}: {self._what_is_missing()}")
        if self.study.rationale == Study.Rationale.REQUIRED and not said.get("rationale"):
            self.add_error("rationale", "This study asks for a reason: say why, in a sentence.")
        return said

    def _is_answered(self, said: dict[str, Any], criterion: Criterion) -> bool:
        if said.get(f"answer.{criterion.slug}"):
            return True
        return not self.steps and all(self._screen_ranks(said, criterion))

    def _what_is_missing(self) -> str:
        if self.steps:
            return f"choose one of 1 to {self.steps}, or 0 if you cannot judge."
        return f"give each of the {self.size} works a rank, or 0 if you cannot judge."

    def _screen_ranks(self, said: dict[str, Any], criterion: Criterion) -> list[int]:
        return [said.get(f"rank.{criterion.slug}.{position}") or 0 for position in range(self.size)]

    def answers(self) -> Answers:
        """What was said, aligned with the entries of the comparison."""
        said = self.cleaned_data
        return Answers(
            each=[self._answer(said, criterion) for criterion in self.criteria],
            rationale="" if self.study.rationale == Study.Rationale.OFF else said["rationale"],
            dwell_ms=said["dwell_ms"],
        )

    def _answer(self, said: dict[str, Any], criterion: Criterion) -> Answer:
        value = said[f"answer.{criterion.slug}"]
        verdict = ACCEPTABLE[said[f"acceptable.{criterion.slug}"]]
        acceptable: list[bool | None] | None = None if verdict is None else [verdict] * self.size
        if value == CANNOT:
            return Answer(criterion, outcome=Judgement.Outcome.CANNOT_JUDGE, acceptable=acceptable)
        if self.study.form == Study.Form.RATING:
            return Answer(criterion, score=float(value), acceptable=acceptable)
        if not self.steps:
            ranks = to_entries(self.assignment, self._screen_ranks(said, criterion))
            return Answer(criterion, ranks=ranks, acceptable=acceptable)
        middle = (self.steps + 1) // 2
        leaning = middle - int(value)  # positive favours what stands left
        screen = [1, 1] if leaning == 0 else [1, 2] if leaning > 0 else [2, 1]
        strength = leaning if self.assignment.shown_order[0] == 0 else -leaning
        return Answer(
            criterion,
            ranks=to_entries(self.assignment, screen),
            strength=strength if self.study.scale == Study.Scale.STRENGTH else None,
            acceptable=acceptable,
        )


def to_entries(assignment: Assignment, screen: list[int]) -> list[int]:
    """Values by screen position → values by entry index."""
    aligned = [0] * len(screen)
    for position, entry in enumerate(assignment.shown_order):
        aligned[entry] = screen[position]
    return aligned


def to_screen(assignment: Assignment, entries: list[int]) -> list[int]:
    """Values by entry index → values by screen position."""
    return [entries[entry] for entry in assignment.shown_order]


def screen_values(assignment: Assignment, judgement: Judgement, steps: int) -> Iterator[tuple[str, str]]:
    """A stored judgement as the names and values of the form that gave it."""
    slug = judgement.criterion.slug
    if judgement.acceptable:
        yield f"acceptable.{slug}", "all" if judgement.acceptable[0] else "none"
    if judgement.outcome == Judgement.Outcome.CANNOT_JUDGE:
        yield f"answer.{slug}", CANNOT
    elif judgement.score is not None:
        yield f"answer.{slug}", str(int(judgement.score))
    elif judgement.ranks and not steps:
        for position, rank in enumerate(to_screen(assignment, judgement.ranks)):
            yield f"rank.{slug}.{position}", str(rank)
    elif judgement.ranks:
        yield f"answer.{slug}", str(_step(assignment, judgement, steps))


def _step(assignment: Assignment, judgement: Judgement, steps: int) -> int:
    left, right = to_screen(assignment, judgement.ranks or [])
    leaning = (right > left) - (right < left)
    if judgement.strength is not None:
        leaning = judgement.strength if assignment.shown_order[0] == 0 else -judgement.strength
    return (steps + 1) // 2 - leaning
