"""What an expert's keys say of a rater: the lesson after each answer, and whether real work may begin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from string import ascii_uppercase

from feedback.judging.models import Assignment, Judgement, Purpose, Submission
from feedback.people.models import Rater
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study

KEYED = (Purpose.TRAINING, Purpose.GOLD)


class Stage(StrEnum):
    """How far a rater is with a study's qualification round."""

    QUALIFYING = "qualifying"
    WORKING = "working"
    FAILED = "failed"


@dataclass(frozen=True)
class Standing:
    """A rater's qualification: of `items` comparisons `answered`, of which `agreed` with the key; `needed` pass."""

    items: int
    needed: int
    answered: int
    agreed: int

    @property
    def stage(self) -> Stage:
        if self.answered < self.items:
            return Stage.QUALIFYING
        return Stage.WORKING if self.agreed >= self.needed else Stage.FAILED


@dataclass(frozen=True)
class Verdict:
    """What the expert and the rater say on one criterion, in words."""

    criterion: str
    expert: str
    own: str
    agrees: bool


@dataclass(frozen=True)
class Lesson:
    """How an answer stands to the expert's, criterion by criterion; the key by screen position; and the reason."""

    agrees: bool
    differs: list[str]
    verdicts: list[Verdict]
    key: dict[str, list[int]]
    reason: str


def standing_of(rater: Rater, study: Study) -> Standing:
    """The rater's standing. First answers count: what follows a lesson shows that it was read, and no more."""
    if not study.qualify_items:
        return Standing(0, 0, 0, 0)
    told = Judgement.objects.filter(
        submission__number=1,
        submission__study=study,
        submission__assignment__rater=rater,
        submission__assignment__comparison__purpose=Purpose.GOLD,
    ).values_list("submission", "submission__assignment__comparison__expected", "criterion__slug", "ranks")
    keys: dict[int, Mapping[str, Sequence[int]]] = {}
    answers: dict[int, dict[str, Sequence[int] | None]] = {}
    for submission, expected, slug, ranks in told:
        keys[submission] = expected or {}
        answers.setdefault(submission, {})[slug] = ranks
    agreed = sum(not _differing(keys[submission], given) for submission, given in answers.items())
    return Standing(study.qualify_items, study.qualify_pass, len(answers), agreed)


def qualified(rater: Rater, study: Study) -> bool:
    """Whether the rater may do real work in the study."""
    return standing_of(rater, study).stage == Stage.WORKING


def lesson_of(assignment: Assignment) -> Lesson | None:
    """What the expert said where there is a key, once the rater has answered; else None."""
    key, latest = assignment.comparison.expected, assignment.latest
    if not key or latest is None or latest.kind != Submission.Kind.ANSWER:
        return None
    given = dict(latest.judgements.values_list("criterion__slug", "ranks"))
    differing = _differing(key, given)
    asked = [criterion for criterion in criteria_of(assignment.study) if criterion.slug in key]
    order = assignment.shown_order
    return Lesson(
        agrees=not differing,
        differs=[criterion.name for criterion in asked if criterion.slug in differing],
        verdicts=[
            Verdict(
                criterion=criterion.name,
                expert=in_words(key[criterion.slug], order),
                own=in_words(given.get(criterion.slug), order),
                agrees=criterion.slug not in differing,
            )
            for criterion in asked
        ],
        key={slug: [ranks[entry] for entry in assignment.shown_order] for slug, ranks in key.items()},
        reason=assignment.comparison.lesson,
    )


def in_words(ranks: Sequence[int] | None, order: Sequence[int]) -> str:
    """The works by their letters, the best first; `order` holds the entries as they stand on the screen."""
    if not ranks:
        return "no answer"
    letters = dict.fromkeys(sorted(ranks), "")
    for letter, entry in zip(ascii_uppercase, order, strict=False):
        letters[ranks[entry]] += f" = {letter}" if letters[ranks[entry]] else letter
    return " over ".join(letters.values())


def _differing(key: Mapping[str, Sequence[int]], given: Mapping[str, Sequence[int] | None]) -> set[str]:
    """The criteria, by slug, on which the answer is not the key's."""
    return {slug for slug, ranks in key.items() if not agree(ranks, given.get(slug))}


def agree(key: Sequence[int], given: Sequence[int] | None) -> bool:
    """Whether every two works that the key sets apart are set apart alike; where it sets none apart, nor may the answer."""
    if given is None or len(given) != len(key):
        return False
    pairs = list(combinations(range(len(key)), 2))
    apart = [(one, other) for one, other in pairs if key[one] != key[other]]
    return all(_order(key, pair) == _order(given, pair) for pair in apart or pairs)


def _order(ranks: Sequence[int], pair: tuple[int, int]) -> int:
    one, other = ranks[pair[0]], ranks[pair[1]]
    return (one < other) - (one > other)
