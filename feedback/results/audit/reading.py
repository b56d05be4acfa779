"""What everybody answered on one comparison, and the places they pinned their reasons to, for the lead to look into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from feedback.judging.bench import VIEWERS, Pane
from feedback.judging.marks import Said, extents_of, on_screen
from feedback.judging.models import Assignment, Comparison, Entry, Flag, Purpose, Submission
from feedback.results.audit.answers import Answer, Split, answer_of, order_of, pseudonym, split_of
from feedback.results.audit.scores import expected_on
from feedback.results.excluding import excluded
from feedback.results.models import Resolution
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion
from feedback.works.models import Asset
from feedback.works.texts import shown

SEEN = (Asset.Role.SHOWN, Asset.Role.POSTER, Asset.Role.STRIP)


@dataclass(frozen=True)
class Key:
    """What an expert expects on a criterion, in words."""

    criterion: Criterion
    said: str


@dataclass(frozen=True)
class Decided:
    """A decision that stands, and what it settles in words: name of the criterion and order."""

    resolution: Resolution
    said: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Audit:
    """One comparison with its works in the order of its entries, all answers on it and all marks."""

    comparison: Comparison
    panes: Sequence[Pane]
    criteria: Sequence[Criterion]
    answers: Sequence[Answer]
    marks: Sequence[Mapping[str, Any]]
    flags: Sequence[Flag]
    splits: Sequence[Split]
    key: Sequence[Key]
    decisions: Sequence[Decided]

    @property
    def medium(self) -> str:
        return self.panes[0].medium

    @property
    def viewer(self) -> str:
        """The element that shows works of this medium."""
        return VIEWERS[self.medium]

    @property
    def letters(self) -> str:
        return ascii_uppercase[: len(self.panes)]


def audit_of(comparison: Comparison) -> Audit:
    """Everything about the comparison and its repeats, in a constant number of queries."""
    study, criteria = comparison.study, list(criteria_of(comparison.study))
    places = _places(comparison)
    extents = extents_of(comparison.pk)
    names = {criterion.slug: criterion.name for criterion in criteria}
    answers: list[Answer] = []
    marks: list[Mapping[str, Any]] = []
    left_out = excluded(study)
    for submission in _answers(places):
        of = submission.assignment.comparison
        place, rater = places[of.pk], submission.assignment.rater
        pinned = [Said.of(mark) for mark in submission.marks.all()]
        own = {entry: extents[at] for at, entry in enumerate(place)}
        for mark in on_screen(Assignment(shown_order=place), pinned, own):
            told = {
                "number": len(marks) + 1,
                "rater": pseudonym(study, rater.pk),
                "about": names.get(mark["criterion"]),
            }
            marks.append(mark | told | {"letter": ascii_uppercase[mark["position"]]})
        answers.append(
            answer_of(submission, comparison, criteria, place, marks=len(pinned), excluded=rater.pk in left_out)
        )
    return Audit(
        comparison=comparison,
        panes=_panes(comparison),
        criteria=criteria,
        answers=answers,
        marks=marks,
        flags=list(Flag.objects.filter(assignment__comparison__in=places).select_related("assignment__rater")),
        splits=_splits(comparison, criteria, answers),
        key=_key(comparison, criteria),
        decisions=_decisions(comparison, names),
    )


def shown_asset(comparison: Comparison, entry: int, part: str) -> Asset | None:
    """What raters saw of a work, or of its stills."""
    if part not in SEEN:
        return None
    entries = {"work__entries__comparison": comparison, "work__entries__index": entry}
    return Asset.objects.filter(role=part, **entries).first()


def _places(comparison: Comparison) -> dict[int, list[int]]:
    """The comparison and those that ask it again: for each of its own entries the entry that holds the same work."""
    root = comparison.repeats_id or comparison.pk
    family = Q(comparison=comparison) | Q(comparison=root) | Q(comparison__repeats=root)
    rows = Entry.objects.filter(family).order_by("comparison", "index").values_list("comparison", "work")
    works: dict[int, list[int]] = {}
    for one, work in rows:
        works.setdefault(one, []).append(work)
    own = works[comparison.pk]
    return {one: [of.index(work) for work in own] for one, of in works.items() if set(of) == set(own)}


def _answers(comparisons: Mapping[int, Sequence[int]]) -> QuerySet[Submission]:
    return (
        Submission.objects.filter(
            assignment__comparison__in=comparisons, latest_of__isnull=False, kind=Submission.Kind.ANSWER
        )
        .select_related("assignment__rater", "assignment__comparison", "rationale")
        .prefetch_related("judgements__criterion", "marks__criterion")
        .order_by("at", "id")
    )


def _splits(comparison: Comparison, criteria: Sequence[Criterion], answers: Sequence[Answer]) -> list[Split]:
    expected = expected_on(comparison) if comparison.size == 2 else {}
    return [
        split_of(criterion, at, answers, comparison.size, expected.get(criterion.pk))
        for at, criterion in enumerate(criteria)
    ]


def _key(comparison: Comparison, criteria: Sequence[Criterion]) -> list[Key]:
    """The key, where every rater is checked or taught by one."""
    if comparison.purpose not in {Purpose.GOLD, Purpose.TRAINING}:
        return []
    expected = comparison.expected or {}
    return [Key(one, order_of(expected[one.slug])) for one in criteria if one.slug in expected]


def _decisions(comparison: Comparison, names: Mapping[str, str]) -> list[Decided]:
    standing = Resolution.objects.live().filter(comparison=comparison).select_related("by").order_by("id")
    return [
        Decided(one, [(names.get(slug, slug), order_of(ranks)) for slug, ranks in one.ranks.items()])
        for one in standing
    ]


def _panes(comparison: Comparison) -> list[Pane]:
    """The works as raters see them, in the order of their entries."""
    rows = Asset.objects.filter(work__entries__comparison=comparison).values_list(
        "work__entries__index", "role", "work__medium", "text", "width", "height", "facts"
    )
    assets = {(index, role): asset for index, role, *asset in rows}
    return [_pane(comparison, assets, entry) for entry in range(comparison.size)]


def _pane(comparison: Comparison, assets: Mapping[tuple[int, str], list[Any]], entry: int) -> Pane:
    medium, text, width, height, facts = assets[entry, Asset.Role.SHOWN]
    original = assets.get((entry, Asset.Role.ORIGINAL))
    url = reverse("audited_work", args=[comparison.study.slug, comparison.pk, entry]) if medium != "text" else ""
    return Pane(
        position=entry,
        letter=ascii_uppercase[entry],
        medium=medium,
        text=shown(text).text,
        url=url,
        width=original[2] if original else width,
        height=original[3] if original else height,
        facts=facts,
        poster=f"{url}?part=poster" if (entry, Asset.Role.POSTER) in assets else "",
        strip=f"{url}?part=strip" if (entry, Asset.Role.STRIP) in assets else "",
    )
