"""What was said about a study, prompt by prompt, in a constant number of queries and little memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from feedback.datasets.leaving import Known, Named, works_of
from feedback.datasets.models import Shape
from feedback.datasets.splits import split_prompts
from feedback.datasets.terms import Terms
from feedback.judging.models import Entry, Judgement
from feedback.snapshot import by_code_point
from feedback.studies.models import Criterion
from feedback.works.models import Asset, Collection, Prompt, Work

AT_ONCE = 2000
TEXTS_AT_ONCE = 100  # they may be long

# Of every judgement; those of the second line only where each judgement is a row.
JUDGED = ("submission__assignment__comparison", "criterion", "outcome", "ranks", "submission__at")
TOLD = (
    "strength",
    "score",
    "acceptable",
    "submission__assignment__public_id",
    "submission__assignment__shown_order",
    "submission__assignment__rater__public_id",
    "submission__assignment__rater__kind",
    "submission__dwell_ms",
    "submission__late",
    "submission__extra",
    "submission__number",
)


@dataclass(frozen=True)
class Chapter:
    """One prompt: its works' texts, its comparisons, and the live judgements on them.

    `comparisons` are (purpose, works in the order of the entries); `judgements` are tuples of JUDGED, or of JUDGED
    and TOLD, and the rationale if it leaves.
    """

    id: str
    external: tuple[str, str]
    group: str
    text: str
    split: str
    texts: dict[int, str]
    comparisons: dict[int, tuple[str, tuple[int, ...]]]
    judgements: list[tuple[Any, ...]]


class Book:
    """A study as a release reads it, chapter by chapter, by the external ids of its prompts."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        collections = Collection.objects.filter(studies=terms.study).count()
        self.named = Named(collections)
        self.works = works_of(terms, self.named)
        self.criteria: dict[int, Criterion] = {row.pk: row for row in terms.study.criteria.all()}
        prompts = Prompt.objects.filter(collection__studies=terms.study).order_by("pk")
        groups = [
            (pk, group or external_id)
            for pk, group, external_id in prompts.values_list("pk", "group", "external_id").iterator()
        ]
        self.splits = split_prompts(groups, _contents(self.works.known))

    def chapters(self) -> Iterator[Chapter]:
        """Every prompt that was judged."""
        texts = _Stream(self._texts(), TEXTS_AT_ONCE)
        entries = _Stream(self._entries(), AT_ONCE)
        judgements = _Stream(self._judgements(), AT_ONCE)
        for pk, collection, external_id, group, text in self._prompts().iterator(TEXTS_AT_ONCE):
            told, written, asked = judgements.of(pk), texts.of(pk), entries.of(pk)
            if told:
                yield Chapter(
                    id=self.named(collection, external_id),
                    external=(collection, external_id),
                    group=group,
                    text=text,
                    split=self.splits[pk],
                    texts={row[0]: row[1] for row in written},
                    comparisons=_comparisons(asked),
                    judgements=told,
                )
        if judgements.rows:
            raise RuntimeError(f"{self.terms.study.slug} has judgements on a prompt outside its collections.")

    def _prompts(self) -> "QuerySet[Any, Any]":
        return (
            Prompt.objects.filter(collection__studies=self.terms.study)
            .order_by(*_in_order(""))
            .values_list("pk", "collection__slug", "external_id", "group", "text")
        )

    def _texts(self) -> "QuerySet[Any, Any]":
        return (
            Asset.objects.filter(
                work__collection__studies=self.terms.study, work__medium=Work.Medium.TEXT, role=Asset.Role.SHOWN
            )
            .order_by(*_in_order("work__prompt__"))
            .values_list("work__prompt", "work", "text")
        )

    def _entries(self) -> "QuerySet[Any, Any]":
        return (
            Entry.objects.filter(comparison__study=self.terms.study)
            .order_by(*_in_order("comparison__prompt__"), "comparison", "index")
            .values_list("comparison__prompt", "comparison", "comparison__purpose", "work")
        )

    def _judgements(self) -> "QuerySet[Any, Any]":
        prompt = "submission__assignment__comparison__prompt"
        live = Judgement.objects.live().filter(submission__study=self.terms.study)
        if self.terms.criterion:
            live = live.filter(criterion__slug=self.terms.criterion.slug)
        told = TOLD if self.terms.view == Shape.View.JUDGEMENTS else ()
        sentence = ("submission__rationale__text",) if self.terms.rationales else ()
        return live.order_by(*_in_order(f"{prompt}__")).values_list(prompt, *JUDGED, *told, *sentence)


def _in_order(prompt: str) -> tuple[Any, ...]:
    return by_code_point(f"{prompt}collection__slug"), by_code_point(f"{prompt}external_id")


class _Stream:
    """Rows that begin with their prompt, given prompt by prompt to whoever asks in the rows' own order."""

    def __init__(self, rows: "QuerySet[Any, Any]", at_once: int) -> None:
        self.prompt: int | None = None
        self.rows: list[tuple[Any, ...]] = []
        self.groups = groupby(rows.iterator(at_once), key=itemgetter(0))
        self._turn()

    def of(self, prompt: int) -> list[tuple[Any, ...]]:
        """The rest of the prompt's rows."""
        if self.prompt != prompt:
            return []
        rows = self.rows
        self._turn()
        return rows

    def _turn(self) -> None:
        self.prompt, rows = next(self.groups, (None, iter(())))
        self.rows = [row[1:] for row in rows]


def _comparisons(entries: list[tuple[Any, ...]]) -> dict[int, tuple[str, tuple[int, ...]]]:
    return {
        comparison: (purpose, tuple(row[2] for row in rows))
        for (comparison, purpose), rows in groupby(entries, key=itemgetter(0, 1))
    }


def _contents(works: dict[int, Known]) -> Iterator[tuple[int, str]]:
    return ((work.prompt, work.sha256) for work in works.values() if work.sha256)
