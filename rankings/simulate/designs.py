"""Designs: which items are put before the raters together."""

import operator
from typing import Literal, get_args

import numpy as np

from rankings.checks import Ints
from rankings.errors import RankingError

type Kind = Literal["uniform", "zipf", "islands", "ring"]

ISLAND = 8
"""Items of an island."""


def design(kind: Kind, n_items: int, n: int, *, seed: int, bridges: float = 0.01) -> Ints:
    """Draw the pairs that are asked, from well to badly connected.

    Parameters
    ----------
    kind : {"uniform", "zipf", "islands", "ring"}
        - "uniform": every pair has the same chance.
        - "zipf": popular items are asked more often. The popularity of item i is 1 / (i + 1), and the chance of a pair
          goes with the product of both.
        - "islands": items 0-7, 8-15, … are islands, and pairs lie on one island but for a share of `bridges`. If eight
          does not divide the number of items, some islands are larger.
        - "ring": only neighbours on a circle are compared.
    n_items : int
        Number of items, at least 2.
    n : int
        Number of pairs, at least 1.
    seed : int
        The same seed gives the same pairs.
    bridges : float
        Share of the pairs that join two islands, from 0 to 1, on average.

    Returns
    -------
    int array, shape (n, 2)
        Rows are independent, and neither column is special.

    Raises
    ------
    RankingError
        If the kind is unknown, there are too few items or pairs, or `bridges` is no share.
    """
    if operator.index(n_items) < 2 or operator.index(n) < 1:
        raise RankingError(f"a design asks for at least 1 pair of at least 2 items, not {n} of {n_items}")
    if not 0 <= bridges <= 1:
        raise RankingError(f"bridges is a share from 0 to 1, not {bridges}")
    random = np.random.default_rng(operator.index(seed))
    match kind:
        case "uniform":
            return draw_sets(n_items, 2, n, random)
        case "zipf":
            return _zipf(n_items, n, random)
        case "islands":
            return _islands(n_items, n, bridges, random)
        case "ring":
            one = random.integers(n_items, size=n)
            return np.column_stack([one, (one + random.choice([-1, 1], size=n)) % n_items])
    raise RankingError(f"no design is called {kind!r}; choose one of {', '.join(get_args(Kind.__value__))}")


def draw_sets(n_items: int, size: int, n: int, random: np.random.Generator) -> Ints:
    """Draw sets without repeats, shape (n, size): each further item skips over those before it."""
    if n < 1:
        raise RankingError(f"ask for at least 1 set, not {n}")
    sets = np.empty((n, size), dtype=np.int64)
    for column in range(size):
        drawn = random.integers(n_items - column, size=n)
        for earlier in np.sort(sets[:, :column], axis=1).T:
            drawn += drawn >= earlier
        sets[:, column] = drawn
    return sets


def _zipf(n_items: int, n: int, random: np.random.Generator) -> Ints:
    popularity = 1 / np.arange(1, n_items + 1)
    popularity /= popularity.sum()
    asked = random.choice(n_items, size=(n, 2), p=popularity)
    while (same := asked[:, 0] == asked[:, 1]).any():
        asked[same] = random.choice(n_items, size=(int(same.sum()), 2), p=popularity)
    return asked


def _islands(n_items: int, n: int, bridges: float, random: np.random.Generator) -> Ints:
    """Draw the first item, then its partner on the same island or, over a bridge, on any other."""
    shores = np.linspace(0, n_items, max(n_items // ISLAND, 1) + 1).astype(np.int64)
    one = random.integers(n_items, size=n)
    island = np.searchsorted(shores, one, side="right") - 1
    start, size = shores[island], np.diff(shores)[island]
    near = start + (one - start + random.integers(1, size)) % size
    far = (start + size + random.integers(np.maximum(n_items - size, 1))) % n_items
    bridge = (random.random(n) < bridges) & (size < n_items)
    return np.column_stack([one, np.where(bridge, far, near)])
