"""Camps: do groups of raters prefer differently, so that scores of their own predict them better?

The raters of a group see the common difference of two works, times a scale of the group, and what the group likes more or
less than the others: of each generator, or of each work where the generators are no more than two. A camp whose scale
alone explains it is careless or upside down, not of another taste; so the gain is measured beside that.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from feedback.results.fitting import strengths_of_pairs
from feedback.results.measures.numbers import Json, told
from feedback.results.measures.preferences import Preferences
from feedback.results.sample import NOBODY, Ints
from rankings.checks import Flags, Floats

FOLDS = 5
MOST_CAMPS = 3
FEWEST_RATERS = 3  # in a camp
FEWEST_EACH = 20  # judgements of a rater who is put into a camp
SURE = 2.0  # standard errors of the gain from which on there are camps
LIKING_SD = 0.5  # logits by which a camp's liking is expected to stray
STEPS = 3  # of Newton's method, which starts near the end
TURNS = 12  # of putting raters into the camp that predicts them best
MOST_READ = 60_000  # preferences; of more, so many by chance
DENSE = 400  # items up to which likings are found together, beyond it one by one


@dataclass(frozen=True, eq=False)
class Camps:
    """Groups of raters, and by how much scores of their own predict judgements held out from them better.

    `gain` is in nats a judgement, beside the common scores on a scale of each group. Nothing is split unless it is more
    than two standard errors.
    """

    groups: tuple[Ints, ...]  # raters by number
    gain: float | None
    error: float | None
    why: str = ""

    @property
    def are_there(self) -> bool:
        return self.gain is not None and self.error is not None and self.gain > SURE * self.error

    def beats(self, other: "Camps") -> bool:
        """Whether these predict better by as much again."""
        return (self.gain or 0.0) - (other.gain or 0.0) > SURE * (self.error or 0.0)

    def told(self, ids: Ints) -> list[Json]:
        """Nothing where there are none."""
        if not self.are_there:
            return []
        return [told(raters=ids[group], gain=self.gain, se=self.error) for group in self.groups]


@dataclass(frozen=True, eq=False)
class Columns:
    """Preferences as the camps read them: both items, the answer as 0, ½ or 1, and who said it."""

    works: tuple[Ints, Ints]
    one: Ints
    other: Ints
    answer: Floats
    rater: Ints
    n_works: int
    n_items: int
    n_raters: int

    def kept(self, rows: Flags) -> "Columns":
        works = (self.works[0][rows], self.works[1][rows])
        own = (self.one[rows], self.other[rows], self.answer[rows], self.rater[rows])
        return Columns(works, *own, self.n_works, self.n_items, self.n_raters)

    def upright(self) -> "Columns":
        """With the answers turned round of raters who are surely against the common order: no taste, but its mirror."""
        along = (2 * self.answer - 1) * np.sign(self.apart())
        total, doubt = (np.bincount(self.rater, weight, self.n_raters) for weight in (along, along**2))
        turned = (total < -SURE * np.sqrt(doubt))[self.rater]
        return replace(self, answer=np.where(turned, 1 - self.answer, self.answer))

    def apart(self, sides: tuple[Ints, Ints] | None = None) -> Floats:
        """How far apart the works are for all together, when these alone are known."""
        outcome = np.rint(2 * self.answer - 1).astype(np.int64)
        values = strengths_of_pairs(*self.works, outcome, n_items=self.n_works).values
        first, second = sides or self.works
        return values[first] - values[second]


def of_cohorts(preferences: Preferences) -> Camps:
    """The cohorts that the lead named, as camps."""
    raters = preferences.sample.raters
    judged = np.unique(preferences.rater)
    named = judged[raters.cohort[judged] != NOBODY]
    cohorts = np.unique(raters.cohort[named])
    if len(cohorts) < 2:
        return Camps((), None, None, "fewer than two cohorts")
    camp = np.full(len(raters.ids), -1)
    camp[named] = np.searchsorted(cohorts, raters.cohort[named])
    groups = tuple(np.flatnonzero(camp == number) for number in range(len(cohorts)))
    columns = _columns(preferences, (camp[preferences.rater] >= 0) & _some(len(preferences), 0))
    return Camps(groups, *_held_out(columns, len(cohorts), camp))


def found(preferences: Preferences, seed: int = 0) -> Camps:
    """Camps that nobody named: two, or three if these predict better again."""
    many = np.bincount(preferences.rater, minlength=len(preferences.sample.raters.ids)) >= FEWEST_EACH
    if many.sum() < 2 * FEWEST_RATERS:
        return Camps((), None, None, f"fewer than {2 * FEWEST_RATERS} raters of {FEWEST_EACH} judgements")
    columns = _columns(preferences, many[preferences.rater] & _some(len(preferences), seed))
    best = Camps((), None, None, "no camps")
    for number in range(2, MOST_CAMPS + 1):
        camp = _sorted_into(columns, columns.apart(), number, seed)
        groups = tuple(np.flatnonzero(many & (camp == one)) for one in range(number))
        if min(map(len, groups)) < FEWEST_RATERS:
            break
        tried = Camps(groups, *_held_out(columns, number, None, seed))
        if best.are_there and not tried.beats(best):
            break
        best = tried
        if not best.are_there:
            break
    return best


def _some(number: int, seed: int) -> Flags:
    if number <= MOST_READ:
        return np.ones(number, dtype=np.bool_)
    return np.asarray(np.random.default_rng(seed).random(number) < MOST_READ / number)


def _columns(preferences: Preferences, kept: Flags) -> Columns:
    makers = preferences.sample.works.generator
    several = len(preferences.sample.generators) > 2 and bool((makers >= 0).all())
    first, second = preferences.first[kept], preferences.second[kept]
    columns = Columns(
        (first, second),
        makers[first] if several else first,
        makers[second] if several else second,
        (1 + preferences.answer[kept]) / 2,
        preferences.rater[kept],
        preferences.n_works,
        len(preferences.sample.generators) if several else preferences.n_works,
        len(preferences.sample.raters.ids),
    )
    return columns.upright()


def _held_out(columns: Columns, number: int, camp: Ints | None, seed: int = 0) -> tuple[float, float]:
    """The mean gain on judgements that had no part in it, and its standard error over raters.

    Camps that were not named are found again without them.
    """
    random = np.random.default_rng(seed)
    fold = random.integers(FOLDS, size=len(columns.rater))
    gains = np.zeros(len(columns.rater))
    for left_out in range(FOLDS):
        out = fold == left_out
        known, new = columns.kept(~out), columns.kept(out)
        apart = known.apart()
        sorted_camp = _sorted_into(known, apart, number, seed) if camp is None else camp
        own = _Fitted.of(known, apart, sorted_camp, number)
        away = known.apart(new.works)
        gains[out] = own.log_likelihood(new, away, sorted_camp) - own.scaled(new, away, sorted_camp)
    mean = float(gains.mean())
    off = np.bincount(columns.rater, gains - mean, columns.n_raters)
    raters = len(np.unique(columns.rater))
    return mean, math.sqrt(float(off @ off) * raters / max(raters - 1, 1)) / len(gains)


@dataclass(frozen=True, eq=False)
class _Fitted:
    """What each camp makes of the common difference, alone and beside its own likings."""

    scale_alone: Floats  # (k,)
    scale: Floats  # (k,)
    liking: Floats  # (k, n_items)

    @classmethod
    def of(cls, columns: Columns, apart: Floats, camp: Ints, number: int) -> "_Fitted":
        mine = camp[columns.rater]
        alone = np.array([_scale(columns.answer[mine == one], apart[mine == one]) for one in range(number)])
        both = [_liking(columns.kept(mine == one), apart[mine == one], float(alone[one])) for one in range(number)]
        return cls(alone, np.array([scale for scale, _ in both]), np.stack([liking for _, liking in both]))

    def log_likelihood(self, columns: Columns, apart: Floats, camp: Ints) -> Floats:
        return _likelihood(columns.answer, self._seen(columns, apart, camp[columns.rater]))

    def scaled(self, columns: Columns, apart: Floats, camp: Ints) -> Floats:
        return _likelihood(columns.answer, self.scale_alone[camp[columns.rater]] * apart)

    def _seen(self, columns: Columns, apart: Floats, camp: Ints) -> Floats:
        return self.scale[camp] * apart + self.liking[camp, columns.one] - self.liking[camp, columns.other]

    def best(self, columns: Columns, apart: Floats) -> Ints:
        """The camp that predicts each rater best."""
        told_by = [
            np.bincount(
                columns.rater,
                _likelihood(columns.answer, self._seen(columns, apart, np.full(len(apart), one))),
                columns.n_raters,
            )
            for one in range(len(self.scale))
        ]
        return np.argmax(np.stack(told_by), axis=0)


def _likelihood(answer: Floats, seen: Floats) -> Floats:
    """Log-likelihood in nats, a tie counting as half a win of each."""
    return answer * seen - np.logaddexp(0, seen)


def _scale(answer: Floats, apart: Floats) -> float:
    """How large a group sees the common difference."""
    scale = 1.0
    for _ in range(STEPS):
        chance = expit(scale * apart)
        slope = float((answer - chance) @ apart) + (1 - scale)
        scale += slope / (float((chance * (1 - chance)) @ apart**2) + 1)
    return scale


def _liking(columns: Columns, apart: Floats, scale: float) -> tuple[float, Floats]:
    """The scale and the likings of a group, by Newton's method in turns; likings are N(0, `LIKING_SD`²)."""
    liking, n = np.zeros(columns.n_items), columns.n_items
    for _ in range(STEPS):
        seen = scale * apart + liking[columns.one] - liking[columns.other]
        chance = expit(seen)
        off, weight = columns.answer - chance, chance * (1 - chance)
        slope = np.bincount(columns.one, off, n) - np.bincount(columns.other, off, n) - liking / LIKING_SD**2
        liking = liking + _solved(columns, weight, slope)
        seen = scale * apart + liking[columns.one] - liking[columns.other]
        chance = expit(seen)
        along = float((columns.answer - chance) @ apart) + (1 - scale)
        scale += along / (float((chance * (1 - chance)) @ apart**2) + 1)
    return scale, liking


def _solved(columns: Columns, weight: Floats, slope: Floats) -> Floats:
    n = columns.n_items
    diagonal = np.bincount(columns.one, weight, n) + np.bincount(columns.other, weight, n) + 1 / LIKING_SD**2
    if n > DENSE:
        return slope / diagonal
    between = np.bincount(columns.one * n + columns.other, weight, n * n).reshape(n, n)
    return np.asarray(np.linalg.solve(np.diag(diagonal) - between - between.T, slope))


def _sorted_into(columns: Columns, apart: Floats, number: int, seed: int) -> Ints:
    """The camp of each rater: from what raters' residuals have in common, then the camp that predicts each best."""
    camp = _start(columns, apart, number, np.random.default_rng(seed))
    for _ in range(TURNS):
        again = _Fitted.of(columns, apart, camp, number).best(columns, apart)
        if (again == camp).all():
            break
        camp = again
    return camp


def _start(columns: Columns, apart: Floats, number: int, random: np.random.Generator) -> Ints:
    """By the leading axes of the raters' residuals on each item, cut where they spread most."""
    chance = expit(apart)
    off, size = columns.answer - chance, (columns.n_raters, columns.n_items)
    items = np.concatenate([columns.one, columns.other])
    cells = np.tile(columns.rater, 2) * columns.n_items + items
    sums = np.bincount(cells, np.concatenate([off, -off]), size[0] * size[1]).reshape(size)
    times = np.bincount(cells, minlength=size[0] * size[1]).reshape(size)
    residuals = sums / np.sqrt(np.maximum(times, 1))
    axes = np.linalg.svd(residuals, full_matrices=False)
    places = axes.U[:, : number - 1] * axes.S[: number - 1]
    return _nearest(places, _spread_out(places, number, random))


def _spread_out(places: Floats, number: int, random: np.random.Generator) -> Floats:
    """Starting points far from each other: the farthest from all so far, again and again."""
    chosen: list[Floats] = [places[int(random.integers(len(places)))]]
    farthest: Sequence[Floats] = chosen
    for _ in range(number):
        distance = np.min([((places - one) ** 2).sum(axis=1) for one in farthest], axis=0)
        chosen.append(places[int(np.argmax(distance))])
        farthest = chosen[1:]
    return np.stack(chosen[1:])


def _nearest(places: Floats, centres: Floats) -> Ints:
    for _ in range(TURNS):
        camp = np.argmin(((places[:, None] - centres) ** 2).sum(axis=2), axis=1)
        centres = np.stack(
            [places[camp == one].mean(axis=0) if (camp == one).any() else centres[one] for one in range(len(centres))]
        )
    return camp
