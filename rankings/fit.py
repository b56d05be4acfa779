"""The way from choices to strengths that all models share."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rankings.checks import Ints
from rankings.choices import Choices, Layout
from rankings.connection import parts, require_finite_strengths
from rankings.covariance import fisher, sandwich
from rankings.newton import Objective, maximise
from rankings.strengths import Strengths


class Links(NamedTuple):
    """Who was placed above whom, one link for each; a tie is a link each way."""

    above: Ints
    below: Ints


def fit(
    choices: Sequence[Choices],
    links: Links,
    *,
    n_items: int,
    tie: bool | None,
    position: bool,
    prior_sd: float | None,
    cluster: Ints | None,
) -> Strengths:
    """Fit the strengths of `n_items` and the shared parameters.

    Parameters
    ----------
    choices : sequence of Choices
        Their shared parameters are log(nu), if `tie`, then the position effect, if `position`.
    links : Links
        What the judgements say about the order of the items.
    n_items : int
        Number of items.
    tie : bool or None
        True if nu is estimated, False if it is 0 for want of ties, None if the model knows none.
    position : bool
        True if the effect of being shown first is estimated.
    prior_sd : float or None
        In logits.
    cluster : int array, shape (n_judgements,), or None
        Cluster 0, 1, 2, … of each judgement.

    Raises
    ------
    NotComparableError
        If, without a prior, the judgements leave a strength without a finite value.
    NotSettledError
        If the likelihood has no finite maximum for another reason.
    """
    labels = parts(n_items, *links)
    if prior_sd is None:
        require_finite_strengths(labels, *links)
    layout = Layout.of(labels)
    placed = [replace(some, items=layout.place[some.items]) for some in choices]
    maximum = maximise(Objective.of(placed, layout, bool(tie) + position, prior_sd))
    uncertainty = fisher(maximum) if cluster is None else sandwich(maximum, placed, layout, cluster)
    values = maximum.values[layout.place]
    shared, errors = maximum.shared, np.sqrt(uncertainty.shared.diagonal())
    return Strengths(
        values=values - (np.bincount(labels, values) / np.bincount(labels))[labels],
        components=labels,
        log_likelihood=maximum.log_likelihood,
        iterations=maximum.iterations,
        settled=True,
        covariance="fisher" if cluster is None else "cluster",
        prior_sd=prior_sd,
        n_clusters=None if cluster is None else int(cluster.max()) + 1,
        tie=float(np.exp(shared[0])) if tie else None if tie is None else 0.0,
        tie_error=float(errors[0]) if tie else None,
        position=float(shared[-1]) if position else None,
        position_error=float(errors[-1]) if position else None,
        blocks=uncertainty.blocks,
        part_clusters=uncertainty.clusters,
    )
