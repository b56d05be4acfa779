"""Sets: the log-likelihood of orders and choices from sets of items, each set one observation."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import DTypeLike

from rankings.checks import Floats, Ints
from rankings.fitting.edges import Edges, counted, edges_at, edges_of
from rankings.fitting.newton import Curve


class SetTerms(NamedTuple):
    """Log-likelihood and derivatives of some sets of K items.

    Attributes
    ----------
    log_likelihood : float array, shape (n_sets,)
    gradient : float array, shape (n_sets, K + n_shared)
    conductance : float array, shape (n_sets, K (K - 1) / 2)
        Minus the second derivatives between two items with the sign turned, pairs in the order of `numpy.triu_indices`.
    cross : float array, shape (n_sets, K, n_shared)
    corner : float array, shape (n_sets, n_shared, n_shared)
    """

    log_likelihood: Floats
    gradient: Floats
    conductance: Floats
    cross: Floats
    corner: Floats


class Sets(Protocol):
    """Sets of one size that were judged in one way.

    Attributes
    ----------
    items : int array, shape (n_sets, K)
    judgement : int array, shape (n_sets,)
        The judgement that each set is, or is a part of.
    """

    @property
    def items(self) -> Ints: ...

    @property
    def judgement(self) -> Ints: ...

    def terms(self, values: Floats, shared: Floats) -> SetTerms:
        """Return the derivatives at the items' values, shape (n_sets, K)."""


@dataclass(frozen=True, eq=False)
class SetModel:
    """The log-likelihood of sets.

    Attributes
    ----------
    n_items : int
    sets : sequence of Sets
    weight : float array, shape (n_judgements,), or None for ones
    shared : tuple of str
    first_shared : float array, shape (n_shared,)
        Where the shared parameters start.
    """

    n_items: int
    sets: Sequence[Sets]
    weight: Floats | None
    shared: tuple[str, ...]
    first_shared: Floats

    @property
    def weight_per_item(self) -> float:
        """Total weight of the judgements per item."""
        return sum(float(self._weight(some).sum()) for some in self.sets) / self.n_items

    @cached_property
    def _places(self) -> tuple[Edges, Ints]:
        """The edges between items that met, and the edge of each pair of items of all sets in turn."""
        met = [some.items.T[np.array(np.triu_indices(some.items.shape[1], 1))] for some in self.sets]
        one, other = (np.concatenate([pairs[side].ravel() for pairs in met]) for side in (0, 1))
        low, high, n = np.minimum(one, other), np.maximum(one, other), self.n_items
        if n * n > 2 * len(low):
            edges, order = edges_of(n, low, high, np.arange(len(low)), together=True)
            slot = np.empty(len(low), dtype=np.int64)
            slot[order] = np.arange(len(low))
            return edges, slot
        key = low * n + high
        at = np.flatnonzero(np.bincount(key, minlength=n * n))
        slot = np.zeros(n * n, dtype=np.int64)
        slot[at] = np.arange(len(at))
        return edges_at(n, at, together=True), slot[key]

    @property
    def edges(self) -> Edges:
        """The pairs of items that met in a set."""
        return self._places[0]

    def start(self) -> Floats:
        """Guess each log-worth from the share of the places below it."""
        won, met = np.zeros(self.n_items), np.zeros(self.n_items)
        for some in self.sets:
            weight, size = self._weight(some), some.items.shape[1]
            below = np.arange(size - 1, -1, -1)[:, None]
            won += counted(some.items.T.ravel(), self.n_items, (below * weight).ravel())
            met += counted(some.items.T.ravel(), self.n_items, np.tile((size - 1) * weight, size))
        return np.concatenate([np.log((won + 0.5) / (met - won + 0.5)), self.first_shared])

    def curve(self, point: Floats, dtype: DTypeLike, coarse: DTypeLike) -> Curve | None:  # noqa: ARG002 sets need no single precision
        """See Model; always in double precision."""
        if not (np.isfinite(point).all() and (np.abs(point[self.n_items :]) < 300).all()):
            return None
        n, n_shared = self.n_items, len(self.shared)
        gradient, border, corner = np.zeros(n + n_shared), np.zeros((n, n_shared)), np.zeros((n_shared, n_shared))
        found = []
        for some in self.sets:
            terms, weight = self._terms(some, point), self._weight(some)
            size = some.items.shape[1]
            pulled = weight[:, None] * terms.gradient
            gradient[:n] += counted(some.items.ravel(), n, pulled[:, :size].ravel())
            gradient[n:] += pulled[:, size:].sum(axis=0)
            for column in range(n_shared):
                border[:, column] += counted(
                    some.items.ravel(), n, (weight[:, None] * terms.cross[..., column]).ravel()
                )
            corner += np.tensordot(weight, terms.corner, 1)
            found.append((terms.conductance.T * weight).ravel())
        edges, place = self._places
        conductance = counted(place, len(edges), np.concatenate(found))
        return Curve(gradient, conductance.astype(coarse, copy=False), border, corner)

    def log_likelihood(self, point: Floats) -> float:
        """See Model."""
        return sum(float(self._weight(some) @ self._terms(some, point).log_likelihood) for some in self.sets)

    def scores(self, point: Floats) -> tuple[Ints, Ints, Floats]:
        """Return the gradient of each judgement as sparse triplets: judgement, parameter, value."""
        own = self.n_items + np.arange(len(self.shared))
        found = []
        for some in self.sets:
            value = self._weight(some)[:, None] * self._terms(some, point).gradient
            parameter = np.column_stack([some.items, np.tile(own, (len(some.items), 1))])
            found.append((np.repeat(some.judgement, parameter.shape[1]), parameter.ravel(), value.ravel()))
        judgement, parameters, values = (np.concatenate(column) for column in zip(*found, strict=True))
        return judgement, parameters, values

    def _terms(self, some: Sets, point: Floats) -> SetTerms:
        return some.terms(point[some.items], point[self.n_items :])

    def _weight(self, some: Sets) -> Floats:
        return np.ones(len(some.items)) if self.weight is None else self.weight[some.judgement]


@dataclass(frozen=True, eq=False)
class Rankings:
    """Orders without ties, best first, of which the first `ranked` places are known: Plackett and Luce's model.

    Attributes
    ----------
    items : int array, shape (n_sets, K)
    judgement : int array, shape (n_sets,)
    ranked : int array, shape (n_sets,)
        From 1 to K - 1; the items after that are only known to be worse.
    """

    items: Ints
    judgement: Ints
    ranked: Ints

    def terms(self, values: Floats, shared: Floats) -> SetTerms:  # noqa: ARG002 it has no shared parameters
        """Go through the places once up and once down; all logs are relative to the worths that are left.

        With L_k the log of the sum of the worths left at stage k, and chances p_kj = e^(value_j - L_k), the gradient of
        the item at place i is its own choice less sum_(k <= i) p_ki = p_ii U_i, and its conductance with a later one is
        sum_(k <= i) p_ki p_kj = p_ii p_ij R_i. U and R follow from place to place, and since L falls, nothing overflows.
        """
        n_sets, size = values.shape
        value = np.ascontiguousarray(values.T)
        chosen = (np.arange(size)[:, None] < self.ranked).astype(np.float64)
        left = _log_left(value)
        passed, met = np.zeros_like(value), np.zeros(n_sets)
        conductance, first = np.empty((size * (size - 1) // 2, n_sets)), 0
        still = np.zeros(n_sets)
        for place in range(size):
            fall = np.exp(left[place] - left[place - 1]) if place else 1.0
            still = chosen[place] + still * fall
            met = chosen[place] + met * fall**2
            own = np.exp(value[place] - left[place])
            passed[place] = own * still
            later = size - 1 - place
            conductance[first : first + later] = np.exp(value[place + 1 :] - left[place]) * (own * met)
            first += later
        likelihood = (chosen * (value - left)).sum(axis=0)
        none = np.zeros((n_sets, 0, 0))
        return SetTerms(likelihood, (chosen - passed).T, conductance.T, np.zeros((n_sets, size, 0)), none)


def _log_left(value: Floats) -> Floats:
    """Return the log of the sum of the worths from each place on, shape (K, n_sets)."""
    best, worst = value.max(axis=0), value.min()
    if best.max() - worst > 600:
        return np.asarray(np.logaddexp.accumulate(value[::-1], axis=0)[::-1])
    return np.asarray(best + np.log(np.cumsum(np.exp(value - best)[::-1], axis=0)[::-1]))


@dataclass(frozen=True, eq=False)
class BestWorst:
    """The best and the worst of each set, of all pairs the one with the greatest difference: P(b, w) ~ worth_b / worth_w.

    Attributes
    ----------
    items : int array, shape (n_sets, K)
        The best first, the worst last.
    judgement : int array, shape (n_sets,)
    """

    items: Ints
    judgement: Ints

    def terms(self, values: Floats, shared: Floats) -> SetTerms:  # noqa: ARG002 it has no shared parameters
        """Take the probabilities of all K (K - 1) pairs."""
        n_sets, size = values.shape
        drop = values[:, :, None] - values[:, None, :]
        drop[:, np.arange(size), np.arange(size)] = -np.inf
        most = drop.max(axis=(1, 2), keepdims=True)
        chance = np.exp(drop - most)
        total = chance.sum(axis=(1, 2), keepdims=True)
        chance /= total
        mean = chance.sum(axis=2) - chance.sum(axis=1)
        row, column = np.triu_indices(size, 1)
        conductance = chance[:, row, column] + chance[:, column, row] + mean[:, row] * mean[:, column]
        seen = np.zeros(size)
        seen[0], seen[-1] = 1, -1
        likelihood = values[:, 0] - values[:, -1] - (most + np.log(total))[:, 0, 0]
        none = np.zeros((n_sets, 0, 0))
        return SetTerms(likelihood, seen - mean, conductance, np.zeros((n_sets, size, 0)), none)
