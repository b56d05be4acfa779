"""What was said of works by themselves: scores as they were given, and labels made of scores and flags."""

from collections import defaultdict
from typing import Any

from feedback.datasets.columns import CRITERION, PROMPT, PROMPT_ID, STUDY, Column
from feedback.datasets.lines import DECIMALS, marked, moment
from feedback.datasets.reading.book import FILES, TEXTS, TOLD, Book
from feedback.datasets.reading.chapters import Chapter, Judged
from feedback.datasets.reasons import (
    CANNOT_JUDGE,
    MIDDLING,
    NO_SCALE,
    NOT_CLEARED,
    NOT_TAKEN,
    NOTHING_SCORED,
    TOO_FEW,
)
from feedback.datasets.rows.judgements import judgement_id
from feedback.datasets.rows.naming import ending_line, files_of, lacks_content, work_shown
from feedback.datasets.rows.tally import Tally
from feedback.datasets.rows.view import Dropped, Row, Rows, View
from feedback.datasets.rows.votes import unanswered
from feedback.datasets.terms import Terms
from feedback.judging.models import Purpose
from feedback.judging.scales import RATING_NAMES

WANTS = frozenset({TEXTS, FILES, TOLD})
SCALE = (1, len(RATING_NAMES))  # of the bench; imported scores may be on any other
RATINGS = (
    Column("judgement_id", "string", "of the answer; the same in every release"),
    STUDY,
    PROMPT_ID,
    PROMPT,
    CRITERION,
    Column("work", "string", "the id of the work rated"),
    Column("medium", "string", "text, image, motion, video, audio or model"),
    Column("text", "string", "the work, if it is a text"),
    Column("media", "string", "its file, if it is none and the release holds files", "path"),
    Column("score", "float64", "greater is better"),
    Column("scale_min", "int64", "the least score there is; null where it came with imported scores untold"),
    Column("scale_max", "int64", "the greatest"),
    Column("rater", "string", "a pseudonym that holds within this release alone"),
    Column("judged_at", "string", "UTC"),
)
UNPAIRED = (
    Column("unpaired_id", "string", "of the work and the criterion; the same in every release"),
    STUDY,
    PROMPT_ID,
    PROMPT,
    Column("completion", "string", "the work, if it is a text"),
    Column("media", "string", "its file, if it is none and the release holds files", "path"),
    Column("label", "bool", "whether more raters found it good than not"),
    Column("work", "string", "its id"),
    Column("medium", "string", "text, image, motion, video, audio or model"),
    CRITERION,
    Column("n_judgements", "int64", "how many say something of it alone: a score, or that it is acceptable or not"),
    Column("p_true", "float64", "the share of those that find it good; the middle of the scale counts half"),
)


def ratings_columns(_terms: Terms) -> tuple[Column, ...]:
    return RATINGS


def unpaired_columns(_terms: Terms) -> tuple[Column, ...]:
    return UNPAIRED


def ratings(book: Book, chapter: Chapter, tally: Tally) -> Rows:
    """One row for each score, as it was given."""
    scored = []
    for told in chapter.judgements:
        tally.meet(told)
        purpose, works = chapter.comparisons[told.comparison]
        reason = unanswered(book, purpose, told) or ("" if told.score is not None else NOTHING_SCORED)
        if tally.uses(told, reason):
            scored.append((book.works.known[works[0]].external, told.at, told.assignment, told))
    written = False
    for *_, told in sorted(scored):
        purpose, (work,) = chapter.comparisons[told.comparison]
        identity = judgement_id(book, told)
        reason = _stays(book, chapter, work)
        if reason:
            tally.pairs_left[reason] += 1
            yield Dropped("ratings", identity, reason)
            continue
        written = True
        tally.holds([work], files_of(chapter, [work]))
        values = _rating(book, chapter, told, identity, work)
        yield Row("ratings", values["criterion"], chapter.split, values, (work,))
    tally.prompts[chapter.split] += written


def _rating(book: Book, chapter: Chapter, told: Judged, identity: str, work: int) -> dict[str, Any]:
    shown = work_shown(book, chapter, work)
    least, most = _scale(chapter, told) or (None, None)
    return {
        "judgement_id": identity,
        "study": book.slug,
        "prompt_id": chapter.id,
        "prompt": ending_line(chapter.text),
        "criterion": book.criteria[told.criterion].slug,
        "work": shown["work"],
        "medium": shown["medium"],
        "text": shown["text"],
        "media": shown["file"],
        "score": round(float(told.score or 0), DECIMALS),
        "scale_min": least,
        "scale_max": most,
        "rater": marked(told.rater),
        "judged_at": moment(told.at),
    }


def _scale(chapter: Chapter, told: Judged) -> tuple[int, int] | None:
    return None if chapter.comparisons[told.comparison][0] == Purpose.IMPORTED else SCALE


class Said:
    """Judgements of one work by itself: that it is good, that it is not, neither."""

    def __init__(self) -> None:
        self.good = self.bad = self.middling = 0

    @property
    def number(self) -> int:
        return self.good + self.bad + self.middling

    def add(self, leaning: float) -> None:
        self.good += leaning > 0
        self.bad += leaning < 0
        self.middling += leaning == 0


def unpaired(book: Book, chapter: Chapter, tally: Tally) -> Rows:
    """One row for each work and criterion that was found good or not by itself, never by comparison."""
    said: dict[tuple[int, int], Said] = defaultdict(Said)
    for told in chapter.judgements:
        tally.meet(told)
        leanings, reason = _leanings(book, chapter, told)
        if tally.uses(told, reason):
            for work, leaning in leanings.items():
                said[told.criterion, work].add(leaning)
    known, written = book.works.known, False
    for criterion, work in sorted(said, key=lambda of: (book.places[of[0]], known[of[1]].external)):
        told_of, of = said[criterion, work], book.criteria[criterion]
        identity = book.id("unpaired", known[work].external, of.slug, of.version)
        reason = _stays(book, chapter, work) or _undecided(book, told_of)
        if reason:
            tally.pairs_left[reason] += 1
            yield Dropped("unpaired", identity, reason)
            continue
        written = True
        tally.holds([work], files_of(chapter, [work]))
        values = {"unpaired_id": identity, "study": book.slug, **_label(book, chapter, of.slug, work, told_of)}
        yield Row("unpaired", of.slug, chapter.split, values, (work,))
    tally.prompts[chapter.split] += written


def _leanings(book: Book, chapter: Chapter, told: Judged) -> tuple[dict[int, float], str]:
    """For each work, whether it was found good (above 0) or not (below); or why nothing of the kind was said.

    A flag stands also where the rater could not rank: "none of them is acceptable" is an answer.
    """
    purpose, works = chapter.comparisons[told.comparison]
    flags = {
        work: 1.0 if good else -1.0
        for work, good in zip(works, told.acceptable or (), strict=False)
        if good is not None
    }
    reason = unanswered(book, purpose, told)
    if flags and reason in {"", CANNOT_JUDGE}:
        return flags, ""
    if reason or told.score is None:
        return {}, reason or NOTHING_SCORED
    scale = _scale(chapter, told)
    return ({works[0]: told.score - sum(scale) / 2}, "") if scale else ({}, NO_SCALE)


def _undecided(book: Book, said: Said) -> str:
    if said.number < book.terms.min_judgements:
        return TOO_FEW
    return MIDDLING if said.good == said.bad else ""


def _label(book: Book, chapter: Chapter, criterion: str, work: int, said: Said) -> dict[str, Any]:
    shown = work_shown(book, chapter, work)
    return {
        "prompt_id": chapter.id,
        "prompt": ending_line(chapter.text),
        "completion": shown["text"],
        "media": shown["file"],
        "label": said.good > said.bad,
        "work": shown["work"],
        "medium": shown["medium"],
        "criterion": criterion,
        "n_judgements": said.number,
        "p_true": round((said.good + said.middling / 2) / said.number, DECIMALS),
    }


def _stays(book: Book, chapter: Chapter, work: int) -> str:
    known = book.works.known[work]
    if not known.cleared:
        return NOT_CLEARED
    return lacks_content(book, chapter, [work]) if known.medium in book.takes else NOT_TAKEN


VIEWS = (
    View("ratings", "every score as it was given, with its scale", "judgement_id", ratings_columns, ratings, WANTS),
    View(
        "unpaired",
        "works with a label: good or not, by scores and flags alone",
        "unpaired_id",
        unpaired_columns,
        unpaired,
        WANTS,
    ),
)
