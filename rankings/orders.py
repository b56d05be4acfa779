"""Orders: weak orders of sets of items, as flat arrays that are checked once on entry."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from rankings import checks
from rankings.checks import Ints
from rankings.errors import RankingError


@dataclass(frozen=True, eq=False)
class Orders:
    """Weak orders of sets of two or more items.

    Attributes
    ----------
    items : int array, shape (n_entries,)
        Item indices, set after set.
    ranks : int array, shape (n_entries,)
        The rank of each entry in its set: 1 is best, equal ranks are a tie. Gaps are closed on entry, so that the
        ranks of every set are 1, 2, 3, …
    starts : int array, shape (n_orders + 1,)
        Set s holds entries ``starts[s]`` up to ``starts[s + 1]``.

    Raises
    ------
    RankingError
        If an array has the wrong type or length, a set holds fewer than two items or an item twice, an index is
        negative or a rank is below 1.
    """

    items: Ints
    ranks: Ints
    starts: Ints

    def __post_init__(self) -> None:
        items = checks.indices("items", self.items)
        ranks = checks.integers("ranks", self.ranks)
        starts = checks.integers("starts", self.starts)
        if len(ranks) != len(items):
            raise RankingError(f"{len(items)} items have {len(ranks)} ranks; give one rank for each item")
        if ranks.min() < 1:
            raise RankingError(f"ranks holds {ranks.min()}; 1 is the best rank")
        if len(starts) < 2 or starts[0] != 0 or starts[-1] != len(items):
            raise RankingError("starts must begin with 0 and end with the number of items")
        sizes = np.diff(starts)
        if sizes.min() < 2:
            raise RankingError(f"set {sizes.argmin()} holds {sizes.min()} items; a comparison needs at least 2")
        sets = np.repeat(np.arange(len(sizes)), sizes)
        _refuse_repeats(items, sets)
        for name, array in (("items", items), ("ranks", _dense(ranks, sets)), ("starts", starts)):
            own = array.copy()
            own.flags.writeable = False
            object.__setattr__(self, name, own)

    @classmethod
    def from_arrays(cls, items: ArrayLike, ranks: ArrayLike, starts: ArrayLike) -> Self:
        """Take the flat arrays as they are; see the attributes for their shapes."""
        return cls(*(checks.integers(*named) for named in (("items", items), ("ranks", ranks), ("starts", starts))))

    @classmethod
    def from_ranks(cls, sets: Iterable[Sequence[int]], ranks: Iterable[Sequence[int]]) -> Self:
        """Take sets of item indices and, aligned with them, their ranks (1 is best, equal is a tie)."""
        sets, ranks = list(sets), list(ranks)
        if len(sets) != len(ranks):
            raise RankingError(f"{len(sets)} sets have {len(ranks)} lists of ranks; give one for each")
        for number, (members, places) in enumerate(zip(sets, ranks, strict=True)):
            if len(members) != len(places):
                raise RankingError(f"set {number} has {len(members)} items and {len(places)} ranks; give one for each")
        return cls.from_arrays(_flat(sets), _flat(ranks), np.cumsum([0, *map(len, sets)]))

    @classmethod
    def from_sequences(cls, orders: Iterable[Iterable[int | Iterable[int]]]) -> Self:
        """Take orders from best to worst; a nested group is a tie: ``[2, (0, 1)]`` puts 2 above 0 and 1."""
        told = [list(order) for order in orders]
        flat = _flat_items(told)
        if flat is not None:
            starts = np.cumsum([0, *map(len, told)])
            return cls.from_arrays(flat, np.arange(len(flat)) - np.repeat(starts[:-1], np.diff(starts)) + 1, starts)
        sets: list[list[int]] = []
        ranks: list[list[int]] = []
        for order in told:
            groups = [list(group) if isinstance(group, Iterable) else [group] for group in order]
            sets.append([item for group in groups for item in group])
            ranks.append([rank for rank, group in enumerate(groups, 1) for _ in group])
        return cls.from_ranks(sets, ranks)

    @property
    def best_first(self) -> tuple[Ints, Ints, Ints]:
        """Items, ranks and sets of all entries, shape (n_entries,) each, best first within each set."""
        sizes = np.diff(self.starts)
        sets = np.repeat(np.arange(len(sizes)), sizes)
        order = np.argsort(sets * (self.ranks.max() + 1) + self.ranks, kind="stable")
        return self.items[order], self.ranks[order], sets

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __iter__(self) -> Iterator[tuple[Ints, Ints]]:
        for start, end in pairwise(self.starts):
            yield self.items[start:end], self.ranks[start:end]

    def __repr__(self) -> str:
        sizes = np.diff(self.starts)
        return f"Orders({len(self)} sets of {sizes.min()} to {sizes.max()} items)"

    def __reduce__(self) -> tuple[type[Self], tuple[Ints, Ints, Ints]]:
        return type(self), (self.items, self.ranks, self.starts)


def _flat_items(orders: Sequence[Sequence[object]]) -> Ints | None:
    """Return the items of orders without ties one after the other; None if there is anything but whole numbers."""
    try:
        items = np.array(list(chain.from_iterable(orders)))
    except ValueError:  # a nested group
        return None
    return items.astype(np.int64) if items.ndim == 1 and len(items) and items.dtype.kind in "iu" else None


def _flat(rows: Sequence[Sequence[int]]) -> list[int]:
    return [value for row in rows for value in row]


def _refuse_repeats(items: Ints, sets: Ints) -> None:
    """Refuse a set that holds an item twice."""
    n_items = int(items.max()) + 1
    key = np.sort(sets * n_items + items)
    same = key[1:] == key[:-1]
    if same.any():
        set_, item = divmod(int(key[np.argmax(same)]), n_items)
        raise RankingError(f"set {set_} holds item {item} twice; each item has one rank")


def _dense(ranks: Ints, sets: Ints) -> Ints:
    """Close the gaps between the ranks of each set."""
    order = np.lexsort((ranks, sets))
    new_set = np.diff(sets[order], prepend=-1) > 0
    count = np.cumsum(np.diff(ranks[order], prepend=0) != 0)
    dense = np.empty_like(ranks)
    dense[order] = count - (count[new_set] - 1)[sets[order]]
    return dense
