"""Orders of sets as a problem: which model they are to be fitted by, and how they are linked, joined and left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, cast

import numpy as np
from scipy.special import expit

from rankings.checks import Flags, Floats, Ints
from rankings.errors import NotSettledError, RankingError
from rankings.fitting.links import Links
from rankings.fitting.problem import Covariance, solve
from rankings.fitting.strengths import Strengths
from rankings.orders import Orders
from rankings.sets.model import SetModel
from rankings.sets.stages import Stages, best_worst_of, rankings_of, tied_choices_of


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
    covariance: Covariance

    @property
    def members(self) -> Ints:
        """See Problem."""
        return self.orders.items

    def fitted(self, *, tight: bool = False, absent: Ints | None = None) -> Strengths:
        """See Problem."""
        return solve(self, tight=tight, absent=absent)

    def links(self) -> Links:
        """Link each item to the one placed before it, as equals if tied, and the tail to the last that was ranked."""
        stages = self.stages
        if self.kind == "best_worst":
            return self._best_worst_links(stages)
        later = np.flatnonzero(np.diff(stages.sets, prepend=-1) == 0)
        before = np.minimum(later - 1, stages.tail[stages.sets[later]] - 1)
        tied = stages.ranks[before] == stages.ranks[later]
        return Links(stages.items[before], stages.items[later], np.where(tied, 0, 1))

    def _best_worst_links(self, stages: Stages) -> Links:
        """Link the best to all others, and all others to the worst."""
        starts, sizes = self.orders.starts, np.diff(self.orders.starts)
        first, last = stages.items[starts[:-1]], stages.items[starts[1:] - 1]
        above = np.concatenate([np.repeat(first, sizes), stages.items])
        below = np.concatenate([stages.items, np.repeat(last, sizes)])
        apart = above != below
        return Links(above[apart], below[apart], None)

    @cached_property
    def stages(self) -> Stages:
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
            return SetModel(self.n_items, best_worst_of(*told), judgements.weight, (), np.zeros(0))
        if largest_tie == 1:
            return SetModel(self.n_items, rankings_of(*told), judgements.weight, (), np.zeros(0))
        choices = tied_choices_of(judgements.stages, largest_tie)
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
        return Orders.from_ranks(
            [items], [ranks_of_choice(0, (items, int(cast("int", best)), int(cast("int", worst))))]
        )


def ranks_of_choice(number: int, told: tuple[list[int], int, int]) -> list[int]:
    """Rank the best first and the worst last, the others between."""
    members, best, worst = told
    if best == worst or best not in members or worst not in members:
        raise RankingError(f"set {number} holds {members}: best {best} and worst {worst} must be two of them")
    return [1 if item == best else 3 if item == worst else 2 for item in members]
