"""Elimination: curvature and covariance where each rater has two parameters, which follow the others."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.linalg import LinAlgError, cho_solve, cholesky
from scipy.sparse import csr_array

from rankings.checks import Floats
from rankings.errors import PoorlyConnectedError
from rankings.fitting.curvature import DENSE, SMALL, Curvature
from rankings.fitting.edges import counted
from rankings.fitting.krylov import conjugate_gradients
from rankings.fitting.newton import Maximum
from rankings.fitting.uncertainty import Fisher

type ByRater = Floats | csr_array[np.float64, tuple[int, int]]

TOLERANCE = 1e-3
"""Steps are solved for to this share of the gradient."""


class Two(NamedTuple):
    """A symmetric 2 × 2 matrix for each rater.

    Attributes
    ----------
    first, both, last : float arrays, shape (n_raters,)
        The diagonal is `first` and `last`.
    """

    first: Floats
    both: Floats
    last: Floats

    @property
    def determinant(self) -> Floats:
        """Of each, shape (n_raters,)."""
        return self.first * self.last - self.both * self.both

    def inverse(self) -> "Two":
        """Invert each."""
        scale = 1 / self.determinant
        return Two(self.last * scale, -self.both * scale, self.first * scale)

    def times(self, values: Floats) -> Floats:
        """Multiply each by two of the values: all raters' first, then all raters' last, shape (2 n_raters, …)."""
        first, both, last = self if values.ndim == 1 else (entry[:, None] for entry in self)
        above, below = np.split(values, 2)
        return np.concatenate([first * above + both * below, both * above + last * below])


@dataclass(frozen=True, eq=False)
class Eliminated(Curvature):
    """The curvature of the strengths and the shared parameters where the raters' parameters follow: a Schur complement.

    Attributes
    ----------
    follow : float array or sparse, shape (2 n_raters, n_items)
        Minus the second derivatives between the raters' parameters and the items.
    follow_shared : float array, shape (2 n_raters, n_shared)
        Those between the raters' and the shared parameters.
    raters : Two
        The inverse of the raters' own curvature.
    known : Two
        That curvature itself, but with the prior's precision as one over its variance: a t distribution is sharper at its
        peak than it is narrow.
    """

    follow: ByRater
    follow_shared: Floats
    raters: Two
    known: Two

    @property
    def is_small(self) -> bool:
        """Whether dense algebra is the fastest way. All parts count together, for they share their raters."""
        return self.edges.n_items <= SMALL

    def times(self, values: Floats) -> Floats:
        """Multiply the block of the items by `values`, shape (n_items,) or (n_items, k)."""
        return super().times(values) - self.follow.T @ self.raters.times(self.follow @ values)

    @cached_property
    def moves(self) -> Floats:
        """How far the raters' parameters follow the items, with the sign turned, shape (2 n_raters, n_items)."""
        return self.raters.times(self.follow if isinstance(self.follow, np.ndarray) else self.follow.toarray())

    @cached_property
    def dense(self) -> Floats:
        """The block of the items; without a prior, a part that moves as one has its mean curvature."""
        n, labels = self.edges.n_items, self.parts.labels
        half = counted(self.edges.keys, n * n, self.conductance).reshape(n, n)
        found: Floats = np.diag(self.degree) - half - half.T - self.follow.T @ self.moves
        if not self.precision.any():
            mean = np.bincount(labels, found.diagonal()) / self.parts.sizes**2
            found += np.where(labels[:, None] == labels, mean[labels], 0)
        return found

    @cached_property
    def _lower(self) -> Floats:
        lower: Floats = cholesky(self.dense, lower=True)
        return lower

    def solve_items(self, right: Floats, tolerance: float = 1e-10) -> Floats:
        """Solve for the items as if the shared parameters were known; `right` has shape (n_items,) or (n_items, k).

        Raises
        ------
        LinAlgError
            If the matrix is not positive.
        """
        n = self.edges.n_items
        if not self.is_small:
            solution = conjugate_gradients(self.times, self.degree, right, tolerance, 200 if n <= DENSE else 20 * n)
            if solution.settled or n > DENSE:
                return solution.values
        return np.asarray(cho_solve((self._lower, True), right))


class Curve(NamedTuple):
    """Gradient and curvature at one point.

    Attributes
    ----------
    gradient : float array, shape (n_items + n_shared + 2 n_raters,)
    curvature : Eliminated
    """

    gradient: Floats
    curvature: Eliminated

    def step(self) -> Floats:
        """Return Newton's step.

        Raises
        ------
        LinAlgError
            If the curvature is not positive.
        """
        curvature, n = self.curvature, self.curvature.edges.n_items
        raters, follow, shared = curvature.raters, curvature.follow, curvature.follow_shared
        common, own = np.split(self.gradient, [-len(shared)])
        ahead = raters.times(own)
        if curvature.is_small:
            cholesky(curvature.schur)
        step = curvature.solve(common - np.concatenate([follow.T @ ahead, shared.T @ ahead]), TOLERANCE)
        step = np.concatenate([step, raters.times(own - follow @ step[:n] - shared @ step[n:])])
        if self.gradient @ step < 0:
            raise LinAlgError("the step leads downwards")
        return step


@dataclass(frozen=True, eq=False)
class RaterMaximum(Maximum):
    """The settled fit; after the shared parameters its point holds the raters' reliabilities, then their sides.

    Attributes
    ----------
    curvature : Eliminated
    """

    curvature: Eliminated


@dataclass(frozen=True, eq=False)
class RaterUncertainty(Fisher):
    """The inverse of the curvature of all parameters, the raters' included.

    Attributes
    ----------
    maximum : RaterMaximum
    """

    maximum: RaterMaximum

    @cached_property
    def _inverse(self) -> Floats:
        """The inverse for the items, as if the shared parameters were known."""
        n = self.maximum.curvature.edges.n_items
        if n > DENSE:
            raise PoorlyConnectedError(
                range(n),
                "too many for the errors of all where raters differ, who join every item with every other",
                "ask for difference(i, j), which stays exact",
            )
        inverse: Floats = np.linalg.inv(self.maximum.curvature.dense)
        return inverse

    @cached_property
    def variances(self) -> Floats:
        """Variance of each centred value, shape (n_items,), in squared logits.

        Raises
        ------
        PoorlyConnectedError
            If there are more than 3,000 items.
        """
        curvature, parts = self.maximum.curvature, self.maximum.curvature.parts
        centred = parts.centred(parts.centred(self._inverse).T).diagonal()
        alone = self._inverse.diagonal() if curvature.precision.any() else np.inf
        found = np.where((parts.sizes == 1)[parts.labels], alone, centred)
        variances: Floats = found + np.einsum("is,st,it->i", self._pull, self.shared, self._pull)
        return variances

    @cached_property
    def of_raters(self) -> Floats:
        """Standard errors of the raters' reliabilities, then of their sides, shape (2 n_raters,)."""
        curvature = self.maximum.curvature
        alone = curvature.known.inverse()
        with_items = np.einsum("ri,ri->r", curvature.moves @ self._inverse, curvature.moves)
        pull = curvature.raters.times(curvature.follow_shared) - curvature.moves @ curvature.leverage
        errors: Floats = np.sqrt(
            np.concatenate([alone.first, alone.last]) + with_items + np.einsum("rs,st,rt->r", pull, self.shared, pull)
        )
        return errors
