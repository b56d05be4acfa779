"""Scores net of confounders: how far length, duration, loudness or resolution sway the answers, and what is left."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from scipy.special import stdtrit

from feedback.results.boards.said import Said
from feedback.results.sample import NOBODY, Floats, Ints
from rankings.errors import NotSettledError

FEWEST_RATERS = 4
FEWEST_PAIRS = 30
STEPS = 100
LONGEST = 3.0  # logits that one step may go
SETTLED = 1e-8
MOST_ITEMS = 2000
SD = 1.0
"""Of a weak normal prior on each effect, in logits per standard deviation of the differences."""

SHARED_SD = 5.0
"""Of that on the position and on log nu, as in every fit."""


@dataclass(frozen=True)
class Confounder:
    """What one unit more of it adds, in logits, works being equal, with its 95 % interval; of logs one unit is e times."""

    name: str
    value: float
    low: float
    high: float

    def told(self) -> dict[str, Any]:
        return {"name": self.name} | {one: round(getattr(self, one), 6) for one in ("value", "low", "high")}


@dataclass(frozen=True, eq=False)
class Net:
    """Confounders and the strengths with them taken out, centred in each part; NaN where one is not known."""

    confounders: tuple[Confounder, ...]
    values: Floats


def net_of(said: Said, covariates: Mapping[str, Floats], parts: Ints) -> Net | None:
    """Fit the strengths of `said` with the differences in the covariates of the works as terms beside them.

    Davidson's model with more terms. Sets count as the pairs in them that were told apart or tied, 1 / (K - 1) each:
    under Plackett and Luce's model every such pair follows Bradley and Terry's. Errors are clustered by rater. What
    differs only between generators cannot be told from what they are worth, so this is nothing for single works.
    """
    names = [name for name, values in covariates.items() if np.isfinite(values[said.works[said.works != NOBODY]]).all()]
    pairs = _Pairs.of(said, [covariates[name] for name in names])
    if pairs.n_raters < FEWEST_RATERS or len(pairs.a) < FEWEST_PAIRS or pairs.n_items > MOST_ITEMS:
        return None
    scale = pairs.differences.std(axis=0)
    varied = scale > 0
    if not varied.any():
        return None
    scale = scale[varied]
    point, covariance = pairs.kept(varied, scale).fitted()
    n, q = pairs.n_items, len(scale)
    effects, errors = point[n : n + q] / scale, np.sqrt(covariance.diagonal()[n : n + q]) / scale
    reach = float(stdtrit(pairs.n_raters - 1, 0.975))
    found = zip(np.array(names)[varied].tolist(), effects.tolist(), (reach * errors).tolist(), strict=True)
    counts = np.bincount(parts)[parts]
    values = point[:n] - np.bincount(parts, point[:n])[parts] / counts
    return Net(tuple(Confounder(name, value, value - half, value + half) for name, value, half in found), values)


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Pairs of items, the first shown first where that is modelled: shape (m,), differences (m, q)."""

    n_items: int
    a: Ints
    b: Ints
    answer: Floats  # 1, -1, or 0 for a tie
    weight: Floats
    rater: Ints
    differences: Floats
    position: bool

    @classmethod
    def of(cls, said: Said, covariates: list[Floats]) -> "_Pairs":
        one, other = np.triu_indices(said.items.shape[1], 1)
        there = said.items != NOBODY
        told = there[:, one] & there[:, other]
        if said.asked != "full":
            best = said.ranks == np.where(there, said.ranks, np.iinfo(np.int64).max).min(axis=1, keepdims=True)
            told &= best[:, one] | best[:, other]
        row, pair = np.nonzero(told)
        left, right = said.works[row, one[pair]], said.works[row, other[pair]]
        differences = [values[left] - values[right] for values in covariates]
        return cls(
            n_items=len(said.keys),
            a=said.items[row, one[pair]],
            b=said.items[row, other[pair]],
            answer=np.sign(said.ranks[row, other[pair]] - said.ranks[row, one[pair]]).astype(np.float64),
            weight=1 / (said.size[row] - 1),
            rater=np.unique(said.rater[row], return_inverse=True)[1],
            differences=np.array(differences, dtype=np.float64).reshape(len(covariates), len(row)).T,
            position=said.are_pairs and bool(said.drawn.all()),
        )

    @property
    def n_raters(self) -> int:
        return int(self.rater.max(initial=-1)) + 1

    def kept(self, columns: NDArray[np.bool_], scale: Floats) -> "_Pairs":
        """The differences in some columns alone, in units of `scale`."""
        return replace(self, differences=self.differences[:, columns] / scale)

    def fitted(self) -> tuple[Floats, Floats]:
        """Items, effects, position and log nu of ties, and their covariance by rater, by Newton's method.

        Raises
        ------
        NotSettledError
            If it does not settle.
        """
        terms = np.column_stack([self.differences, np.ones((len(self.a), int(self.position)))])
        n, q = self.n_items, self.differences.shape[1]
        ties = bool((self.answer == 0).any())
        size = n + terms.shape[1] + ties
        precision = np.full(size, SHARED_SD**-2.0)
        precision[:n], precision[n : n + q] = settings.PRIOR_SD**-2.0, SD**-2.0
        point = np.zeros(size)
        for _ in range(STEPS):
            pulls, hessian = self._derivatives(terms, point, ties=ties)
            hessian += np.diag(precision)
            step = np.linalg.solve(hessian, self._gradient(terms, pulls).sum(axis=0) - precision * point)
            point += step * min(1.0, LONGEST / float(np.abs(step).max()))
            if np.abs(step).max() < SETTLED:
                moves = np.linalg.solve(hessian, self._gradient(terms, pulls).T)
                return point, moves @ moves.T * self.n_raters / (self.n_raters - 1)
        raise NotSettledError("the effects of confounders did not settle; leave out what hardly differs")

    def _derivatives(self, terms: Floats, point: Floats, *, ties: bool) -> tuple[list[Floats], Floats]:
        """What each answer pulls at its linear predictor and, where there are ties, at log nu; and the curvature."""
        n = self.n_items
        half = (point[self.a] - point[self.b] + terms @ point[n : n + terms.shape[1]]) / 2
        ahead, behind, tied = np.exp(half), np.exp(-half), np.exp(point[-1]) if ties else 0.0
        total = ahead + behind + tied
        lean, tie = (ahead - behind) / total, tied / total
        pulls = [self.weight * (self.answer - lean) / 2]
        hessian = np.zeros((len(point), len(point)))
        last = len(point) - int(ties)
        hessian[:last, :last] = self._curvature(terms, self.weight * (1 - tie - lean**2) / 4)
        if ties:
            pulls.append(self.weight * ((self.answer == 0) - tie))
            cross = -self.weight * lean * tie / 2
            hessian[:n, last] = np.bincount(self.a, cross, n) - np.bincount(self.b, cross, n)
            hessian[n:last, last] = terms.T @ cross
            hessian[last, :last] = hessian[:last, last]
            hessian[last, last] = self.weight @ (tie * (1 - tie))
        return pulls, hessian

    def _curvature(self, terms: Floats, weight: Floats) -> Floats:
        n, q = self.n_items, terms.shape[1]
        between = np.bincount(self.a * n + self.b, weight, n * n).reshape(n, n)
        between = between + between.T
        found = np.zeros((n + q, n + q))
        found[:n, :n] = np.diag(between.sum(axis=1)) - between
        for column, term in enumerate(terms.T, start=n):
            side = weight * term
            found[:n, column] = np.bincount(self.a, side, n) - np.bincount(self.b, side, n)
        found[n:, :n] = found[:n, n:].T
        found[n:, n:] = terms.T @ (weight[:, None] * terms)
        return found

    def _gradient(self, terms: Floats, pulls: list[Floats]) -> Floats:
        """The gradient of each rater's answers: (n_raters, n + q), log nu last."""
        n, count, pull = self.n_items, self.n_raters, pulls[0]
        size, start = count * n, self.rater * n
        items = np.bincount(start + self.a, pull, size) - np.bincount(start + self.b, pull, size)
        effects = [np.bincount(self.rater, pull * term, count) for term in terms.T]
        own = [np.bincount(self.rater, one, count) for one in pulls[1:]]
        return np.column_stack([items.reshape(count, n), *effects, *own])
