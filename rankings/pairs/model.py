"""Pairs: the log-likelihood of answers to pairs, from counts where counts are all that matters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rankings.checks import Codes, Flags, Floats, Ints
from rankings.fitting.edges import Edges, counted, edges_at, edges_of, short
from rankings.fitting.newton import Curve
from rankings.pairs.responses import Response

REPEATS = 1.3
"""From so many judgements a pair on, edges are merged: their weights cost less than carrying all of them."""

OPPONENTS_SPREAD = 0.46
"""How much a spread of the opponents, in logits^2, flattens the logit of the share that is won, near a half; far from it
half the spread is lost altogether."""


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers to pairs as they came, checked.

    Attributes
    ----------
    a, b : int arrays, shape (n_judgements,)
    code : int array, shape (n_judgements,), or None
        Above 0 if `a` was better, below 0 if `b` was, 0 for a tie; None if `a` always was.
    weight : float array, shape (n_judgements,), or None for ones
    first_a : bool array, shape (n_judgements,), or None
        Where `a` was shown first; None if the order of showing is not modelled.
    """

    a: Ints
    b: Ints
    code: Codes | None
    weight: Floats | None
    first_a: Flags | None

    def turned(self) -> "Answers":
        """Put the item shown first on side `a`, so that being first is one constant."""
        if self.first_a is None or self.first_a.all():
            return self
        sign = np.where(self.first_a, 1, -1).astype(np.int8)
        return replace(
            self,
            a=np.where(self.first_a, self.a, self.b),
            b=np.where(self.first_a, self.b, self.a),
            code=sign if self.code is None else self.code * sign,
            first_a=np.ones(len(self.a), dtype=bool),
        )

    @classmethod
    def joined(cls, every: Sequence["Answers"]) -> "Answers":
        """Put answers one after the other."""
        bare = all(one.code is None for one in every)
        even = all(one.weight is None for one in every)
        code = np.concatenate([np.ones(len(one.a), np.int8) if one.code is None else one.code for one in every])
        weight = np.concatenate([np.ones(len(one.a)) if one.weight is None else one.weight for one in every])
        first = [one.first_a for one in every if one.first_a is not None]
        return cls(
            np.concatenate([one.a for one in every]),
            np.concatenate([one.b for one in every]),
            None if bare else code,
            None if even else weight,
            np.concatenate(first) if first else None,
        )

    def kept(self, rows: Flags) -> "Answers":
        """Return the answers in the rows that are True."""
        return Answers(
            self.a[rows],
            self.b[rows],
            None if self.code is None else self.code[rows],
            None if self.weight is None else self.weight[rows],
            None if self.first_a is None else self.first_a[rows],
        )


@dataclass(frozen=True, eq=False)
class PairModel:
    """The log-likelihood of answers to pairs.

    Attributes
    ----------
    answers : Answers
        The judgements one by one, the item shown first on side `a` where that matters.
    edges : Edges
        The pairs, the item shown first at the beginning of its edge where that matters.
    weight : float array, shape (n_edges,), or None for ones
    code : int array, shape (n_edges,), or None
        The answers, for responses that need it pair by pair.
    response : Response
    position : bool
        Whether being shown first shifts the answer.
    statistics : float array, shape (n_items + n_shared,)
        Sums of the answers, for responses that need no more; else 0.
    won, judged : float arrays, shape (n_items,)
        Weight of what each item won, a tie as a half, and of all its judgements.
    share : float array, shape (n_answers,)
        Of the weight, with each answer.
    """

    answers: Answers
    edges: Edges
    weight: Floats | None
    code: Codes | None
    response: Response
    position: bool
    statistics: Floats
    won: Floats
    judged: Floats
    share: Floats

    @property
    def shared(self) -> tuple[str, ...]:
        """The response's own parameters, then the position effect."""
        return (*self.response.shared, *(["position"] if self.position else []))

    @property
    def weight_per_item(self) -> float:
        """Total weight of the judgements per item."""
        return float(self.judged.mean() / 2)

    def start(self) -> Floats:
        """Guess each log-worth from the share won and the opponents' mean: one step of PROX.

        References
        ----------
        Linacre, J. M. (1994). PROX with missing data. Rasch Measurement Transactions 8(3), 378.
        """
        logit = np.log((self.won + 0.5) / (self.judged - self.won + 0.5))
        spread = max(float(np.var(logit) - 4 * np.mean(1 / (self.judged + 1))), 1e-3)
        spread /= max(1 - OPPONENTS_SPREAD * spread, 0.2)
        steeper = np.sqrt(1 + OPPONENTS_SPREAD * spread) - 1
        values = logit + spread / 2 * np.tanh(2 * steeper / spread * logit)
        weight = np.ones(len(self.edges), np.float32) if self.weight is None else self.weight.astype(np.float32)
        matrix, known = self.edges.matrix(weight), values.astype(np.float32)
        opponents = (matrix @ known + matrix.T @ known) / np.maximum(self.judged, 1e-300)
        own = self.response.start(self.share)
        return np.concatenate([values + np.where(self.judged > 0, opponents, 0), own, [0.0] * self.position])

    def curve(self, point: Floats, dtype: DTypeLike, coarse: DTypeLike) -> Curve | None:
        """See Model."""
        n, own, position = self._split(point)
        if not (self.response.inside(own) and np.isfinite(point).all()):
            return None
        n_own, n_edges = len(own), len(self.edges)
        flow, conductance = np.empty(n_edges, dtype), np.empty(n_edges, coarse)
        cross = [np.empty(n_edges, dtype) for _ in range(n_own)]
        slope, corner = np.zeros(n_own), np.zeros((n_own, n_own))
        for run, drop in self.edges.drops(point[:n].astype(dtype, copy=False), position):
            terms = self.response.terms(drop, own, _part(self.code, run), _part(self.weight, run))
            flow[run], conductance[run] = terms.flow, terms.conductance
            for whole, part in zip(cross, terms.cross, strict=True):
                whole[run] = part
            slope += terms.slope
            corner += terms.corner
        columns = [*cross, *([conductance] if self.position else [])]
        slopes = [*slope, *([np.sum(flow, dtype=np.float64)] if self.position else [])]
        gradient = self.statistics + np.concatenate([self.edges.divergence(flow), slopes])
        border = [self.edges.divergence(column) for column in columns]
        if self.position:
            last = [np.sum(column, dtype=np.float64) for column in columns]
            corner = np.block([[corner, np.array(last[:-1]).reshape(-1, 1)], [np.array(last)]])
        return Curve(gradient, conductance, np.array(border, dtype=np.float64).reshape(-1, n).T, corner)

    def log_likelihood(self, point: Floats) -> float:
        """See Model."""
        n, own, position = self._split(point)
        total = 0.0 if self.code is not None else float(self.statistics @ point)
        for run, drop in self.edges.drops(point[:n], position):
            code = _part(self.code, run)
            # Without the answers, what is left of the log-probability is that of a tie, less its statistic.
            told = np.zeros(len(drop), dtype=np.int64) if code is None else code
            found = self.response.log_probability(drop, own, told)
            if code is None and len(own):
                found = found - own[0]
            weight = _part(self.weight, run)
            total += float(found.sum() if weight is None else weight @ found)
        return total

    def scores(self, point: Floats) -> tuple[Ints, Ints, Floats]:
        """See Model."""
        n, own, position = self._split(point)
        told = self.answers
        code = np.ones(len(told.a), dtype=np.int64) if told.code is None else told.code
        pull, slopes = self.response.scores(point[told.a] - point[told.b] + position, own, code)
        columns = [pull, -pull, *slopes.T, *([pull] if self.position else [])]
        value = np.column_stack(columns) * (1.0 if told.weight is None else told.weight[:, None])
        shared = np.broadcast_to(n + np.arange(value.shape[1] - 2), (len(pull), value.shape[1] - 2))
        parameter = np.column_stack([told.a, told.b, shared])
        return np.repeat(np.arange(len(pull)), value.shape[1]), parameter.ravel(), value.ravel()

    def _split(self, point: Floats) -> tuple[int, Floats, float]:
        n = self.edges.n_items
        own = point[n : n + len(self.response.shared)]
        return n, own, float(point[-1]) if self.position else 0.0


class Counts(NamedTuple):
    """Counted answers.

    Attributes
    ----------
    edges : Edges
    weight : float array, shape (n_edges,), or None for ones
    code : int array, shape (n_edges,), or None
    on_a, on_b : float arrays, shape (n_items,)
        Weight of the judgements with each item on either side.
    """

    edges: Edges
    weight: Floats | None
    code: Codes | None
    on_a: Floats
    on_b: Floats


def pair_model(n_items: int, answers: Answers, response: Response) -> PairModel:
    """Count the answers.

    Where all pairs of items, with all answers if the response needs them, fit into a table not much larger than the
    judgements, they are counted in it; else each judgement keeps its own edge, and nothing is sorted but by counting.
    """
    turned, position = answers.turned(), answers.first_a is not None
    counts = (
        _pairs_alone(n_items, turned, directed=position)
        if response.sufficient
        else _pairs_with_answers(n_items, turned, response.levels)
    )
    won, judged = _won(turned, counts), counts.on_a + counts.on_b
    share = _shares(turned, response.levels)
    statistics = np.zeros(n_items + len(response.shared) + position)
    if response.sufficient:
        total = judged.sum() / 2
        own = [share[1] * total] if response.shared else []
        ahead = [(share[2] - share[0]) * total / 2] if position else []
        statistics = np.concatenate([won - judged / 2, own, ahead])
    return PairModel(
        turned, counts.edges, counts.weight, counts.code, response, position, statistics, won, judged, share
    )


def _won(answers: Answers, counts: Counts) -> Floats:
    """Return the weight of what each item won, a tie as a half."""
    if answers.code is None:
        return counts.on_a
    n_items, half = len(counts.on_a), 0.5 + 0.5 * np.sign(answers.code)
    weight = 1.0 if answers.weight is None else answers.weight
    return counted(answers.a, n_items, half * weight) + counted(answers.b, n_items, (1 - half) * weight)


def _shares(answers: Answers, levels: int) -> Floats:
    """Return the share of the weight with each answer, shape (2 levels + 1,)."""
    if answers.code is None:
        return np.repeat([0.0, 1.0], [2 * levels, 1])
    totals = counted(answers.code.astype(np.int64) + levels, 2 * levels + 1, answers.weight)
    return totals / totals.sum()


def _pairs_alone(n_items: int, answers: Answers, *, directed: bool) -> Counts:
    """Count how often each pair was judged, whatever the answer."""
    a, b, weight = answers.a, answers.b, answers.weight
    if n_items**2 <= 2 * len(a):
        table = counted(a * n_items + b, n_items**2, weight).reshape(n_items, n_items)
        on_a, on_b = table.sum(axis=1), table.sum(axis=0)
        pairs = (table if directed else np.triu(table + table.T)).ravel()
        at = np.flatnonzero(pairs)
        return Counts(edges_at(n_items, at, together=not directed), pairs[at], None, on_a, on_b)
    on_a, on_b = counted(a, n_items, weight), counted(b, n_items, weight)
    begins, ends = short(a), short(b)
    if not directed:
        begins, ends = np.minimum(begins, ends), np.maximum(begins, ends)
    amounts: Floats | None = None
    if weight is None:
        edges, _ = edges_of(n_items, begins, ends, np.zeros(len(a), dtype=np.int8), together=not directed)
    else:
        edges, amounts = edges_of(n_items, begins, ends, weight.astype(np.float64, copy=False), together=not directed)
    if len(edges) > REPEATS * len(edges.first_of_pairs):
        amounts = np.add.reduceat(np.ones(len(edges)) if amounts is None else amounts, edges.first_of_pairs)
        edges = edges.merged()
    return Counts(edges, amounts, None, on_a, on_b)


def _pairs_with_answers(n_items: int, answers: Answers, levels: int) -> Counts:
    """Count how often each pair was given each answer."""
    a, b, weight = answers.a, answers.b, answers.weight
    on_a, on_b = counted(a, n_items, weight), counted(b, n_items, weight)
    code = np.ones(len(a), dtype=np.int8) if answers.code is None else answers.code
    n_answers = 2 * levels + 1
    if n_items**2 * n_answers <= 2 * len(a):
        table = counted((a * n_items + b) * n_answers + (code + levels), n_items**2 * n_answers, weight)
        at = np.flatnonzero(table)
        edges = edges_at(n_items, at // n_answers, together=False)
        return Counts(edges, table[at], at % n_answers - levels, on_a, on_b)
    edges, order = edges_of(n_items, short(a), short(b), np.arange(len(a)), together=False)
    return Counts(edges, None if weight is None else weight[order], code[order].astype(np.int8), on_a, on_b)


def _part[Number: np.generic](column: NDArray[Number] | None, run: slice) -> NDArray[Number] | None:
    return None if column is None else column[run]
