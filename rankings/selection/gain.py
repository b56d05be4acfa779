"""Gain: the sets whose answers are expected to tell most, each chosen as if those before it were answered."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from rankings.checks import Ints
from rankings.fitting.strengths import Strengths
from rankings.selection.batch import Room
from rankings.selection.worth import Belief, Worth, evidence, information

WINDOW = 16
"""Neighbours in score, on either side, with which an item may be compared."""


class Gain:
    """Always the set that is worth most, of neighbours in score.

    Parameters
    ----------
    items : int array, shape (n_looked_at,)
    strengths : Strengths
        Sets stay within a part.
    belief : Belief
    worth : callable
        What the answer on each pair is worth by the belief.
    random : numpy.random.Generator
        Draws between equals.
    """

    def __init__(
        self, items: Ints, strengths: Strengths, belief: Belief, worth: Worth, random: np.random.Generator
    ) -> None:
        self._belief, self._worth_of = belief, worth
        self._values, self._labels = values, labels = strengths.values, strengths.components
        self._order = items[np.lexsort((random.random(len(items)), values[items], labels[items]))]
        self._place = np.full(len(labels), -1)
        self._place[self._order] = np.arange(len(items))
        steps, places = np.indices((WINDOW, len(items)))
        self._a = self._order[places]
        self._b = self._order[np.minimum(places + steps + 1, len(items) - 1)]
        self._alive = (places + steps + 1 < len(items)) & (labels[self._a] == labels[self._b])
        self._worth = np.full(self._alive.shape, -np.inf)
        self._weigh(*np.nonzero(self._alive))

    def _weigh(self, steps: Ints, places: Ints) -> None:
        """Set what these pairs are worth, if they may still be asked."""
        alive = self._alive[steps, places]
        steps, places = steps[alive], places[alive]
        self._worth[steps, places] = self._worth_of(self._a[steps, places], self._b[steps, places])

    def start(self, room: Room) -> list[int]:
        while True:
            step, place = np.unravel_index(np.argmax(self._worth), self._worth.shape)
            if not self._alive[step, place]:
                return []
            self._alive[step, place], self._worth[step, place] = False, -np.inf
            pair = [int(self._a[step, place]), int(self._b[step, place])]
            if room.allows(pair):
                return pair

    def join(self, members: list[int], room: Room) -> int | None:
        places = np.unique(self._place[members][:, None] + np.arange(-WINDOW, WINDOW + 1))
        candidates = self._order[places[(places >= 0) & (places < len(self._order))]]
        candidates = candidates[self._labels[candidates] == self._labels[members[0]]]
        candidates = candidates[room.beside(members, candidates)]
        if not len(candidates):
            return None
        worth = sum(self._worth_of(np.full(len(candidates), member), candidates) for member in members)
        return int(candidates[np.argmax(worth)])

    def learn(self, members: Sequence[int]) -> None:
        pairs = [pair for pair in combinations(members, 2) if self._labels[pair[0]] == self._labels[pair[1]]]
        for a, b in pairs:
            variance = self._belief.variance(np.array([a]), np.array([b]))
            told = evidence(len(members)) * information(self._values[[a]] - self._values[[b]], variance)
            self._weigh_all_of(self._belief.observe(a, b, float(told[0])))

    def _weigh_all_of(self, items: Ints) -> None:
        """Weigh the pairs that hold one of `items` anew."""
        places = self._place[items]
        places = places[places >= 0]
        steps, as_first = np.meshgrid(np.arange(WINDOW), places, indexing="ij")
        as_second = as_first - steps - 1
        there = as_second >= 0
        self._weigh(steps.ravel(), as_first.ravel())
        if len(places) < len(self._order):
            self._weigh(steps[there], as_second[there])
