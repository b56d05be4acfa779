"""Neighbours: sets of items with neighbouring keys, each item once a round; with keys of chance, sets by chance."""

from collections.abc import Callable, Sequence

import numpy as np

from rankings.checks import Floats, Ints
from rankings.selection.batch import Room

NEAR = 8
"""Neighbours on either side that are looked at first; if none of them may be asked, twice as many."""


class Neighbours:
    """Rounds in which every item occurs once if it can, with its nearest by new keys.

    Parameters
    ----------
    items : int array, shape (n_looked_at,)
    labels : int array, shape (n_items,)
        Part of each item; sets stay within a part.
    keys : callable
        Returns new keys for a round, shape (n_items,).
    random : numpy.random.Generator
    """

    def __init__(self, items: Ints, labels: Ints, keys: Callable[[], Floats], random: np.random.Generator) -> None:
        self._items = items
        self._labels = labels
        self._keys = keys
        self._random = random
        self._anchors: list[int] = []
        self._fresh = np.zeros(len(labels), dtype=bool)
        self._place = np.zeros(len(labels), dtype=np.int64)
        self._fruitful = True

    def start(self, room: Room) -> list[int]:
        while self._anchors or self._fruitful:
            if not self._anchors:
                self._begin_round(room)
            elif self._fresh[anchor := self._anchors.pop()]:
                return [anchor]
        return []

    def _begin_round(self, room: Room) -> None:
        items = self._items[room.left[self._items] > 0]
        self._anchors = self._random.permutation(items).tolist()
        self._fresh[items] = True
        self._key = self._keys()
        self._order = items[np.lexsort((self._key[items], self._labels[items]))]
        self._place[self._order] = np.arange(len(items))
        self._parts = self._labels[self._order]
        self._fruitful = False

    def join(self, members: list[int], room: Room) -> int | None:
        anchor, reach = members[0], NEAR
        first, end = np.searchsorted(self._parts, self._labels[anchor] + np.arange(2))
        while True:
            low, high = max(first, self._place[anchor] - reach), min(end, self._place[anchor] + reach + 1)
            candidates = self._order[low:high]
            candidates = candidates[self._fresh[candidates] & room.beside(members, candidates)]
            if len(candidates):
                return int(candidates[np.argmin(np.abs(self._key[candidates] - self._key[anchor]))])
            if (low, high) == (first, end):
                return None
            reach *= 2

    def learn(self, members: Sequence[int]) -> None:
        self._fresh[members] = False
        self._fruitful = True
