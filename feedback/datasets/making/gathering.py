"""Everything a release needs of the database, read in one snapshot and kept on disk."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from django.utils.timezone import now

from feedback.datasets.columns import Column
from feedback.datasets.lines import digest, moment
from feedback.datasets.making.spool import Spool, Spooled
from feedback.datasets.presets import PRESETS, Preset
from feedback.datasets.reading.book import ANY_MEDIUM, Book, books_of
from feedback.datasets.reading.splits import SALT
from feedback.datasets.refusals import why_nothing
from feedback.datasets.rows import VIEWS, Dropped, Row
from feedback.datasets.rows.tally import Tally
from feedback.datasets.terms import ReleaseRefused, Terms, newest_criteria
from feedback.judging.models import Judgement
from feedback.people.models import Rater
from feedback.snapshot import snapshot

type Progress = Callable[[str, int, int], None]  # stage, steps done, steps in all

READING = "reading"


@dataclass(frozen=True)
class Reading:
    """What was read: the rows in their spool, what the manifest says of them, and what they are made of."""

    spooled: Spooled
    facts: dict[str, Any]
    frozen_at: str
    works: list[int]
    raters: list[int]
    files: dict[str, str]
    stayed: list[dict[str, Any]]

    @property
    def rows(self) -> int:
        return sum(pile.rows for pile in self.spooled.piles)

    @property
    def rows_sha256(self) -> str:
        """One hash for all rows before pseudonyms, and for those that stayed out."""
        piles = (*self.spooled.piles, self.spooled.dropped)
        return digest([[pile.view, pile.criterion, pile.split, pile.rows, pile.sha256] for pile in piles])

    def told(self) -> dict[str, Any]:
        """As it is written down beside the rows."""
        return vars(self) | {"spooled": self.spooled.told()}

    @classmethod
    def from_told(cls, folder: Path, told: dict[str, Any]) -> Self:
        return cls(**told | {"spooled": Spooled.from_told(folder, told["spooled"])})


def read(terms: Terms, folder: Path, progress: Progress) -> Reading:
    """Read all views in one pass and one snapshot into the folder; raises ReleaseRefused if there is nothing to release."""
    frozen_at = moment(now())
    with snapshot():
        views = [VIEWS[name] for name in terms.views]
        form = PRESETS[terms.preset] if terms.preset else None
        wants = frozenset[str]().union(*(view.wants for view in views), form.wants if form else ())
        books = books_of(terms, wants, form.takes if form else ANY_MEDIUM)
        tallies = {view.name: Tally() for view in views}
        keys = {view.name: view.key for view in views}
        with Spool(folder, columns_of(terms), keys, fixed=form is not None) as spool:
            _fill(spool, books, tallies, terms, progress)
            spooled = spool.spooled()
        facts = _facts(terms, books, tallies, spooled)
    if not spooled.piles and terms.since is None:
        raise ReleaseRefused(why_nothing(terms, tallies[terms.views[0]]))
    return Reading(
        spooled=spooled,
        facts=facts,
        frozen_at=frozen_at,
        works=sorted(frozenset[int]().union(*(tally.works for tally in tallies.values()))),
        raters=sorted(frozenset[int]().union(*(tally.raters for tally in tallies.values()))),
        files={path: name for tally in tallies.values() for path, name in sorted(tally.files.items())},
        stayed=[stayed.told(listing=True) for book in books for stayed in book.works.stayed],
    )


def columns_of(terms: Terms) -> dict[str, tuple[Column, ...]]:
    """All columns by view, in the form of the preset if there is one."""
    if terms.preset:
        form = PRESETS[terms.preset]
        return {form.view: form.columns(terms)}
    return {name: VIEWS[name].columns(terms) for name in terms.views}


def _fill(spool: Spool, books: list[Book], tallies: dict[str, Tally], terms: Terms, progress: Progress) -> None:
    form = PRESETS[terms.preset] if terms.preset else None
    total = Judgement.objects.live().filter(submission__study__in=terms.studies).count()
    done = 0
    for book in books:
        for chapter in book.chapters():
            for name, tally in tallies.items():
                for row in VIEWS[name].rows(book, chapter, tally):
                    _put(spool, row, form, tally)
            done += len(chapter.judgements)
            progress(READING, done, total)


def _put(spool: Spool, row: Row | Dropped, form: Preset | None, tally: Tally) -> None:
    """The row in the form of the preset, if its consumer can take it."""
    if isinstance(row, Dropped):
        spool.drop(row)
    elif form is None:
        spool.add(row, [row.values])
    elif reason := form.stays(row.values):
        tally.pairs_left[reason] += 1
        spool.drop(Dropped(row.view, spool.key(row), reason))
    else:
        spool.add(row, form.turn(row.values))


def _facts(terms: Terms, books: list[Book], tallies: dict[str, Tally], spooled: Spooled) -> dict[str, Any]:
    """What the manifest says of the content; nothing in it comes from a clock."""
    told = {name: tally.told() for name, tally in tallies.items()}
    rows = Counter[str]()
    for pile in spooled.piles:
        rows[pile.view] += pile.rows
    used = {
        work: book.works.known[work].licence
        for book in books
        for tally in tallies.values()
        for work in tally.works & book.works.known.keys()
    }
    licences = Counter(used.values())
    return {
        "title": " · ".join(book.study.title for book in books),
        "studies": [{"slug": one.slug, "title": one.title, "form": one.form} for one in terms.studies],
        "criteria": [
            {"slug": one.slug, "version": one.version, "name": one.name, "definition": one.definition}
            | ({"study": book.study.slug} if len(books) > 1 else {})
            for book in books
            for one in newest_criteria(book.study)
            if terms.criterion in {None, one.slug}
        ],
        **told[terms.views[0]],
        "raters": _raters(terms, tallies.values()),
        "works_left_out": [stayed.told() for book in books for stayed in book.works.stayed],
        "licences": [{"licence": licence, "works": licences[licence]} for licence in sorted(licences)],
        "split_salt": SALT,
        "fits": [fit for book in books if book.strengths for fit in book.strengths.told()],
        "rows": rows.total(),
        "views": [
            {
                "view": name,
                "key": VIEWS[name].key if VIEWS[name].key in spooled.filled[name] else None,
                "rows": rows[name],
                "columns": spooled.filled[name],
                **told[name],
            }
            for name in terms.views
        ],
    }


def _raters(terms: Terms, tallies: Iterable[Tally]) -> dict[str, int]:
    """How many of each kind there are behind the rows."""
    used = frozenset[int]().union(*(tally.raters for tally in tallies))
    kinds = Rater.objects.filter(assignments__study__in=terms.studies).distinct().values_list("pk", "kind")
    counted = Counter(kind for pk, kind in kinds.iterator() if pk in used)
    return {kind: counted[kind] for kind in sorted(counted)}
