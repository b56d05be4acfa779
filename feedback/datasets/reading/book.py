"""A study read prompt by prompt, in a constant number of queries and little memory."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

from feedback.datasets.lines import stable_id
from feedback.datasets.reading import queries
from feedback.datasets.reading.chapters import Chapter, Content, Judged, Pinned, Rights
from feedback.datasets.reading.leaving import Named, Works, works_of
from feedback.datasets.reading.queries import Rows, Stream
from feedback.datasets.reading.splits import split_prompts
from feedback.datasets.reading.strengths import Strengths
from feedback.datasets.reasons import BY_A_MACHINE, RATER_EXCLUDED
from feedback.datasets.terms import NO_MEDIA, Terms, newest_criteria
from feedback.people.models import Rater
from feedback.results.excluding import excluded
from feedback.studies.models import Criterion, Study
from feedback.works.models import Collection, Prompt, Work

MANY, SOME = 2000, 100  # rows read at once; some where texts may be long
AT_ONCE = defaultdict(lambda: MANY, contents=SOME)

# What a view may want beside who ranked what how. Files are there where the terms say so: who wants them asks for it.
TOLD, SUPERSEDED, TEXTS, FILES, MARKS, RIGHTS, FITS = "told", "superseded", "texts", "files", "marks", "rights", "fits"
ANY_MEDIUM = frozenset(Work.Medium.values)


class Book:
    """A study as a release reads it, chapter by chapter, by the external ids of its prompts."""

    def __init__(
        self,
        terms: Terms,
        study: Study,
        *,
        wants: frozenset[str],
        takes: frozenset[str],
        named: Named,
        works: Works,
        splits: Mapping[int, str],
    ) -> None:
        self.terms = terms
        self.study = study
        self.wants = wants
        self.works = works
        self.splits = splits
        self.named = named
        self.slug = study.slug if len(terms.studies) > 1 else None
        self.takes = takes
        self.strengths: Strengths | None = None
        self.sharing = frozenset(_sharing(study)) if terms.rationales else frozenset()
        self.uncounted = dict(_uncounted(study))
        self.criteria: dict[int, Criterion] = {row.pk: row for row in study.criteria.all()}
        self.places = {criterion.pk: place for place, criterion in enumerate(newest_criteria(study))}
        self.slugs = slugs_of(terms)

    def id(self, kind: str, *parts: Any) -> str:
        """An id for good; in a release of several studies it is the study's own."""
        return stable_id(kind, *parts, *([self.slug] if self.slug else []))

    def fit(self) -> None:
        """Fit the strengths of the works, split by split, which takes a reading of its own."""
        bare = copy(self)
        bare.wants = frozenset()
        named = sorted((public_id, pk) for pk, (public_id, _) in _raters(self.study))
        numbers = {pk: number for number, (_, pk) in enumerate(named)}
        criteria = [self.criteria[pk] for pk in self.places]
        self.strengths = Strengths(self.study, criteria, self.works, self.uncounted, numbers)
        self.strengths.read(bare.chapters())

    def chapters(self) -> Iterator[Chapter]:
        """Every prompt that was judged."""
        streams = {name: Stream(rows, AT_ONCE[name]) for name, rows in self._read().items()}
        raters = dict(_raters(self.study)) if TOLD in self.wants else {}
        for pk, collection, external_id, group, text in queries.prompts(self.study).iterator(SOME):
            of = {name: stream.of(pk) for name, stream in streams.items()}
            if of["judgements"] or of["superseded"]:
                yield Chapter(
                    id=self.named(collection, external_id),
                    external=(collection, external_id),
                    group=group,
                    text=text,
                    split=self.splits[pk],
                    contents={row[0]: Content._make(row[1:]) for row in of["contents"]},
                    rights={row[0]: Rights._make(row[1:]) for row in of["rights"]},
                    comparisons=_comparisons(of["entries"]),
                    judgements=_judged(of["judgements"], _sent(of["submissions"], raters)),
                    superseded=_judged(of["superseded"], _sent(of["superseded_submissions"], raters, undone=True)),
                    marks=_by_submission(of["marks"]),
                )
        if streams["judgements"].rows:
            raise RuntimeError(f"{self.study.slug} has judgements on a prompt outside its collections.")

    def _read(self) -> dict[str, Rows | None]:
        """What is wanted, by what it is of; None where nothing is."""
        study, wants, criterion = self.study, self.wants, self.terms.criterion
        told, undone = TOLD in wants, SUPERSEDED in wants
        files = self.terms.media != NO_MEDIA
        return {
            "contents": queries.contents(study, files=files) if wants & {TEXTS, FILES} else None,
            "rights": queries.rights(study) if RIGHTS in wants else None,
            "entries": queries.entries(study),
            "submissions": queries.submissions(study, told=told, rationales=told and self.terms.rationales),
            "judgements": queries.judgements(study, criterion, live=True),
            "superseded_submissions": queries.superseded_submissions(study) if undone else None,
            "superseded": queries.judgements(study, criterion, live=False) if undone else None,
            "marks": queries.marks(study, criterion, superseded=undone) if MARKS in wants else None,
        }


def books_of(terms: Terms, wants: frozenset[str], takes: frozenset[str] = ANY_MEDIUM) -> list[Book]:
    """One for each study; prompts that share a group or a work are in one split, whatever study they are of.

    `wants` is what the views want, `takes` the media of works that may be in pairs and rankings.
    """
    named = Named(Collection.objects.filter(studies__in=terms.studies).distinct().count())
    works = {study: works_of(terms, study, named) for study in terms.studies}
    splits = split_prompts(_groups(terms), _contents(works.values()))
    books = [
        Book(terms, study, wants=wants, takes=takes, named=named, works=works[study], splits=splits)
        for study in terms.studies
    ]
    if FITS in wants or terms.margin:
        for book in books:
            book.fit()
    return books


def slugs_of(terms: Terms) -> list[str]:
    """The criteria of a release, those of all its studies, each once and in their order."""
    slugs = dict.fromkeys(criterion.slug for study in terms.studies for criterion in newest_criteria(study))
    return [slug for slug in slugs if terms.criterion in {None, slug}]


def _sharing(study: Study) -> Iterable[int]:
    """The raters whose words may leave."""
    return Rater.objects.sharing_words().filter(assignments__study=study).distinct().values_list("pk", flat=True)


def _uncounted(study: Study) -> Iterator[tuple[int, str]]:
    """The raters whose answers make no row but their own, and why."""
    machines = Rater.objects.filter(kind=Rater.Kind.MACHINE, assignments__study=study).distinct()
    yield from ((pk, BY_A_MACHINE) for pk in machines.values_list("pk", flat=True))
    yield from ((pk, RATER_EXCLUDED) for pk in excluded(study))


def _groups(terms: Terms) -> list[tuple[int, str]]:
    """Each prompt with the name of its group."""
    prompts = Prompt.objects.filter(collection__studies__in=terms.studies).distinct().order_by("pk")
    told = prompts.values_list("pk", "group", "external_id").iterator()
    return [(pk, group or external_id) for pk, group, external_id in told]


def _contents(works: Iterable[Works]) -> Iterator[tuple[int, str]]:
    return ((work.prompt, work.sha256) for of in works for work in of.known.values() if work.sha256)


@lru_cache(maxsize=4096)
def _numbers(stored: str | None) -> tuple[Any, ...] | None:
    """A list as it is stored: ranks, an order, flags."""
    return None if stored is None else tuple(json.loads(stored))


def _raters(study: Study) -> Iterable[tuple[int, tuple[UUID, str]]]:
    """Every rater of the study: as others may know them, and what they are."""
    told = Rater.objects.filter(assignments__study=study).distinct().values_list("pk", "public_id", "kind")
    return ((pk, (public_id, kind)) for pk, public_id, kind in told.iterator())


def _sent(
    rows: list[tuple[Any, ...]], raters: dict[int, tuple[UUID, str]], *, undone: bool = False
) -> dict[int, tuple[Any, ...]]:
    """Submissions as the last fields of Judged: with their rater where raters are told, without a sentence if undone."""
    sent = {}
    for pk, comparison, at, hand, order, *rest in rows:
        told = (*rest[:5], *raters[hand], *([None] if undone else []), *rest[5:]) if rest else ()
        sent[pk] = (comparison, at, hand, _numbers(order), *told)
    return sent


def _judged(rows: list[tuple[Any, ...]], sent: dict[int, tuple[Any, ...]]) -> list[Judged]:
    return [
        Judged(
            submission, criterion, outcome, _numbers(ranks), strength, score, _numbers(acceptable), *sent[submission]
        )
        for submission, criterion, outcome, ranks, strength, score, acceptable in rows
    ]


def _comparisons(entries: list[tuple[Any, ...]]) -> dict[int, tuple[str, tuple[int, ...]]]:
    return {
        comparison: (purpose, tuple(row[2] for row in rows))
        for (comparison, purpose), rows in groupby(entries, key=itemgetter(0, 1))
    }


def _by_submission(marks: list[tuple[Any, ...]]) -> dict[int, list[Pinned]]:
    return {pk: list(of) for pk, of in groupby(map(Pinned._make, marks), key=attrgetter("submission"))}
