"""Curvature: minus the Hessian of a log-likelihood, a weighted graph Laplacian with a border of shared parameters."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import DTypeLike
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csc_array, csr_array

from rankings.checks import Flags, Floats, Ints
from rankings.fitting.edges import Edges, counted
from rankings.fitting.krylov import conjugate_gradients

SMALL = 256
"""Parts of up to this many items are solved by dense algebra, many equal ones at once."""

DENSE = 3000
"""Larger parts than this are never made dense: their inverse would take minutes."""


SINGLE = 1e-5
"""Systems that are solved to a larger share than this may be solved in single precision."""

MOST = 10_000
"""Steps of conjugate gradients for parts too large to be made dense."""

LOOSE = 1e-8
"""What they are solved to if they hang together so loosely that a few steps are not enough."""

SLOW = 1e-3
"""With a slower mode than this, single precision only seems to settle."""


@dataclass(frozen=True, eq=False)
class Parts:
    """Which items judgements join, directly or through others.

    Attributes
    ----------
    labels : int array, shape (n_items,)
        The part of each item.
    sizes : int array, shape (n_parts,)
    """

    labels: Ints
    sizes: Ints

    @classmethod
    def of(cls, labels: Ints) -> "Parts":
        """Count the items of each part."""
        return cls(labels, np.bincount(labels))

    @property
    def largest(self) -> int:
        """The number of items in the largest part."""
        return int(self.sizes.max())

    def mean(self, values: Floats) -> Floats:
        """Return the mean of the values over each item's part, shape (n_items,) or (n_items, k)."""
        if len(self.sizes) == 1 or values.size == 0:
            return np.broadcast_to(values.mean(axis=0), values.shape)
        columns = values.reshape(len(values), -1).T
        sums = np.column_stack([np.bincount(self.labels, column) for column in columns])
        return (sums / self.sizes[:, None])[self.labels].reshape(values.shape)

    def centred(self, values: Floats) -> Floats:
        """Return the values less the mean of each item's part."""
        return values - self.mean(values)

    def groups(self, wanted: Flags | None = None) -> list[Ints]:
        """Return the wanted parts of equal size together, each group an array of items of shape (n_parts, size)."""
        order = np.argsort(self.labels, kind="stable")
        starts = np.cumsum(self.sizes) - self.sizes
        sizes = self.sizes if wanted is None else np.where(wanted, self.sizes, 0)
        return [
            order[starts[sizes == size][:, None] + np.arange(size)] for size in np.unique(sizes[sizes > 0]).tolist()
        ]


@dataclass(frozen=True, eq=False)
class Curvature:
    """A positive semidefinite matrix: for the items diag(degree) less the symmetric conductances, and a border.

    Attributes
    ----------
    edges : Edges
    conductance : float array, shape (n_edges,)
        Minus the second derivative between the two items of each edge; an edge may occur again.
    precision : float array, shape (n_items + n_shared,)
        Of the normal priors, 1 / logits^2; all 0 without a prior.
    border : float array, shape (n_items, n_shared)
    corner : float array, shape (n_shared, n_shared)
        With the precision.
    parts : Parts
    """

    edges: Edges
    conductance: Floats
    precision: Floats
    border: Floats
    corner: Floats
    parts: Parts

    @cached_property
    def degree(self) -> Floats:
        """The diagonal for the items; 1, to be solvable, for an item of which nothing is known.

        In double precision whatever the conductances are in: what it were short of would be negative curvature.
        """
        total: Floats = self.edges.total(self.conductance.astype(np.float64, copy=False))
        total = total + self.precision[: self.edges.n_items]
        if len(self.parts.sizes) == 1 or self.precision.any():
            return total
        return np.asarray(total + (self.parts.sizes == 1)[self.parts.labels])

    @cached_property
    def total_degree(self) -> Floats:
        """The sum of the diagonal over each item's part."""
        return self.parts.mean(self.degree) * self.parts.sizes[self.parts.labels]

    @cached_property
    def _conductances(
        self,
    ) -> "tuple[csr_array[np.floating], csc_array[np.floating]]":
        matrix = self.edges.matrix(self.conductance)
        return matrix, matrix.T

    def times(self, values: Floats) -> Floats:
        """Multiply the block of the items by `values`, shape (n_items,) or (n_items, k), in their own precision."""
        there, back = self._conductances
        degree = self._degree_as(values.dtype)
        product: Floats = (degree if values.ndim == 1 else degree[:, None]) * values
        product -= there @ values
        product -= back @ values
        return product

    def grounded_times(self, values: Floats) -> Floats:
        """Multiply by the block of the items plus d d^T / total in each part, with d the diagonal.

        That gives curvature to the direction in which a part moves as one. Where a right side sums to zero in each part,
        as a gradient does without a prior, the solution is the same.
        """
        column = (slice(None), *[None] * (values.ndim - 1))
        degree, size = self._degree_as(values.dtype)[column], self.parts.sizes[self.parts.labels][column]
        pull = self.parts.mean(degree * values) * (size / self.total_degree[column])
        return self.times(values) + degree * pull.astype(values.dtype, copy=False)

    @property
    def _solvable_times(self) -> Callable[[Floats], Floats]:
        return self.times if self.precision.any() else self.grounded_times

    @cached_property
    def _single_degree(self) -> Floats:
        return self.degree.astype(np.float32)

    def _degree_as(self, dtype: DTypeLike) -> Floats:
        return self._single_degree if dtype == np.float32 else self.degree

    def bordered_times(self, point: Floats) -> Floats:
        """Multiply the whole matrix, grounded where it is flat, by a vector of shape (n_items + n_shared,)."""
        n = self.edges.n_items
        if self.border.shape[1] == 0:
            return self._solvable_times(point)
        items = self._solvable_times(point[:n]) + self.border @ point[n:]
        return np.concatenate([items, self.border.T @ point[:n] + self.corner @ point[n:]])

    def blocks(self, wanted: Flags | None = None) -> list[tuple[Ints, Floats]]:
        """Return the dense blocks of the wanted parts, equal sizes together.

        Parameters
        ----------
        wanted : bool array, shape (n_parts,), optional

        Returns
        -------
        list of (items, int array of shape (k, size); matrices, float array of shape (k, size, size))
        """
        if len(self.parts.sizes) == 1 and (wanted is None or wanted[0]):
            n = self.edges.n_items
            half = counted(self.edges.keys, n * n, self.conductance).reshape(n, n)
            return [(np.arange(n)[None], self._grounded(np.diag(self.degree) - half - half.T)[None])]
        return [(members, self._grounded(self._block(members))) for members in self.parts.groups(wanted)]

    def _block(self, members: Ints) -> Floats:
        """Return the blocks of parts of one size, without what grounds them."""
        n_parts, size = members.shape
        place = np.full(self.edges.n_items, -1)
        place[members] = np.arange(members.size).reshape(members.shape)
        own = np.flatnonzero(place[self.edges.begins] >= 0)
        begins, ends = place[self.edges.begins[own]], place[self.edges.ends[own]]
        half = counted(begins * size + ends % size, members.size * size, self.conductance[own])
        half = half.reshape(n_parts, size, size)
        block = -half - half.transpose(0, 2, 1)
        block[:, np.arange(size), np.arange(size)] += self.degree[members]
        return block

    def _grounded(self, blocks: Floats) -> Floats:
        """Give the direction in which all items of a block, shape (…, k, k), move as one the block's mean curvature.

        No right side points that way, and covariances are centred, so with a prior it only saves digits.
        """
        size = blocks.shape[-1]
        if size == 1:
            return blocks
        mean: Floats = np.trace(blocks, axis1=-2, axis2=-1) / size**2
        return blocks + mean[..., None, None]

    @cached_property
    def _all_blocks(self) -> list[tuple[Ints, Floats]]:
        return self.blocks()

    def walked_back(self) -> Floats:
        """Return how likely a walk along the judgements is back after two steps, shape (n_items,)."""
        squares = self.edges.squared(self.conductance)
        back = (1 / self.degree).astype(squares.dtype)
        walked: Floats = (squares @ back + squares.T @ back) / self.degree
        return walked

    @cached_property
    def leverage(self) -> Floats:
        """How the items follow the shared parameters: the item block's inverse times the border."""
        return self.solve_items(self.border) if self.border.shape[1] else self.border

    @cached_property
    def schur(self) -> Floats:
        """The curvature of the shared parameters with the items free to follow."""
        return self.corner - self.border.T @ self.leverage

    @property
    def is_small(self) -> bool:
        """Whether dense algebra is the fastest way."""
        return self.parts.largest <= SMALL

    def solve_items(self, right: Floats, tolerance: float = 1e-10) -> Floats:
        """Solve for the items as if the shared parameters were known; `right` has shape (n_items,) or (n_items, k)."""
        if not self.is_small:
            right = self._solvable(right)
            solution = conjugate_gradients(self._solvable_times, self.degree, right, tolerance, 200)
            if self.parts.largest > DENSE and not solution.settled:
                solution = conjugate_gradients(self._solvable_times, self.degree, right, max(tolerance, LOOSE), MOST)
            if solution.settled or self.parts.largest > DENSE:
                return solution.values
        solved = np.empty_like(right)
        for members, blocks in self._all_blocks:
            columns = right[members].reshape(*members.shape, -1)
            if members.shape[1] > SMALL:
                parts = [cho_solve(cho_factor(block), column) for block, column in zip(blocks, columns, strict=True)]
                solved[members] = np.reshape(parts, right[members].shape)
            else:
                solved[members] = np.linalg.solve(blocks, columns).reshape(right[members].shape)
        return solved

    def _solvable(self, right: Floats) -> Floats:
        """Take out what rounding left along the flat direction of each part, which no step could answer."""
        return right if self.precision.any() else self.parts.centred(right)

    def solve(self, right: Floats, tolerance: float) -> Floats:
        """Solve for all parameters, to a share `tolerance` of the length of `right`, shape (n_items + n_shared,).

        Raises
        ------
        LinAlgError
            If the matrix is singular.
        """
        n = self.edges.n_items
        if not self.is_small:
            dtype = self.conductance.dtype if tolerance > SINGLE else np.float64
            diagonal = np.concatenate([self.degree, self.corner.diagonal()])
            solvable = np.concatenate([self._solvable(right[:n]), right[n:]]).astype(dtype)
            solution = conjugate_gradients(self.bordered_times, diagonal, solvable, tolerance, 60)
            if solution.settled and (dtype == np.float64 or solution.slowest > SLOW):
                return solution.values.astype(np.float64)
            if self.parts.largest > DENSE:
                solvable = solvable.astype(np.float64)
                return conjugate_gradients(self.bordered_times, diagonal, solvable, tolerance, MOST).values
        items = self.solve_items(right[:n], tolerance)
        if self.border.shape[1] == 0:
            return items
        shared = np.linalg.solve(self.schur, right[n:] - self.border.T @ items)
        return np.concatenate([items - self.leverage @ shared, shared])
