"""Strengths from sets: Plackett-Luce with ties of any size, and best-worst choices."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from rankings import checks
from rankings.checks import Ints
from rankings.errors import RankingError
from rankings.fitting.problem import Covariance, solve
from rankings.fitting.strengths import Strengths
from rankings.orders import Orders
from rankings.sets.problem import SetProblem, ranks_of_choice


def plackett_luce(
    orders: Orders | Iterable[Iterable[int | Iterable[int]]],
    *,
    n_items: int | None = None,
    weight: ArrayLike | None = None,
    top: ArrayLike | None = None,
    prior_sd: float | None = None,
    rater: ArrayLike | None = None,
    covariance: Covariance | None = None,
) -> Strengths:
    """Fit the Plackett-Luce model to full, partial, top-k and tied orders.

    An order is a series of choices: the best from all, the next best from the rest, until one item is left. Following
    Davidson and Luce, what is chosen is a set S of t tied items, with worth

        nu^(t - 1) * (product of the worths in S)^(1 / t),

    from all sets of up to D of the remaining items, where D is the largest tie in the data. On sets of two this is
    `davidson`, nu included. Firth, Kosmidis and Turner give every t a parameter of its own; the powers of a single nu
    agree with them up to D = 2, keep the log-likelihood concave, and leave no size of tie without a worth between
    sizes that occurred. The sums over sets are elementary symmetric polynomials of the worths^(1 / t), so a choice
    from K items costs O(K D) numbers for the likelihood, and O(K^2 D) steps for each t above 2 for the curvature: D is
    not capped, a set of 9 that are all tied is one choice. Without any tie, nu is 0 and not estimated.

    Parameters
    ----------
    orders : Orders, or sequence of sequences
        Sequences run from best to worst, a nested group is a tie. A set may hold any two or more of the items.
    n_items : int, optional
        By default one more than the largest item judged.
    weight : float array, shape (n_orders,), optional
        How often each order counts; finite, above 0.
    top : int or int array, shape (n_orders,), optional
        How many of the best places were really ranked. The items below are known to be worse, but neither ordered nor
        tied, whatever ranks they carry. A tie that begins within the top counts in full.
    prior_sd : float, optional
        Standard deviation in logits of a normal prior on each strength, and a switch for a weak prior N(0, 5^2) on
        log(nu). With it, undefeated, winless and never-compared items are fitted, with wide intervals.
    rater : int array, shape (n_orders,), optional
        Who judged, or what else orders that may resemble each other have in common, such as the prompt.
    covariance : "fisher" or "rater", optional
        See `bradley_terry`.

    Returns
    -------
    Strengths
        With `tie` = nu.

    Raises
    ------
    RankingError, NotComparableError, NotSettledError, TooFewClustersError
        See `davidson`.

    References
    ----------
    Plackett, R. L. (1975). The analysis of permutations. J. Roy. Statist. Soc. C 24(2), 193-202.
    Firth, D., Kosmidis, I. and Turner, H. (2019). Davidson-Luce model for multi-item choice with ties.
    arXiv:1909.07123, section 3.
    Turner, H. L., van Etten, J., Firth, D. and Kosmidis, I. (2020). Modelling rankings in R: the PlackettLuce package.
    Computational Statistics 35, 1027-1057, eq. 2.
    """
    orders = orders if isinstance(orders, Orders) else Orders.from_sequences(orders)
    return solve(
        SetProblem(
            orders,
            _places(top, orders),
            "plackett_luce",
            checks.weights(weight, len(orders)),
            checks.n_items(n_items, int(orders.items.max())),
            checks.prior_sd(prior_sd),
            checks.rater(rater, len(orders)),
            checks.covariance(covariance, has_rater=rater is not None),
        )
    )


def best_worst(
    sets: Iterable[Iterable[int]],
    best: ArrayLike,
    worst: ArrayLike,
    *,
    n_items: int | None = None,
    weight: ArrayLike | None = None,
    prior_sd: float | None = None,
    rater: ArrayLike | None = None,
    covariance: Covariance | None = None,
) -> Strengths:
    """Fit best-worst scaling: of all ordered pairs of a set, P(best, worst) is proportional to worth_best / worth_worst.

    Parameters
    ----------
    sets : sequence of sequences of int, or int array of shape (n_sets, K)
        The items of each set, two or more.
    best, worst : int array, shape (n_sets,)
        The item of each set that was chosen as the best, and as the worst.
    n_items, weight, prior_sd, rater, covariance
        See `plackett_luce`.

    Returns
    -------
    Strengths

    Raises
    ------
    RankingError, NotComparableError, NotSettledError, TooFewClustersError
        See `bradley_terry`; also RankingError if a choice is not in its set, or best and worst are one item.

    References
    ----------
    Marley, A. A. J. and Louviere, J. J. (2005). Some probabilistic models of best, worst, and best-worst choices.
    J. Math. Psychol. 49(6), 464-480, section 3.3 (maxdiff).
    """
    members = [list(map(int, some)) for some in sets]
    top, bottom = checks.indices("best", best, len(members)), checks.indices("worst", worst, len(members))
    orders = Orders.from_ranks(
        members, [ranks_of_choice(*told) for told in enumerate(zip(members, top, bottom, strict=True))]
    )
    return solve(
        SetProblem(
            orders,
            None,
            "best_worst",
            checks.weights(weight, len(orders)),
            checks.n_items(n_items, int(orders.items.max())),
            checks.prior_sd(prior_sd),
            checks.rater(rater, len(orders)),
            checks.covariance(covariance, has_rater=rater is not None),
        )
    )


def _places(top: ArrayLike | None, orders: Orders) -> Ints | None:
    """Return how many places of each order were ranked."""
    if top is None:
        return None
    places = checks.integers("top", np.broadcast_to(top, len(orders)) if np.ndim(top) == 0 else top, len(orders))
    if places.min() < 1:
        raise RankingError(f"top[{places.argmin()}] is {places.min()}; at least one place is ranked")
    return places
