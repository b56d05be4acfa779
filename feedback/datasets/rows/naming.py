"""How rows name comparisons and what was shown in them."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from feedback.datasets.lines import DECIMALS, stable_id
from feedback.datasets.reading.book import Book
from feedback.datasets.reading.chapters import Chapter, Content
from feedback.datasets.reasons import NO_CONTENT
from feedback.datasets.rows.votes import Votes
from feedback.datasets.terms import NO_MEDIA
from feedback.works.models import Work


def comparison_id(book: Book, chapter: Chapter, comparison: int) -> str:
    """Of the prompt, the works and the purpose; the same in every release."""
    purpose, works = chapter.comparisons[comparison]
    return stable_id("comparison", chapter.external, sorted(book.works.known[work].external for work in works), purpose)


def ending_line(text: str) -> str:
    """The prompt with a newline at its end, so that a work can follow it."""
    return text if text.endswith("\n") else text + "\n"


def is_text(chapter: Chapter, work: int) -> bool:
    """Whether the work is a text that raters read."""
    content = chapter.contents.get(work)
    return content is not None and not content.stored


def files_of(chapter: Chapter, works: Iterable[int]) -> list[Content]:
    """The files that rows on these works name."""
    return [content for work in works if (content := chapter.contents.get(work)) and content.stored]


def work_shown(book: Book, chapter: Chapter, work: int) -> dict[str, Any]:
    """A work with its text, or with the file that raters saw where the release holds files."""
    known, content = book.works.known[work], chapter.contents.get(work)
    return {
        "work": known.id,
        "medium": known.medium,
        "sha256": known.sha256 or None,
        "text": content.text if content and not content.stored else None,
        "file": content.path if content and content.stored else None,
    }


def of_set(book: Book, chapter: Chapter, votes: Votes) -> dict[str, Any]:
    """The set in which most of the votes were given, and how much each vote counts; nothing outside sets."""
    if not votes.sets:
        return {"set_id": None, "weight": None}
    most = max(votes.sets.values())
    return {
        "set_id": min(comparison_id(book, chapter, one) for one, number in votes.sets.items() if number == most),
        "weight": round(votes.shares / votes.number, DECIMALS),
    }


def lacks_content(book: Book, chapter: Chapter, works: Iterable[int]) -> str:
    """Why a row on these works would be empty; "" if it is not. Files are missed where the release holds files."""
    for work in works:
        medium = book.works.known[work].medium
        named_alone = medium != Work.Medium.TEXT and book.terms.media == NO_MEDIA
        if medium == Work.Medium.ABSENT or not (named_alone or work in chapter.contents):
            return NO_CONTENT
    return ""


def frames_a_second(content: Content | None) -> float | None:
    """Of a film; facts tell it as a fraction such as 30000/1001."""
    if content is None or not content.facts.get("frames"):
        return None
    return round(float(Fraction(str(content.facts["rate"]))), DECIMALS)
