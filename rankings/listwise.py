"""Strengths from sets: Plackett-Luce with ties of any size, and best-worst choices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from rankings import checks
from rankings.checks import Flags, Floats, Ints
from rankings.connection import Links
from rankings.errors import NotSettledError, RankingError
from rankings.orders import Orders
from rankings.problem import solve
from rankings.sets import BestWorst, Rankings, SetModel, Sets
from rankings.strengths import Strengths
from rankings.ties import TiedChoices

CHUNK = 1 << 18
"""Sets are taken together until their covariances hold about this many numbers."""


def plackett_luce(
    orders: Orders | Iterable[Iterable[int | Iterable[int]]],
    *,
    n_items: int | None = None,
    weight: ArrayLike | None = None,
    top: ArrayLike | None = None,
    prior_sd: float | None = None,
    rater: ArrayLike | None = None,
    covariance: Literal["fisher", "rater"] | None = None,
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
    covariance: Literal["fisher", "rater"] | None = None,
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
    orders = Orders.from_ranks(members, [_ranks(*told) for told in enumerate(zip(members, top, bottom, strict=True))])
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


def _ranks(number: int, told: tuple[list[int], int, int]) -> list[int]:
    """Rank the best first and the worst last, the others between."""
    members, best, worst = told
    if best == worst or best not in members or worst not in members:
        raise RankingError(f"set {number} holds {members}: best {best} and worst {worst} must be two of them")
    return [1 if item == best else 3 if item == worst else 2 for item in members]


@dataclass(frozen=True, eq=False)
class SetProblem:
    """Orders of sets, with the model they are to be fitted by.

    Attributes
    ----------
    orders : Orders
    top : int array, shape (n_orders,), or None
        How many places were ranked; None is all.
    kind : "plackett_luce" or "best_worst"
    weight : float array, shape (n_orders,), or None
    n_items : int
    prior_sd : float or None
    rater : int array, shape (n_orders,), or None
    covariance : "fisher" or "rater"
    """

    orders: Orders
    top: Ints | None
    kind: Literal["plackett_luce", "best_worst"]
    weight: Floats | None
    n_items: int
    prior_sd: float | None
    rater: Ints | None
    covariance: Literal["fisher", "rater"]

    @property
    def members(self) -> Ints:
        """See Problem."""
        return self.orders.items

    def links(self) -> Links:
        """Link each item to the one placed before it, as equals if tied, and the tail to the last that was ranked."""
        stages = self.stages
        if self.kind == "best_worst":
            return self._best_worst_links(stages)
        later = np.flatnonzero(np.diff(stages.sets, prepend=-1) == 0)
        before = np.minimum(later - 1, stages.tail[stages.sets[later]] - 1)
        tied = stages.ranks[before] == stages.ranks[later]
        return Links(stages.items[before], stages.items[later], np.where(tied, 0, 1))

    def _best_worst_links(self, stages: "Stages") -> Links:
        """Link the best to all others, and all others to the worst."""
        starts, sizes = self.orders.starts, np.diff(self.orders.starts)
        first, last = stages.items[starts[:-1]], stages.items[starts[1:] - 1]
        above = np.concatenate([np.repeat(first, sizes), stages.items])
        below = np.concatenate([stages.items, np.repeat(last, sizes)])
        apart = above != below
        return Links(above[apart], below[apart], None)

    @cached_property
    def stages(self) -> "Stages":
        """The choices that the orders are made of."""
        return Stages.of(self.orders, self.top)

    def model(self) -> SetModel:
        """See Problem."""
        if self.kind == "plackett_luce" and self.prior_sd is None and self.stages.only_ties:
            problem = "all items of every set are tied, so nu has no finite value"
            raise NotSettledError(f"{problem}; pass prior_sd or add orders")
        return self.model_of(self)

    def model_of(self, judgements: "SetProblem") -> SetModel:
        """See Problem."""
        largest_tie, told = self.stages.largest_tie, (judgements.stages, judgements.orders)
        if self.kind == "best_worst":
            return SetModel(self.n_items, _best_worst(*told), judgements.weight, (), np.zeros(0))
        if largest_tie == 1:
            return SetModel(self.n_items, _rankings(*told), judgements.weight, (), np.zeros(0))
        choices = _tied_choices(judgements.stages, largest_tie)
        return SetModel(self.n_items, choices, judgements.weight, ("tie",), np.zeros(1))

    def allows(self, one: "SetProblem") -> bool:
        """See Problem."""
        return self.kind == "best_worst" or one.stages.largest_tie <= self.stages.largest_tie

    def joined(self, more: Sequence["SetProblem"]) -> "SetProblem":
        """See Problem."""
        every = [self, *more]
        sizes = np.concatenate([np.diff(one.orders.starts) for one in every])
        orders = Orders.from_arrays(
            np.concatenate([one.orders.items for one in every]),
            np.concatenate([one.orders.ranks for one in every]),
            np.concatenate([[0], np.cumsum(sizes)]),
        )
        even = all(one.weight is None for one in every)
        whole = all(one.top is None for one in every)
        weight = [np.ones(len(one.orders)) if one.weight is None else one.weight for one in every]
        top = [np.diff(one.orders.starts) if one.top is None else one.top for one in every]
        rater = None if self.rater is None else np.concatenate([cast("Ints", one.rater) for one in every])
        return replace(
            self,
            orders=orders,
            top=None if whole else np.concatenate(top),
            weight=None if even else np.concatenate(weight),
            n_items=max(one.n_items for one in every),
            rater=rater,
        )

    def told(
        self,
        *told: int | Iterable[int | Iterable[int]],
        weight: float,
        first_a: bool | None,
        rater: int | None,
    ) -> "SetProblem":
        """See Problem."""
        if (rater is None) == (self.rater is not None) or first_a is not None:
            raise RankingError("say the rater of a new order if, and only if, those of the others are known")
        one = self._order_of(*told)
        n_items = max(self.n_items, int(one.items.max()) + 1)
        raters = None if rater is None else np.array([rater])
        return replace(self, orders=one, top=None, weight=np.array([float(weight)]), n_items=n_items, rater=raters)

    @property
    def tie_if_fixed(self) -> float | None:
        """See Problem."""
        return 0.0 if self.kind == "plackett_luce" else None

    def cut_points(self, shared: Floats) -> None:  # noqa: ARG002 orders have no grades
        """See Problem."""
        return

    def win_probability(self, drop: float, shared: Floats) -> float:  # noqa: ARG002 ties do not change it
        """See Problem."""
        return float(expit(drop))

    def kept(self, rows: Flags) -> "SetProblem":
        """See Problem."""
        sizes = np.diff(self.orders.starts)
        entries = np.repeat(rows, sizes)
        starts = np.concatenate([[0], np.cumsum(sizes[rows])])
        return replace(
            self,
            orders=Orders.from_arrays(self.orders.items[entries], self.orders.ranks[entries], starts),
            top=None if self.top is None else self.top[rows],
            weight=None if self.weight is None else self.weight[rows],
            rater=None if self.rater is None else self.rater[rows],
        )

    def touching(self, items: Ints) -> Flags:
        """See Problem."""
        return np.logical_or.reduceat(np.isin(self.orders.items, items), self.orders.starts[:-1])

    def _order_of(self, *told: int | Iterable[int | Iterable[int]]) -> Orders:
        """Return what was told of one set: its order, or its items with the best and the worst."""
        if self.kind == "plackett_luce":
            (order,) = told
            return Orders.from_sequences([cast("Iterable[int]", order)])
        members, best, worst = told
        items = list(map(int, cast("Iterable[int]", members)))
        return Orders.from_ranks([items], [_ranks(0, (items, int(cast("int", best)), int(cast("int", worst))))])


@dataclass(frozen=True, eq=False)
class Stages:
    """Orders, best first, as the series of choices they are.

    Attributes
    ----------
    items, ranks, sets : int arrays, shape (n_entries,)
        Best first within each set.
    tail : int array, shape (n_orders,)
        The entry from which items are known only to be worse than those before.
    group, chosen, left : int arrays, shape (n_choices,)
        The first entry of each choice, how many were chosen, and from how many.
    """

    items: Ints
    ranks: Ints
    sets: Ints
    tail: Ints
    group: Ints
    chosen: Ints
    left: Ints

    @classmethod
    def of(cls, orders: Orders, top: Ints | None) -> "Stages":
        """Sort each set by rank and drop what is no choice: the last item left, and what is below the top."""
        items, ranks, sets = orders.best_first
        group = np.flatnonzero((np.diff(ranks, prepend=0) != 0) | (np.diff(sets, prepend=-1) != 0))
        tail = orders.starts[1:]
        if top is not None:
            beyond = group >= (orders.starts[:-1] + top)[sets[group]]
            tail = tail.copy()
            np.minimum.at(tail, sets[group[beyond]], group[beyond])
        chosen = np.diff(group, append=len(items))
        left = orders.starts[sets[group] + 1] - group
        counted = (left > 1) & (group < tail[sets[group]])
        return cls(items, ranks, sets, tail, group[counted], chosen[counted], left[counted])

    @property
    def largest_tie(self) -> int:
        """The most items that were tied."""
        return int(self.chosen.max())

    @property
    def only_ties(self) -> bool:
        """Whether nothing was told apart."""
        return bool((self.chosen == self.left).all())


def _rankings(stages: Stages, orders: Orders) -> list[Sets]:
    """Gather the sets of each size, in chunks."""
    sizes = np.diff(orders.starts)
    ranked = np.bincount(stages.sets[stages.group], minlength=len(sizes))
    return [
        Rankings(stages.items[orders.starts[some][:, None] + np.arange(size)], some, ranked[some])
        for size, some in _by_size(sizes)
    ]


def _best_worst(stages: Stages, orders: Orders) -> list[Sets]:
    return [
        BestWorst(stages.items[orders.starts[some][:, None] + np.arange(size)], some)
        for size, some in _by_size(np.diff(orders.starts))
    ]


def _tied_choices(stages: Stages, largest_tie: int) -> list[Sets]:
    """Gather the choices with equally many items left; the chosen come first."""
    return [
        TiedChoices(
            stages.items[stages.group[some][:, None] + np.arange(size)],
            stages.sets[stages.group[some]],
            stages.chosen[some],
            largest_tie,
        )
        for size, some in _by_size(stages.left)
    ]


def _by_size(sizes: Ints) -> list[tuple[int, Ints]]:
    """Return rows of equal size together, in chunks."""
    found = []
    for size in np.unique(sizes).tolist():
        rows = np.flatnonzero(sizes == size)
        chunks = -(-len(rows) * size**2 // CHUNK)
        found += [(size, some) for some in np.array_split(rows, chunks)]
    return found


def _places(top: ArrayLike | None, orders: Orders) -> Ints | None:
    """Return how many places of each order were ranked."""
    if top is None:
        return None
    places = checks.integers("top", np.broadcast_to(top, len(orders)) if np.ndim(top) == 0 else top, len(orders))
    if places.min() < 1:
        raise RankingError(f"top[{places.argmin()}] is {places.min()}; at least one place is ranked")
    return places
