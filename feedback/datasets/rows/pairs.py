"""The pairs that train: two texts of a prompt, and which of them a majority puts ahead."""

from collections.abc import Callable
from typing import Any

from feedback.datasets.columns import CRITERION, PROMPT, PROMPT_ID, SETS, STUDY, Column
from feedback.datasets.lines import DECIMALS
from feedback.datasets.reading.book import TEXTS, Book
from feedback.datasets.reading.chapters import Chapter
from feedback.datasets.reasons import ALIKE, NOT_FITTED, NOT_TEXT, TIED
from feedback.datasets.rows.messages import CONVERSATIONAL, IMPLICIT, conversational, implicit
from feedback.datasets.rows.naming import ending_line, is_text, of_set
from feedback.datasets.rows.tally import Tally
from feedback.datasets.rows.view import Dropped, Row, Rows, View
from feedback.datasets.rows.votes import Pair, cleared, pairs_of, stays
from feedback.datasets.terms import Terms

PAIRS = (
    Column("pair_id", "string", "of the two works and the criterion; the same in every release"),
    STUDY,
    PROMPT_ID,
    PROMPT,
    Column("chosen", "string", "the text that more raters put ahead"),
    Column("rejected", "string", "the other text"),
    Column("chosen_work", "string", "the id of the work chosen"),
    Column("rejected_work", "string", "the id of the other work"),
    CRITERION,
    Column("n_judgements", "int64", "how many judgements rank both works, equal ranks included"),
    Column("n_ties", "int64", "how many of them rank both equal"),
    Column("p_chosen", "float64", "the share of judgements for the work chosen, a tie counting half"),
    *SETS,
)
MARGINS = (
    Column("margin", "float64", "how much stronger the chosen work is, in logits, fitted to this split alone"),
    Column("margin_se", "float64", "the standard error of `margin`"),
)


def columns(terms: Terms) -> tuple[Column, ...]:
    return (*PAIRS, *MARGINS) if terms.margin else PAIRS


def conversational_columns(terms: Terms) -> tuple[Column, ...]:
    return tuple(CONVERSATIONAL.get(column.name, column) for column in columns(terms))


def implicit_columns(terms: Terms) -> tuple[Column, ...]:
    return tuple(IMPLICIT.get(column.name, column) for column in columns(terms) if column.name != "prompt")


def rows(book: Book, chapter: Chapter, tally: Tally) -> Rows:
    """One row for each two texts and criterion that a majority decides; all others are told of with the reason."""
    written = False
    for pair in pairs_of(book, chapter, tally):
        reason = _stays(book, chapter, pair)
        values = {} if reason else _values(book, chapter, pair)
        if book.terms.margin and not reason and values["margin"] is None:
            reason = NOT_FITTED
        if reason:
            tally.pairs_left[reason] += 1
            yield Dropped("pairs", pair.id, reason)
            continue
        written = True
        tally.holds(pair.works)
        yield Row("pairs", pair.criterion.slug, chapter.split, values, pair.works)
    tally.prompts[chapter.split] += written


def _stays(book: Book, chapter: Chapter, pair: Pair) -> str:
    if cleared(book, pair.works) and not all(is_text(chapter, work) for work in pair.works):
        return NOT_TEXT
    reason = stays(book, pair)
    if not reason and pair.votes.one == pair.votes.other:
        reason = TIED
    if not reason and len({chapter.contents[work].text for work in pair.works}) == 1:
        reason = ALIKE
    return reason


def _values(book: Book, chapter: Chapter, pair: Pair) -> dict[str, Any]:
    votes, known = pair.votes, book.works.known
    chosen, rejected = pair.works if votes.one > votes.other else pair.works[::-1]
    values = {
        "pair_id": pair.id,
        "study": book.slug,
        "prompt_id": chapter.id,
        "prompt": ending_line(chapter.text),
        "chosen": chapter.contents[chosen].text,
        "rejected": chapter.contents[rejected].text,
        "chosen_work": known[chosen].id,
        "rejected_work": known[rejected].id,
        "criterion": pair.criterion.slug,
        "n_judgements": votes.number,
        "n_ties": votes.even,
        "p_chosen": round((max(votes.one, votes.other) + votes.even / 2) / votes.number, DECIMALS),
        **of_set(book, chapter, votes),
    }
    if book.terms.margin and book.strengths:
        values |= book.strengths.margin(pair.criterion.pk, chapter.split, chosen, rejected)
    return values


def turned(name: str, turn: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Book, Chapter, Tally], Rows]:
    """The same rows, in a view of another form."""

    def turned_rows(book: Book, chapter: Chapter, tally: Tally) -> Rows:
        for row in rows(book, chapter, tally):
            if isinstance(row, Row):
                yield row._replace(view=name, values=turn(row.values))
            else:
                yield row._replace(view=name)

    return turned_rows


WANTS = frozenset({TEXTS})
VIEWS = (
    View("pairs", "two texts and which of them a majority puts ahead", "pair_id", columns, rows, WANTS),
    View(
        "pairs_conversational",
        "the pairs as messages of user and assistant",
        "pair_id",
        conversational_columns,
        turned("pairs_conversational", conversational),
        WANTS,
    ),
    View(
        "pairs_implicit",
        "the pairs as whole conversations, the prompt in both",
        "pair_id",
        implicit_columns,
        turned("pairs_implicit", implicit),
        WANTS,
    ),
)
