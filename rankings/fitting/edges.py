"""Edges: which two items each comparison joins, sorted by counting so that sums over them run at memory speed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from rankings.checks import Codes, Floats, Ints

CHUNK = 1 << 16
"""Edges are worked through in runs of about this many, so that what is computed for them stays in the cache."""

FEW = 1 << 14
"""Sums over fewer edges than this are done before a sparse matrix is set up."""


@dataclass(frozen=True, eq=False)
class Edges:
    """Directed edges between items, grouped by the item they start from.

    Attributes
    ----------
    n_items : int
    starts : int array, shape (n_items + 1,)
        The edges of item i are ``starts[i]`` up to ``starts[i + 1]``.
    ends : int array, shape (n_edges,)
        The item at the other end.
    together : bool
        Whether all edges of a pair stand together.
    """

    n_items: int
    starts: NDArray[np.integer]
    ends: NDArray[np.integer]
    together: bool

    def __len__(self) -> int:
        return len(self.ends)

    @cached_property
    def degrees(self) -> Ints:
        """How many edges start at each item."""
        return np.diff(self.starts).astype(np.int64)

    @cached_property
    def begins(self) -> Ints:
        """The item that each edge starts from."""
        return np.repeat(np.arange(self.n_items), self.degrees)

    @cached_property
    def keys(self) -> Ints:
        """The place of each edge in a table of all pairs of items."""
        return self.begins * self.n_items + self.ends

    @cached_property
    def runs(self) -> list[tuple[slice, slice]]:
        """Slices of items, and of their edges, of about CHUNK edges each."""
        cuts = np.searchsorted(self.starts, np.arange(0, len(self) + CHUNK, CHUNK))
        cuts[-1] = self.n_items
        return [
            (slice(first, last), slice(int(self.starts[first]), int(self.starts[last])))
            for first, last in pairwise(np.unique(cuts).tolist())
        ]

    def drops(self, values: Floats, more: float) -> Iterator[tuple[slice, Floats]]:
        """Yield, run after run, by how much the values drop along each edge, and `more`; the array may be overwritten."""
        for items, edges in self.runs:
            drop = np.repeat(values[items], self.degrees[items])
            drop -= values.take(self.ends[edges], mode="clip")
            if more:
                drop += drop.dtype.type(more)
            yield edges, drop

    def divergence(self, amounts: Floats) -> Floats:
        """Return, of amounts on the edges, what leaves each item less what arrives."""
        left, arrived = self.both_ends(amounts)
        return left - arrived

    def total(self, amounts: Floats) -> Floats:
        """Return, of amounts on the edges, what leaves each item plus what arrives."""
        left, arrived = self.both_ends(amounts)
        return left + arrived

    def both_ends(self, amounts: Floats) -> tuple[Floats, Floats]:
        """Return, of amounts on the edges, what leaves each item, and what arrives."""
        if len(self) < FEW:
            return counted(self.begins, self.n_items, amounts), counted(self.ends, self.n_items, amounts)
        matrix, ones = self.matrix(amounts), np.ones(self.n_items, amounts.dtype)
        return matrix @ ones, matrix.T @ ones

    def matrix(self, amounts: Floats) -> "csr_array[np.floating, tuple[int, int]]":
        """Put an amount on each edge."""
        return csr_array((amounts, self.ends, self.starts), shape=(self.n_items, self.n_items))

    @cached_property
    def first_of_pairs(self) -> Ints:
        """Where the edges of each pair begin, if they stand together."""
        new = np.ones(len(self), dtype=bool)
        np.not_equal(self.ends[1:], self.ends[:-1], out=new[1:])
        new[self.starts[:-1][self.degrees > 0]] = True
        return np.flatnonzero(new)

    def squared(self, amounts: Floats) -> "csr_array[np.floating, tuple[int, int]]":
        """Put the square of what each pair has in all on one of its two directions."""
        n, first = self.n_items, self.first_of_pairs if self.together else None
        if first is None:
            low, high = np.minimum(self.begins, self.ends), np.maximum(self.begins, self.ends)
            whole = coo_array((amounts, (low, high)), shape=(n, n)).tocsr()
            return csr_array((whole.data**2, whole.indices, whole.indptr), shape=(n, n))
        if len(first) == len(self):
            return self.matrix(amounts**2)
        pairs = self.merged()
        return pairs.matrix(np.add.reduceat(amounts, first) ** 2)

    def merged(self) -> "Edges":
        """Return one edge for each pair, from edges that stand together."""
        first = self.first_of_pairs
        starts = np.searchsorted(first, self.starts).astype(self.starts.dtype)
        return Edges(self.n_items, starts, self.ends[first], self.together)


def short(items: Ints) -> NDArray[np.int32]:
    """Return the numbers of items in half the room; no data have 2^31 items."""
    return items.astype(np.int32)


def edges_of[Number: (np.int8, np.int64, np.float64)](
    n_items: int, begins: Codes, ends: Codes, carried: NDArray[Number], *, together: bool
) -> tuple[Edges, NDArray[Number]]:
    """Sort edges by where they begin, and by where they end, by counting; return what they carry in the same order.

    Parameters
    ----------
    n_items : int
    begins, ends : int arrays, shape (n_edges,)
    carried : array, shape (n_edges,)
    together : bool
        Whether `begins` is below `ends` everywhere, so that all edges of a pair come to stand together.
    """
    matrix = coo_array((carried, (begins, ends)), shape=(n_items, n_items))
    matrix.has_canonical_format = True  # repeated edges stay: summing them is up to the model
    by_end = matrix.tocsc()
    by_end.has_canonical_format = True
    sorted_ = by_end.tocsr()
    return Edges(n_items, sorted_.indptr, sorted_.indices, together), sorted_.data


def edges_at(n_items: int, at: Ints, *, together: bool) -> Edges:
    """Return the edges at ascending places of a table of all pairs."""
    starts = np.searchsorted(at, np.arange(n_items + 1) * n_items)
    return Edges(n_items, starts.astype(np.int32), (at % n_items).astype(np.int32), together)


def counted(key: NDArray[np.integer], length: int, weight: Floats | None = None) -> Floats:
    """Return the total weight on each key below `length`; None is one for each."""
    return np.bincount(key, weight, length).astype(np.float64, copy=False)
