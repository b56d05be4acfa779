"""What the judgements of a prompt say about each two of its works."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from feedback.datasets.reading.book import Book
from feedback.datasets.reading.chapters import NOT_FOR_TRAINING, Chapter, Judged
from feedback.datasets.reasons import (
    ASKED_TO_TEACH,
    CANNOT_JUDGE,
    EARLIER_WORDING,
    NOT_CLEARED,
    NOT_TAKEN,
    NOTHING_RANKED,
    SKIPPED,
    TOO_FEW,
)
from feedback.datasets.rows.tally import Tally
from feedback.judging.models import Judgement
from feedback.studies.models import Criterion, Study


class Votes:
    """Judgements on two works: for the one, for the other, for neither.

    `given` are the judgements, each with 1, -1 or 0 for the one, the other and neither. `shares` is their number, each
    of a set counting no more than its share of the pairs it decided; `sets` counts those of sets, by comparison.
    """

    __slots__ = ("even", "given", "one", "other", "sets", "shares")

    def __init__(self) -> None:
        self.one = self.other = self.even = 0
        self.given: list[tuple[Judged, int]] = []
        self.shares = 0.0
        self.sets: dict[int, int] = {}

    @property
    def number(self) -> int:
        return self.one + self.other + self.even


class Pair(NamedTuple):
    """Two works of a prompt, the lesser external id first, and the votes on a criterion."""

    id: str
    criterion: Criterion
    works: tuple[int, int]
    votes: Votes


def pairs_of(book: Book, chapter: Chapter, tally: Tally) -> list[Pair]:
    """Every two works that some live answer set against each other, by criterion and external ids.

    Every answer that ranks both works counts once, from pairs and sets alike, also those beyond the overlap: they are
    real judgements. Where only the best, or the worst too, was picked, the rest of a set says nothing of each other.
    """
    known = book.works.known
    votes: dict[tuple[int, int, int], Votes] = {}
    for told in chapter.judgements:
        if usable(book, chapter, told, tally):
            _count(book, chapter, told, votes)
    in_order = sorted(votes, key=lambda of: (book.places[of[0]], known[of[1]].external, known[of[2]].external))
    return [_pair(book, criterion, (one, other), votes[criterion, one, other]) for criterion, one, other in in_order]


def usable(book: Book, chapter: Chapter, told: Judged, tally: Tally) -> bool:
    """Whether the judgement ranks works for training; counts it."""
    tally.meet(told)
    purpose, _ = chapter.comparisons[told.comparison]
    reason = unanswered(book, purpose, told)
    if not reason and (told.ranks is None or len(told.ranks) < 2):
        reason = NOTHING_RANKED
    return tally.uses(told, reason)


def unanswered(book: Book, purpose: str, told: Judged) -> str:
    """Why the judgement answers nothing that is asked today for its own sake; empty if it does."""
    if told.hand in book.uncounted:
        return book.uncounted[told.hand]
    if purpose in NOT_FOR_TRAINING:
        return ASKED_TO_TEACH
    if told.outcome != Judgement.Outcome.ANSWERED:
        return CANNOT_JUDGE if told.outcome == Judgement.Outcome.CANNOT_JUDGE else SKIPPED
    return "" if told.criterion in book.places else EARLIER_WORDING


def _count(book: Book, chapter: Chapter, told: Judged, votes: dict[tuple[int, int, int], Votes]) -> None:
    _, works = chapter.comparisons[told.comparison]
    against = _against(book, works, told.ranks or ())
    for one, other, verdict in against:
        counted = votes.get((told.criterion, one, other))
        if counted is None:
            counted = votes[told.criterion, one, other] = Votes()
        counted.one += verdict > 0
        counted.other += verdict < 0
        counted.even += verdict == 0
        counted.given.append((told, verdict))
        counted.shares += 1 / len(against)
        if len(works) > 2:
            counted.sets[told.comparison] = counted.sets.get(told.comparison, 0) + 1


def _against(book: Book, works: Sequence[int], ranks: Sequence[int]) -> list[tuple[int, int, int]]:
    """Each two works, the lesser external id first, with 1, -1 or 0 for the one, the other and neither."""
    known = book.works.known
    ranked = sorted(zip(works, ranks, strict=True), key=lambda entry: known[entry[0]].external)
    picked = len(works) > 2 and book.study.ranking != Study.Ranking.FULL
    return [
        (one, other, (rank < behind) - (rank > behind))
        for (one, rank), (other, behind) in combinations(ranked, 2)
        if not (picked and rank == behind)
    ]


def _pair(book: Book, criterion: int, works: tuple[int, int], votes: Votes) -> Pair:
    told = book.criteria[criterion]
    externals = [book.works.known[work].external for work in works]
    return Pair(book.id("pair", *externals, told.slug, told.version), told, works, votes)


def cleared(book: Book, works: Iterable[int]) -> bool:
    """Whether all of them may leave."""
    return all(book.works.known[work].cleared for work in works)


def stays(book: Book, pair: Pair) -> str:
    """Why the pair cannot leave, whatever was said about it; empty if it can."""
    if not cleared(book, pair.works):
        return NOT_CLEARED
    if not all(book.works.known[work].medium in book.takes for work in pair.works):
        return NOT_TAKEN
    return TOO_FEW if pair.votes.number < book.terms.min_judgements else ""
