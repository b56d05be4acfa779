"""Projects like the one that is planned, simulated and fitted again and again."""

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import roots_hermitenorm

from rankings import simulate
from rankings.checks import Floats, Ints
from rankings.errors import RankingError
from rankings.orders import Orders
from rankings.pairs.pairwise import davidson, graded
from rankings.sets.listwise import plackett_luce
from rankings.simulate import Raters

type Form = Literal["pair", "graded"] | int

FEWEST_ITEMS = 5
"""Below this a correlation means nothing."""

MOST_ITEMS = 100
"""Of more items than this, so many are simulated: judgements per item tell as much of each."""

SIMULATED_ITEMS = 5000
"""Items in all simulated projects together, of pairs; sets tell more and take longer, so there are fewer."""

FEWEST_PROJECTS = 20
"""Simulated projects, at least."""

FEWEST_PER_ITEM = 2
"""Judgements per item from which is simulated."""

COUNTS = 10
"""Numbers of judgements that are simulated."""

TRIED = np.geomspace(0.1, 6.4, 7)
"""Standard deviations of strengths, in logits, among which that behind a reliability is looked up."""


@dataclass(frozen=True)
class Projects:
    """Projects like the one that is planned; see `plan` for the attributes."""

    n_items: int
    form: Form
    tie: float
    raters: Raters | None
    prior_sd: float
    most: float
    seed: int
    prompts: int = 1

    def __post_init__(self) -> None:
        if not (self.form in {"pair", "graded"} or (isinstance(self.form, int) and self.form >= 2)):
            raise RankingError(f'form is {self.form!r}; it is "pair", "graded" or the size of a set, 2 or more')
        if operator.index(self.prompts) < 1:
            raise RankingError(f"prompts is {self.prompts}; it is at least 1")
        fewest = max(self.size, math.ceil(FEWEST_ITEMS / self.prompts))
        if operator.index(self.n_items) < fewest:
            raise RankingError(f"{self.n_items} items are too few; plan for {fewest} or more")
        if not FEWEST_PER_ITEM < self.most < math.inf:
            raise RankingError(f"most is {self.most}; it is finite and above {FEWEST_PER_ITEM} judgements per item")
        if not 0 <= self.tie < 1 or (self.tie > 0 and self.form != "pair"):
            raise RankingError(f"tie is {self.tie}; it is a share from 0 to less than 1, and for pairs only")

    @property
    def size(self) -> int:
        """Items in one judgement."""
        return self.form if isinstance(self.form, int) else 2

    def reliabilities(self, sd: float) -> tuple[Ints, Floats]:
        """Return numbers of judgements, and the reliabilities found with each, shape (n_counts, n_projects).

        Where only some of the items are simulated, the spread between projects is drawn in as that of so many items.
        """
        per_item = np.geomspace(FEWEST_PER_ITEM, self.most, COUNTS)
        found = self._simulated(sd, per_item)
        mean = found.mean(axis=1, keepdims=True)
        counts = np.ceil(per_item * self.n_items * self.prompts / self.size).astype(np.int64)
        items, together = self._simulated_together
        return counts, mean + (found - mean) * math.sqrt(items * together / (self.n_items * self.prompts))

    @property
    def _simulated_together(self) -> tuple[int, int]:
        """Items of a prompt, and prompts of a project, that are simulated: enough to tell of more."""
        items = min(self.n_items, MOST_ITEMS)
        return items, min(self.prompts, MOST_ITEMS // items)

    def sds_behind(self, n: int, reliabilities: Sequence[float]) -> Floats:
        """Return the standard deviations of strengths with which `n` judgements are as reliable as that."""
        per_item = np.array([n * self.size / (self.n_items * self.prompts)])
        found = [0.0, *(float(self._simulated(sd, per_item).mean()) for sd in TRIED)]
        known = np.maximum.accumulate(_signal_to_noise(found))
        sds: Floats = np.interp(_signal_to_noise(reliabilities), known, [0.0, *TRIED])
        return sds

    def _simulated(self, sd: float, per_item: Floats) -> Floats:
        """Return the reliabilities after so many judgements per item, shape (n_counts, n_projects).

        Each prompt is fitted after few, more and all of its judgements, all of them at once as parts of one study.
        """
        (items, together), random = self._simulated_together, np.random.default_rng(operator.index(self.seed))
        projects = together * max(2 * SIMULATED_ITEMS // (self.size * items * together), FEWEST_PROJECTS)
        values = random.normal(size=(projects, items))
        values *= sd / values.std()
        nu, seeds = nu_of(self.tie, sd), random.integers(2**32, size=projects).tolist()
        counts = np.ceil(per_item * items / self.size).astype(np.int64).tolist()
        drawn = [self._draw(own, counts[-1], seed, nu) for own, seed in zip(values, seeds, strict=True)]
        sets, answers = (np.array(column) for column in zip(*drawn, strict=True))
        copies = items * np.arange(len(counts) * projects).reshape(len(counts), projects, 1, 1)
        fitted = self._fit(
            np.concatenate([(sets[:, :n] + c).reshape(-1, self.size) for n, c in zip(counts, copies, strict=True)]),
            np.concatenate([answers[:, :n].reshape(-1, *answers.shape[2:]) for n in counts]),
            copies.size * items,
        )
        pooled = (projects // together, together, items)
        return _signed_squared_correlations(fitted.reshape(len(counts), *pooled), values.reshape(pooled))

    def _draw(self, values: Floats, n: int, seed: int, nu: float) -> tuple[Ints, Ints]:
        """Return the items of `n` judgements, shape (n, size), and the answers: outcomes, or ranks of the same shape."""
        if isinstance(self.form, int):
            orders = simulate.orders(values, self.form, n, seed=seed, raters=self.raters)
            return orders.items.reshape(n, -1), orders.ranks.reshape(n, -1)
        if self.form == "graded":
            pairs = simulate.graded(values, n, seed=seed, raters=self.raters)
        else:
            pairs = simulate.pairs(values, n, seed=seed, raters=self.raters, tie=nu)
        return np.column_stack([pairs.a, pairs.b]), pairs.outcome

    def _fit(self, sets: Ints, answers: Ints, n_items: int) -> Floats:
        """Return the fitted log-worths, shape (n_items,)."""
        if isinstance(self.form, int):
            orders = Orders.from_arrays(sets.ravel(), answers.ravel(), np.arange(len(sets) + 1) * self.size)
            return plackett_luce(orders, n_items=n_items, prior_sd=self.prior_sd).values
        fit = graded if self.form == "graded" else davidson
        return fit(sets[:, 0], sets[:, 1], answers, n_items=n_items, prior_sd=self.prior_sd).values


def nu_of(share: float, sd: float) -> float:
    """Return Davidson's nu with which a share of the judgements of items with N(0, sd^2) are ties."""
    if share == 0:
        return 0.0
    place, weight = roots_hermitenorm(32)
    odds = 2 * np.cosh(sd * place / math.sqrt(2))

    def excess(log_nu: float) -> float:
        return float(weight @ (1 / (1 + odds * math.exp(-log_nu)))) / math.sqrt(2 * math.pi) - share

    return math.exp(brentq(excess, -40.0, 40.0))


def _signal_to_noise(reliabilities: Sequence[float]) -> Floats:
    """Return the standard deviation of the scores' signal over that of their noise; it grows nearly as the strengths do."""
    r = np.maximum(reliabilities, 0)
    ratio: Floats = np.sqrt(r / (1 - r))
    return ratio


def _signed_squared_correlations(scores: Floats, truth: Floats) -> Floats:
    """Return r |r| of each project, within its prompts, of arrays that end in (prompts, items).

    Upside down is not reliable, and what does not vary correlates with nothing.
    """
    scores = scores - scores.mean(axis=-1, keepdims=True)
    truth = truth - truth.mean(axis=-1, keepdims=True)
    lengths = np.linalg.norm(scores, axis=(-2, -1)) * np.linalg.norm(truth, axis=(-2, -1))
    r: Floats = (scores * truth).sum(axis=(-2, -1)) / np.maximum(lengths, np.finfo(float).tiny)
    return r * np.abs(r)
