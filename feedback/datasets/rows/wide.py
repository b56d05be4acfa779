"""Pairs with a column for each criterion: A, B, same or invalid."""

from typing import Any

from feedback.datasets.columns import PROMPT, PROMPT_ID, STUDY, Column
from feedback.datasets.reading.book import FILES, TEXTS, Book, slugs_of
from feedback.datasets.reading.chapters import Chapter
from feedback.datasets.rows.naming import ending_line, files_of, frames_a_second, lacks_content, work_shown
from feedback.datasets.rows.soft import turned
from feedback.datasets.rows.tally import Tally
from feedback.datasets.rows.view import Dropped, Row, Rows, View
from feedback.datasets.rows.votes import Pair, Votes, pairs_of, stays
from feedback.datasets.terms import Terms

A, B, SAME, INVALID = "A", "B", "same", "invalid"
COUNTED = ("n_A", "n_B", "n_same")
VOTES = {"list": [{"name": "criterion", "dtype": "string"}, *({"name": name, "dtype": "int64"} for name in COUNTED)]}
FIXED = (
    Column("pair_id", "string", "of the two works; the same in every release"),
    STUDY,
    PROMPT_ID,
    PROMPT,
    *(
        Column(f"{name}_{side}", kind, says, "path" if name == "media" else "")
        for name, kind, says in (
            ("work", "string", "the id of the work; which of the two is A says nothing"),
            ("medium", "string", "text, image, motion, video, audio or model"),
            ("text", "string", "the work, if it is a text"),
            ("media", "string", "its file, if it is none and the release holds files"),
            ("fps", "float64", "frames a second"),
            ("num_frames", "int64", "how many frames"),
        )
        for side in (A, B)
    ),
    Column("votes", VOTES, "for each criterion how many judgements are for A, for B and for neither"),
)
NAMES = frozenset(column.name for column in FIXED)


def columns(terms: Terms) -> tuple[Column, ...]:
    says = "A, B, same, or invalid where nobody could judge or was asked"
    return (*FIXED, *(Column(column_of(slug), "string", says) for slug in slugs_of(terms)))


def column_of(slug: str) -> str:
    """What the criterion's column is called: as the criterion, unless another column is."""
    return f"criterion-{slug}" if slug in NAMES else slug


def rows(book: Book, chapter: Chapter, tally: Tally) -> Rows:
    """One row for each two works that were set against each other on some criterion."""
    written = False
    by_works: dict[tuple[int, int], list[Pair]] = {}
    for pair in pairs_of(book, chapter, tally):
        by_works.setdefault(pair.works, []).append(pair)
    for works, pairs in by_works.items():
        identity = book.id("pair", *(book.works.known[work].external for work in works))
        told = [pair for pair in pairs if not stays(book, pair)]
        reason = lacks_content(book, chapter, works) if told else stays(book, pairs[0])
        if reason:
            tally.pairs_left[reason] += 1
            yield Dropped("pairs_ab", identity, reason)
            continue
        written = True
        tally.holds(works, files_of(chapter, works))
        yield Row("pairs_ab", "", chapter.split, _values(book, chapter, identity, told), works)
    tally.prompts[chapter.split] += written


def _values(book: Book, chapter: Chapter, identity: str, pairs: list[Pair]) -> dict[str, Any]:
    swapped = turned(identity)
    works = pairs[0].works[::-1] if swapped else pairs[0].works
    shown = [work_shown(book, chapter, work) for work in works]
    contents = [chapter.contents.get(work) for work in works]
    counts = {pair.criterion.slug: _counts(pair.votes, swapped=swapped) for pair in pairs}
    sides = {
        "work": [one["work"] for one in shown],
        "medium": [one["medium"] for one in shown],
        "text": [one["text"] for one in shown],
        "media": [one["file"] for one in shown],
        "fps": [frames_a_second(content) for content in contents],
        "num_frames": [content.facts.get("frames") if content else None for content in contents],
    }
    return {
        "pair_id": identity,
        "study": book.slug,
        "prompt_id": chapter.id,
        "prompt": ending_line(chapter.text),
        **{f"{name}_{side}": value for name, both in sides.items() for side, value in zip((A, B), both, strict=True)},
        "votes": [{"criterion": slug, **dict(zip(COUNTED, votes, strict=True))} for slug, votes in counts.items()],
        **{column_of(slug): _verdict(counts.get(slug)) for slug in book.slugs},
    }


def _counts(votes: Votes, *, swapped: bool) -> tuple[int, int, int]:
    ahead = (votes.other, votes.one) if swapped else (votes.one, votes.other)
    return (*ahead, votes.even)


def _verdict(counts: tuple[int, int, int] | None) -> str:
    """What most judgements say; those for A and for B that are as many say that both are the same."""
    if counts is None:
        return INVALID
    for_a, for_b, even = counts
    if for_a == for_b or even > max(for_a, for_b):
        return SAME
    return A if for_a > for_b else B


VIEW = View(
    name="pairs_ab",
    says="pairs of any medium with a column for each criterion: A, B, same or invalid",
    key="pair_id",
    columns=columns,
    rows=rows,
    wants=frozenset({TEXTS, FILES}),
)
