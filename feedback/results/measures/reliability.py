"""Reliability that close matches cannot fake: halves of the raters, on the comparisons that chance chose."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

import rankings
from feedback.results.fitting import strengths_of_pairs
from feedback.results.measures.numbers import Json, told
from feedback.results.measures.preferences import Preferences, numbered
from feedback.results.sample import Ints
from rankings.checks import Flags, Floats
from rankings.errors import RankingError

FEWEST_FOR_GREEN = 300  # judgements by chance: with fewer the estimate strays by .25
NEAR_ENOUGH = 0.1  # below the target, where the low end of the interval may lie under a green light
FEWEST_RATERS = 6
FEWEST_DIFFERENCES = 4  # as five works of one prompt have
JOINED = 0.9  # of the works, which the judgements by chance must join
SPLITS, EARLIER, FEWEST_SPLITS = 100, 20, 4
AT_ONCE = 400_000  # judgements in all halves, beyond which there are fewer splits
CHUNK = 1_000_000  # of them, fitted together
SHARES = (1 / 16, 1 / 8, 1 / 4, 1 / 2)  # of the judgements, at which the curve stands besides the last


@dataclass(frozen=True)
class Trust:
    """How well the scores tell works of a prompt apart: a light, and the numbers behind it."""

    light: str  # green, amber, red, grey
    why: str
    found: rankings.Reliability | None
    n_uniform: int
    n_all: int
    separation: float | None
    curve: tuple[tuple[int, float, float, float], ...]

    def told(self) -> Json:
        low, high = self.found.interval() if self.found else (None, None)
        return told(
            value=self.found and self.found.value,
            low=low,
            high=high,
            n_uniform=self.n_uniform,
            n_all=self.n_all,
            halved=self.found and self.found.halved,
            light=self.light,
            why=self.why,
        )

    def told_separation(self) -> Json:
        """Only ever shown greyed, with the reason."""
        why = "Biased wherever pairs were chosen by score: on identical works it reads .7 and more."
        return told(value=self.separation, why=why)


def measure(preferences: Preferences, target: float = 0.8) -> Trust:
    """The reliability of all scores, its light, and how it grew with the judgements."""
    assumed = not preferences.uniform.any() and bool(preferences.imported.all())
    chosen = preferences.imported if assumed else preferences.uniform
    n_uniform = _judgements(preferences, chosen)
    n_all = _judgements(preferences, np.ones(len(preferences), dtype=bool))
    try:
        found = _halved(preferences, chosen)
    except RankingError as refusal:
        return Trust("grey", str(refusal), None, n_uniform, n_all, None, ())
    light, why = _light(found, target, assumed=assumed)
    return Trust(light, why, found, n_uniform, n_all, found.separation, _curve(preferences, chosen, found))


def _light(found: rankings.Reliability, target: float, *, assumed: bool) -> tuple[str, str]:
    """Green: enough judgements by chance, and even the low end is near the target. Red: even the high end misses it."""
    low, high = found.interval()
    if assumed:
        return "grey", "imported: holds only if chance chose what was compared"
    if low <= 0:
        return "red", "not distinguishable from 0"
    if high < target:
        return "red", "even the high end is below the target"
    if found.n_uniform < FEWEST_FOR_GREEN:
        return "amber", f"fewer than {FEWEST_FOR_GREEN} judgements by chance"
    if low < target - NEAR_ENOUGH or found.value < target:
        return "amber", "the target is not yet sure to be reached"
    return "green", "the target is reached"


def _judgements(preferences: Preferences, kept: Flags) -> int:
    return int(np.count_nonzero(np.bincount(preferences.judgement[kept])))


def _halved(preferences: Preferences, chosen: Flags, splits: int = SPLITS) -> rankings.Reliability:
    """As `rankings.reliability` finds it, but of the works of many prompts at once: each within its own part."""
    works, (a, b) = _numbered(preferences)
    scores = _scores(a, b, preferences.answer, len(works))
    rows = _joined(np.flatnonzero(chosen), a, b, scores.components)
    raters, cluster = numbered(preferences.rater[rows])
    halved: Literal["raters", "judgements"] = "raters" if len(raters) >= FEWEST_RATERS else "judgements"
    if halved == "judgements":
        raters, cluster = numbered(preferences.judgement[rows])
    if len(raters) < 4:
        raise RankingError("fewer than four judgements by chance")
    splits = int(np.clip(AT_ONCE // max(len(rows), 1), min(FEWEST_SPLITS, splits), splits))
    in_first = _halves(np.bincount(cluster), splits, np.random.default_rng(0))[:, cluster]
    drawn = (a[rows], b[rows], preferences.answer[rows])
    correlations = _correlations(drawn, in_first, len(works))
    share = in_first.mean(axis=1)
    n_all, n_rows = _judgements(preferences, np.ones(len(a), dtype=bool)), _judgements(preferences, chosen)
    return rankings.Reliability(
        correlation=float(np.clip(correlations.mean(), -1 + 1e-12, 1 - 1e-12)),
        split_sd=float(correlations.std(ddof=1)),
        lengthening=len(a) / (len(rows) * float(np.mean(2 * share * (1 - share)))),
        n_items=len(works) - scores.n_components + 1,
        n_uniform=n_rows,
        n_all=n_all,
        n_clusters=len(raters),
        halved=halved,
        strengths=scores,
    )


def _numbered(preferences: Preferences) -> tuple[Ints, Ints]:
    """The judged works, and both of each two by their place among them, shape (2, p)."""
    if not preferences.answer.any():
        raise RankingError("nothing was preferred yet")
    return numbered(np.stack([preferences.first, preferences.second]))


def _scores(a: Ints, b: Ints, answer: Ints, n_works: int) -> rankings.Strengths:
    """By the model of the boards."""
    return strengths_of_pairs(a, b, answer, n_items=n_works)


def _joined(rows: Ints, a: Ints, b: Ints, parts: Ints) -> Ints:
    """The rows that lie in the largest piece of each part; refused where these do not hold nearly all works."""
    if not len(rows):
        raise RankingError("no comparison was drawn by chance, so nothing tells reliability from luck")
    n_works = len(parts)
    if n_works - parts.max() - 1 < FEWEST_DIFFERENCES:
        raise RankingError("too few works that can be compared; reliability takes five of a prompt")
    pieces = rankings.components(n_works, np.column_stack([a[rows], b[rows]]))
    sizes = np.bincount(pieces)
    largest = np.zeros(int(parts.max()) + 1, dtype=np.int64)
    np.maximum.at(largest, parts, sizes[pieces])
    inside = sizes[pieces] == largest[parts]
    joined = int(largest.sum())
    if joined < JOINED * n_works:
        raise RankingError(f"the judgements by chance join only {joined} of {n_works} works")
    return np.asarray(rows[inside[a[rows]]])


def _halves(load: Ints, splits: int, random: np.random.Generator) -> Flags:
    """Which clusters are in the first half: lined up at random and cut in the middle, shape (splits, n_clusters)."""
    line = np.argsort(random.random((splits, len(load))), axis=1)
    middle = np.cumsum(load[line], axis=1) - load[line] / 2
    first = np.empty(line.shape, dtype=np.bool_)
    np.put_along_axis(first, line, middle < load.sum() / 2, axis=1)
    return first


def _correlations(told: tuple[Ints, Ints, Ints], in_first: Flags, n_works: int) -> Floats:
    """The correlation within parts of both halves' scores for each split, shape (splits,).

    Many splits are fitted at once, as parts of one study in which each half has works of its own.
    """
    found = []
    for some in np.array_split(in_first, math.ceil(in_first.size / CHUNK)):
        copy = n_works * (2 * np.arange(len(some))[:, None] + some)
        a, b = ((works + copy).ravel() for works in told[:2])
        values = _scores(a, b, np.tile(told[2], len(some)), 2 * len(some) * n_works).values.reshape(
            len(some), 2, n_works
        )
        lengths = np.linalg.norm(values, axis=2).prod(axis=1)
        # A half in which everything was tied says nothing, and agrees with nothing.
        found.append((values[:, 0] * values[:, 1]).sum(axis=1) / np.maximum(lengths, np.finfo(float).tiny))
    return np.concatenate(found)


def _curve(
    preferences: Preferences, chosen: Flags, found: rankings.Reliability
) -> tuple[tuple[int, float, float, float], ...]:
    """The same at earlier times, as far back as it can be told."""
    points = []
    for share in SHARES:
        until = preferences.row <= np.quantile(preferences.row, share)
        try:
            earlier = _halved(preferences.only(until), chosen[until], EARLIER)
        except RankingError:
            continue
        points.append((earlier.n_all, earlier.value, *earlier.interval()))
    return (*points, (found.n_all, found.value, *found.interval()))
