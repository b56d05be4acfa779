"""The judgements as they were given."""

from itertools import pairwise
from typing import Any

from feedback.datasets.columns import CRITERION, INTEGERS, PLACE, PROMPT_ID, STUDY, WORKS, Column
from feedback.datasets.lines import DECIMALS, marked, moment, stable_id
from feedback.datasets.reading.book import MARKS, SUPERSEDED, TEXTS, TOLD, Book
from feedback.datasets.reading.chapters import Chapter, Judged, Pinned
from feedback.datasets.reasons import NOT_CLEARED, RATER_EXCLUDED
from feedback.datasets.rows.naming import comparison_id, files_of, work_shown
from feedback.datasets.rows.tally import Tally
from feedback.datasets.rows.view import Dropped, Row, Rows, View
from feedback.datasets.terms import Terms

PLACES = [field["name"] for field in PLACE["struct"]]  # their order, which a database may not keep
PINNED = {
    "list": [
        {"name": "work", "dtype": "string"},
        {"name": "criterion", "dtype": "string"},
        {"name": "kind", "dtype": "string"},
        {"name": "place", **PLACE},
        {"name": "tag", "dtype": "string"},
        {"name": "sign", "dtype": "int64"},
        {"name": "note", "dtype": "string"},
        {"name": "claim", "dtype": "string"},
    ]
}
JUDGEMENTS = (
    Column("judgement_id", "string", "of the answer; the same in every release"),
    STUDY,
    Column("comparison_id", "string", "of the prompt, the works and the purpose; the same in every release"),
    PROMPT_ID,
    Column("group", "string", "prompts of a group are in one split"),
    Column("prompt", "string", "what the works answer, as it was shown"),
    Column("form", "string", "pair, set or rating"),
    Column("asked", "string", "of a set: its full order, its best, or best-worst"),
    Column(
        "works",
        WORKS,
        "in the order shown; `sha256` is of the original, `text` null where a work is none, `file` what was shown "
        "instead where the release holds it",
    ),
    Column("purpose", "string", "why it was asked"),
    CRITERION,
    Column("criterion_version", "int64", "which wording of the criterion"),
    Column("outcome", "string", "answered, cannot_judge or skipped"),
    Column("ranks", INTEGERS, "aligned with `works`; 1 is best, equal is a tie"),
    Column("strength", "int64", "-3 to 3 as the works were shown: positive favours the first of `works`"),
    Column("score", "float64", "of the single work rated"),
    Column("acceptable", {"list": "bool"}, "aligned with `works`; true, false or null for unknown"),
    Column("rater", "string", "a pseudonym that holds within this release alone"),
    Column("rater_kind", "string", "person, simulated or machine"),
    Column("excluded", "bool", "true where the study's lead keeps the rater out of the scores: the row is here alone"),
    Column("judged_at", "string", "UTC"),
    Column("dwell_ms", "int64", "how long it was on the screen"),
    Column("late", "bool", "the lease had run out"),
    Column("extra", "bool", "given beyond the overlap"),
    Column("number", "int64", "which submission of the rater on this comparison it is"),
    Column(
        "live", "bool", "whether it counts: false where the rater answered anew; take only those that count to train"
    ),
    Column("superseded_at", "string", "when the rater put it aside, UTC"),
    Column("superseded_by", "string", "the `judgement_id` of the rater's next answer"),
    Column(
        "marks",
        PINNED,
        "reasons pinned to places in `works`, of this criterion or of the whole; places are in units of the original: "
        "pixels, seconds and frames, code points of `text` (end exclusive), faces; `sign` 1 is for the work, -1 against",
    ),
)
RATIONALE = Column("rationale", "string", "the rater's sentence for the whole submission")


def columns(terms: Terms) -> tuple[Column, ...]:
    return (*JUDGEMENTS, RATIONALE) if terms.rationales else JUDGEMENTS


def rows(book: Book, chapter: Chapter, tally: Tally) -> Rows:
    """Every answer as it was given, one row for each rater, comparison and criterion, and one for each it superseded.

    `rater` is still the rater's id. Left out: answers on a comparison with a work that may not leave.
    """
    given = [*chapter.judgements, *chapter.superseded]
    leaving = {told.comparison: may_leave(book, chapter, told) for told in given}
    for told in chapter.judgements:
        tally.meet(told)
        tally.uses(told, "" if leaving[told.comparison] else NOT_CLEARED)
    followed = _followed(book, chapter)
    shown: dict[tuple[int, ...], dict[str, Any]] = {}
    found = [_row(book, chapter, told, shown, followed) for told in given if leaving[told.comparison]]
    found.sort(key=_in_order)
    yield from found
    for told in given:
        if not leaving[told.comparison]:
            yield Dropped("judgements", judgement_id(book, told), NOT_CLEARED)
    for comparison in (comparison for comparison, leaves in leaving.items() if leaves):
        works = chapter.comparisons[comparison][1]
        tally.holds(works, files_of(chapter, works))
    tally.raters.update(told.hand for told in chapter.superseded if leaving[told.comparison])
    tally.prompts[chapter.split] += bool(found)


def judgement_id(book: Book, told: Judged) -> str:
    """Of the submission and the criterion; the same in every release."""
    criterion = book.criteria[told.criterion]
    return stable_id("judgement", told.assignment.hex, told.number, criterion.slug, criterion.version)


def pinned(book: Book, entries: tuple[int, ...], mark: Pinned, *, words: bool) -> dict[str, Any]:
    """A mark; its note is the rater's own words."""
    return {
        "work": book.works.known[entries[mark.entry]].id,
        "criterion": mark.criterion,
        "kind": mark.kind,
        "place": {name: mark.place[name] for name in PLACES if name in mark.place},
        "tag": mark.tag or None,
        "sign": mark.sign,
        "note": (mark.note or None) if words else None,
        "claim": mark.claim or None,
    }


def may_leave(book: Book, chapter: Chapter, told: Judged) -> bool:
    """Whether every work that stood on the screen may leave."""
    return all(book.works.known[work].cleared for work in chapter.comparisons[told.comparison][1])


def _in_order(row: Row) -> tuple[str, str, str]:
    return row.values["comparison_id"], row.values["judged_at"], row.values["judgement_id"]


def _followed(book: Book, chapter: Chapter) -> dict[str, str]:
    """For each answer that was undone and given anew, the answer that came next."""
    undone = {told.assignment for told in chapter.superseded}
    given = [told for told in (*chapter.judgements, *chapter.superseded) if told.assignment in undone]
    given.sort(key=lambda told: (told.assignment, book.criteria[told.criterion].slug, told.number))
    return {
        judgement_id(book, one): judgement_id(book, other)
        for one, other in pairwise(given)
        if (one.assignment, book.criteria[one.criterion].slug)
        == (other.assignment, book.criteria[other.criterion].slug)
    }


def _row(
    book: Book, chapter: Chapter, told: Judged, shown: dict[tuple[int, ...], dict[str, Any]], followed: dict[str, str]
) -> Row:
    entries = chapter.comparisons[told.comparison][1]
    order, criterion = told.order, book.criteria[told.criterion]
    screen = (told.comparison, *order)
    if screen not in shown:
        shown[screen] = _shown(book, chapter, told)
    identity, live = judgement_id(book, told), told.superseded_at is None
    values = {
        "judgement_id": identity,
        "study": book.slug,
        **shown[screen],
        "criterion": criterion.slug,
        "criterion_version": criterion.version,
        "outcome": told.outcome,
        "ranks": [told.ranks[index] for index in order] if told.ranks is not None else None,
        "strength": -told.strength if told.strength and order[0] != 0 else told.strength,
        "score": round(float(told.score), DECIMALS) if told.score is not None else None,
        "acceptable": [told.acceptable[index] for index in order] if told.acceptable is not None else None,
        "rater": marked(told.rater),
        "rater_kind": told.rater_kind,
        "excluded": book.uncounted.get(told.hand) == RATER_EXCLUDED or None,
        "judged_at": moment(told.at),
        "dwell_ms": told.dwell_ms,
        "late": told.late,
        "extra": told.extra,
        "number": told.number,
        "live": live,
        "superseded_at": moment(told.superseded_at) if told.superseded_at else None,
        "superseded_by": followed.get(identity),
        "marks": [
            pinned(book, entries, mark, words=live and told.hand in book.sharing)
            for mark in chapter.marks.get(told.submission, [])
            if mark.criterion in {None, criterion.slug}
        ]
        or None,
    }
    if book.terms.rationales:
        values["rationale"] = told.rationale if told.hand in book.sharing else None
    return Row("judgements", criterion.slug, chapter.split, values, entries)


def _shown(book: Book, chapter: Chapter, told: Judged) -> dict[str, Any]:
    """A comparison as it stood on a screen."""
    purpose, entries = chapter.comparisons[told.comparison]
    return {
        "comparison_id": comparison_id(book, chapter, told.comparison),
        "prompt_id": chapter.id,
        "group": chapter.group or None,
        "prompt": chapter.text,
        "form": book.study.form,
        "asked": book.study.ranking if len(entries) > 2 else None,
        "works": [work_shown(book, chapter, entries[index]) for index in told.order],
        "purpose": purpose,
    }


VIEW = View(
    name="judgements",
    says="every answer as it was given, also those that another took the place of",
    key="judgement_id",
    columns=columns,
    rows=rows,
    wants=frozenset({TEXTS, TOLD, SUPERSEDED, MARKS}),
)
