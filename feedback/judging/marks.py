"""Marks as a rater makes them: read from the screen, checked against the works, and brought back to the screen."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from string import ascii_uppercase
from typing import Any

from feedback.judging.claims import NoClaim, read_claim
from feedback.judging.models import Assignment, Entry, Mark, Submission
from feedback.judging.places import Extent, Misplaced, read_place
from feedback.judging.vocabulary import tags_of
from feedback.judging.wire import Unreadable, read_json
from feedback.studies.models import Criterion, Study
from feedback.works.models import Asset, Work
from feedback.works.texts import shown

MOST_MARKS = 50
LONGEST_NOTE = 1_000
KEYS = ("criterion", "position", "kind", "place", "tag", "sign", "note", "claim")


@dataclass(frozen=True)
class Said:
    """One mark, on the entry of a comparison; `criterion` is a slug, empty where it speaks of the whole."""

    criterion: str
    entry: int
    kind: str
    place: dict[str, Any]
    tag: str = ""
    sign: int = 1
    note: str = ""
    claim: str = ""

    def row(self, submission: Submission, number: int, criteria: Mapping[str, Criterion]) -> Mark:
        """The mark as a row, unsaved."""
        told = {name: value for name, value in asdict(self).items() if name != "criterion"}
        return Mark(
            submission=submission, number=number, criterion=criteria[self.criterion] if self.criterion else None, **told
        )

    @classmethod
    def of(cls, mark: Mark) -> "Said":
        """The mark as it was said; its criterion is loaded."""
        slug = mark.criterion.slug if mark.criterion else ""
        return cls(slug, mark.entry, mark.kind, mark.place, mark.tag, mark.sign, mark.note, mark.claim)


class Refused(ValueError):
    """A mark that cannot be taken; the message says which, why, and what to do."""


def extents_of(comparison_id: int) -> dict[int, Extent]:
    """The extents of a comparison's works, by the index of their entry."""
    asset = "work__assets__"
    rows = (
        Entry.objects.filter(comparison_id=comparison_id)
        .filter(work__assets__role__in=[Asset.Role.ORIGINAL, Asset.Role.SHOWN])
        .order_by("index", f"{asset}role")  # the original comes first, and its size stays
        .values_list("index", "work__medium", f"{asset}width", f"{asset}height", f"{asset}text", f"{asset}facts")
    )
    extents: dict[int, Extent] = {}
    for index, medium, width, height, text, facts in rows:
        known = extents.get(index, Extent(medium, width=width, height=height))
        extents[index] = replace(known, text=text, facts=facts)
    return extents


def read_marks(
    text: str, assignment: Assignment, criteria: Collection[str], extents: Mapping[int, Extent]
) -> list[Said]:
    """The marks a form posts, by entry; raises Refused with a sentence for the first that cannot be taken."""
    try:
        said = read_json(text) if text.strip() else []
    except Unreadable as why:
        raise Refused(f"The marks could not be read: {why}. Reload the page and place them again.") from None
    if not isinstance(said, list):
        raise Refused("The marks could not be read: they are no list. Reload the page and place them again.")
    if said and assignment.study.marks == Study.Marks.OFF:
        raise Refused("This study takes no marks: remove them.")
    if len(said) > MOST_MARKS:
        raise Refused(f"There are {len(said)} marks: keep the {MOST_MARKS} that matter most.")
    return [_read(mark, number, assignment, criteria, extents) for number, mark in enumerate(said, start=1)]


def _read(
    mark: object, number: int, assignment: Assignment, criteria: Collection[str], extents: Mapping[int, Extent]
) -> Said:
    order = assignment.shown_order
    if not isinstance(mark, dict) or not set(mark) <= set(KEYS):
        raise Refused(f"Mark {number} could not be read: remove it and place it again.")
    position = mark.get("position")
    if not isinstance(position, int) or isinstance(position, bool) or not 0 <= position < len(order):
        raise Refused(f"Mark {number} lies on no work: remove it and place it again.")
    name, extent = (
        f"Mark {number} on {ascii_uppercase[position]}",
        extents.get(order[position], Extent(Work.Medium.ABSENT)),
    )
    try:
        return Said(
            criterion=_criterion(mark, criteria),
            entry=order[position],
            kind=str(mark.get("kind")),
            place=read_place(str(mark.get("kind")), _in_the_original(mark, extent), extent),
            **_words(mark, tags_of(assignment.study.tags, extent.medium), extent.medium),
        )
    except Misplaced as why:
        raise Refused(f"{name}: {why}. Remove it or place it again.") from None


def _in_the_original(mark: Mapping[str, Any], extent: Extent) -> object:
    """The place, of words in the text as it was brought; what cannot be read is left to be refused."""
    place = mark.get("place")
    if mark.get("kind") != Mark.Kind.WORDS or not isinstance(place, dict):
        return place
    text, start, end = shown(extent.text), place.get("start"), place.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text.text):
        return place
    if place.get("quote") != text.text[start:end]:
        return place
    first, last = text.to_original(start, end)
    return place | {"start": first, "end": last, "quote": extent.text[first:last]}


def _as_shown(mark: Said, extents: Mapping[int, Extent]) -> dict[str, Any]:
    """The place as a page counts it."""
    if mark.kind != Mark.Kind.WORDS:
        return mark.place
    text = shown(extents[mark.entry].text)
    start, end = text.to_shown(mark.place["start"], mark.place["end"])
    return mark.place | {"start": start, "end": end, "quote": text.text[start:end]}


def _criterion(mark: Mapping[str, Any], criteria: Collection[str]) -> str:
    slug = mark.get("criterion") or ""
    if not isinstance(slug, str) or (slug and slug not in criteria):
        raise Misplaced("it names no criterion of this study")
    return slug


def _words(mark: Mapping[str, Any], tags: Sequence[str], medium: str) -> dict[str, Any]:
    """The tag, the sign, the note and the claim of a mark; raises Misplaced."""
    tag, note, claim = (mark.get(name) or "" for name in ("tag", "note", "claim"))
    if not all(isinstance(word, str) for word in (tag, note, claim)):
        raise Misplaced("its tag, note and claim are not all texts")
    if tag and tag not in tags:
        raise Misplaced(f"its tag “{tag[:40]}” is not one of this study's: {', '.join(tags)}")
    sign = mark.get("sign")
    if isinstance(sign, bool) or sign not in (1, -1):
        raise Misplaced("it speaks neither for the work (1) nor against it (-1)")
    note = note.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE:
        raise Misplaced(f"its note has {len(note):,} characters, expected at most {LONGEST_NOTE:,}")
    try:
        stated = str(read_claim(claim, medium)) if claim.strip() else ""
    except NoClaim as why:
        raise Misplaced(f"its claim is not understood: {why}") from None
    return {"tag": tag, "sign": sign, "note": note, "claim": stated}


def on_screen(assignment: Assignment, marks: Sequence[Said], extents: Mapping[int, Extent]) -> list[dict[str, Any]]:
    """Marks as the form posts them, by the position of their work on this rater's screen."""
    positions = {entry: position for position, entry in enumerate(assignment.shown_order)}
    told = []
    for mark in marks:
        said = asdict(mark) | {"position": positions[mark.entry], "place": _as_shown(mark, extents)}
        told.append({key: said[key] for key in KEYS})
    return told


def former_marks(submission: Submission) -> list[Said]:
    """The marks of an earlier submission, in order."""
    return [Said.of(mark) for mark in submission.marks.select_related("criterion").order_by("number")]


def unexplained(strengths: Mapping[str, int | None], marks: Sequence[Said]) -> Iterator[str]:
    """The criteria, by slug, on which a strong preference stands without a mark that could explain it."""
    explained = {mark.criterion for mark in marks}
    for slug, strength in strengths.items():
        if abs(strength or 0) >= 2 and not explained & {slug, ""}:
            yield slug
