"""What a rater may answer, from the screen's words to the entries' and back."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from feedback.judging.actions import Answer, Answers
from feedback.judging.doubts import contradictions
from feedback.judging.exposure import Seen, Unseen, missing, read_seen
from feedback.judging.marks import Refused, Said, extents_of, read_marks, unexplained
from feedback.judging.models import Assignment, Judgement
from feedback.judging.places import Extent
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion, Study
from feedback.works.models import Work

CANNOT = "0"
ACCEPTABLE = {"": None, "none": False, "all": True}
LONGEST_DWELL = 24 * 60 * 60 * 1000  # ms; a page left open over night says nothing
LONGEST_MARKS, LONGEST_SEEN = 400_000, 100_000  # characters
NOTHING = {"", "[]"}
CHOICES = {Study.Scale.CHOICE: 3, Study.Scale.STRENGTH: 7}
RATINGS = 7
BEST, REST, WORST = 1, 2, 3  # the ranks of a set of which only the best, or the best and the worst, are asked
PICKS = {Study.Ranking.FULL: (), Study.Ranking.BEST: ("best",), Study.Ranking.BEST_WORST: ("best", "worst")}


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
    marks = forms.CharField(required=False, max_length=LONGEST_MARKS, strip=False)
    seen = forms.CharField(required=False, max_length=LONGEST_SEEN)
    kept = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, assignment: Assignment) -> None:
        super().__init__(data)
        self.assignment = assignment
        self.study = assignment.study
        self.criteria = criteria_of(self.study)
        self.size = assignment.comparison.size
        self.steps = 0 if self.size > 2 else steps_of(self.study) or CHOICES[Study.Scale.CHOICE]
        self.picks = () if self.steps else PICKS[Study.Ranking(self.study.ranking)]
        for criterion in self.criteria:
            self._add_fields(criterion.slug)

    def _add_fields(self, slug: str) -> None:
        values = [str(step) for step in range(self.steps + 1)]
        self.fields[f"answer.{slug}"] = forms.ChoiceField(choices=[(value, value) for value in values], required=False)
        self.fields[f"acceptable.{slug}"] = forms.ChoiceField(
            choices=[(value, value) for value in ACCEPTABLE], required=False
        )
        for pick in self.picks:
            self.fields[f"{pick}.{slug}"] = forms.IntegerField(required=False, min_value=0, max_value=self.size - 1)
        if not self.steps and not self.picks:
            for position in range(self.size):
                self.fields[f"rank.{slug}.{position}"] = forms.IntegerField(
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
            if fault := self._fault(said, criterion.slug):
                self.add_error(f"answer.{criterion.slug}", f"{criterion.name}: {fault}")
        if self.study.rationale == Study.Rationale.REQUIRED and not said.get("rationale"):
            self.add_error("rationale", "This study asks for a reason: say why, in a sentence.")
        if not self.errors:
            each = [self._answer(said, criterion) for criterion in self.criteria]
            self._check_marks(said, each)
            self._check_seen(said, each)
        return said

    def _fault(self, said: Mapping[str, Any], slug: str) -> str:
        """What is missing of the answer on a criterion, or wrong with it."""
        if said.get(f"answer.{slug}"):
            return ""
        if self.steps:
            return f"choose one of 1 to {self.steps}, or 0 if you cannot judge."
        if self.picks:
            picked = [said.get(f"{pick}.{slug}") for pick in self.picks]
            if None in picked:
                return f"choose the {' and the '.join(self.picks)} work, or 0 if you cannot judge."
            return "" if len(set(picked)) == len(picked) else "one work cannot be both the best and the worst."
        if all(self._screen_ranks(said, slug)):
            return ""
        return f"give each of the {self.size} works a rank, or 0 if you cannot judge."

    @cached_property
    def _extents(self) -> dict[int, Extent]:
        return extents_of(self.assignment.comparison_id)

    def _check_marks(self, said: dict[str, Any], each: list[Answer]) -> None:
        text, slugs = said.get("marks") or "", {criterion.slug for criterion in self.criteria}
        try:
            extents = {} if text in NOTHING else self._extents
            said["marks"] = marks = read_marks(text, self.assignment, slugs, extents)
        except Refused as refused:
            self.add_error(None, str(refused))
            return
        self._check_explained(each, marks)
        if not self.errors and not said.get("kept"):
            for question in contradictions(each, marks, self.assignment.shown_order):
                self.add_error("marks", question)

    def _check_explained(self, each: list[Answer], marks: list[Said]) -> None:
        if self.study.marks != Study.Marks.STRONG or self.size != 2:
            return
        bare = set(unexplained({answer.criterion.slug: answer.strength for answer in each}, marks))
        for criterion in self.criteria:
            if criterion.slug in bare:
                message = "a strong preference needs a mark that shows why; place one, or choose a weaker step."
                self.add_error(f"answer.{criterion.slug}", f"{criterion.name}: {message}")

    def _check_seen(self, said: dict[str, Any], each: list[Answer]) -> None:
        text, asked = said.get("seen") or "", self.study.exposure == Study.Exposure.WHOLE
        said["seen"] = []
        if not asked and text in NOTHING:
            return
        extents = [self._extents.get(entry, Extent(Work.Medium.ABSENT)) for entry in self.assignment.shown_order]
        elapsed = (now() - self.assignment.handed_out_at).total_seconds()
        try:
            said["seen"] = seen = read_seen(text, extents, elapsed)
        except Unseen as refused:
            self.add_error("seen", str(refused))
            return
        if asked and any(answer.outcome == Judgement.Outcome.ANSWERED for answer in each):
            for message in missing(seen, extents):
                self.add_error("seen", message)

    def _screen_ranks(self, said: Mapping[str, Any], slug: str) -> list[int]:
        if self.picks:
            ranks = [REST] * self.size
            for pick, rank in zip(self.picks, (BEST, WORST), strict=False):
                ranks[said[f"{pick}.{slug}"]] = rank
            return ranks
        return [said.get(f"rank.{slug}.{position}") or 0 for position in range(self.size)]

    def answers(self) -> Answers:
        """What was said, aligned with the entries of the comparison."""
        said = self.cleaned_data
        seen: list[Seen] = said["seen"]
        return Answers(
            each=[self._answer(said, criterion) for criterion in self.criteria],
            rationale="" if self.study.rationale == Study.Rationale.OFF else said["rationale"],
            dwell_ms=said["dwell_ms"],
            seen=to_entries(self.assignment, seen) if seen else [],
            marks=said["marks"],
        )

    def _answer(self, said: Mapping[str, Any], criterion: Criterion) -> Answer:
        value = said[f"answer.{criterion.slug}"]
        verdict = ACCEPTABLE[said[f"acceptable.{criterion.slug}"]]
        acceptable: list[bool | None] | None = None if verdict is None else [verdict] * self.size
        if value == CANNOT:
            return Answer(criterion, outcome=Judgement.Outcome.CANNOT_JUDGE, acceptable=acceptable)
        if self.study.form == Study.Form.RATING:
            return Answer(criterion, score=float(value), acceptable=acceptable)
        if not self.steps:
            ranks = to_entries(self.assignment, self._screen_ranks(said, criterion.slug))
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


def to_entries[Value](assignment: Assignment, screen: list[Value]) -> list[Value]:
    """Values by screen position → values by entry index."""
    position_of = {entry: position for position, entry in enumerate(assignment.shown_order)}
    return [screen[position_of[entry]] for entry in range(len(screen))]


def to_screen[Value](assignment: Assignment, entries: list[Value]) -> list[Value]:
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
        yield from _order(assignment, slug, to_screen(assignment, judgement.ranks))
    elif judgement.ranks:
        yield f"answer.{slug}", str(_step(assignment, judgement, steps))


def _order(assignment: Assignment, slug: str, ranks: list[int]) -> Iterator[tuple[str, str]]:
    picks = PICKS[Study.Ranking(assignment.study.ranking)]
    for pick, rank in zip(picks, (BEST, WORST), strict=False):
        yield f"{pick}.{slug}", str(ranks.index(rank))
    if not picks:
        for position, one in enumerate(ranks):
            yield f"rank.{slug}.{position}", str(one)


def _step(assignment: Assignment, judgement: Judgement, steps: int) -> int:
    ranks: list[int] = judgement.ranks or []
    left, right = to_screen(assignment, ranks)
    leaning = (right > left) - (right < left)
    if judgement.strength is not None:
        leaning = judgement.strength if assignment.shown_order[0] == 0 else -judgement.strength
    return (steps + 1) // 2 - leaning
