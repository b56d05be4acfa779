"""Resampling: the cluster bootstrap of any fit, by refits in which each rater, set or prompt counts as often as drawn."""

import operator
from dataclasses import replace
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike

from rankings import checks
from rankings.checks import Flags, Floats, Ints
from rankings.errors import NotComparableError, NotSettledError, RankingError, TooFewClustersError
from rankings.fitting.problem import solve
from rankings.fitting.strengths import Strengths
from rankings.pairs.problem import PairProblem
from rankings.panel.raters import RaterProblem
from rankings.resampling.rounds import Bootstrap
from rankings.sets.problem import SetProblem

type Judgements = PairProblem | SetProblem


def bootstrap(
    strengths: Strengths, *, over: Literal["rater"] | ArrayLike | None = None, rounds: int = 500, seed: int
) -> Bootstrap:
    """Fit again and again to judgements drawn with replacement, whole clusters at a time.

    It asks of the judgements only that clusters are alike and independent, and so allows for whatever those of one
    rater (or set, or prompt) have in common, and for a model that is not quite true.

    Without a prior, an item that is undefeated, winless or not connected with the others among the judgements drawn has
    no finite strength in that round. The others' are those of a fit without it, for its judgements say nothing of them.

    Parameters
    ----------
    strengths : Strengths
        Of any model.
    over : "rater" or int array, shape (n_judgements,), optional
        What is drawn: the raters that the fit was given, or the judgements that share a number, such as that of their
        set or prompt. By default single judgements (of orders: single orders).
    rounds : int
        How many refits, at least 2. With 500 a standard error is known to 3 %.
    seed : int
        The same seed gives the same rounds.

    Returns
    -------
    Bootstrap

    Raises
    ------
    RankingError
        If the fit knows no raters, or `over` or `rounds` cannot be used.
    TooFewClustersError
        If a part was judged by one cluster only.

    References
    ----------
    Efron, B. and Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman and Hall, chapters 6 and 8.
    Field, C. A. and Welsh, A. H. (2007). Bootstrapping clustered data. J. Roy. Statist. Soc. B 69(3), 369-390.
    """
    if operator.index(rounds) < 2:
        raise RankingError(f"rounds is {rounds}; at least two are needed for them to differ")
    problem = cast("Judgements", strengths.judgements)
    random = np.random.default_rng(operator.index(seed))
    cluster = _clusters(problem, over)
    clusters = _clusters_of_parts(strengths, problem, cluster)
    total, values = int(cluster.max()) + 1, np.empty((rounds, len(strengths)))
    for row in values:
        drawn = np.bincount(random.integers(total, size=total), minlength=total)
        row[:] = _refitted(strengths, _reweighted(problem, drawn[cluster].astype(np.float64)))
    return Bootstrap(strengths, values, clusters)


def _clusters(problem: Judgements, over: Literal["rater"] | ArrayLike | None) -> Ints:
    """Return the cluster of each judgement as 0, 1, 2, …"""
    n_judgements = len(problem.touching(np.zeros(0, dtype=np.int64)))
    if over is None:
        return np.arange(n_judgements)
    if isinstance(over, str):
        if over != "rater" or problem.rater is None:
            raise RankingError(f'over is {over!r}; it is "rater", if the fit was given raters, or an array of numbers')
        over = problem.rater
    clusters = checks.integers("over", over, n_judgements)
    return np.unique(clusters, return_inverse=True)[1].astype(np.int64, copy=False)


def _clusters_of_parts(strengths: Strengths, problem: Judgements, cluster: Ints) -> Ints:
    """Return how many clusters judged each part."""
    parts = [np.flatnonzero(strengths.components == part) for part in range(strengths.n_components)]
    counts = np.array([len(np.unique(cluster[problem.touching(members)])) for members in parts])
    if (counts == 1).any():
        raise TooFewClustersError(
            np.flatnonzero((counts == 1)[strengths.components]),
            "judged by one cluster only, so how clusters differ is unknown",
            "let another cluster judge them, leave them out, or draw something smaller",
        )
    return counts


def _reweighted(problem: Judgements, times: Floats) -> Judgements:
    """Return the problem with each judgement counted so many times, for the values alone."""
    kept, times = problem.kept(times > 0), times[times > 0]
    if isinstance(kept, PairProblem):
        weight = times if kept.answers.weight is None else times * kept.answers.weight
        return replace(kept, answers=replace(kept.answers, weight=weight), covariance="fisher")
    return replace(kept, weight=times if kept.weight is None else times * kept.weight, covariance="fisher")


def _refitted(strengths: Strengths, problem: Judgements) -> Floats:
    """Return the values of a fit to other counts, shape (n_items,), NaN where they are not finite."""
    lost = np.zeros(0, dtype=np.int64)
    while True:
        try:
            again = problem.fitted(absent=lost) if isinstance(problem, RaterProblem) else solve(problem, absent=lost)
            return _aligned(strengths, again, lost)
        except NotSettledError:
            break
        except NotComparableError as refusal:
            lost = np.union1d(lost, np.array(refusal.items))
        left = ~problem.touching(lost)
        if not left.any():
            break
        problem = problem.kept(left)
    return np.full(len(strengths), np.nan)


def _aligned(strengths: Strengths, again: Strengths, lost: Ints) -> Floats:
    """Return the new values where they are on the old scale, moved so that they differ by 0 on average there."""
    held = np.ones(len(strengths), dtype=bool)
    held[lost] = False
    if strengths.prior_sd is None and again.n_components > strengths.n_components:
        held &= _in_largest_piece(strengths.components, again.components, held)
    part, moved = strengths.components[held], (again.values - strengths.values)[held]
    sums, numbers = np.bincount(part, moved), np.bincount(part)
    values = np.full(len(strengths), np.nan)
    values[held] = again.values[held] - (sums / np.maximum(numbers, 1))[part]
    return values


def _in_largest_piece(parts: Ints, pieces: Ints, held: Flags) -> Flags:
    """Return which items are in the piece that most of their part is in."""
    sizes = np.bincount(pieces, held)
    largest = np.zeros(int(pieces.max()) + 1, dtype=bool)
    for part in range(int(parts.max()) + 1):
        mine = np.unique(pieces[parts == part])
        largest[mine[np.argmax(sizes[mine])]] = True
    return largest[pieces]
