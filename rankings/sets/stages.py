"""Stages: orders of sets as the series of choices they are."""

from dataclasses import dataclass

import numpy as np

from rankings.checks import Ints
from rankings.orders import Orders
from rankings.sets.model import BestWorst, Rankings, Sets
from rankings.sets.ties import TiedChoices

CHUNK = 1 << 18
"""Sets are taken together until their covariances hold about this many numbers."""


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


def rankings_of(stages: Stages, orders: Orders) -> list[Sets]:
    """Gather the sets of each size, in chunks."""
    sizes = np.diff(orders.starts)
    ranked = np.bincount(stages.sets[stages.group], minlength=len(sizes))
    return [
        Rankings(stages.items[orders.starts[some][:, None] + np.arange(size)], some, ranked[some])
        for size, some in _by_size(sizes)
    ]


def best_worst_of(stages: Stages, orders: Orders) -> list[Sets]:
    """Gather the sets of each size, the best first and the worst last, in chunks."""
    return [
        BestWorst(stages.items[orders.starts[some][:, None] + np.arange(size)], some)
        for size, some in _by_size(np.diff(orders.starts))
    ]


def tied_choices_of(stages: Stages, largest_tie: int) -> list[Sets]:
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
