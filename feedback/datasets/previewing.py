"""What a release would hold, before it is built: its first rows, how many there are, and what stays out."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.crypto import salted_hmac

from feedback.datasets.presets import PRESETS, Preset
from feedback.datasets.reading.book import ANY_MEDIUM, FITS, Book, books_of
from feedback.datasets.reading.chapters import Chapter
from feedback.datasets.reading.leaving import Stayed
from feedback.datasets.reading.splits import SPLITS
from feedback.datasets.refusals import why_nothing
from feedback.datasets.rows import VIEWS, Dropped, Row
from feedback.datasets.rows.tally import Tally
from feedback.datasets.terms import ReleaseRefused, Terms
from feedback.judging.models import Judgement
from feedback.snapshot import snapshot

AT_MOST = 20_000  # judgements that are looked at
SAMPLES = 3
LONGEST = 160  # characters of a text in a sample
RATER = re.compile(r"rater:[0-9a-f]{32}")


@dataclass(frozen=True)
class Share:
    """The rows of a criterion by split; `bars` are where each begins and how long it is, in per cent of the longest."""

    criterion: str
    rows: list[int]
    bars: list[tuple[str, str]]

    @property
    def total(self) -> int:
        return sum(self.rows)


@dataclass
class Preview:
    """What was met in `looked` of `judgements` judgements; rows are counted in those alone."""

    judgements: int
    looked: int = 0
    raters: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    samples: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    judgements_left_out: Counter[str] = field(default_factory=Counter)
    works_left_out: list[Stayed] = field(default_factory=list)

    splits = SPLITS

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    @property
    def whole(self) -> bool:
        return self.looked >= self.judgements

    @property
    def rows_in_all(self) -> int:
        """As many as there are, or as many as there will be about."""
        return self.rows if self.whole or not self.looked else round(self.rows * self.judgements / self.looked)

    @property
    def shares(self) -> list[Share]:
        by_criterion: dict[str, list[int]] = {}
        for (criterion, split), rows in sorted(self.counts.items()):
            by_criterion.setdefault(criterion, [0] * len(SPLITS))[SPLITS.index(split)] = rows
        most = max(map(sum, by_criterion.values()), default=1)
        return [Share(criterion, rows, list(_bars(rows, most))) for criterion, rows in by_criterion.items()]

    @property
    def stays(self) -> list[tuple[str, str, str]]:
        """What stays out: how much of what, why, and what would help."""
        return [
            *((f"{of.count:,} work{'s' * (of.count != 1)}:", of.reason, of.remedy) for of in self.works_left_out),
            *((f"{count:,} row{'s' * (count != 1)}:", reason, "") for reason, count in self.left_out.most_common()),
            *(
                (f"{count:,} judgement{'s' * (count != 1)}:", reason, "")
                for reason, count in self.judgements_left_out.most_common()
            ),
        ]

    @property
    def of_splits(self) -> list[tuple[str, int, float]]:
        """Each split with its rows and its share of all, in per cent."""
        rows = Counter(dict.fromkeys(SPLITS, 0))
        for (_, split), number in self.counts.items():
            rows[split] += number
        return [(split, rows[split], 100 * rows[split] / (self.rows or 1)) for split in SPLITS]


def _bars(rows: list[int], most: int) -> Iterator[tuple[str, str]]:
    start = 0
    for number in rows:
        yield f"{100 * start / most:.2f}", f"{100 * number / most:.2f}"
        start += number


def preview(terms: Terms, *, at_most: int = AT_MOST) -> Preview:
    """Look at the whole, or at the first prompts of a large study; raises ReleaseRefused where no row would be.

    Nothing is fitted: margins and fitted probabilities come with the build.
    """
    terms = replace(terms, margin=False)
    with snapshot():
        views = [VIEWS[name] for name in terms.views]
        form = PRESETS[terms.preset] if terms.preset else None
        wants = frozenset[str]().union(*(view.wants for view in views), form.wants if form else ()) - {FITS}
        books = books_of(terms, wants, form.takes if form else ANY_MEDIUM)
        found = Preview(_number_of_judgements(terms))
        found.works_left_out = [stayed for book in books for stayed in book.works.stayed]
        tallies = {view.name: Tally() for view in views}
        for book, chapter in _first(books, found, at_most):
            for view in views:
                _look(found, view.rows(book, chapter, tallies[view.name]), form)
    for tally in tallies.values():
        found.judgements_left_out |= tally.judgements_left
    found.raters = len(set[int]().union(*(tally.raters for tally in tallies.values())))
    if not found.counts:
        raise ReleaseRefused(why_nothing(terms, tallies[terms.views[0]]))
    return found


def _number_of_judgements(terms: Terms) -> int:
    live = Judgement.objects.live().filter(submission__study__in=terms.studies)
    return (live.filter(criterion__slug=terms.criterion) if terms.criterion else live).count()


def _first(books: list[Book], found: Preview, at_most: int) -> Iterator[tuple[Book, Chapter]]:
    """Chapter by chapter, until that many judgements were looked at."""
    for book in books:
        for chapter in book.chapters():
            found.looked += len(chapter.judgements)
            yield book, chapter
            if found.looked >= at_most:
                return


def _look(found: Preview, rows: Iterator[Row | Dropped], form: Preset | None) -> None:
    for row in rows:
        reason = row.reason if isinstance(row, Dropped) else form.stays(row.values) if form else ""
        if reason or isinstance(row, Dropped):
            found.left_out[reason] += 1
            continue
        for values in form.turn(row.values) if form else (row.values,):
            found.counts[row.criterion, row.split] += 1
            if len(found.samples) < SAMPLES:
                found.samples.append(_told(values))


def _told(values: dict[str, Any]) -> str:
    """The row as it would be read, long texts cut short and raters under a name that is nobody's elsewhere."""
    told = {name: _short(value) for name, value in values.items() if value is not None}
    return RATER.sub(_nobody, json.dumps(told, ensure_ascii=False, indent=2))


def _short(value: Any) -> Any:
    match value:
        case str() if len(value) > LONGEST:
            return f"{value[:LONGEST]} … {len(value) - LONGEST:,} more characters"
        case dict():
            return {name: _short(inner) for name, inner in value.items()}
        case list():
            return [_short(inner) for inner in value]
    return value


def _nobody(rater: re.Match[str]) -> str:
    return salted_hmac("feedback.datasets.preview", rater[0], algorithm="sha256").hexdigest()[:32]
