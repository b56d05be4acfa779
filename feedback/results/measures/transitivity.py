"""Transitivity: are there more circles (A over B over C over A) than raters who follow the model would draw?"""

from dataclasses import dataclass

import numpy as np

from feedback.results.measures.model import Model
from feedback.results.measures.numbers import Json, told
from feedback.results.measures.preferences import Preferences
from feedback.results.sample import Ints
from rankings.checks import Floats

MOST_TRIADS = 1_000
WEDGES = 200_000  # pairs of neighbours that are all looked at; of more, so many by chance
FEWEST = 20  # triads, below which a share says little
ROUNDS = 199


@dataclass(frozen=True)
class Transitivity:
    """The share of circles among works of which each two were compared, by the majority on each two."""

    share: float | None
    expected: float | None
    low: float | None  # of what the model draws, in 95 of 100 studies
    high: float | None
    p: float | None  # of so many circles or more
    triads: int
    why: str = ""

    def told(self) -> Json:
        known = {"why": self.why} if self.why else {}
        return told(
            share=self.share,
            expected=self.expected,
            low=self.low,
            high=self.high,
            p=self.p,
            triads=self.triads,
            **known,
        )


def measure(preferences: Preferences, model: Model | None, seed: int = 0) -> Transitivity:
    """Beside the same from simulated answers: the excess says that one number for each work is not enough."""
    random = np.random.default_rng(seed)
    triads = _triads(preferences, random)
    if model is None or len(triads.edges) < FEWEST:
        why = f"{len(triads.edges)} of {FEWEST} triples of works of which each two were compared"
        return Transitivity(None, None, None, None, None, len(triads.edges), why)
    inside = preferences.only(np.isin(preferences.unit, triads.edges))
    narrowed = triads.narrowed(inside)
    share = narrowed.circles(inside.sign.astype(float))
    asked = Model(inside, model.fit, model.share)
    told_by_model = np.array(
        [narrowed.circles(np.where(inside.turned, -1, 1) * asked.draw(random)) for _ in range(ROUNDS)]
    )
    low, high = np.quantile(told_by_model, [0.025, 0.975]).tolist()
    p = (1 + int((told_by_model >= share).sum())) / (1 + ROUNDS)
    return Transitivity(share, float(told_by_model.mean()), low, high, p, len(triads.edges))


@dataclass(frozen=True, eq=False)
class Triads:
    """Three works each, a, b and c, by the numbers of their pairs, shape (n, 3): ab, bc and ca.

    `turn` is 1 where the pair first came up as it is named here, else -1.
    """

    edges: Ints
    turn: Ints
    n_units: int
    unit: Ints  # of each preference

    def narrowed(self, inside: Preferences) -> "Triads":
        """The same in the numbers of fewer preferences, whose pairs keep their order and the way they stood."""
        old = np.unique(self.edges)
        return Triads(np.searchsorted(old, self.edges), self.turn, inside.n_units, inside.unit)

    def circles(self, sign: Floats) -> float:
        """The share that go round; where a majority is tied the triad goes round half of the time its others let it."""
        ahead = np.sign(np.bincount(self.unit, sign, self.n_units))[self.edges] * self.turn
        whole = np.abs(ahead.sum(axis=1))
        undecided = (ahead == 0).sum(axis=1)
        return float(np.mean(np.where(undecided == 0, whole == 3, np.where(whole + undecided == 3, 0.5**undecided, 0))))


def _triads(preferences: Preferences, random: np.random.Generator) -> Triads:
    """Every three works of which each two were compared, or so many of them by chance."""
    one, other = preferences.first[preferences.seen_first], preferences.second[preferences.seen_first]
    place, neighbours = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.lexsort((neighbours, place))
    hub, left, right = _wedges(place[order], neighbours[order], random)
    n_works = preferences.n_works
    key = np.minimum(one, other) * n_works + np.maximum(one, other)
    by_key = np.argsort(key)
    corners = np.sort(np.stack([hub, left, right], axis=1), axis=1)
    a, b, c = corners.T
    closed = np.isin(np.minimum(left, right) * n_works + np.maximum(left, right), key)
    number = np.unique((a[closed] * n_works + b[closed]) * n_works + c[closed])
    a, b, c = number // n_works**2, number // n_works % n_works, number % n_works
    if len(a) > MOST_TRIADS:
        some = np.sort(random.choice(len(a), MOST_TRIADS, replace=False))
        a, b, c = a[some], b[some], c[some]
    edges = np.stack(
        [by_key[np.searchsorted(key[by_key], low * n_works + high)] for low, high in ((a, b), (b, c), (a, c))], axis=1
    )
    turn = np.stack([np.where(one[edges[:, at]] == start, 1, -1) for at, start in enumerate((a, b, c))], axis=1)
    return Triads(edges, turn, preferences.n_units, preferences.unit)


def _wedges(hub: Ints, neighbour: Ints, random: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Two neighbours of a work each: all of them, or as many as are looked at, each with the same chance."""
    degree = np.bincount(hub)
    start = np.cumsum(degree) - degree
    number = degree * (degree - 1) // 2
    total = int(number.sum())
    chosen = np.arange(total) if total <= WEDGES else np.sort(random.integers(total, size=WEDGES))
    work = np.searchsorted(np.cumsum(number), chosen, side="right")
    within = chosen - (np.cumsum(number) - number)[work]
    later = ((1 + np.sqrt(1 + 8 * within.astype(float))) / 2).astype(np.int64)
    later -= later * (later - 1) // 2 > within
    earlier = within - later * (later - 1) // 2
    return work, neighbour[start[work] + earlier], neighbour[start[work] + later]
