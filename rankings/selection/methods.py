"""The ways of choosing what to ask next."""

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from rankings.checks import Floats, Ints
from rankings.errors import RankingError
from rankings.fitting.strengths import Strengths
from rankings.selection import doubt
from rankings.selection.batch import Batch, Chooser, Limits, Request, fill, shuffled
from rankings.selection.gain import Gain
from rankings.selection.mixing import by_chance_alone, in_company, links, mixed
from rankings.selection.neighbours import Neighbours
from rankings.selection.worth import (
    Apart,
    ApartAtStake,
    AtStake,
    Belief,
    Joint,
    JointAtStake,
    crowding,
    knowledge,
    order,
)

JOINT_ORDER, JOINT_INFORMATION = 300, 1000
"""Up to so many items the gains use the full covariance, beyond it the variance of each item."""

UNIFORM_SHARE = 0.2
"""Share of a batch that chance alone chooses, unless another is asked for."""


def uniform(n_items: int, n_sets: int, *, seed: int, **limits: Unpack[Limits]) -> Batch:
    """Return sets drawn by chance: every set as likely as any other, every item about as often as the others.

    For the first round, when nothing is known, and wherever nothing but chance will do.

    Parameters
    ----------
    n_items : int
    n_sets : int
    seed : int
        The same seed gives the same batch; take another for every batch.
    **limits
        See `Limits`.

    Returns
    -------
    Batch

    Raises
    ------
    RankingError
        If a set is larger than the number of items, no set is asked for, or a limit makes no sense.
    """
    asked = Request.checked(n_items, n_sets, seed, **limits)
    sets = fill(by_chance_alone(asked), asked.room(), asked.n_sets, asked.size)
    return shuffled({"uniform": sets}, asked.size, asked.random)


def order_gain(
    strengths: Strengths,
    n_sets: int,
    *,
    seed: int,
    uniform_share: float = UNIFORM_SHARE,
    pending: ArrayLike | None = None,
    **limits: Unpack[Limits],
) -> Batch:
    """Return the sets that are expected to settle most about the order: the method to use unless you know better.

    A pair is worth the regret that its answer is expected to save, over all items that are to be put in order: the
    uncertainty that it takes from its two items, times how many others lie so near that their order with them is open.
    Items that are far out or well known are asked less. Each pair is chosen among neighbours in score, as if those
    before it were answered.

    Parameters
    ----------
    strengths : Strengths
        Of the judgements so far, best with a prior.
    n_sets : int
    seed : int
        The same seed and strengths give the same batch; take another for every batch.
    uniform_share : float
        Share of sets that chance alone chooses, between 0 and 1: those from which reliability can be told.
    pending : int array, shape (n_pending, k), optional
        Sets that other raters have before them now; they count as answered.
    **limits
        See `Limits`.

    Returns
    -------
    Batch

    Raises
    ------
    RankingError
        If a set is larger than the number of items, no set is asked for, or a share or limit makes no sense.
    """
    asked = Request.checked(len(strengths), n_sets, seed, **limits)

    def gain(items: Ints) -> Chooser:
        belief: AtStake
        if len(strengths) > JOINT_ORDER:
            crowd = asked.some_of(np.flatnonzero(in_company(strengths)))
            belief = ApartAtStake(doubt.variances(strengths), crowding(strengths, items, crowd))
        else:
            belief = JointAtStake(strengths, doubt.covariance(strengths))
        return Gain(items, strengths, belief, order(strengths.values, belief), asked.random)

    return mixed(strengths, asked, uniform_share, gain, pending)


def information_gain(
    strengths: Strengths,
    n_sets: int,
    *,
    seed: int,
    uniform_share: float = UNIFORM_SHARE,
    pending: ArrayLike | None = None,
    **limits: Unpack[Limits],
) -> Batch:
    """Return the sets whose answers are expected to tell most about the strengths, wherever they lie.

    The worth of a pair is the mutual information between its answer and all strengths (BALD), by their full covariance
    up to 1,000 items and by the variance of each beyond. Each pair is chosen among neighbours in score, as if those
    before it were answered. For the order, `order_gain` needs fewer judgements.

    Parameters, Returns and Raises are those of `order_gain`.

    References
    ----------
    Houlsby, N., Huszár, F., Ghahramani, Z. and Lengyel, M. (2011). Bayesian active learning for classification and
    preference learning. arXiv:1112.5745, eq. 2.
    """
    asked = Request.checked(len(strengths), n_sets, seed, **limits)

    def gain(items: Ints) -> Chooser:
        joint = len(strengths) <= JOINT_INFORMATION
        belief: Belief = Joint(doubt.covariance(strengths)) if joint else Apart(doubt.variances(strengths))
        return Gain(items, strengths, belief, knowledge(strengths.values, belief), asked.random)

    return mixed(strengths, asked, uniform_share, gain, pending)


def swiss(
    strengths: Strengths,
    n_sets: int,
    *,
    seed: int,
    uniform_share: float = UNIFORM_SHARE,
    noise: float = 0.3,
    **limits: Unpack[Limits],
) -> Batch:
    """Return sets of neighbours in score, blurred by noise, as in a Swiss tournament.

    Every item occurs about as often as the others.

    Parameters
    ----------
    strengths : Strengths
        Of the judgements so far.
    n_sets : int
    seed : int
        The same seed and strengths give the same batch; take another for every batch.
    uniform_share : float
        Share of sets that chance alone chooses, between 0 and 1: those from which reliability can be told.
    noise : float
        Standard deviation of the noise in logits. Without any, the same items meet again and again.
    **limits
        See `Limits`.

    Returns
    -------
    Batch

    Raises
    ------
    RankingError
        If a set is larger than the number of items, no set is asked for, or a share, limit or noise makes no sense.
    """
    asked = Request.checked(len(strengths), n_sets, seed, **limits)
    return _around(strengths, asked, uniform_share, _spread("noise", noise))


def thompson(
    strengths: Strengths,
    n_sets: int,
    *,
    seed: int,
    uniform_share: float = UNIFORM_SHARE,
    scale: float = 0.5,
    **limits: Unpack[Limits],
) -> Batch:
    """Return sets of neighbours in scores that are drawn from what the judgements leave open.

    Items of which little is known meet others from far and near, well known ones only their neighbours.

    Parameters
    ----------
    strengths : Strengths
        Of the judgements so far, best with a prior.
    n_sets : int
    seed : int
        The same seed and strengths give the same batch; take another for every batch.
    uniform_share : float
        Share of sets that chance alone chooses, between 0 and 1: those from which reliability can be told.
    scale : float
        Standard deviation of the draws in standard errors: 1 draws from the posterior, as if errors were independent.
    **limits
        See `Limits`.

    Returns
    -------
    Batch

    Raises
    ------
    RankingError
        If a set is larger than the number of items, no set is asked for, or a share, limit or scale makes no sense.

    References
    ----------
    Thompson, W. R. (1933). On the likelihood that one unknown probability exceeds another in view of the evidence of
    two samples. Biometrika 25(3/4), 285-294.
    """
    asked = Request.checked(len(strengths), n_sets, seed, **limits)
    return _around(strengths, asked, uniform_share, _spread("scale", scale) * np.sqrt(doubt.variances(strengths)))


def link(strengths: Strengths, n_sets: int | None = None, *, seed: int, **limits: Unpack[Limits]) -> Batch:
    """Return the fewest sets that join the parts which no judgement joins yet, the largest parts first.

    All other methods but `uniform` begin with these. Each part is represented by the item that is known best.

    Parameters
    ----------
    strengths : Strengths
        Of the judgements so far.
    n_sets : int, optional
        At most so many; by default as many as it takes.
    seed : int
        Draws between equals.
    **limits
        See `Limits`.

    Returns
    -------
    Batch

    Raises
    ------
    RankingError
        If a set is larger than the number of items, no set is asked for, or a limit makes no sense.
    """
    asked = Request.checked(len(strengths), len(strengths) if n_sets is None else n_sets, seed, **limits)
    return shuffled({"link": links(strengths, asked, asked.room(), asked.n_sets)}, asked.size, asked.random)


def _spread(name: str, value: float) -> float:
    if not (np.isfinite(value) and value >= 0):
        raise RankingError(f"{name} must be finite and at least 0, not {value}")
    return value


def _around(strengths: Strengths, asked: Request, uniform_share: float, spread: Floats | float) -> Batch:
    """Return sets of neighbours in score, blurred by so many logits."""

    def blurred() -> Floats:
        return strengths.values + spread * asked.random.standard_normal(len(strengths))

    def neighbours(items: Ints) -> Chooser:
        return Neighbours(items, strengths.components, blurred, asked.random)

    return mixed(strengths, asked, uniform_share, neighbours)
