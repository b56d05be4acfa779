"""Reasons pinned to places, each once, as `import_study` reads them."""

from feedback.datasets.columns import PLACE, STRINGS, STUDY, Column
from feedback.datasets.lines import marked, stable_id
from feedback.datasets.reading.book import MARKS, TOLD, Book
from feedback.datasets.reading.chapters import Chapter, Judged, Pinned
from feedback.datasets.reasons import NOT_CLEARED
from feedback.datasets.rows.judgements import may_leave, pinned
from feedback.datasets.rows.tally import Tally
from feedback.datasets.rows.view import Dropped, Row, Rows, View
from feedback.datasets.terms import Terms

COLUMNS = (
    Column("mark_id", "string", "of the submission and the mark's number in it; the same in every release"),
    STUDY,
    Column("rater", "string", "a pseudonym that holds within this release alone"),
    Column("prompt", "string", "the prompt's own id"),
    Column("works", STRINGS, "the works of the answer it belongs to, in the order shown"),
    Column("work", "string", "the work it lies on"),
    Column("criterion", "string", "the quality it speaks of; null for the whole"),
    Column("kind", "string", "point, box, brush, moment, span, words or spot"),
    Column("place", PLACE, "where, in units of the original"),
    Column("tag", "string", "from the study's vocabulary"),
    Column("sign", "int64", "1 is for the work, -1 against it"),
    Column("note", "string", "the rater's own words"),
    Column("claim", "string", "what it states, in a small vocabulary"),
)


def columns(_terms: Terms) -> tuple[Column, ...]:
    return COLUMNS


def rows(book: Book, chapter: Chapter, tally: Tally) -> Rows:
    """One row for each mark of an answer that counts; `rater` is still the rater's id."""
    by_submission: dict[int, Judged] = {}
    for told in chapter.judgements:
        tally.meet(told)
        by_submission.setdefault(told.submission, told)
    written = False
    for told in sorted(by_submission.values(), key=lambda one: (one.at, one.assignment)):
        marks = chapter.marks.get(told.submission, [])
        if not may_leave(book, chapter, told):
            yield from (Dropped("marks", _id(told, mark), NOT_CLEARED) for mark in marks)
            continue
        for mark in marks:
            written = True
            yield _row(book, chapter, told, mark, tally)
    tally.prompts[chapter.split] += written


def _id(told: Judged, mark: Pinned) -> str:
    return stable_id("mark", told.assignment.hex, told.number, mark.number)


def _row(book: Book, chapter: Chapter, told: Judged, mark: Pinned, tally: Tally) -> Row:
    entries = chapter.comparisons[told.comparison][1]
    tally.holds(entries)
    tally.raters.add(told.hand)
    values = {
        "mark_id": _id(told, mark),
        "study": book.slug,
        "rater": marked(told.rater),
        "prompt": chapter.id,
        "works": [book.works.known[entries[index]].id for index in told.order],
        **pinned(book, entries, mark, words=told.hand in book.sharing),
    }
    return Row("marks", mark.criterion or "", chapter.split, values, entries)


VIEW = View(
    name="marks",
    says="every reason pinned to a place, once, as import_study reads it",
    key="mark_id",
    columns=columns,
    rows=rows,
    wants=frozenset({TOLD, MARKS}),
)
