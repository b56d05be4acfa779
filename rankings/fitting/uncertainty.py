"""Uncertainty: the covariance of the fitted strengths, from the curvature or from how much clusters differ."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import cholesky
from scipy.linalg.lapack import dtrtri
from scipy.sparse import csc_array

from rankings.checks import Floats, Ints
from rankings.errors import PoorlyConnectedError, RankingError, TooFewClustersError
from rankings.fitting.curvature import DENSE, SMALL, Curvature, Parts
from rankings.fitting.krylov import conjugate_gradients
from rankings.fitting.newton import Maximum, Model

TOLERANCE = 0.02
"""The largest relative error that a fast variance may have; a standard error has half of it."""

NO_SHARE = 2e-3
"""Of the judgements of a part: an item with less enters the correction for centring to first order only."""

FEWEST = 1.5
"""Effective clusters below which an item's clustered error says nothing."""

MOST_PULLS = 200_000_000
"""Items times clusters, of a clustered covariance: 1.6 GB."""


@dataclass(frozen=True, eq=False)
class Fisher:
    """The inverse of the curvature, centred in each part.

    Without a prior the centred inverse is the pseudo-inverse of the information; with one it is the Laplace posterior
    covariance of the centred values. An item that is a part of its own has nothing to be centred by and keeps its
    prior's variance.

    Attributes
    ----------
    maximum : Maximum
    """

    maximum: Maximum
    n_clusters = None

    @property
    def freedom(self) -> Floats:
        """Degrees of freedom behind each item's error: the normal distribution's."""
        return np.full(self._curvature.edges.n_items, np.inf)

    @property
    def _curvature(self) -> Curvature:
        return self.maximum.curvature

    @cached_property
    def shared(self) -> Floats:
        """Covariance of the shared parameters, shape (n_shared, n_shared)."""
        return np.linalg.inv(self._curvature.schur)

    @cached_property
    def _pull(self) -> Floats:
        """How the centred strengths follow the shared parameters, shape (n_items, n_shared)."""
        return self._curvature.parts.centred(self._curvature.leverage)

    @cached_property
    def variances(self) -> Floats:
        """Variance of each centred value, shape (n_items,), in squared logits.

        Raises
        ------
        PoorlyConnectedError
            If a part of more than 3,000 items hangs together so loosely that the fast way is not exact to 1 %.
        """
        parts, n = self._curvature.parts, self._curvature.edges.n_items
        found: Floats = np.empty(n)
        if parts.largest > SMALL:
            found, doubt = neumann_variances(self._curvature)
            exact = (parts.sizes <= SMALL) | (doubt > TOLERANCE)
            if (exact & (parts.sizes > DENSE)).any():
                raise PoorlyConnectedError(
                    np.flatnonzero((exact & (parts.sizes > DENSE))[parts.labels]),
                    "held together too loosely for standard errors of every one of so many",
                    "ask for difference(i, j), which stays exact, or for judgements that join them better",
                )
        else:
            exact = np.ones(len(parts.sizes), dtype=bool)
        for members, blocks in self._curvature.blocks(exact):
            found[members] = centred_diagonals(blocks)
        if not self._curvature.precision.any():
            found[(parts.sizes == 1)[parts.labels]] = np.inf
        if self.shared.size:
            found = found + np.einsum("is,st,it->i", self._pull, self.shared, self._pull)
        return found

    def columns(self, items: Ints) -> Floats:
        """Return the covariances of all centred values with those of `items` of one part, shape (n_items, k)."""
        parts = self._curvature.parts
        units: Floats = np.zeros((len(parts.labels), len(items)))
        units[items, np.arange(len(items))] = 1
        if parts.sizes[parts.labels[items[0]]] > 1:
            units = parts.centred(units)
        solved = self._curvature.solve_items(units)
        solved = parts.centred(solved) if parts.sizes[parts.labels[items[0]]] > 1 else solved
        return solved + self._pull @ self.shared @ self._pull[items].T


def centred_diagonals(blocks: Floats) -> Floats:
    """Return the diagonal of the inverse of each block, centred on both sides; blocks have shape (n_parts, size, size).

    With L L^T the block, the columns of L^-1 have these squared lengths: a third of the work of the inverse.
    """
    size = blocks.shape[-1]
    if size > SMALL:
        roots = np.array([dtrtri(cholesky(block, lower=True), lower=1)[0] for block in blocks])
    else:
        roots = np.linalg.inv(np.linalg.cholesky(blocks))
    found: Floats = np.einsum("pij,pij->pj", roots, roots)
    if size > 1:
        means = np.einsum("pij,pi->pj", roots, roots.sum(axis=2)) / size
        found = found - 2 * means + means.mean(axis=1, keepdims=True)
    return found


def neumann_variances(curvature: Curvature) -> tuple[Floats, float]:
    """Return the variance of each centred value for about one pass over the edges, and a bound of their relative error.

    With D the diagonal of H, A = I - D^(-1/2) H D^(-1/2) is the walk along the judgements. Its top vector u, along which
    a part moves as one, is taken out of H by G = (H + D^(1/2) u u^T D^(1/2))^-1 and put back exactly through x = G 1.
    Of the series G = D^(-1/2) (I + B + B^2 + …) D^(-1/2), B = A - u u^T, the first three terms are kept. The diagonal
    of what is left out, B (B / (I - B)) B, is at most that of B^2 times the largest |mu / (1 - mu)| over B's spectrum,
    which the slowest mode of the walk bounds.
    """
    parts, degree, n = curvature.parts, curvature.degree, curvature.edges.n_items
    size, prior = parts.sizes[parts.labels], curvature.precision[:n]
    total = curvature.total_degree
    x, slowest = _grounded_ones(curvature)
    first = degree / total
    square = curvature.walked_back() - first * (1 - 2 * prior / degree)
    variances = (1 - first + square) / degree - 2 * x / size + parts.mean(x) / size
    variances += prior * parts.centred(x) ** 2 / (parts.mean(degree * x) * size)
    beyond = max((1 - slowest) / slowest, 0.5) if slowest > 0 else np.inf
    return variances, float(np.max(np.abs(square), where=size > SMALL, initial=0.0) * beyond)


def _grounded_ones(curvature: Curvature) -> tuple[Floats, float]:
    """Return x of (H + d d^T / total) x = 1 in each part, and the slowest mode of the walk.

    x enters the variances divided by the number of items, so that a step is enough unless some item has a large share
    of the judgements. The mode is looked for from a random direction, of which every mode has its share: conjugate
    gradients cannot settle to well below that share before they have met it.
    """
    degree, total, n = curvature.degree, curvature.total_degree, len(curvature.degree)
    dtype = curvature.conductance.dtype
    guess = (curvature.parts.sizes[curvature.parts.labels] / total).astype(dtype)
    lack = 1 - curvature.grounded_times(guess)
    share = float((degree / total).max())
    if share < NO_SHARE:
        x = guess + lack / degree
    else:
        x = guess + conjugate_gradients(curvature.grounded_times, degree, lack, 1e-3 / share, 50).values
    large = curvature.parts.sizes[curvature.parts.labels] > SMALL  # the others are done exactly
    direction = (np.where(large, np.random.default_rng(0).standard_normal(n), 0) * np.sqrt(degree)).astype(dtype)
    solution = conjugate_gradients(curvature.grounded_times, degree, direction, 0.003 / np.sqrt(n), 50)
    return x.astype(np.float64), solution.slowest if solution.settled else 0.0


@dataclass(frozen=True, eq=False)
class Clustered:
    """The sandwich: how much the raters' (or prompts', or sets') pulls on the strengths differ, whatever the model says.

    H^-1 (sum_c g_c g_c^T) H^-1 G / (G - 1), with g_c the gradient of all judgements of cluster c and G the clusters that
    judged the part at hand (for shared parameters: all). A sum of squares by construction.

    Attributes
    ----------
    pulls : float array, shape (n_items, n_clusters)
        Centred in each part, scaled so that the covariance is ``pulls @ pulls.T``.
    shared : float array, shape (n_shared, n_shared)
        Covariance of the shared parameters.
    freedom : float array, shape (n_items,)
        Degrees of freedom behind each item's error: its effective clusters, as Kish counts them, less one.
    alone : float array, shape (n_items,)
        Variance of the prior for items that nobody judged; infinite for items that hardly more than one cluster judged,
        since at the fit that cluster's pull is nearly nothing, whatever its taste; else 0.

    References
    ----------
    Kish, L. (1965). Survey Sampling, section 11.7 (the effective number of unequal clusters).
    Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models. Biometrika 73(1),
    13-22, eq. 8.
    """

    pulls: Floats
    shared: Floats
    freedom: Floats
    alone: Floats

    @classmethod
    def of(cls, maximum: Maximum, model: Model, cluster: Ints) -> "Clustered":
        """Sum the gradients of each cluster and let the curvature turn them into moves.

        Raises
        ------
        RankingError
            If there are fewer than two clusters, or items times clusters fill the memory.
        TooFewClustersError
            If a part was judged by one cluster only.
        """
        curvature, parts, total = maximum.curvature, maximum.curvature.parts, int(cluster.max()) + 1
        n = curvature.edges.n_items
        if total < 2:
            raise RankingError("rater holds one cluster only; cluster by what there are several of, or pass none")
        if n * total > MOST_PULLS:
            raise RankingError(f"{total} clusters of {n} items do not fit into memory; cluster more coarsely")
        judgement, parameter, value = model.scores(maximum.point)
        shape = (total, n + curvature.border.shape[1])
        gradients = csc_array((value, (cluster[judgement], parameter)), shape=shape)
        counts = _clusters_of_parts(gradients, parts, n)
        if (counts == 1).any():
            problem = "judged by one cluster only, so how clusters differ is unknown"
            remedy = "let another cluster judge them, leave them out, or pass no rater"
            raise TooFewClustersError(np.flatnonzero((counts == 1)[parts.labels]), problem, remedy)
        moves = curvature.solve_items(gradients[:, :n].toarray().T)
        shared = np.linalg.solve(curvature.schur, gradients[:, n:].toarray().T - curvature.border.T @ moves)
        moves = parts.centred(moves - curvature.leverage @ shared)
        scale = np.where(counts > 0, counts / np.maximum(counts - 1, 1), 0)[parts.labels]
        unseen = (counts == 0)[parts.labels]
        alone = np.where(unseen, np.inf, 0.0)
        if curvature.precision.any():
            alone[unseen] = 1 / curvature.precision[:n][unseen]
        touched = csc_array((np.ones(len(value)), (cluster[judgement], parameter)), shape=shape)[:, :n]
        effective = touched.sum(axis=0) ** 2 / np.maximum(touched.multiply(touched).sum(axis=0), 1)
        alone[(effective < FEWEST) & ~unseen] = np.inf
        freedom = np.where(alone > 0, np.inf, effective - 1)
        return cls(moves * np.sqrt(scale)[:, None], shared @ shared.T * total / (total - 1), freedom, alone)

    @property
    def n_clusters(self) -> int:
        """How many clusters there are."""
        return len(self.pulls.T)

    @cached_property
    def variances(self) -> Floats:
        """Variance of each centred value, shape (n_items,), in squared logits."""
        variances: Floats = np.einsum("ic,ic->i", self.pulls, self.pulls) + self.alone
        return variances

    def columns(self, items: Ints) -> Floats:
        """Return the covariances of all centred values with those of `items`, shape (n_items, k)."""
        found = self.pulls @ self.pulls[items].T
        found[items, np.arange(len(items))] += self.alone[items]
        return found


def _clusters_of_parts(gradients: "csc_array[np.floating]", parts: Parts, n_items: int) -> Ints:
    """Return how many clusters judged each part."""
    item = np.repeat(np.arange(gradients.shape[1]), np.diff(gradients.indptr))
    inside = item < n_items
    pairs = np.unique(parts.labels[item[inside]] * gradients.shape[0] + gradients.indices[inside])
    return np.bincount(pairs // gradients.shape[0], minlength=len(parts.sizes))
