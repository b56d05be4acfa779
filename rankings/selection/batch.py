"""Batches: the sets to ask next, filled up within what may still be asked."""

import math
import operator
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, Protocol, Self, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rankings import checks
from rankings.checks import Flags, Ints
from rankings.errors import RankingError

LOOKED_AT, FEWEST_LOOKED_AT = 32, 256
"""Items that are looked at for each set of the batch, and for a small batch."""


class Limits(TypedDict, total=False):
    """What every method can be told about the sets that may be asked.

    Attributes
    ----------
    size : int
        Items in a set; by default 2, for pairs.
    at_most : int, or int array of shape (n_items,)
        How often each item may occur in the batch: what is left of a rater's views of it, and 0 where it may not be
        asked at all, such as works of other prompts. By default twice its even share.
    seen : int array, shape (n_seen, k)
        Sets whose items may not meet again, such as all that the rater has judged.
    groups : int array, shape (n_items,)
        Only items of one group may meet, such as works that answer one prompt. By default all are of one.
    """

    size: int
    at_most: ArrayLike
    seen: ArrayLike
    groups: ArrayLike


type Purpose = Literal["uniform", "link", "informed"]


@dataclass(frozen=True, eq=False)
class Batch:
    """Sets to be judged next, in the order in which to ask them.

    Attributes
    ----------
    sets : int array, shape (n_sets, size)
        The items of each set, in random order. There are fewer sets than were asked for if the limits allow no more.
    purpose : str array, shape (n_sets,)
        Why each set is asked: "uniform" was drawn by chance without a look at any strength, "link" joins separated
        parts, "informed" was chosen by the method. Keep it with the answer.
    """

    sets: Ints
    purpose: NDArray[np.str_]

    @property
    def uniform(self) -> Flags:
        """True where chance chose the set, shape (n_sets,): the judgements that reliability may be computed from."""
        return np.equal(self.purpose, "uniform")

    def __len__(self) -> int:
        return len(self.sets)

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{count} {why}" for why, count in zip(*np.unique(self.purpose, return_counts=True), strict=True)
        )
        return f"Batch({len(self)} sets of {self.sets.shape[1]}: {counts or 'nothing may be asked'})"


class Room:
    """What may still be asked: how often each item, and who has not met whom.

    Parameters
    ----------
    left : int array, shape (n_items,)
        How often each item may still occur.
    seen : int array, shape (n_seen, k)
        Sets whose items may not meet again.
    groups : int array, shape (n_items,)
        Only items of one group may meet.
    """

    def __init__(self, left: Ints, seen: Ints, groups: Ints) -> None:
        self.left = left.copy()
        self._groups = groups
        self._met: defaultdict[int, list[int]] = defaultdict(list)
        for members in seen.tolist():
            self._introduce(members)

    def beside(self, members: Sequence[int], candidates: Ints) -> Flags:
        """Return which candidates may join a set of `members`."""
        barred = [*members, *(other for member in members for other in self._met.get(member, ()))]
        allowed = (self.left[candidates] > 0) & ~np.isin(candidates, barred)
        return allowed & np.isin(self._groups[candidates], self._groups[members]) if members else allowed

    def allows(self, members: Sequence[int]) -> bool:
        """Return whether a set may be asked."""
        rest = (np.array(members[k:]) for k in range(len(members)))
        return all(self.beside(members[:k], others).all() for k, others in enumerate(rest))

    def take(self, members: Sequence[int]) -> None:
        """Note that a set is asked."""
        self.left[members] -= 1
        self._introduce(members)

    def _introduce(self, members: Sequence[int]) -> None:
        for one, other in combinations(members, 2):
            self._met[one].append(other)
            self._met[other].append(one)


class Chooser(Protocol):
    """A way of choosing sets, one after the other."""

    def start(self, room: Room) -> list[int]:
        """Return the first members of a set, never the same again without success; none if there is no set to begin."""

    def join(self, members: list[int], room: Room) -> int | None:
        """Return the best item to join `members`, or None if none may."""

    def learn(self, members: Sequence[int]) -> None:
        """Take into account that a set is asked."""


def fill(chooser: Chooser, room: Room, n_sets: int, size: int) -> list[list[int]]:
    """Return up to `n_sets` sets of `size` items."""
    sets: list[list[int]] = []
    while len(sets) < n_sets and (members := chooser.start(room)):
        while len(members) < size and (item := chooser.join(members, room)) is not None:
            members.append(item)
        if len(members) == size:
            room.take(members)
            chooser.learn(members)
            sets.append(members)
    return sets


def shuffled(chosen: dict[Purpose, list[list[int]]], size: int, random: np.random.Generator) -> Batch:
    """Return the batch in random order, so that a sitting that ends early has its share of every purpose."""
    purpose = np.repeat(np.array(list(chosen), dtype=np.str_), [len(sets) for sets in chosen.values()])
    rows = [members for sets in chosen.values() for members in sets]
    sets = random.permuted(np.array(rows, dtype=np.int64).reshape(-1, size), axis=1)
    order = random.permutation(len(sets))
    batch = Batch(sets[order], purpose[order])
    batch.sets.flags.writeable = batch.purpose.flags.writeable = False
    return batch


@dataclass(frozen=True)
class Request:
    """What is asked of any method, checked.

    Attributes
    ----------
    n_items, n_sets, size : int
    left : int array, shape (n_items,)
        How often each item may occur in the batch.
    seen : int array, shape (n_seen, k)
    groups : int array, shape (n_items,)
        Numbered from 0; only items of one group may meet.
    random : numpy.random.Generator
    """

    n_items: int
    n_sets: int
    size: int
    left: Ints
    seen: Ints
    groups: Ints
    random: np.random.Generator

    @classmethod
    def checked(
        cls,
        n_items: int,
        n_sets: int,
        seed: int,
        *,
        size: int = 2,
        at_most: ArrayLike | None = None,
        seen: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Return the request, or refuse what cannot be asked."""
        n_items, n_sets, size = map(operator.index, (n_items, n_sets, size))
        if size < 2:
            raise RankingError(f"size is {size}; a comparison needs at least 2 items")
        if n_items < size:
            raise RankingError(f"there are {n_items} items; a set of {size} needs at least as many")
        if n_sets < 1:
            raise RankingError(f"n_sets is {n_sets}; ask for at least 1")
        left, known = _limits(n_items, n_sets * size, at_most), sets_of(n_items, "seen", seen)
        random = np.random.default_rng(operator.index(seed))
        return cls(n_items, n_sets, size, left, known, _groups(n_items, groups), random)

    def n_uniform(self, share: float) -> int:
        """Return how many sets chance chooses, rounded by chance so that single sets keep the share in the long run."""
        if not 0 <= share <= 1:
            raise RankingError(f"uniform_share must be between 0 and 1, not {share}")
        return int(self.n_sets * share + self.random.random())

    def room(self) -> Room:
        """Return the room that the request leaves."""
        return Room(self.left, self.seen, self.groups)

    def some_of(self, items: Ints) -> Ints:
        """Return the items, or if there are many more than the batch needs, as many as it needs, drawn by chance."""
        enough = max(FEWEST_LOOKED_AT, LOOKED_AT * self.n_sets)
        return items if len(items) <= enough else self.random.choice(items, enough, replace=False)


def _limits(n_items: int, places: int, at_most: ArrayLike | None) -> Ints:
    """Return how often each item may occur; by default twice its even share of the places."""
    limits = np.asarray(2 * math.ceil(places / n_items) if at_most is None else at_most)
    if limits.ndim == 0:
        limits = np.full(n_items, limits)
    if limits.shape != (n_items,):
        raise RankingError(
            f"at_most must be one number, or one for each of {n_items} items, not of shape {limits.shape}"
        )
    limits = checks.integers("at_most", limits)
    if limits.min() < 0:
        row = int(np.argmax(limits < 0))
        raise RankingError(f"at_most[{row}] is {limits[row]}; the least is 0, for items that may not be asked")
    return limits


def _groups(n_items: int, groups: ArrayLike | None) -> Ints:
    """Return the group of each item, numbered from 0; by default all are of one."""
    labels = np.zeros(n_items, dtype=np.int64) if groups is None else np.asarray(groups)
    if labels.shape != (n_items,):
        raise RankingError(f"groups must hold one number for each of {n_items} items, not be of shape {labels.shape}")
    return np.unique(checks.integers("groups", labels), return_inverse=True)[1]


def sets_of(n_items: int, name: str, sets: ArrayLike | None) -> Ints:
    """Return sets of items as an array of shape (n, k); none as one of shape (0, 2)."""
    array = np.asarray([] if sets is None else sets)
    if array.size == 0:
        return np.empty((0, 2), dtype=np.int64)
    if array.ndim != 2 or array.shape[1] < 2:
        raise RankingError(f"{name} must have the shape (n_sets, size) with a size of at least 2, not {array.shape}")
    items = checks.integers(name, array.ravel()).reshape(array.shape)
    outside = ((items < 0) | (items >= n_items)).any(axis=1)
    if outside.any():
        row = int(np.argmax(outside))
        raise RankingError(f"{name}[{row}] is {items[row].tolist()}; items are numbered 0 to {n_items - 1}")
    twice = (np.diff(np.sort(items, axis=1), axis=1) == 0).any(axis=1)
    if twice.any():
        row = int(np.argmax(twice))
        raise RankingError(f"{name}[{row}] is {items[row].tolist()}; no item is compared with itself")
    return items
