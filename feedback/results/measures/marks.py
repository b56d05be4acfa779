"""Agreement on places: how far raters who pointed at the same work on the same criterion meant the same place."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, pairwise
from statistics import fmean
from typing import Any

import numpy as np

from feedback.judging.models import Mark, Purpose
from feedback.results.excluding import counted
from feedback.results.measures.numbers import Json, Number
from feedback.results.measures.ratios import Ratio
from feedback.studies.models import Criterion, Study
from rankings.checks import Flags, Floats

GRID = 64  # cells along the longer side of what two marks cover, on which brushes are compared
MOST_RATERS = 12  # of one work, of whom each two are compared
MOMENT = 0.5  # seconds about a moment that count as it

type Place = Mapping[str, Any]
type Rater = list[Place]


@dataclass(frozen=True)
class Marks:
    """Of each kind of mark, the overlap of two raters: the mean over works, a work on which both pointed."""

    image: Number  # intersection over union of boxes and brushes
    time: Number  # of spans and moments
    words: Number  # F1 of characters marked
    n: Mapping[str, int]  # works

    def told(self) -> Json:
        kinds = {"iou": self.image, "temporal_iou": self.time, "token_f1": self.words}
        return {name: number.told() | {"n": self.n[name]} for name, number in kinds.items()}


def measure(study: Study) -> dict[str, Marks]:
    """By the criterion's slug, in one pass over the marks of all."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for criterion, name, raters in _pointed(study):
        overlap = OVERLAPS[name]
        some = raters[:MOST_RATERS]
        found[criterion][name].append(fmean(overlap(one, other) for one, other in combinations(some, 2)))
    return {criterion: _told(by_kind) for criterion, by_kind in found.items()}


def _told(by_kind: Mapping[str, Sequence[float]]) -> Marks:
    numbers = {name: _number(np.array(by_kind.get(name, []))) for name in OVERLAPS}
    n = {name: len(by_kind.get(name, [])) for name in OVERLAPS}
    return Marks(numbers["iou"], numbers["temporal_iou"], numbers["token_f1"], n)


def _number(overlaps: Floats) -> Number:
    if not len(overlaps):
        return Number(None, why="no work on which two raters pointed at places of this kind")
    return Ratio.of(1 - overlaps, np.ones(len(overlaps))).told()


def _pointed(study: Study) -> Iterator[tuple[str, str, list[Rater]]]:
    """Criterion, kind of overlap and the marks of each rater, where two pointed at a work; for and against apart.

    They are looked up by criterion: by submission, a million of these would be looked at where there is no mark at all.
    """
    criteria = Criterion.objects.filter(study=study)
    of_study = Mark.objects.filter(criterion__in=criteria, submission__latest_of__isnull=False)
    scored = counted(of_study, study, "submission__assignment__rater").exclude(
        submission__assignment__comparison__purpose__in=[Purpose.TRAINING, Purpose.GOLD, Purpose.REPEAT]
    )
    rows = (
        scored.filter(kind__in=KINDS)
        .order_by("submission__assignment__comparison_id", "entry", "criterion_id", "sign")
        .values_list(
            *("submission__assignment__comparison_id", "entry", "criterion__slug", "sign"),
            *("submission__assignment__rater_id", "kind", "place"),
        )
    )
    for (_, _, criterion, _), marks in groupby(rows.iterator(), key=lambda row: row[:4]):
        by_kind: dict[str, dict[int, Rater]] = defaultdict(lambda: defaultdict(list))
        for *_, rater, kind, place in marks:
            by_kind[KINDS[kind]][rater].append(place)
        for name, raters in by_kind.items():
            if len(raters) > 1:
                yield criterion, name, list(raters.values())


def _iou(one: Rater, other: Rater) -> float:
    """Of the areas that each covered, on a grid over both."""
    left, top, right, bottom = _bounds([*one, *other])
    cell = max(right - left, bottom - top) / GRID or 1.0
    across, down = (int(np.ceil(length / cell)) or 1 for length in (right - left, bottom - top))
    x, y = np.meshgrid(left + cell * (np.arange(across) + 0.5), top + cell * (np.arange(down) + 0.5))
    first, second = (_covered(places, x, y) for places in (one, other))
    union = int((first | second).sum())
    return int((first & second).sum()) / union if union else 0.0


def _covered(places: Rater, x: Floats, y: Floats) -> Flags:
    covered = np.zeros(x.shape, dtype=np.bool_)
    for place in places:
        for stroke in place.get("strokes", ()):
            covered |= _near(stroke, x, y) <= (place["size"] / 2) ** 2
        if "width" in place:
            across = (x >= place["x"]) & (x < place["x"] + place["width"])
            covered |= across & (y >= place["y"]) & (y < place["y"] + place["height"])
    return covered


def _near(stroke: Sequence[Sequence[float]], x: Floats, y: Floats) -> Floats:
    """The squared distance of each point to the stroke's segments."""
    points = np.array(stroke, dtype=float)
    nearest = (x - points[0, 0]) ** 2 + (y - points[0, 1]) ** 2
    for (x0, y0), (x1, y1) in pairwise(points):
        length = (x1 - x0) ** 2 + (y1 - y0) ** 2
        along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / (length or 1.0), 0, 1)
        nearest = np.minimum(nearest, (x - x0 - along * (x1 - x0)) ** 2 + (y - y0 - along * (y1 - y0)) ** 2)
    return np.asarray(nearest)


def _bounds(places: Sequence[Place]) -> tuple[float, float, float, float]:
    corners = []
    for place in places:
        if "strokes" in place:
            half = place["size"] / 2
            dots = [dot for stroke in place["strokes"] for dot in stroke]
            corners += [(x - half, y - half) for x, y in dots] + [(x + half, y + half) for x, y in dots]
        else:
            corners += [(place["x"], place["y"]), (place["x"] + place["width"], place["y"] + place["height"])]
    x, y = zip(*corners, strict=True)
    return min(x), min(y), max(x), max(y)


def _temporal_iou(one: Rater, other: Rater) -> float:
    first, second = ([_stretch(place) for place in places] for places in (one, other))
    both, union = _shared(first, second), _length(first + second)
    return both / union if union else 0.0


def _stretch(place: Place) -> tuple[float, float]:
    if "time" in place:
        return place["time"] - MOMENT, place["time"] + MOMENT
    return place["start"], place["end"]


def _token_f1(one: Rater, other: Rater) -> float:
    first, second = ([(place["start"], place["end"]) for place in places] for places in (one, other))
    whole = _length(first) + _length(second)
    return 2 * _shared(first, second) / whole if whole else 0.0


def _length(stretches: Sequence[tuple[float, float]]) -> float:
    """Of their union."""
    covered, reached = 0.0, float("-inf")
    for start, end in sorted(stretches):
        covered += max(end - max(start, reached), 0.0)
        reached = max(reached, end)
    return covered


def _shared(one: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> float:
    return _length(one) + _length(other) - _length([*one, *other])


OVERLAPS: Mapping[str, Callable[[Rater, Rater], float]] = {
    "iou": _iou,
    "temporal_iou": _temporal_iou,
    "token_f1": _token_f1,
}
KINDS: Mapping[str, str] = {
    Mark.Kind.BOX: "iou",
    Mark.Kind.BRUSH: "iou",
    Mark.Kind.SPAN: "temporal_iou",
    Mark.Kind.MOMENT: "temporal_iou",
    Mark.Kind.WORDS: "token_f1",
}
