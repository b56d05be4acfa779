"""The graph of who was compared with whom: how well it holds together, and the judgements that would join it."""

import heapq

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array, csc_array, csr_array, diags_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh, splu

from rankings import checks
from rankings.checks import Floats, Ints
from rankings.errors import RankingError
from rankings.fitting.links import components

__all__ = ["algebraic_connectivity", "components", "joining_pairs", "strong_components"]

DENSE = 500
"""In parts of up to so many items all eigenvalues are found at once."""

RESTARTS = 30
"""Rounds of about 20 Lanczos steps after which a part must hang together loosely; its Laplacian is factored instead."""

LOOSE = 1e-3
"""Share of the largest eigenvalue below which Lanczos steps lose digits of the smallest."""


def strong_components(n_items: int, above: ArrayLike, below: ArrayLike) -> Ints:
    """Return the piece that each item belongs to; in a piece everybody was placed above everybody, if through others.

    Without a prior only items of one piece have finite strengths: of two pieces in one part, one always lost.

    Parameters
    ----------
    n_items : int
        Number of items; an item that nobody judged is a piece of its own.
    above, below : int arrays, shape (n_links,)
        Each link goes from an item to one that it was placed above; a tie is a link each way.

    Returns
    -------
    int array, shape (n_items,)
        Labels 0, 1, 2, … in the order of each piece's first item.

    Raises
    ------
    RankingError
        If an item is `n_items` or more, or a link goes from an item to itself.

    References
    ----------
    Ford, L. R. (1957). Solution of a ranking problem from binary comparisons. Amer. Math. Monthly 64(8), 28-33.
    """
    winners, losers = checks.pair(("above", "below"), above, below)
    n_items = checks.n_items(n_items, int(max(winners.max(), losers.max())))
    links = coo_array((np.ones(len(winners)), (winners, losers)), shape=(n_items, n_items))
    labels = connected_components(links.tocsr(), directed=True, connection="strong")[1]
    first = np.unique(labels, return_index=True)[1]
    return np.argsort(np.argsort(first))[labels]


def algebraic_connectivity(n_items: int, pairs: ArrayLike, weight: ArrayLike | None = None) -> Floats:
    """Return the algebraic connectivity of each part: lambda_2 of the Laplacian of its graph of comparisons.

    The Laplacian is D - N, where N counts the judgements of each two items and D those of each item. lambda_2 is in
    judgements: it is at most n / (n - 1) times those of the least judged item, near it in a well mixed design, and near
    0 where a few judgements hold large groups together. No binary judgement carries more than 1/4 of information, so
    some contrast of unit length (the halves that hang together most loosely) has a standard error of at least
    2 / sqrt(lambda_2) logits without a prior.

    Parameters
    ----------
    n_items : int
    pairs : int array, shape (n_pairs, 2)
        The judgements, whatever their outcome; repeated pairs add up.
    weight : float array, shape (n_pairs,), optional
        How often each was judged.

    Returns
    -------
    float array, shape (n_parts,)
        In the order of `rankings.components`; 0 for an item alone. The items are connected if there is one part, and
        only then; every part of more items has a value above 0.

    Raises
    ------
    RankingError
        If an item is `n_items` or more, the array is not one of pairs, or a weight is not finite and above 0.

    References
    ----------
    Fiedler, M. (1973). Algebraic connectivity of graphs. Czechoslovak Math. J. 23(2), 298-305.
    """
    labels = components(n_items, pairs)
    a, b = np.asarray(pairs).T
    weights = checks.weights(weight, len(a))
    counts = np.ones(len(a)) if weights is None else weights
    found: Floats = np.zeros(labels.max() + 1)
    place, sizes = np.empty(n_items, dtype=np.int64), np.bincount(labels)
    order = np.argsort(labels, kind="stable")
    place[order] = np.arange(n_items) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    by_part = np.argsort(labels[a], kind="stable")
    ends = np.cumsum(np.bincount(labels[a], minlength=len(sizes)))
    for part, rows in enumerate(np.split(by_part, ends[:-1])):
        if sizes[part] > 1:
            found[part] = _fiedler_value(_laplacian(int(sizes[part]), place[a[rows]], place[b[rows]], counts[rows]))
    return found


def _laplacian(n: int, a: Ints, b: Ints, counts: Floats) -> "csr_array[np.float64, tuple[int, int]]":
    half = coo_array((counts, (a, b)), shape=(n, n)).tocsr()
    both = half + half.T
    return csr_array(diags_array(both.sum(axis=1)) - both)


def _fiedler_value(laplacian: "csr_array[np.float64, tuple[int, int]]") -> float:
    """Return the second smallest eigenvalue of the Laplacian of a connected graph."""
    n = laplacian.shape[0]
    if n <= DENSE:
        return float(np.linalg.eigvalsh(laplacian.toarray())[1])
    top = 2 * float(laplacian.diagonal().max())

    def mirrored(x: Floats) -> Floats:
        """Multiply by top - L on vectors that sum to zero, whose largest eigenvalue is top - lambda_2."""
        x = x.ravel() - x.mean()
        moved: Floats = top * x - laplacian @ x
        return moved

    try:
        largest = _largest(LinearOperator((n, n), matvec=mirrored, dtype=np.float64), RESTARTS)
    except ArpackNoConvergence:
        return _by_factor(laplacian)
    return top - largest if top - largest > LOOSE * top else _by_factor(laplacian)


def _by_factor(laplacian: "csr_array[np.float64, tuple[int, int]]") -> float:
    """Return the second smallest eigenvalue from the pseudo-inverse, of which it is the largest's inverse."""
    n = laplacian.shape[0]
    factor = splu(csc_array(laplacian[:-1, :-1]), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})

    def inverted(x: Floats) -> Floats:
        x = x.ravel() - x.mean()
        solved: Floats = np.append(factor.solve(x[:-1]), 0.0)
        return solved - solved.mean()

    return 1 / _largest(LinearOperator((n, n), matvec=inverted, dtype=np.float64), 10 * n)


def _largest(operator: "LinearOperator[np.float64]", restarts: int) -> float:
    """Return the largest eigenvalue, from a fixed start so that every run gives the same."""
    start = np.random.default_rng(0).standard_normal(operator.shape[0])
    values: Floats = eigsh(operator, k=1, which="LA", v0=start, maxiter=restarts, tol=1e-10, return_eigenvectors=False)
    return float(values[0])


def joining_pairs(n_items: int, pairs: ArrayLike, standard_errors: ArrayLike | None = None) -> Ints:
    """Return the fewest pairs whose judgements would join all parts into one.

    Each part takes part with the item that is known best, because the error of the joint scale is that of the joining
    judgement plus the errors of its two items; if more pairs need one part, they spread over its next best items.

    Parameters
    ----------
    n_items : int
    pairs : int array, shape (n_pairs, 2)
        The judgements so far, whatever their outcome.
    standard_errors : float array, shape (n_items,), optional
        Of the values within each part, such as `Strengths.standard_errors`. By default the most judged item counts as
        known best.

    Returns
    -------
    int array, shape (n_parts - 1, 2)

    Raises
    ------
    RankingError
        If an item is `n_items` or more, the array is not one of pairs, or an error is missing or not a number.
    """
    labels = components(n_items, pairs)
    if standard_errors is None:
        doubt = -np.bincount(np.asarray(pairs).ravel(), minlength=n_items).astype(float)
    else:
        doubt = np.asarray(standard_errors, dtype=np.float64)
        if doubt.shape != (n_items,) or np.isnan(doubt).any():
            raise RankingError(f"standard_errors must hold a number for each of the {n_items} items")
    return np.array(joining_sets(labels, doubt), dtype=np.int64).reshape(-1, 2)


def joining_sets(labels: Ints, doubt: Floats, size: int = 2) -> list[list[int]]:
    """Return the fewest sets of `size` items that join all parts, the largest part first.

    Parameters
    ----------
    labels : int array, shape (n_items,)
        Part of each item, from 0.
    doubt : float array, shape (n_items,)
        The items of a part with the least of it are taken first; equals in their order.
    size : int
        A last set with too few new parts is filled up with other items. If there are not enough, it is left out.
    """
    by_part = np.lexsort((doubt, labels))
    parts = [part.tolist() for part in np.split(by_part, np.cumsum(np.bincount(labels))[:-1])]
    parts.sort(key=len, reverse=True)
    rank = np.argsort(np.argsort(doubt, kind="stable")).tolist()
    joined = [(0, rank[item], item) for item in parts[0]]
    heapq.heapify(joined)
    sets = []
    for start in range(1, len(parts), size - 1):
        new = parts[start : start + size - 1]
        members = [(0, rank[part[0]], part[0]) for part in new]
        members.append(heapq.heappop(joined))
        for item in (item for part in new for item in part[1:]):
            heapq.heappush(joined, (0, rank[item], item))
        if len(members) + len(joined) < size:
            break
        members += [heapq.heappop(joined) for _ in range(size - len(members))]
        for uses, place, item in members:
            heapq.heappush(joined, (uses + 1, place, item))
        sets.append([item for *_, item in members])
    return sets
