"""Sets as raters ranked them: a set stays a set."""

from collections import Counter
from typing import Any

from feedback.datasets.columns import CRITERION, INTEGERS, PROMPT, PROMPT_ID, STUDY, WORKS, Column
from feedback.datasets.lines import marked
from feedback.datasets.reading.book import FILES, TEXTS, TOLD, Book
from feedback.datasets.reading.chapters import Chapter, Judged
from feedback.datasets.reasons import NOT_CLEARED, NOT_TAKEN, TOO_FEW
from feedback.datasets.rows.judgements import judgement_id
from feedback.datasets.rows.naming import comparison_id, ending_line, files_of, lacks_content, work_shown
from feedback.datasets.rows.tally import Tally
from feedback.datasets.rows.view import Dropped, Row, Rows, View
from feedback.datasets.rows.votes import usable
from feedback.datasets.terms import Terms

COLUMNS = (
    Column("judgement_id", "string", "of the answer; the same in every release"),
    STUDY,
    Column("set_id", "string", "the `comparison_id` of the set: the same for all who ranked it"),
    PROMPT_ID,
    PROMPT,
    CRITERION,
    Column("asked", "string", "full, best or best-worst: of what was not asked, equal ranks say nothing"),
    Column("works", WORKS, "in the order shown; `file` is what was shown where the release holds files"),
    Column("ranking", INTEGERS, "aligned with `works`; 1 is best, equal is a tie"),
    Column("rater", "string", "a pseudonym that holds within this release alone"),
)


def columns(_terms: Terms) -> tuple[Column, ...]:
    return COLUMNS


def rows(book: Book, chapter: Chapter, tally: Tally) -> Rows:
    """One row for each answer that ranks works, pairs as well."""
    told = [one for one in chapter.judgements if usable(book, chapter, one, tally)]
    judged = Counter((one.comparison, one.criterion) for one in told)
    named = {comparison: comparison_id(book, chapter, comparison) for comparison, _ in judged}
    told.sort(key=lambda one: (named[one.comparison], book.places[one.criterion], one.at, one.assignment))
    written = False
    for one in told:
        identity, works = judgement_id(book, one), chapter.comparisons[one.comparison][1]
        reason = _stays(book, chapter, works, judged[one.comparison, one.criterion])
        if reason:
            tally.pairs_left[reason] += 1
            yield Dropped("rankings", identity, reason)
            continue
        written = True
        tally.holds(works, files_of(chapter, works))
        values = {
            "judgement_id": identity,
            "study": book.slug,
            "set_id": named[one.comparison],
            **_values(book, chapter, one, works),
        }
        yield Row("rankings", book.criteria[one.criterion].slug, chapter.split, values, works)
    tally.prompts[chapter.split] += written


def _stays(book: Book, chapter: Chapter, works: tuple[int, ...], judged: int) -> str:
    known = [book.works.known[work] for work in works]
    if not all(work.cleared for work in known):
        return NOT_CLEARED
    if not all(work.medium in book.takes for work in known):
        return NOT_TAKEN
    return lacks_content(book, chapter, works) or (TOO_FEW if judged < book.terms.min_judgements else "")


def _values(book: Book, chapter: Chapter, told: Judged, works: tuple[int, ...]) -> dict[str, Any]:
    ranks = told.ranks or ()
    return {
        "prompt_id": chapter.id,
        "prompt": ending_line(chapter.text),
        "criterion": book.criteria[told.criterion].slug,
        "asked": book.study.ranking if len(works) > 2 else book.study.Ranking.FULL.value,
        "works": [work_shown(book, chapter, works[index]) for index in told.order],
        "ranking": [ranks[index] for index in told.order],
        "rater": marked(told.rater),
    }


VIEW = View(
    name="rankings",
    says="sets of works of any medium as each rater ranked them",
    key="judgement_id",
    columns=columns,
    rows=rows,
    wants=frozenset({TEXTS, FILES, TOLD}),
)
