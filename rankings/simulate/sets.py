"""Judgements of sets: a whole order, its best places, or only the best and the worst."""

import operator
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rankings.checks import Floats, Ints
from rankings.errors import RankingError
from rankings.orders import Orders
from rankings.simulate.designs import draw_sets
from rankings.simulate.raters import Raters, checked, checked_tie, see


class BestWorst(NamedTuple):
    """Best-worst choices.

    Attributes
    ----------
    sets : int array, shape (n_judgements, size)
        The items of each set, in the order of showing.
    best, worst : int arrays, shape (n_judgements,)
        The items chosen.
    rater, prompt : int arrays, shape (n_judgements,)
        Judgement i is by rater i mod n_raters, on prompt (i div n_raters) mod n_prompts.
    """

    sets: Ints
    best: Ints
    worst: Ints
    rater: Ints
    prompt: Ints


def orders(
    values: ArrayLike,
    size: int,
    n: int,
    *,
    seed: int,
    tie: float = 0.0,
    largest_tie: int = 2,
    top: int | None = None,
    position: float = 0.0,
    raters: Raters | None = None,
    prompts: int = 1,
    prompt_sd: float = 0.0,
) -> Orders:
    """Draw orders of `n` uniformly drawn sets of `size` items from the model of `plackett_luce`.

    Parameters
    ----------
    values : float array, shape (n_items,)
        Log-worths in logits.
    size : int
        Items in each set, at least 2.
    n : int
        Number of orders. Order i is by rater i mod n_raters, on prompt (i div n_raters) mod n_prompts.
    seed : int
        The same seed gives the same orders.
    tie : float
        nu, at least 0.
    largest_tie : int
        The most items that may tie. All sets up to this size are listed, so keep it small for large sets.
    top : int, optional
        Only this many of the best places are told; the items below share one rank. Pass the same `top` to
        `plackett_luce`, or it takes them for a tie.
    position : float
        Logit added to each work over the one shown next.
    raters, prompts, prompt_sd
        See `pairs`.

    Raises
    ------
    RankingError
        If there are fewer items than `size`, a number is not finite, `tie` or `prompt_sd` is negative, or `top` or
        `largest_tie` is below 1.
    """
    if largest_tie < 1 or (top is not None and top < 1):
        raise RankingError(f"largest_tie and top are at least 1, not {largest_tie} and {top}")
    worth, nu = checked(values, size), checked_tie(tie)
    random = np.random.default_rng(operator.index(seed))
    sets = draw_sets(len(worth), size, n, random)
    seen = see(worth, sets, random, position=position, raters=raters, prompts=prompts, prompt_sd=prompt_sd)
    logits = seen.worth - seen.side[:, None] * np.arange(size)
    if nu == 0:
        ranks = np.argsort(np.argsort(-logits - random.gumbel(size=sets.shape), axis=1), axis=1) + 1
    else:
        ranks = _draw_ranks(logits, nu, largest_tie, random)
    told = ranks if top is None else np.minimum(ranks, _first_untold(ranks, top))
    return Orders.from_arrays(sets.ravel(), told.ravel(), np.arange(n + 1) * size)


def best_worst(
    values: ArrayLike,
    size: int,
    n: int,
    *,
    seed: int,
    position: float = 0.0,
    raters: Raters | None = None,
    prompts: int = 1,
    prompt_sd: float = 0.0,
) -> BestWorst:
    """Draw the best and the worst of `n` uniformly drawn sets: P(b, w) is proportional to exp(value_b - value_w).

    Parameters
    ----------
    values, size, seed, position, raters, prompts, prompt_sd
        See `orders`.
    n : int
        Number of sets.

    Raises
    ------
    RankingError
        If there are fewer items than `size`, a number is not finite, or `prompt_sd` is negative.

    References
    ----------
    Marley, A. A. J. and Louviere, J. J. (2005). Some probabilistic models of best, worst, and best-worst choices.
    J. Math. Psychol. 49, 464-480 (the maxdiff model).
    """
    worth = checked(values, size)
    random = np.random.default_rng(operator.index(seed))
    sets = draw_sets(len(worth), size, n, random)
    seen = see(worth, sets, random, position=position, raters=raters, prompts=prompts, prompt_sd=prompt_sd)
    logits = seen.worth - seen.side[:, None] * np.arange(size)
    best, worst = np.nonzero(~np.eye(size, dtype=bool))
    chosen = np.argmax(logits[:, best] - logits[:, worst] + random.gumbel(size=(n, len(best))), axis=1)
    row = np.arange(n)
    return BestWorst(sets, sets[row, best[chosen]], sets[row, worst[chosen]], seen.rater, seen.prompt)


def _draw_ranks(logits: Floats, nu: float, largest_tie: int, random: np.random.Generator) -> Ints:
    """Draw weak orders of all sets at once: choose the best group of what remains, again and again."""
    size = logits.shape[1]
    groups = [group for t in range(1, min(largest_tie, size) + 1) for group in combinations(range(size), t)]
    member = np.array([[slot in group for slot in range(size)] for group in groups])
    length = member.sum(axis=1)
    appeal = logits @ (member / length[:, None]).T + (length - 1) * np.log(nu)
    ranks = np.zeros(logits.shape, dtype=np.int64)
    for rank in range(1, size + 1):
        open_rows = np.flatnonzero((ranks == 0).any(axis=1))
        taken = (ranks[open_rows] > 0) @ member.T
        felt = appeal[open_rows] + random.gumbel(size=taken.shape)
        chosen = np.argmax(np.where(taken, -np.inf, felt), axis=1)
        ranks[open_rows] += rank * member[chosen]
    return ranks


def _first_untold(ranks: Ints, top: int) -> Ints:
    """Return, for each set, the best rank that starts below its `top` places."""
    above = (ranks[:, :, None] > ranks[:, None, :]).sum(axis=2)
    return np.where(above >= top, ranks, ranks.shape[1] + 1).min(axis=1, keepdims=True)
