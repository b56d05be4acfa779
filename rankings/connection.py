"""Which items can be compared: the parts that judgements join, and the refusals without a prior."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from rankings import checks
from rankings.checks import Ints
from rankings.errors import NotComparableError, RankingError
from rankings.orders import Orders

REMEDY = "pass prior_sd (logits, for example 1.5) or leave them out"


def components(n_items: int, compared: Orders | ArrayLike) -> Ints:
    """Return the part that each item belongs to; items of different parts were never compared, even through others.

    Parameters
    ----------
    n_items : int
        Number of items; an item that nobody judged is a part of its own.
    compared : Orders or int array, shape (n_pairs, 2)
        The judgements; for pairs the outcome does not matter.

    Returns
    -------
    int array, shape (n_items,)
        Labels 0, 1, 2, … in the order of each part's first item.

    Raises
    ------
    RankingError
        If an item is `n_items` or more, or the array is not one of pairs.
    """
    if isinstance(compared, Orders):
        inside = np.ones(len(compared.items), dtype=bool)
        inside[compared.starts[:-1]] = False
        here = np.flatnonzero(inside)
        a, b = compared.items[here - 1], compared.items[here]
    else:
        pairs = np.asarray(compared)
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            raise RankingError(f"pairs must have the shape (n_pairs, 2), not {pairs.shape}")
        a, b = checks.pair(("pairs", "pairs"), pairs[:, 0], pairs[:, 1])
    return parts(checks.n_items(n_items, int(max(a.max(), b.max()))), a, b)


def parts(n_items: int, a: Ints, b: Ints) -> Ints:
    """Label the parts joined by links between `a` and `b`, in the order of their first items."""
    labels = connected_components(_graph(n_items, a, b), directed=False)[1]
    first = np.unique(labels, return_index=True)[1]
    return np.argsort(np.argsort(first))[labels]


def require_finite_strengths(labels: Ints, above: Ints, below: Ints) -> None:
    """Refuse items whose strength would run away without a prior.

    The strengths of a part have a finite maximum only if, however its items are split in two, some item of each half
    was placed above, or tied with, some item of the other: its graph is strongly connected.

    Parameters
    ----------
    labels : int array, shape (n_items,)
        Part of each item.
    above, below : int array, shape (n_links,)
        Links from an item to one it was placed above; a tie is a link each way.

    Raises
    ------
    NotComparableError
        Naming never-compared items, or those outside the largest strongly connected piece of their part (all of the
        part where no piece is the largest).

    References
    ----------
    Ford, L. R. (1957). Solution of a ranking problem from binary comparisons. Amer. Math. Monthly 64(8), 28-33.
    Hunter, D. R. (2004). MM algorithms for generalized Bradley-Terry models. Ann. Statist. 32(1), assumption 1.
    """
    n_items = len(labels)
    alone = np.bincount(labels)[labels] == 1
    if alone.any():
        raise NotComparableError(np.flatnonzero(alone), "never compared with another item", REMEDY)
    n_pieces, pieces = connected_components(_graph(n_items, above, below), directed=True, connection="strong")
    if n_pieces == labels.max() + 1:
        return
    size = np.bincount(pieces)[pieces]
    largest = np.zeros(labels.max() + 1, dtype=np.int64)
    np.maximum.at(largest, labels, size)
    one_largest = np.bincount(labels, weights=size == largest[labels]) == largest
    outside = (size < largest[labels]) | ~one_largest[labels]
    problem = "always above or always below others in their part, so their strengths have no finite value"
    raise NotComparableError(np.flatnonzero(outside), problem, REMEDY)


def _graph(n_items: int, rows: Ints, columns: Ints) -> "csr_array[np.float64, tuple[int, int]]":
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=(n_items, n_items))
