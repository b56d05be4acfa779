"""Judgements drawn from known strengths, for tests, demonstrations and planning."""

import operator
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from rankings.checks import Flags, Floats, Ints
from rankings.errors import RankingError
from rankings.orders import Orders


class Pairs(NamedTuple):
    """Paired comparisons, ready for `davidson`.

    Attributes
    ----------
    a, b : int arrays, shape (n_judgements,)
    outcome : int array, shape (n_judgements,)
        1 if `a` was better, -1 if `b` was, 0 for a tie.
    first_a : bool array, shape (n_judgements,)
        True where `a` was shown first.
    """

    a: Ints
    b: Ints
    outcome: Ints
    first_a: Flags


def simulate_pairs(values: ArrayLike, n: int, *, seed: int, tie: float = 0.0, position: float = 0.0) -> Pairs:
    """Draw `n` comparisons of uniformly drawn pairs, either work shown first with the same chance.

    Parameters
    ----------
    values : float array, shape (n_items,)
        Log-worths in logits.
    n : int
        Number of judgements.
    seed : int
        The same seed gives the same judgements.
    tie : float
        Davidson's nu, at least 0.
    position : float
        Logit added to the work shown first.

    Raises
    ------
    RankingError
        If there are fewer than two items, or a value is not finite, or `tie` is negative.
    """
    worth, nu = _checked(values, 2, tie), tie
    random = np.random.default_rng(operator.index(seed))
    a, b = _draw_sets(len(worth), 2, n, random).T
    first_a = random.random(n) < 0.5
    half = (worth[a] - worth[b] + np.where(first_a, position, -position)) / 2
    tied = nu / (nu + 2 * np.cosh(half))
    outcome = np.where(random.random(n) < expit(2 * half), 1, -1)
    return Pairs(a, b, np.where(random.random(n) < tied, 0, outcome), first_a)


def simulate_orders(
    values: ArrayLike, size: int, n: int, *, seed: int, tie: float = 0.0, largest_tie: int = 2
) -> Orders:
    """Draw orders of `n` uniformly drawn sets of `size` items from the model of `plackett_luce`.

    Parameters
    ----------
    values : float array, shape (n_items,)
        Log-worths in logits.
    size : int
        Items in each set, at least 2.
    n : int
        Number of orders.
    seed : int
        The same seed gives the same orders.
    tie : float
        nu, at least 0.
    largest_tie : int
        The most items that may tie. All sets up to this size are listed, so keep it small for large sets.

    Raises
    ------
    RankingError
        If there are fewer items than `size`, or a value is not finite, or `tie` is negative.
    """
    worth = _checked(values, size, tie)
    random = np.random.default_rng(operator.index(seed))
    sets = _draw_sets(len(worth), size, n, random)
    if tie == 0:
        ranks = np.argsort(np.argsort(-worth[sets] - random.gumbel(size=sets.shape), axis=1), axis=1) + 1
    else:
        ranks = np.array([_draw_ranks(worth[members], tie, largest_tie, random) for members in sets])
    return Orders.from_arrays(sets.ravel(), ranks.ravel(), np.arange(n + 1) * size)


def _checked(values: ArrayLike, size: int, tie: float) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not 2 <= size <= len(array) or not np.isfinite(array).all():
        raise RankingError(f"values must be one dimension of at least {max(size, 2)} finite numbers, one for each item")
    if not (np.isfinite(tie) and tie >= 0):
        raise RankingError(f"tie is {tie}; nu is finite and at least 0")
    return array


def _draw_sets(n_items: int, size: int, n: int, random: np.random.Generator) -> Ints:
    """Draw sets without repeats, shape (n, size): each further item skips over those before it."""
    sets = np.empty((n, size), dtype=np.int64)
    for column in range(size):
        drawn = random.integers(n_items - column, size=n)
        for earlier in np.sort(sets[:, :column], axis=1).T:
            drawn += drawn >= earlier
        sets[:, column] = drawn
    return sets


def _draw_ranks(worth: Floats, tie: float, largest_tie: int, random: np.random.Generator) -> Ints:
    """Draw one weak order by choosing the best set of what remains, again and again."""
    ranks = np.zeros(len(worth), dtype=np.int64)
    for rank in range(1, len(worth) + 1):
        left = np.flatnonzero(ranks == 0)
        if len(left) == 0:
            break
        groups = [list(group) for t in range(1, min(largest_tie, len(left)) + 1) for group in combinations(left, t)]
        logits = np.array([worth[group].mean() + (len(group) - 1) * np.log(tie) for group in groups])
        ranks[groups[int(np.argmax(logits + random.gumbel(size=len(groups))))]] = rank
    return ranks
