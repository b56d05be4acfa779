"""Strengths from orders of sets: Plackett-Luce with ties of any size."""

from collections.abc import Iterable
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from rankings import checks
from rankings.checks import Floats, Ints
from rankings.choices import Choices, Moments
from rankings.errors import NotSettledError, RankingError
from rankings.fit import Links, fit
from rankings.orders import Orders
from rankings.strengths import Strengths

CHUNK = 1 << 18
"""Choices are taken together until their covariances hold about this many numbers."""


def plackett_luce(
    orders: Orders | Iterable[Iterable[int | Iterable[int]]],
    *,
    n_items: int | None = None,
    weight: ArrayLike | None = None,
    top: ArrayLike | None = None,
    prior_sd: float | None = None,
    cluster: ArrayLike | None = None,
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
    cluster : int array, shape (n_orders,), optional
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
    sd = checks.prior_sd(prior_sd)
    sizes = np.diff(orders.starts)
    sets = np.repeat(np.arange(len(sizes)), sizes)
    order = np.lexsort((orders.ranks, sets))
    items, ranks = orders.items[order], orders.ranks[order]
    group = np.flatnonzero(np.diff(ranks, prepend=0) | np.diff(sets, prepend=-1))
    tail = _tails(orders.starts, group, sets, top)
    length = np.diff(group, append=len(items))
    remaining = orders.starts[sets[group] + 1] - group
    counted = (remaining > 1) & (group < tail[sets[group]])
    group, length, remaining = group[counted], length[counted], remaining[counted]
    largest_tie = int(length.max())
    if sd is None and (length == remaining).all() and largest_tie > 1:
        raise NotSettledError("all items of every set are tied, so nu has no finite value; pass prior_sd or add orders")
    counts = checks.weights(weight, len(orders))
    choices = [
        _choices(
            items,
            group[some],
            length[some],
            order=sets[group[some]],
            size=size,
            weight=counts,
            largest_tie=largest_tie,
        )
        for size in np.unique(remaining)
        for some in _chunks(np.flatnonzero(remaining == size), CHUNK // size**2)
    ]
    return fit(
        choices,
        _links(items, ranks, sets, tail),
        n_items=checks.n_items(n_items, int(items.max())),
        tie=largest_tie > 1,
        position=False,
        prior_sd=sd,
        cluster=checks.clusters(cluster, len(orders)),
    )


def _tails(starts: Ints, group: Ints, sets: Ints, top: ArrayLike | None) -> Ints:
    """Return, for each order, the entry from which items are known only to be worse than those before."""
    if top is None:
        return starts[1:]
    places = checks.integers(
        "top", np.broadcast_to(top, len(starts) - 1) if np.ndim(top) == 0 else top, len(starts) - 1
    )
    if places.min() < 1:
        raise RankingError(f"top holds {places.min()}; at least one place is ranked")
    beyond = group >= (starts[:-1] + places)[sets[group]]
    tail = starts[1:].copy()
    np.minimum.at(tail, sets[group[beyond]], group[beyond])
    return tail


def _links(items: Ints, ranks: Ints, sets: Ints, tail: Ints) -> Links:
    """Link each item to the one placed before it, both ways if tied, and the tail to the last that was ranked."""
    later = np.flatnonzero(np.diff(sets, prepend=-1) == 0)
    before = np.minimum(later - 1, tail[sets[later]] - 1)
    tied = ranks[before] == ranks[later]
    above = np.concatenate([items[before], items[later[tied]]])
    return Links(above, np.concatenate([items[later], items[before[tied]]]))


def _chunks(rows: Ints, length: int) -> list[Ints]:
    return np.array_split(rows, -(-len(rows) // max(length, 1)))


def _choices(
    items: Ints, start: Ints, length: Ints, *, order: Ints, size: int, weight: Floats, largest_tie: int
) -> Choices:
    """Gather the choices with `size` items left; the chosen `length` items come first."""
    chosen = (np.arange(size) < length[:, None]) / length[:, None]
    return Choices(
        items=items[start[:, None] + np.arange(size)],
        judgement=order,
        observed=np.column_stack([chosen, length - 1.0]) if largest_tie > 1 else chosen,
        weight=weight[order],
        moments=partial(_moments, largest_tie=largest_tie),
    )


def _moments(values: Floats, shared: Floats, *, largest_tie: int) -> Moments:
    """Return the moments of (membership / t, t - 1) of the chosen set; without ties just of membership.

    Worths are taken relative to the best of the remaining items, and powers of nu to the largest of them, so nothing
    overflows, and what underflows is a probability of zero.
    """
    n_choices, size = values.shape
    log_nu = shared[0] if len(shared) else 0.0
    most = min(largest_tie, size)
    shift = max(0.0, (most - 1) * log_nu)
    best = values.max(axis=1, keepdims=True)
    total = np.zeros(n_choices)
    mean = np.zeros((n_choices, size + 1))
    second = np.zeros((n_choices, size + 1, size + 1))
    for t in range(1, most + 1):
        worth = np.exp((values - best) / t)
        scale = np.exp((t - 1) * log_nu - shift)
        member = scale * worth * _symmetric_without(worth, t - 1) / t
        tied = member.sum(axis=1)
        total += tied
        mean[:, :size] += member
        mean[:, size] += (t - 1) * tied
        second[:, :size, :size] += scale * _both_members(worth, t) / t**2
        second[:, range(size), range(size)] += member / t
        second[:, :size, size] += (t - 1) * member
        second[:, size, size] += (t - 1) ** 2 * tied
    second[:, size, :size] = second[:, :size, size]
    mean /= total[:, None]
    covariance = second / total[:, None, None] - mean[:, :, None] * mean[:, None, :]
    kept = size + len(shared)
    return Moments(best[:, 0] + shift + np.log(total), mean[:, :kept], covariance[:, :kept, :kept])


def _symmetric_without(worth: Floats, degree: int) -> Floats:
    """Return the elementary symmetric polynomial of all columns but each one, shape (n, size).

    It is the product of what the columns before and after give, so no subtraction loses digits.
    """
    if degree == 0:
        return np.ones_like(worth)
    before, after = _running(worth, degree), _running(worth[:, ::-1], degree)[:, ::-1]
    return (before * after[:, :, ::-1]).sum(axis=2)


def _running(worth: Floats, degree: int) -> Floats:
    """Return the elementary symmetric polynomials of degree 0 to `degree` of the columns before each column."""
    polynomials = np.zeros((*worth.shape, degree + 1))
    polynomials[:, 0, 0] = 1
    for column in range(1, worth.shape[1]):
        polynomials[:, column] = polynomials[:, column - 1]
        polynomials[:, column, 1:] += worth[:, column - 1, None] * polynomials[:, column - 1, :-1]
    return polynomials


def _both_members(worth: Floats, t: int) -> Floats:
    """Return the summed worth of the sets of `t` that hold both of each two items, shape (n, size, size)."""
    n_choices, size = worth.shape
    both = np.zeros((n_choices, size, size))
    if t > 1:
        one = np.arange(size)[:, None]
        others = np.nonzero(one != one.T)[1].reshape(size, size - 1)
        rest = worth[:, others]
        without_both = _symmetric_without(rest.reshape(-1, size - 1), t - 2).reshape(rest.shape)
        both[:, one, others] = worth[:, :, None] * rest * without_both
    return both
