"""How unsure strengths are together: the model's own covariance, widened where raters or prompts differ by more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

import rankings
from feedback.results.sample import Floats, Ints

LARGE = 1000
"""Parts of more items have the model's own errors alone, and no joint covariance."""

FEWEST = 4
"""Raters, or prompts, from which on how they differ can be told at all."""


@dataclass(frozen=True, eq=False)
class Spread:
    """The errors of the strengths of one part, centred in it.

    `covariance` (n, n) is None where the part is too large, and `errors` (n,) stand alone. `freedom` is Student's, or
    infinite where the model's own covariance was not widened.
    """

    items: Ints
    values: Floats
    errors: Floats
    covariance: Floats | None
    freedom: float = np.inf

    @property
    def inflation(self) -> str:
        """Where the errors come from."""
        return "model" if np.isinf(self.freedom) else "clusters"


type Pulls = tuple[Floats, Ints]
"""How each cluster pulls on the centred strengths, (n_items, n_clusters), and the clusters themselves."""


def pulls_of(strengths: rankings.Strengths, cluster: Ints) -> Pulls:
    """How far each cluster's judgements move the strengths, to first order: their sum of squares is the sandwich.

    Liang, K.-Y. and Zeger, S. L. (1986). Biometrika 73(1), 13-22, eq. 8, without the factor G / (G - 1).
    """
    there = np.bincount(cluster) > 0
    clusters, number = np.flatnonzero(there), (np.cumsum(there) - 1)[cluster]
    maximum = strengths.maximum
    curvature, n = maximum.curvature, len(strengths)
    judgement, parameter, value = strengths.likelihood.scores(maximum.point)
    size = len(maximum.point)
    at = number[judgement] * size + parameter
    gradients = np.bincount(at, value, len(clusters) * size).reshape(len(clusters), size).T
    moves = curvature.solve_items(gradients[:n])
    if size > n:
        shared = np.linalg.solve(curvature.schur, gradients[n:] - curvature.border.T @ moves)
        moves = moves - curvature.leverage @ shared
    return np.asarray(curvature.parts.centred(moves), np.float64), clusters


def spreads_of(strengths: rankings.Strengths, clusters: Sequence[Ints]) -> Iterator[Spread]:
    """The spread of each part; `clusters` are raters, prompts or both: the number of each judgement's."""
    curvature = strengths.maximum.curvature
    sizes = curvature.parts.sizes
    pulls = [pulls_of(strengths, one)[0] for one in clusters] if sizes.max() <= LARGE else []
    for members, own in _own(strengths):
        for items, covariance in zip(members, own, strict=True):
            yield widened_spread(items, strengths.values[items], covariance, [pull[items] for pull in pulls])
    for part in np.flatnonzero(sizes > LARGE):
        items = np.flatnonzero(strengths.components == part)
        values, errors = (np.asarray(one[items], np.float64) for one in (strengths.values, strengths.standard_errors))
        yield Spread(items, values, errors, None)


def _own(strengths: rankings.Strengths) -> Iterator[tuple[Ints, Floats]]:
    """The inverse of the curvature of the parts that are not large, centred, parts of one size together."""
    curvature = strengths.maximum.curvature
    shared = strengths.uncertainty.shared
    pull = curvature.parts.centred(curvature.leverage)
    for members, blocks in curvature.blocks(curvature.parts.sizes <= LARGE):
        found = np.linalg.inv(blocks)
        if members.shape[1] > 1:
            found = found - found.mean(axis=1, keepdims=True)
            found = found - found.mean(axis=2, keepdims=True)
        yield members, found + np.einsum("pis,st,pjt->pij", pull[members], shared, pull[members])


def widened_spread(items: Ints, values: Floats, own: Floats, pulls: Sequence[Floats]) -> Spread:
    """The model's own covariance, widened by what those clusters say of which there are enough.

    Of raters and prompts together: the sum of both sandwiches less the model's own, which is in both (after Cameron,
    A. C., Gelbach, J. B. and Miller, D. L. (2011), J. Bus. Econ. Stat. 29(2), eq. 2.11).
    """
    sandwiches, counts = [], []
    for pull in pulls:
        count = int((np.abs(pull).max(axis=0) > 0).sum()) if pull.size else 0
        if count >= FEWEST:
            sandwiches.append(pull @ pull.T * count / (count - 1))
            counts.append(count)
    covariance, freedom = own, np.inf
    if sandwiches and len(items) > 1:
        clustered = sum(sandwiches[1:], sandwiches[0]) - (len(sandwiches) - 1) * own
        covariance, freedom = widened(own, clustered, min(counts))
    errors = np.sqrt(np.maximum(covariance.diagonal(), 0))
    return Spread(items, values, errors, covariance, freedom)


def widened(own: Floats, clustered: Floats, count: int) -> tuple[Floats, float]:
    """`own` where `clustered` is no wider on average, else wider in each direction by what `count` clusters can tell.

    Against `own` the clusters' covariance is drawn towards its mean, the more the fewer they are (after Ledoit, O. and
    Wolf, M. (2004), J. Multivar. Anal. 88(2), 365-411), and is nowhere narrower than `own`.
    """
    basis = _contrasts(len(own))
    root = np.linalg.cholesky(basis.T @ own @ basis)
    inverse = np.linalg.inv(root)
    relative = inverse @ (basis.T @ clustered @ basis) @ inverse.T
    mean = float(np.trace(relative)) / len(relative)
    if mean <= 1:
        return own, np.inf
    told = count / (count + len(own))
    freedom = (count - 1) / (told**2 + (1 - told**2) / len(relative))
    scale, turn = np.linalg.eigh(told * relative + (1 - told) * mean * np.eye(len(relative)))
    side = basis @ root @ turn * np.sqrt(np.maximum(scale, 1))
    return np.asarray(side @ side.T), freedom


def _contrasts(n: int) -> Floats:
    """An orthonormal basis of all differences of n things: (n, n - 1)."""
    centring = np.eye(n) - 1 / n
    return np.asarray(np.linalg.qr(centring[:, : n - 1])[0])
