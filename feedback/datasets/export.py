"""The rows of each view: the pairs that train, and the judgements as they were given."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any, NamedTuple

from feedback.datasets.chapters import Book, Chapter
from feedback.datasets.lines import DECIMALS, stable_id
from feedback.datasets.splits import SPLITS
from feedback.datasets.terms import newest_criteria
from feedback.judging.models import Judgement, Purpose
from feedback.studies.models import Criterion
from feedback.works.models import Work

NOT_FOR_PAIRS = (Purpose.TRAINING, Purpose.GOLD)

CANNOT_JUDGE, SKIPPED = "the rater could not judge", "the rater skipped it"
ASKED_TO_TEACH = "asked to train or to check the rater"
EARLIER_WORDING = "on an earlier wording of the criterion"
NOTHING_RANKED = "it scores one work and ranks none"
NOT_CLEARED = "one of the works is not cleared"
NOT_TEXT = "one of the works is not a text"
TIED = "as many raters for one work as for the other"


class Row(NamedTuple):
    """A row of a view, with the criterion and the split whose file it goes to."""

    criterion: str
    split: str
    values: dict[str, Any]


@dataclass
class Tally:
    """What was met on the way: for the card, the manifest and the summary."""

    live: int = 0
    used: int = 0
    until: datetime | None = None
    judgements_left: Counter[str] = field(default_factory=Counter)
    pairs_left: Counter[str] = field(default_factory=Counter)
    works: set[int] = field(default_factory=set)
    prompts: Counter[str] = field(default_factory=Counter)

    def told(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "judged_until": moment(self.until) if self.until else None,
            "judgements": {"live": self.live, "used": self.used, "left_out": _counts(self.judgements_left)},
            "ties": self.pairs_left[TIED],
            "pairs_left_out": _counts(self.pairs_left),
            "works": len(self.works),
            "prompts": {split: self.prompts[split] for split in SPLITS},
        }

    def meet(self, at: datetime) -> None:
        """Count a live judgement."""
        self.live += 1
        self.until = max(self.until, at) if self.until else at


def moment(at: datetime) -> str:
    """UTC with six decimals, which no reader takes for anything but a string."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"


# Judgements on a criterion's primary key and two works', the lesser external id first: for the one, the other, neither.
type Votes = dict[tuple[int, int, int], list[int]]


def pairs(book: Book, tally: Tally) -> Iterator[Row]:
    """One row for each pair of works of a prompt and criterion that a majority decides.

    Every live answer that ranks both works counts once, from pairs and sets alike, also those beyond the overlap:
    they are real judgements. Left out and counted: ties, works that may not leave, works that are no texts,
    comparisons asked to train or check raters, and answers to an earlier wording.
    """
    criteria = {criterion.pk: criterion for criterion in newest_criteria(book.terms.study)}
    place = {pk: number for number, pk in enumerate(criteria)}
    known = book.works.known
    for chapter in book.chapters():
        found = False
        votes = _votes(book, chapter, criteria, tally)
        for criterion, one, other in sorted(
            votes, key=lambda of: (place[of[0]], known[of[1]].external, known[of[2]].external)
        ):
            counted = votes[criterion, one, other]
            reason = _stays(book, chapter, (one, other), counted)
            if reason:
                tally.pairs_left[reason] += 1
                continue
            found = True
            tally.works.update((one, other))
            values = _pair(book, chapter, criteria[criterion], (one, other), counted)
            yield Row(criteria[criterion].slug, chapter.split, values)
        tally.prompts[chapter.split] += found


def _votes(book: Book, chapter: Chapter, criteria: dict[int, Criterion], tally: Tally) -> Votes:
    votes: Votes = {}
    for comparison, criterion, outcome, ranks, at in chapter.judgements:
        purpose, works = chapter.comparisons[comparison]
        tally.meet(at)
        reason = _unused(purpose, outcome, ranks, newest=criterion in criteria)
        if reason:
            tally.judgements_left[reason] += 1
            continue
        tally.used += 1
        ranked = sorted(zip(works, ranks, strict=True), key=lambda entry: book.works.known[entry[0]].external)
        for (one, rank), (other, rank_of_other) in combinations(ranked, 2):
            counted = votes.setdefault((criterion, one, other), [0, 0, 0])
            counted[2 if rank == rank_of_other else int(rank > rank_of_other)] += 1
    return votes


def _unused(purpose: str, outcome: str, ranks: list[int] | None, *, newest: bool) -> str:
    if purpose in NOT_FOR_PAIRS:
        return ASKED_TO_TEACH
    if outcome != Judgement.Outcome.ANSWERED:
        return CANNOT_JUDGE if outcome == Judgement.Outcome.CANNOT_JUDGE else SKIPPED
    if ranks is None or len(ranks) < 2:
        return NOTHING_RANKED
    return "" if newest else EARLIER_WORDING


def _stays(book: Book, chapter: Chapter, pair: tuple[int, int], votes: list[int]) -> str:
    works = [book.works.known[work] for work in pair]
    if not all(work.cleared for work in works):
        return NOT_CLEARED
    if not all(work.medium == Work.Medium.TEXT for work in works) or not chapter.texts.keys() >= set(pair):
        return NOT_TEXT
    return TIED if votes[0] == votes[1] else ""


def _pair(
    book: Book, chapter: Chapter, criterion: Criterion, pair: tuple[int, int], votes: list[int]
) -> dict[str, Any]:
    first, second = (book.works.known[work].external for work in pair)
    judged = sum(votes)
    chosen, rejected = pair if votes[0] > votes[1] else pair[::-1]
    return {
        "pair_id": stable_id("pair", first, second, criterion.slug, criterion.version),
        "prompt_id": chapter.id,
        "prompt": chapter.text if chapter.text.endswith("\n") else chapter.text + "\n",
        "chosen": chapter.texts[chosen],
        "rejected": chapter.texts[rejected],
        "chosen_work": book.works.known[chosen].id,
        "rejected_work": book.works.known[rejected].id,
        "criterion": criterion.slug,
        "n_judgements": judged,
        "n_ties": votes[2],
        "p_chosen": round((max(votes[:2]) + votes[2] / 2) / judged, DECIMALS),
    }


class Shown(NamedTuple):
    """A comparison as it stood on a screen."""

    comparison_id: str
    works: list[dict[str, Any]]
    cleared: bool


def judgements(book: Book, tally: Tally) -> Iterator[Row]:
    """Every live answer as it was given, one row for each rater, comparison and criterion; `rater` is still the id.

    Left out and counted: those on a comparison with a work that may not leave.
    """
    for chapter in book.chapters():
        shown: dict[tuple[int, ...], Shown] = {}
        rows = sorted(
            (row for told in chapter.judgements if (row := _judgement(book, chapter, shown, told, tally))),
            key=lambda row: (row.values["comparison_id"], row.values["judged_at"], row.values["judgement_id"]),
        )
        yield from rows
        tally.prompts[chapter.split] += bool(rows)


def _judgement(
    book: Book, chapter: Chapter, known: dict[tuple[int, ...], Shown], told: tuple[Any, ...], tally: Tally
) -> Row | None:
    comparison, criterion_id, outcome, ranks, at, strength, score, acceptable, assignment, order, *rest = told
    rater, kind, dwell_ms, late, extra, number, *sentence = rest
    purpose, entries = chapter.comparisons[comparison]
    criterion = book.criteria[criterion_id]
    shown = known.get((comparison, *order))
    if shown is None:
        shown = known[comparison, *order] = _shown(book, chapter, purpose, [entries[index] for index in order])
    tally.meet(at)
    if not shown.cleared:
        tally.judgements_left[NOT_CLEARED] += 1
        return None
    tally.used += 1
    tally.works.update(entries)
    values = {
        "judgement_id": stable_id("judgement", assignment.hex, number, criterion.slug, criterion.version),
        "comparison_id": shown.comparison_id,
        "prompt_id": chapter.id,
        "group": chapter.group or None,
        "prompt": chapter.text,
        "criterion": criterion.slug,
        "criterion_version": criterion.version,
        "form": book.terms.study.form,
        "works": shown.works,
        "outcome": outcome,
        "ranks": [ranks[index] for index in order] if ranks is not None else None,
        "strength": -strength if strength and order[0] != 0 else strength,
        "score": round(float(score), DECIMALS) if score is not None else None,
        "acceptable": [acceptable[index] for index in order] if acceptable is not None else None,
        "rater": rater.hex,
        "rater_kind": kind,
        "purpose": purpose,
        "judged_at": moment(at),
        "dwell_ms": dwell_ms,
        "late": late,
        "extra": extra,
        "number": number,
    }
    if book.terms.rationales:
        values["rationale"] = sentence[0]
    return Row(criterion.slug, chapter.split, values)


def _shown(book: Book, chapter: Chapter, purpose: str, keys: list[int]) -> Shown:
    works = [book.works.known[key] for key in keys]
    return Shown(
        stable_id("comparison", chapter.external, sorted(work.external for work in works), purpose),
        [
            {
                "work": work.id,
                "medium": work.medium,
                "sha256": work.sha256 or None,
                "text": chapter.texts.get(key),
            }
            for key, work in zip(keys, works, strict=True)
        ],
        all(work.cleared for work in works),
    )


def _counts(counter: Counter[str]) -> list[dict[str, Any]]:
    return [{"reason": reason, "count": counter[reason]} for reason in sorted(counter) if counter[reason]]


VIEWS = {"pairs": pairs, "judgements": judgements}
