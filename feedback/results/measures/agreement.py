"""How far raters agree: Krippendorff's alpha, agreement of pairs of raters, Kendall's W; each beside what a model expects."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

import rankings
from feedback.results.measures.model import Model, leaning
from feedback.results.measures.numbers import Json, Number, told
from feedback.results.measures.preferences import Preferences
from feedback.results.measures.ratios import Ratio, by_cluster, with_interval
from feedback.results.sample import Ints
from rankings.checks import Flags, Floats
from rankings.errors import RankingError

CELLS = 20_000_000  # of the table of ratings, beyond which only the first ratings of a work or pair are read


@dataclass(frozen=True)
class Agreed:
    """An agreement, and what raters who follow the fitted model would show."""

    found: Number
    expected: float | None = None

    def told(self) -> Json:
        value = self.found.value
        excess = None if value is None or self.expected is None else self.expected - value
        return self.found.told() | told(expected=self.expected, excess=excess)


@dataclass(frozen=True)
class Agreement:
    alpha: Agreed
    pairwise: Agreed
    concordance: Agreed | None

    def told(self) -> Json:
        w = self.concordance
        return {"alpha": self.alpha.told(), "pairwise": self.pairwise.told(), "w": w.told() if w else None}


def measure(preferences: Preferences, model: Model | None) -> Agreement:
    """All of them; `model` is that of the preferences."""
    concordance = _concordance(preferences, model) if preferences.form == "set" else None
    return Agreement(_alpha(preferences, model), pairwise(preferences, model), concordance)


def pairwise(preferences: Preferences, model: Model | None) -> Agreed:
    """How often two raters prefer the same of two works, a tie counting half: raters at random show ½, whatever they tie.

    Each judgement counts once, in pairs and in ratings alike.
    """
    units = _by_unit(preferences)
    if not len(units.unit):
        return Agreed(Number(None, why="nothing was judged by two raters"))
    if preferences.form == "pair":
        ratio = Ratio.of(units.differ, units.number)
    else:
        ratio = by_cluster(preferences.cluster[preferences.seen_first][units.unit], units.differ, units.number)
    expected = None if model is None else float(np.average(model.expected[units.unit], weights=units.number))
    return Agreed(ratio.told(), expected)


@dataclass(frozen=True, eq=False)
class Units:
    """Two works that were set in order by two raters or more, by number: shape (n,) each."""

    unit: Ints
    number: Floats  # raters
    differ: Floats  # how often two of them disagree, times the raters


def _by_unit(preferences: Preferences) -> Units:
    kept = preferences.unit[preferences.once]
    sign = preferences.sign[preferences.once].astype(float)
    n = np.bincount(kept, minlength=preferences.n_units).astype(float)
    total, squares = np.bincount(kept, sign, len(n)), np.bincount(kept, sign**2, len(n))
    several = np.flatnonzero(n > 1)
    alike = (total**2 - squares)[several] / (n[several] - 1)
    return Units(several, n[several], (n[several] - alike) / 2)


def _alpha(preferences: Preferences, model: Model | None) -> Agreed:
    """Alpha with ordinal distances: of the strengths of pairs, or of the scores of works."""
    if preferences.form == "set":
        return Agreed(Number(None, why="whole sets are ranked: see W"))
    try:
        if preferences.form == "rating":
            return Agreed(_told(rankings.krippendorff_alpha(_scores(preferences), "ordinal")))
        units, table, turned = _strengths(preferences)
        if model is None:
            return Agreed(_told(rankings.krippendorff_alpha(table, "ordinal")))
        grades, chances = model.categories()
        chances = np.where(turned[:, None], chances[:, ::-1], chances)[units]
        found = rankings.krippendorff_alpha(table, "ordinal", categories=grades, model=chances)
        return Agreed(_told(found), found.expected)
    except RankingError as refusal:
        return Agreed(Number(None, why=str(refusal)))


def _told(found: rankings.Agreement) -> Number:
    return with_interval(found.value, found.sample)


def _strengths(preferences: Preferences) -> tuple[Ints, Floats, Flags]:
    """The strengths of each two works, as a coin turns them: which way round they are named must not matter."""
    turned = np.random.default_rng(0).random(preferences.n_units) < 0.5
    kept = preferences.once
    unit = preferences.unit[kept]
    other_way = preferences.turned[kept] ^ turned[unit]
    strength = preferences.strength[kept]
    units, table = _table(unit, np.where(other_way, -strength, strength))
    return units, table, turned


def _scores(preferences: Preferences) -> Floats:
    sample = preferences.sample
    score = preferences.answers.score
    rows = np.flatnonzero(sample.scored & np.isfinite(score))
    return _table(sample.shown[rows, 0], score[rows])[1]


def _table(unit: Ints, rating: Floats | Ints) -> tuple[Ints, Floats]:
    """The units with two ratings or more, and their ratings one below another, NaN where there are no more."""
    order = np.argsort(unit, kind="stable")
    units, start, sizes = np.unique(unit[order], return_index=True, return_counts=True)
    several = np.flatnonzero(sizes > 1)
    if not len(several):
        raise RankingError("nothing was judged by two raters")
    deep = min(int(sizes[several].max()), max(CELLS // len(several), 2))
    table = np.full((deep, len(several)), np.nan)
    for depth in range(deep):
        here = np.flatnonzero(sizes[several] > depth)
        table[depth, here] = rating[order[start[several[here]] + depth]]
    return units[several], table


def _concordance(preferences: Preferences, model: Model | None) -> Agreed:
    """Kendall's W of every set that two raters or more put in order, in the mean of the sets."""
    sample, answers = preferences.sample, preferences.answers
    values, weights, expected = [], [], []
    told_rows = np.unique(preferences.row)
    for size in np.unique(sample.size[told_rows]).tolist():
        rows = told_rows[(sample.size[told_rows] == size) & (answers.ranks[told_rows, :size] > 0).all(axis=1)]
        if size < 3 or not len(rows):
            continue
        works, w, raters = _concordances(
            sample.comparison[rows], sample.shown[rows, :size], answers.ranks[rows, :size].astype(np.int64)
        )
        values.append(w)
        weights.append(raters)
        if model is not None:
            expected.append(_expected_concordance(model, works, raters))
    if not values or not len(np.concatenate(values)):
        return Agreed(Number(None, why="no set was ranked by two raters"))
    value = np.concatenate(values)
    found = Ratio.of(1 - value, np.ones(len(value))).told()
    return Agreed(found, float(np.concatenate(expected).mean()) if expected else None)


def _concordances(comparison: Ints, shown: Ints, ranks: Ints) -> tuple[Ints, Floats, Floats]:
    """The works, W and the raters of each set that two or more put in order, ties corrected for."""
    size = shown.shape[1]
    by_work = np.argsort(shown, axis=1)
    works = np.take_along_axis(shown, by_work, axis=1)
    centred = rankdata(np.take_along_axis(ranks, by_work, axis=1), axis=1) - (size + 1) / 2
    said = (centred != 0).any(axis=1)
    _, first, number = np.unique(comparison[said], return_index=True, return_inverse=True)
    raters = np.bincount(number).astype(float)
    sums = np.stack([np.bincount(number, centred[said, place]) for place in range(size)], axis=1)
    squares = np.bincount(number, (centred[said] ** 2).sum(axis=1))
    several = raters > 1
    w = (sums[several] ** 2).sum(axis=1) / (raters[several] * squares[several])
    return works[said][first[several]], w, raters[several]


def _expected_concordance(model: Model, works: Ints, raters: Floats) -> Floats:
    """Of so many raters who follow the model: two of them share the variance of the expected ranks."""
    size = works.shape[1]
    values = model.values[works]
    above = leaning(values[:, :, None] - values[:, None, :], model.fit.tie or 0.0).sum(axis=2) / 2
    shared = (above**2).mean(axis=1) * 12 / (size**2 - 1)
    return np.asarray((1 + (raters - 1) * shared) / raters)
