"""All criteria together: the mean of their strengths, each criterion counted alike."""

from collections.abc import Callable, Sequence

import numpy as np

import rankings
from feedback.results.boards.bands import Bands
from feedback.results.boards.board import Board
from feedback.results.boards.said import Said
from feedback.results.boards.spread import LARGE, Spread, pulls_of, widened_spread
from feedback.results.sample import Floats, Ints

BLOCKS = 1000
"""Submissions are taken together in so many blocks: how much their answers on several criteria have in common."""

type Told = tuple[Said, rankings.Strengths, Board]


def overall_of(told: Sequence[Told]) -> Board | None:
    """The items that every criterion ranks; those are comparable that hang together in all of them.

    Errors are those of the mean: by what whole submissions say on all criteria together, no narrower than if criteria
    were judged independently, and widened where raters or prompts differ by more.
    """
    keys = _in_all([said.keys for said, *_ in told])
    if not 1 < len(keys) <= LARGE:
        return None
    at = [np.searchsorted(said.keys, keys) for said, *_ in told]
    parts = np.column_stack([strengths.components[items] for (_, strengths, _), items in zip(told, at, strict=True)])
    part = np.unique(parts, axis=0, return_inverse=True)[1].reshape(-1)
    pulls = [
        _mean_pulls(told, at, cluster)
        for cluster in (lambda said: said.row % BLOCKS, lambda said: said.rater, lambda said: said.prompt)
    ]
    bands = [_bands(told, at, pulls, np.flatnonzero(part == one)) for one in range(int(part.max()) + 1)]
    nets = [board.net[items] for (*_, board), items in zip(told, at, strict=True) if board.net is not None]
    return Board(
        keys=keys,
        judgements=sum(
            (said.judgements_of[items] for (said, *_), items in zip(told, at, strict=True)),
            np.zeros(len(keys), np.int64),
        ),
        part=part,
        bands=tuple(bands),
        tie=float(np.mean([strengths.tie or 0.0 for _, strengths, _ in told])),
        net=np.mean(nets, axis=0) if len(nets) == len(told) else None,
    )


def _in_all(keys: Sequence[Ints]) -> Ints:
    found = keys[0]
    for some in keys[1:]:
        found = np.intersect1d(found, some)
    return found


def _mean_pulls(told: Sequence[Told], at: Sequence[Ints], cluster: Callable[[Said], Ints]) -> Floats:
    """How each cluster moves the mean over criteria: (n, n_clusters)."""
    numbers = np.unique(np.concatenate([cluster(said) for said, *_ in told]))
    total = np.zeros((len(at[0]), len(numbers)))
    for (said, strengths, _), items in zip(told, at, strict=True):
        pulls, clusters = pulls_of(strengths, cluster(said))
        total[:, np.searchsorted(numbers, clusters)] += pulls[items]
    return total / len(told)


def _bands(told: Sequence[Told], at: Sequence[Ints], pulls: Sequence[Floats], members: Ints) -> Bands:
    """One part of the joint board, centred anew."""
    centring = np.eye(len(members)) - 1 / len(members)
    values, own = np.zeros(len(members)), np.zeros((len(members), len(members)))
    for (_, strengths, _), items in zip(told, at, strict=True):
        values += strengths.values[items[members]] / len(told)
        own += strengths.covariance_of(items[members]) / len(told) ** 2
    by_submission, *by_cluster = [centring @ pull[members] for pull in pulls]
    own = centring @ own @ centring if len(members) > 1 else own
    joint = widened_spread(members, centring @ values, own, [by_submission])
    spread = widened_spread(members, joint.values, _covariance(joint), by_cluster)
    return Bands(spread)


def _covariance(spread: Spread) -> Floats:
    return spread.covariance if spread.covariance is not None else np.diag(spread.errors**2)
