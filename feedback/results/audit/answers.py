"""Answers in the letters of the auditor's page, whatever order each rater had the works in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_uppercase

from django.utils.crypto import salted_hmac

from feedback.judging.models import Comparison, Judgement, Purpose, Submission
from feedback.people.models import Rater
from feedback.studies.models import Criterion, Study

STRENGTHS = {1: "slightly", 2: "clearly", 3: "strongly"}
ASIDE = {Purpose.REPEAT: "asked again", Purpose.GOLD: "hidden check", Purpose.TRAINING: "training"}  # beside the rest


@dataclass(frozen=True)
class Answer:
    """What one rater answered: a word or order for each criterion, and the ranks behind it, in the page's letters."""

    rater: str
    number: int
    kind: str
    aside: str
    excluded: bool
    said: Sequence[str]
    ranks: Sequence[Sequence[int] | None]
    rationale: str
    at: datetime
    marks: int

    @property
    def counts(self) -> bool:
        """Whether it is one of the answers that a score rests on."""
        return not (self.aside or self.excluded or self.kind == Rater.Kind.MACHINE)


@dataclass(frozen=True)
class Split:
    """How the answers that count fall apart on a criterion, in the letters' order: what was said, and how often.

    Of a pair, `expected` are the shares that the scores expect of A, neither and B; None where they say nothing.
    """

    criterion: Criterion
    said: Sequence[tuple[str, int]]
    expected: Sequence[float] | None = None

    @property
    def number(self) -> int:
        return sum(number for _, number in self.said)

    @property
    def line(self) -> float | None:
        """Where the bar would be parted if the answers were those that the scores expect, in per cent."""
        return 100 * (self.expected[0] + self.expected[1] / 2) if self.expected else None

    @property
    def bars(self) -> list[tuple[str, int, float, float]]:
        """Each answer with its number, and where its share of the bar begins and how wide it is, in per cent."""
        bars, start = [], 0.0
        for said, number in self.said:
            width = 100 * number / self.number
            bars.append((said, number, start, width))
            start += width
        return bars


def pseudonym(study: Study, rater: int) -> str:
    """The same for a rater, by primary key, all over a study, and another in the next."""
    secret = salted_hmac(f"salon.audit.{study.pk}", str(rater), algorithm="sha256").hexdigest()
    return f"rater {secret[:6]}"


def answer_of(
    submission: Submission,
    audited: Comparison,
    criteria: Sequence[Criterion],
    place: Sequence[int],
    *,
    marks: int,
    excluded: bool,
) -> Answer:
    """The submission's answers on the criteria; `place` holds its own entry for each work of the audited comparison."""
    rater, own = submission.assignment.rater, submission.assignment.comparison
    by_slug = {judgement.criterion.slug: judgement for judgement in submission.judgements.all()}
    told = [by_slug.get(criterion.slug) for criterion in criteria]
    return Answer(
        rater=pseudonym(audited.study, rater.pk),
        number=rater.pk,
        kind=rater.kind,
        aside="" if own.pk == audited.pk else ASIDE.get(Purpose(own.purpose), ""),
        excluded=excluded,
        said=[_in_words(judgement, place) for judgement in told],
        ranks=[_ranks(judgement, place) for judgement in told],
        rationale=submission.rationale.text if hasattr(submission, "rationale") else "",
        at=submission.at,
        marks=marks,
    )


def split_of(
    criterion: Criterion, at: int, answers: Iterable[Answer], size: int, expected: Sequence[float] | None
) -> Split:
    """What was answered on the criterion, the `at`-th of the page; of a set, what came first."""
    counts: dict[str, int] = defaultdict(int)
    for answer in answers:
        ranks = answer.ranks[at]
        if answer.counts and ranks:
            counts[_first(ranks, size)] += 1
    return Split(criterion, sorted(counts.items(), key=lambda one: _place(one[0])), expected)


def _place(said: str) -> tuple[bool, bool, str]:
    """A before neither before B, as they stand."""
    return said.startswith("B over"), "=" in said, said


def _first(ranks: Sequence[int], size: int) -> str:
    """Such as "A over B", "A = B", or "C first" of a set."""
    return order_of(ranks) if size <= 2 else f"{order_of(ranks).split(' over ')[0]} first"


def order_of(ranks: Sequence[int]) -> str:
    """Such as "C over A = B"."""
    tiers: dict[int, list[str]] = defaultdict(list)
    for letter, rank in zip(ascii_uppercase, ranks, strict=False):
        tiers[rank].append(letter)
    return " over ".join(" = ".join(tiers[rank]) for rank in sorted(tiers))


def _ranks(judgement: Judgement | None, place: Sequence[int]) -> list[int] | None:
    if judgement is None or judgement.outcome != Judgement.Outcome.ANSWERED or judgement.ranks is None:
        return None
    return [judgement.ranks[entry] for entry in place]


def _in_words(judgement: Judgement | None, place: Sequence[int]) -> str:
    """Such as "A over B, clearly" or "C over A = B; none acceptable"."""
    if judgement is None:
        return "–"
    if judgement.outcome != Judgement.Outcome.ANSWERED:
        return judgement.get_outcome_display().replace("_", " ").lower()
    ranks = _ranks(judgement, place)
    said = f"{judgement.score:g}" if ranks is None else order_of(ranks)
    strength = STRENGTHS.get(abs(judgement.strength or 0))
    acceptable = [judgement.acceptable[entry] for entry in place] if judgement.acceptable else []
    return "".join([said, f", {strength}" if strength else "", _verdict(acceptable)])


def _verdict(acceptable: Sequence[bool | None]) -> str:
    judged = [verdict for verdict in acceptable if verdict is not None]
    if not judged:
        return ""
    fails = [letter for letter, verdict in zip(ascii_uppercase, acceptable, strict=False) if verdict is False]
    return f"; {', '.join(fails)} below acceptable" if fails else "; all excellent"
