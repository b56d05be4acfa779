"""Strengths from paired comparisons: Bradley-Terry, and Davidson's extension to ties."""

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from rankings import checks
from rankings.checks import Floats, Ints
from rankings.choices import Choices, Moments
from rankings.errors import NotSettledError, RankingError
from rankings.fit import Links, fit
from rankings.strengths import Strengths


def bradley_terry(
    winner: ArrayLike,
    loser: ArrayLike,
    *,
    n_items: int | None = None,
    weight: ArrayLike | None = None,
    first: ArrayLike | None = None,
    prior_sd: float | None = None,
    cluster: ArrayLike | None = None,
) -> Strengths:
    """Fit the Bradley-Terry model: P(i beats j) = sigmoid(value_i - value_j).

    Parameters
    ----------
    winner, loser : int array, shape (n_judgements,)
        Items 0 to n_items - 1.
    n_items : int, optional
        By default one more than the largest item judged.
    weight : float array, shape (n_judgements,), optional
        How often each judgement counts; finite, above 0.
    first : bool array, shape (n_judgements,), optional
        True where the winner was shown first. Given it, the logit of being shown first is estimated too.
    prior_sd : float, optional
        Standard deviation in logits of a normal prior on each strength, and a switch for a weak prior N(0, 5^2) on the
        position effect. With it, undefeated, winless and never-compared items are fitted, with wide intervals.
    cluster : int array, shape (n_judgements,), optional
        What the judgements that may resemble each other have in common, such as the rater or the prompt. Given it,
        errors come from the spread between clusters (the estimates stay as they are). Few clusters understate it.

    Returns
    -------
    Strengths
        Each part that comparisons join is fitted on its own scale; the position effect is shared.

    Raises
    ------
    RankingError
        If an array has the wrong type, length or values.
    NotComparableError
        If, without a prior, an item is undefeated, winless or never compared within its part.
    NotSettledError
        If, without a prior, the position effect has no finite value or cannot be told from the strengths.
    TooFewClustersError
        If a part was judged by one cluster only.

    References
    ----------
    Bradley, R. A. and Terry, M. E. (1952). Rank analysis of incomplete block designs I. Biometrika 39, 324-345.
    Agresti, A. (2002). Categorical Data Analysis, 2nd ed., section 10.6 (the order effect).
    """
    above, below = checks.pair(("winner", "loser"), winner, loser)
    return _fit(
        above,
        below,
        np.ones(len(above), dtype=np.int64),
        tie=None,
        n_items=n_items,
        weight=weight,
        side=_sides("first", first, len(above)),
        prior_sd=prior_sd,
        cluster=cluster,
    )


def davidson(
    a: ArrayLike,
    b: ArrayLike,
    outcome: ArrayLike,
    *,
    n_items: int | None = None,
    weight: ArrayLike | None = None,
    first_a: ArrayLike | None = None,
    prior_sd: float | None = None,
    cluster: ArrayLike | None = None,
) -> Strengths:
    """Fit Davidson's model of paired comparisons with ties.

    With worths w = exp(value), the chances of "a", "b" and "tie" are as w_a to w_b to nu * sqrt(w_a * w_b). The
    log-likelihood is concave in the values and log(nu). Without any tie, nu is 0 and not estimated.

    Parameters
    ----------
    a, b : int array, shape (n_judgements,)
        Items 0 to n_items - 1.
    outcome : int array, shape (n_judgements,)
        1 if `a` was better, -1 if `b` was, 0 for a tie.
    n_items, weight, cluster : optional
        See `bradley_terry`.
    first_a : bool array, shape (n_judgements,), optional
        True where `a` was shown first. Given it, the logit of being shown first is estimated too: half of it is added
        to the log-worth of the work shown first and half taken from the other, so nu stays the same whichever side a
        work is on. (Davidson and Beaver's nu is this one times exp(position / 2).)
    prior_sd : float, optional
        Standard deviation in logits of a normal prior on each strength, and a switch for weak priors N(0, 5^2) on
        log(nu) and the position effect.

    Returns
    -------
    Strengths
        With `tie` = nu.

    Raises
    ------
    RankingError, NotComparableError, NotSettledError, TooFewClustersError
        See `bradley_terry`; a tie counts as a link both ways. NotSettledError also if, without a prior, all judgements
        are ties or the ties otherwise leave log(nu) without a finite value.

    References
    ----------
    Davidson, R. R. (1970). On extending the Bradley-Terry model to accommodate ties in paired comparison experiments.
    J. Amer. Statist. Assoc. 65, 317-328, eq. 2.2.
    Davidson, R. R. and Beaver, R. J. (1977). On extending the Bradley-Terry model to incorporate within-pair order
    effects. Biometrics 33, 693-702.
    """
    left, right = checks.pair(("a", "b"), a, b)
    result = checks.integers("outcome", outcome, len(left))
    if np.abs(result).max() > 1:
        raise RankingError("outcome must be 1 (a better), 0 (tie) or -1 (b better)")
    return _fit(
        left,
        right,
        result,
        tie=bool((result == 0).any()),
        n_items=n_items,
        weight=weight,
        side=_sides("first_a", first_a, len(left)),
        prior_sd=prior_sd,
        cluster=cluster,
    )


def _fit(
    a: Ints,
    b: Ints,
    outcome: Ints,
    *,
    tie: bool | None,
    n_items: int | None,
    weight: ArrayLike | None,
    side: Floats | None,
    prior_sd: float | None,
    cluster: ArrayLike | None,
) -> Strengths:
    sd = checks.prior_sd(prior_sd)
    if sd is None and not outcome.any():
        raise NotSettledError("every judgement is a tie, so nu has no finite value; pass prior_sd or add judgements")
    statistics = [outcome / 2, -outcome / 2]
    if tie:
        statistics.append(np.where(outcome == 0, 1.0, 0.0))
    if side is not None:
        statistics.append(side * outcome / 2)
    choices = Choices(
        items=np.column_stack([a, b]),
        judgement=np.arange(len(a)),
        observed=np.column_stack(statistics),
        weight=checks.weights(weight, len(a)),
        moments=partial(_moments, tie=bool(tie), side=side),
    )
    a_up, b_up = outcome >= 0, outcome <= 0
    return fit(
        [choices],
        Links(np.concatenate([a[a_up], b[b_up]]), np.concatenate([b[a_up], a[b_up]])),
        n_items=checks.n_items(n_items, int(max(a.max(), b.max()))),
        tie=tie,
        position=side is not None,
        prior_sd=sd,
        cluster=checks.clusters(cluster, len(a)),
    )


def _sides(name: str, first: ArrayLike | None, length: int) -> Floats | None:
    """Return 1 where the first-named item was shown first, -1 elsewhere."""
    return None if first is None else np.where(checks.flags(name, first, length), 1.0, -1.0)


def _moments(values: Floats, shared: Floats, *, tie: bool, side: Floats | None) -> Moments:
    """Return the moments of (outcome / 2, -outcome / 2, tie, side * outcome / 2), the last two if modelled.

    A win has the statistics v, a loss -v and a tie e; the variances are written so that nothing cancels.
    """
    rows = np.ones(len(values))
    v = np.column_stack([rows / 2, -rows / 2] + [0 * rows] * tie + ([] if side is None else [side / 2]))
    e = np.zeros(v.shape[1])
    log_tie = -np.inf
    if tie:
        e[2], log_tie = 1.0, shared[0]
    half = (values[:, 0] - values[:, 1]) / 2 + (0.0 if side is None else side * shared[-1] / 2)
    log_partition = np.logaddexp(np.logaddexp(half, -half), log_tie)
    win, loss, tied = (np.exp(power - log_partition) for power in (half, -half, log_tie))
    mean = (win - loss)[:, None] * v + tied[:, None] * e
    vv, ve, ee = v[:, :, None] * v[:, None, :], v[:, :, None] * e, np.outer(e, e)
    covariance = (
        (4 * win * loss + (win + loss) * tied)[:, None, None] * vv
        - ((win - loss) * tied)[:, None, None] * (ve + ve.transpose(0, 2, 1))
        + (tied * (win + loss))[:, None, None] * ee
    )
    return Moments(log_partition, mean, covariance)
