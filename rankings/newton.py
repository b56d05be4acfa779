"""Damped Newton for concave log-likelihoods whose curvature is a block for each part and a border of shared parameters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from rankings.checks import Floats
from rankings.choices import Choices, Curve, Layout, curve
from rankings.errors import NotSettledError

SHARED_PRIOR_SD = 5.0
"""With a prior on the strengths, log nu and the position effect are N(0, 5^2): weak, but their maximum is finite."""

GRADIENT_TOLERANCE = 1e-8
STEP_TOLERANCE = 1e-6
MOST_ITERATIONS = 100
MOST_LINGERING = 8  # without a prior, steps that may be large once the gradient is small; two or three are common
REMEDY = "pass prior_sd (logits, for example 1.5), or add judgements"


@dataclass(frozen=True, eq=False)
class Objective:
    """A log-likelihood with independent normal priors, or without.

    Attributes
    ----------
    choices : sequence of Choices
        Their items are places in the layout.
    layout : Layout
        Where the items stand.
    precision : float array, shape (n_items + n_shared,)
        Of the priors, in 1 / logits^2: all above 0, or all 0 for no prior.
    """

    choices: Sequence[Choices]
    layout: Layout
    precision: Floats

    @classmethod
    def of(cls, choices: Sequence[Choices], layout: Layout, n_shared: int, prior_sd: float | None) -> "Objective":
        """Give each strength the prior N(0, prior_sd^2), and each shared parameter the weak one."""
        n_items = len(layout.labels)
        sd = np.repeat([np.inf, np.inf] if prior_sd is None else [prior_sd, SHARED_PRIOR_SD], [n_items, n_shared])
        return cls(choices, layout, sd**-2.0)

    @property
    def has_prior(self) -> bool:
        """Whether there is a prior, and so always a finite maximum."""
        return bool(self.precision.any())

    def penalty(self, point: Floats) -> float:
        """Return minus the log density of the priors, up to a constant."""
        return float(self.precision @ point**2) / 2

    def at(self, point: Floats) -> Curve:
        """Return value, gradient and curvature at a point of shape (n_items + n_shared,)."""
        n_items = len(self.layout.labels)
        bare = curve(self.choices, self.layout, point[:n_items], point[n_items:])
        return replace(
            bare,
            value=bare.value - self.penalty(point),
            gradient=bare.gradient - self.precision * point,
            blocks=[
                block + np.diag(self.precision[where])
                for block, where in zip(bare.blocks, self.layout.slices(), strict=True)
            ],
            corner=bare.corner + np.diag(self.precision[n_items:]),
        )


class Arrow:
    """The curvature, a dense block for each part with a border, solved block by block by the Schur complement.

    Without a prior the direction in which all strengths of a part move together is flat, and gets the block's mean
    curvature instead; no gradient ever points that way.
    """

    def __init__(self, objective: Objective, at: Curve) -> None:
        blocks = at.blocks
        if not objective.has_prior:
            blocks = [block + block.trace() / block.shape[0] ** 2 for block in blocks]
        self.slices = objective.layout.slices()
        self.factors = [cho_factor(block) for block in blocks]
        self.border = at.border
        self.leverage = self.solve_items(at.border)
        self.schur = _checked(at.corner - at.border.T @ self.leverage, at.corner)

    def solve_items(self, right: Floats) -> Floats:
        """Solve for the items as if the shared parameters were known; `right` has shape (n_items, …)."""
        solved = np.empty_like(right)
        for where, factor in zip(self.slices, self.factors, strict=True):
            solved[where] = cho_solve(factor, right[where])
        return solved

    def solve(self, right: Floats) -> Floats:
        """Solve for all parameters; `right` has shape (n_items + n_shared,)."""
        n_items = len(self.leverage)
        items = self.solve_items(right[:n_items])
        shared = np.linalg.solve(self.schur, right[n_items:] - self.border.T @ items)
        return np.concatenate([items - self.leverage @ shared, shared])


def _checked(schur: Floats, corner: Floats) -> Floats:
    """Return what the data say about the shared parameters beyond the strengths, if they say anything."""
    scale = np.sqrt(corner.diagonal())
    if len(scale) and (scale.min() == 0 or np.linalg.eigvalsh(schur / np.outer(scale, scale)).min() < 1e-10):
        problem = "the tie or position parameter runs away, or cannot be told apart from the strengths"
        raise NotSettledError(f"{problem}; {REMEDY}")
    return schur


@dataclass(frozen=True, eq=False)
class Maximum:
    """The settled fit.

    Attributes
    ----------
    values : float array, shape (n_items,)
        Log-worths in logits, by place.
    shared : float array, shape (n_shared,)
    log_likelihood : float
        Without the prior.
    arrow : Arrow
        The curvature at the maximum.
    iterations : int
        Newton steps taken.
    """

    values: Floats
    shared: Floats
    log_likelihood: float
    arrow: Arrow
    iterations: int


def maximise(objective: Objective) -> Maximum:
    """Climb to the maximum by Newton's method.

    Settled means that no entry of the gradient is above 1e-8 times the total weight of the choices per item, *and*
    that the next step moves no parameter by more than 1e-6. The second condition matters: where a parameter runs away,
    the gradient vanishes too, but each further step still moves it by about one logit. That last step is taken as well:
    it is computed already, and squares the distance that is left.

    Raises
    ------
    NotSettledError
        If there is no finite maximum, or none within 100 steps.
    """
    n_items = len(objective.layout.labels)
    tolerance = GRADIENT_TOLERANCE * sum(float(some.weight.sum()) for some in objective.choices) / n_items
    point = np.zeros(len(objective.precision))
    here = objective.at(point)
    lingering = iteration = 0
    while iteration < MOST_ITERATIONS and lingering < MOST_LINGERING:
        try:
            arrow = Arrow(objective, here)
        except LinAlgError as error:
            raise NotSettledError(f"the likelihood became flat: a parameter runs away; {REMEDY}") from error
        step = arrow.solve(here.gradient)
        if np.abs(here.gradient).max() <= tolerance:
            if np.abs(step).max() <= STEP_TOLERANCE:
                point = point + step
                likelihood = here.value + objective.penalty(point)
                return Maximum(point[:n_items], point[n_items:], likelihood, arrow, iteration + 1)
            lingering += not objective.has_prior
        point, here = _climb(objective, point, here, step)
        iteration += 1
    raise NotSettledError(f"not settled after {iteration} Newton steps: a parameter runs away; {REMEDY}")


def _climb(objective: Objective, point: Floats, here: Curve, step: Floats) -> tuple[Floats, Curve]:
    """Halve the step until the value rises by a part of what the slope promises (Armijo), rounding allowed for."""
    slope = float(here.gradient @ step)
    rounding = 1e-12 * (1 + abs(here.value))
    for length in 0.5 ** np.arange(50):
        there = objective.at(point + length * step)
        if there.value >= here.value + 1e-4 * length * slope - rounding:
            return point + length * step, there
    raise NotSettledError(f"no Newton step raises the likelihood; {REMEDY}")
