"""Which items can be compared: the parts that judgements join, and the refusals without a prior."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from rankings import checks
from rankings.checks import Ints
from rankings.errors import NotComparableError, RankingError
from rankings.orders import Orders

REMEDY = "pass prior_sd (logits, for example 1.5) or leave them out"
FIRST_LOOK = 16
"""Links per item that are looked at first; most often they join everything."""

CHUNK = 1 << 16
"""Links that are looked up at a time, so that what is found for them stays in the cache."""

RUNS = 64
"""Those are taken in so many runs from all over the judgements."""


class Links(NamedTuple):
    """What judgements say about who is above whom.

    Attributes
    ----------
    a, b : int arrays, shape (n_links,)
    code : int array, shape (n_links,), or None
        At `highest` or more `a` is above, however far apart they are; at -`highest` or less `b` is; between, such as at a
        tie, neither may run away from the other. None puts `a` above everywhere.
    highest : int
    """

    a: Ints
    b: Ints
    code: NDArray[np.integer] | None
    highest: int = 1

    def few(self, number: int) -> "Links":
        """Return about so many links, in runs from all over."""
        run = len(self.a) // RUNS
        where = (slice(None), slice(-(-number // RUNS)))
        a, b = (side[: run * RUNS].reshape(RUNS, run)[where].ravel() for side in (self.a, self.b))
        code = None if self.code is None else self.code[: run * RUNS].reshape(RUNS, run)[where].ravel()
        return Links(a, b, code, self.highest)

    def apart(self, labels: Ints, kind: Literal["weak", "strong"]) -> tuple[Ints, Ints]:
        """Return the labels of links between different ones, from above to below."""
        found = []
        for start in range(0, len(self.a), CHUNK):
            rows = slice(start, start + CHUNK)
            a, b = labels[self.a[rows]], labels[self.b[rows]]
            there = np.flatnonzero(a != b)
            code = None if self.code is None or kind == "weak" else self.code[rows][there]
            found.append(Links(a[there], b[there], code, self.highest).ways())
        above, below = (np.concatenate(side) for side in zip(*found, strict=True))
        return above, below

    def ways(self) -> tuple[Ints, Ints]:
        """Return links from above to below, both ways where neither may run away."""
        if self.code is None:
            return self.a, self.b
        down, up = self.code > -self.highest, self.code < self.highest
        return np.concatenate([self.a[down], self.b[up]]), np.concatenate([self.b[down], self.a[up]])


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
    return parts_of(checks.n_items(n_items, int(max(a.max(), b.max()))), Links(a, b, None))


def parts_of(n_items: int, links: Links) -> Ints:
    """Label the parts that links join, in the order of their first items."""
    labels = _pieces(n_items, links, "weak")
    if labels.max() == 0:
        return labels
    first = np.unique(labels, return_index=True)[1]
    return np.argsort(np.argsort(first))[labels]


def _pieces(n_items: int, links: Links, kind: Literal["weak", "strong"]) -> Ints:
    """Label connected pieces: first those that a few links make, then what more and more links make of those."""
    labels: Ints = np.arange(n_items)
    numbers = FIRST_LOOK * n_items * 8 ** np.arange(20.0)
    for some in (*(links.few(int(number)) for number in numbers[2 * numbers < len(links.a)]), links):
        above, below = some.apart(labels, kind)
        if len(above):
            n_pieces = int(labels.max()) + 1
            graph = coo_array((np.ones(len(above)), (above, below)), shape=(n_pieces, n_pieces))
            graph.has_canonical_format = True  # repeated links stay: summing them would sort every row
            pieces = connected_components(graph.tocsr(), directed=kind == "strong", connection=kind)[1]
            labels = pieces.astype(np.int64)[labels]
        if not labels.any():
            break
    return labels


def finite_parts_of(n_items: int, links: Links, absent: Ints | None = None) -> Ints:
    """Label the parts, and refuse items whose strength would run away without a prior.

    The strengths of a part have a finite maximum only if, however its items are split in two, some item of each half
    was placed above, or tied with, some item of the other: its graph is strongly connected. Items that are `absent`
    need no strength.

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
    pieces = _pieces(n_items, links, "strong")
    if not pieces.any():
        return pieces
    labels = parts_of(n_items, links)
    alone = np.bincount(labels)[labels] == 1
    if absent is not None:
        alone[absent] = False
    if alone.any():
        raise NotComparableError(np.flatnonzero(alone), "never compared with another item", REMEDY)
    if pieces.max() == labels.max():
        return labels
    size = np.bincount(pieces)[pieces]
    largest = np.zeros(labels.max() + 1, dtype=np.int64)
    np.maximum.at(largest, labels, size)
    one_largest = np.bincount(labels, weights=size == largest[labels]) == largest
    outside = (size < largest[labels]) | ~one_largest[labels]
    problem = "always above or always below others in their part, so their strengths have no finite value"
    raise NotComparableError(np.flatnonzero(outside), problem, REMEDY)
