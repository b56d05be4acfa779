"""Pairs of any medium with both shares: ties and split votes stay what they are."""

from collections import Counter
from typing import Any

from feedback.datasets.columns import CRITERION, PROMPT, PROMPT_ID, SETS, STUDY, Column
from feedback.datasets.lines import DECIMALS, marked
from feedback.datasets.reading.book import FILES, FITS, TEXTS, TOLD, Book
from feedback.datasets.reading.chapters import Chapter, Judged
from feedback.datasets.rows.naming import ending_line, files_of, lacks_content, of_set, work_shown
from feedback.datasets.rows.tally import Tally
from feedback.datasets.rows.view import Dropped, Row, Rows, View
from feedback.datasets.rows.votes import Pair, pairs_of, stays
from feedback.datasets.terms import Terms

COLUMNS = (
    Column("pair_id", "string", "of the two works and the criterion; the same in every release"),
    STUDY,
    PROMPT_ID,
    PROMPT,
    CRITERION,
    Column("work_0", "string", "the id of one work; which of the two it is says nothing"),
    Column("work_1", "string", "the id of the other"),
    Column("medium_0", "string", "text, image, motion, video, audio or model"),
    Column("medium_1", "string", "likewise"),
    Column("text_0", "string", "the one work, if it is a text"),
    Column("text_1", "string", "the other"),
    Column("media_0", "string", "the file of the one work, if it is none and the release holds files", file="path"),
    Column("media_1", "string", "the file of the other", file="path"),
    Column("label_0", "float64", "the share of judgements for `work_0`, a tie counting half"),
    Column("label_1", "float64", "the share for `work_1`: 1 - `label_0`"),
    Column(
        "p_0",
        "float64",
        "the probability that `work_0` is preferred, a tie counting half, by the model fitted to this split's "
        "judgements alone: raters' chance and the advantage of standing first are taken out",
    ),
    Column("n_judgements", "int64", "how many judgements rank both works"),
    Column("n_0", "int64", "how many of them put `work_0` ahead"),
    Column("n_1", "int64", "how many put `work_1` ahead"),
    Column("n_ties", "int64", "how many rank both equal"),
    Column(
        "preferences",
        {
            "list": [
                {"name": "rater", "dtype": "string"},
                {"name": "verdict", "dtype": "int64"},
                {"name": "strength", "dtype": "int64"},
            ]
        },
        "each judgement: 1 for `work_0`, -1 for `work_1`, 0 for neither; -3 to 3 where its strength was asked",
    ),
    *SETS,
    Column("num_example_per_prompt", "int64", "how many pairs this prompt has on this criterion in this view"),
)


def columns(_terms: Terms) -> tuple[Column, ...]:
    return COLUMNS


def rows(book: Book, chapter: Chapter, tally: Tally) -> Rows:
    """One row for each two works and criterion, whatever their medium and however even the votes."""
    leaving = []
    for pair in pairs_of(book, chapter, tally):
        reason = stays(book, pair) or lacks_content(book, chapter, pair.works)
        if reason:
            tally.pairs_left[reason] += 1
            yield Dropped("pairs_soft", pair.id, reason)
        else:
            leaving.append(pair)
    siblings = Counter(pair.criterion.pk for pair in leaving)
    for pair in leaving:
        tally.holds(pair.works, files_of(chapter, pair.works))
        values = _values(book, chapter, pair) | {"num_example_per_prompt": siblings[pair.criterion.pk]}
        yield Row("pairs_soft", pair.criterion.slug, chapter.split, values, pair.works)
    tally.prompts[chapter.split] += bool(leaving)


def turned(pair_id: str) -> bool:
    """Whether the work with the greater external id comes first: as good as drawn, and for good."""
    return int(pair_id[-1], 16) % 2 == 1


def _values(book: Book, chapter: Chapter, pair: Pair) -> dict[str, Any]:
    votes, (one, other) = pair.votes, pair.works
    ahead = votes.one, votes.other
    if turned(pair.id):
        one, other, ahead = other, one, ahead[::-1]
    first, second = work_shown(book, chapter, one), work_shown(book, chapter, other)
    share = round((ahead[0] + votes.even / 2) / votes.number, DECIMALS)
    return {
        "pair_id": pair.id,
        "study": book.slug,
        "prompt_id": chapter.id,
        "prompt": ending_line(chapter.text),
        "criterion": pair.criterion.slug,
        "work_0": first["work"],
        "work_1": second["work"],
        "medium_0": first["medium"],
        "medium_1": second["medium"],
        "text_0": first["text"],
        "text_1": second["text"],
        "media_0": first["file"],
        "media_1": second["file"],
        "label_0": share,
        "label_1": round(1 - share, DECIMALS),
        "p_0": book.strengths.probability(pair.criterion.pk, chapter.split, one, other) if book.strengths else None,
        "n_judgements": votes.number,
        "n_0": ahead[0],
        "n_1": ahead[1],
        "n_ties": votes.even,
        "preferences": _preferences(chapter, pair, one),
        **of_set(book, chapter, votes),
    }


def _preferences(chapter: Chapter, pair: Pair, first: int) -> list[dict[str, Any]]:
    sign = 1 if first == pair.works[0] else -1
    return [
        {"rater": marked(told.rater), "verdict": sign * verdict, "strength": _strength(chapter, told, first)}
        for told, verdict in sorted(pair.votes.given, key=lambda one: (one[0].at, one[0].assignment))
    ]


def _strength(chapter: Chapter, told: Judged, first: int) -> int | None:
    """Positive for the first; stored, it is positive for entry 0."""
    if told.strength is None:
        return None
    return told.strength if chapter.comparisons[told.comparison][1][0] == first else -told.strength


VIEW = View(
    name="pairs_soft",
    says="pairs of any medium with the shares of both, ties .5/.5, and a fitted probability",
    key="pair_id",
    columns=columns,
    rows=rows,
    wants=frozenset({TEXTS, FILES, FITS, TOLD}),
)
