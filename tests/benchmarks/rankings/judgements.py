"""Seeded judgements of items of known strength, as the arrays that every contender is handed."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

type Given = dict[str, NDArray[Any]]
type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Ends = tuple[Ints, Ints]
type Chance = np.random.Generator

OF_AN_ISLAND = 8
BRIDGES = 0.01
NU = 0.6
BAD = ("random", "always left", "reversed")
LIGHT_PRIOR, PRIOR = 10.0, 1.5


def uniform(n: int, m: int) -> Given:
    chance = np.random.default_rng(1)
    return decided(chance, chance.normal(size=n), _any_two(chance, n, m))


def few(n: int, m: int) -> Given:
    """So few to an item that some have won or lost all."""
    return uniform(n, m) | {"prior_sd": np.array(PRIOR)}


def islands(n: int, m: int) -> Given:
    """Groups of eight that judge among themselves, but for one judgement in a hundred."""
    chance = np.random.default_rng(2)
    a, b = _any_two(chance, n, m)
    here = a - a % OF_AN_ISLAND + (a + chance.integers(1, OF_AN_ISLAND, size=m)) % OF_AN_ISLAND
    ends = a, np.where(chance.random(m) < BRIDGES, b, here)
    return decided(chance, chance.normal(size=n), ends) | {"prior_sd": np.array(LIGHT_PRIOR)}


def zipf(n: int, m: int) -> Given:
    """The item of rank r is drawn as often as 1 / r: many are judged little, and some have won or lost all."""
    chance = np.random.default_rng(3)
    share = 1 / np.arange(1, n + 1)
    a, b = chance.choice(n, size=(2, 2 * m), p=share / share.sum())
    two = np.flatnonzero(a != b)[:m]
    return decided(chance, chance.normal(size=n), (a[two], b[two])) | {"prior_sd": np.array(LIGHT_PRIOR)}


def decided(chance: Chance, strengths: Floats, ends: Ends) -> Given:
    """Winners and losers by Bradley and Terry's model."""
    a, b = ends
    wins = _better(chance, strengths[a] - strengths[b])
    return {
        "n_items": np.array(len(strengths)),
        "winner": np.where(wins, a, b),
        "loser": np.where(wins, b, a),
        "truth": strengths,
    }


def with_ties(n: int, m: int) -> Given:
    """Davidson's model, a fifth of the judgements ties."""
    chance = np.random.default_rng(4)
    strengths, (a, b) = chance.normal(size=n), _any_two(chance, n, m)
    half = np.exp((strengths[a] - strengths[b]) / 2)
    drawn = chance.random(m) * (half + 1 / half + NU)
    outcome = np.where(drawn < half, 1, np.where(drawn < half + NU, 0, -1))
    return {"n_items": np.array(n), "a": a, "b": b, "outcome": outcome}


def orders(n: int, m: int, size: int) -> Given:
    """Rankings of `size` items each by Plackett and Luce's model, best first: the order of strength plus Gumbel noise."""
    chance = np.random.default_rng(5)
    sets = np.argpartition(chance.random((m, n)), size, axis=1)[:, :size]
    noisy = chance.normal(size=n)[sets] + chance.gumbel(size=sets.shape)
    return {"n_items": np.array(n), "orders": np.take_along_axis(sets, np.argsort(-noisy), axis=1)}


def by_raters(n: int, m: int, raters: int, *, kind: str = BAD[0], seed: int = 6) -> Given:
    """One rater in five is bad: clicks at "random", is "always left", or is "reversed" (every other one random)."""
    chance = np.random.default_rng(seed)
    strengths, (a, b) = chance.normal(size=n), _any_two(chance, n, m)
    rater = chance.integers(raters, size=m)
    bad = rater % 5 == 0
    honest = _better(chance, strengths[a] - strengths[b])
    coin = chance.random(m) < 0.5
    instead = {"random": coin, "always left": np.ones(m, bool), "reversed": np.where(rater % 10 == 0, ~honest, coin)}
    wins = np.where(bad, instead[kind], honest)
    return {
        "n_items": np.array(n),
        "a": a,
        "b": b,
        "outcome": np.where(wins, 1, -1),
        "rater": rater,
        "good": ~bad,
        "truth": strengths,
    }


def studies(number: int, n: int, m: int, raters: int, *, kind: str) -> Given:
    """As many studies by raters, stacked."""
    each = [by_raters(n, m, raters, kind=kind, seed=seed) for seed in range(number)]
    return {name: np.stack([study[name] for study in each]) for name in each[0]} | {"n_items": np.array(n)}


def pairs_by_raters(n: int, m: int, raters: int) -> Given:
    """Uniform pairs, each judged by one of so many raters, all of them good."""
    return uniform(n, m) | {"rater": np.arange(m) % raters}


def ratings(units: int, raters: int, each: int, points: int) -> Given:
    """Raters × units, NaN where a rater has not seen the unit; each says the unit's own point or one beside it."""
    chance = np.random.default_rng(7)
    seen = np.argpartition(chance.random((units, raters)), each, axis=1)[:, :each]
    point = chance.integers(points, size=(units, 1)) + chance.choice((-1, 0, 0, 0, 1), size=(units, each))
    said = np.full((raters, units), np.nan)
    said[seen, np.arange(units)[:, None]] = point.clip(0, points - 1)
    return {"ratings": said}


def _any_two(chance: Chance, n: int, m: int) -> Ends:
    a = chance.integers(n, size=m)
    return a, (a + chance.integers(1, n, size=m)) % n


def _better(chance: Chance, differences: Floats) -> NDArray[np.bool]:
    better: NDArray[np.bool] = chance.random(len(differences)) * (1 + np.exp(-differences)) < 1
    return better
