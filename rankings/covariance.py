"""How uncertain the settled parameters are: by the curvature alone, or by how much clusters of judgements differ."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.linalg import cho_solve
from scipy.sparse import csc_array

from rankings.checks import Floats, Ints
from rankings.choices import Choices, Layout, scores
from rankings.errors import RankingError, TooFewClustersError
from rankings.newton import Maximum


class Covariance(NamedTuple):
    """Covariance of the values centred in each part, of the shared parameters, and the clusters behind each part.

    Attributes
    ----------
    blocks : tuple of float arrays, shapes (k, k)
        One for each part, in squared logits; items in ascending order.
    shared : float array, shape (n_shared, n_shared)
    clusters : int array, shape (n_parts,), or None
        Clusters that judged each part; None where the covariance is not clustered.
    """

    blocks: tuple[Floats, ...]
    shared: Floats
    clusters: Ints | None


def fisher(maximum: Maximum) -> Covariance:
    """Invert the curvature and centre it in each part.

    Without a prior the centred inverse is the pseudo-inverse of the information; with one it is the Laplace posterior
    covariance of the centred values. A single item has nothing to be centred by and keeps its prior's variance.
    """
    arrow = maximum.arrow
    shared = np.linalg.inv(arrow.schur)
    blocks = []
    for where, factor in zip(arrow.slices, arrow.factors, strict=True):
        leverage = arrow.leverage[where]
        block = cho_solve(factor, np.eye(len(leverage))) + leverage @ shared @ leverage.T
        blocks.append(_centred(block) if len(block) > 1 else block)
    return Covariance(tuple(blocks), shared, None)


def sandwich(maximum: Maximum, choices: Sequence[Choices], layout: Layout, cluster: Ints) -> Covariance:
    """Let the spread of the clusters' gradients speak instead of the model: H^-1 (sum_c g_c g_c^T) H^-1 G / (G - 1).

    G is the number of clusters that judged the part at hand (for shared parameters: all). A single item that nobody
    judged keeps its prior's variance.

    Parameters
    ----------
    maximum : Maximum
        The settled fit.
    choices : sequence of Choices
        Their items are places in the layout.
    layout : Layout
        Where the items stand.
    cluster : int array, shape (n_judgements,)
        Cluster 0, 1, 2, … of each judgement.

    Raises
    ------
    RankingError
        If there are fewer than two clusters.
    TooFewClustersError
        If a part was judged by one cluster only.

    References
    ----------
    Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models. Biometrika 73(1),
    13-22, eq. 8.
    """
    total = int(cluster.max()) + 1
    if total < 2:
        raise RankingError("cluster holds one cluster only; cluster by what there are several of, or pass no cluster")
    arrow, n_items = maximum.arrow, len(layout.labels)
    judgement, parameter, value = scores(choices, maximum.values, maximum.shared)
    shape = (total, n_items + len(maximum.shared))
    gradients = csc_array((value, (cluster[judgement], parameter)), shape=shape)
    through_items = np.asarray(gradients[:, :n_items] @ arrow.leverage)
    shared = np.linalg.solve(arrow.schur, (gradients[:, n_items:].toarray() - through_items).T).T
    blocks, counts = [], []
    for where, factor in zip(arrow.slices, arrow.factors, strict=True):
        mine = gradients[:, where]
        who = np.unique(mine.indices).astype(np.int64)
        if len(who) == 1:
            problem = "judged by one cluster only, so how clusters differ is unknown"
            remedy = "let another cluster judge them, leave them out, or pass no cluster"
            raise TooFewClustersError(layout.order[where], problem, remedy)
        counts.append(len(who))
        if len(who) == 0:
            blocks.append(cho_solve(factor, np.eye(1)))
        else:
            blocks.append(_spread(cho_solve(factor, mine[who].toarray().T), who, arrow.leverage[where], shared))
    return Covariance(tuple(blocks), shared.T @ shared * total / (total - 1), np.array(counts))


def _spread(own: Floats, who: Ints, leverage: Floats, shared: Floats) -> Floats:
    """Return the clustered covariance of one part: its clusters' own pull, and all clusters' pull through `shared`.

    A sum of squares by construction, so that no rounding makes a variance negative.
    """
    inside = own - leverage @ shared[who].T
    outside = leverage @ np.delete(shared, who, axis=0).T
    pulls = np.column_stack([inside, outside])
    pulls -= pulls.mean(axis=0)
    return pulls @ pulls.T * len(who) / (len(who) - 1)


def _centred(block: Floats) -> Floats:
    """Return the covariance of the values less their mean."""
    left = block - block.mean(axis=0)
    return left - left.mean(axis=1, keepdims=True)
