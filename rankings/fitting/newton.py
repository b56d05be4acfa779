"""Damped Newton for concave log-likelihoods whose curvature is a graph Laplacian with a border of shared parameters."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import DTypeLike
from scipy.linalg import LinAlgError

from rankings.checks import Floats, Ints
from rankings.errors import NotSettledError
from rankings.fitting.curvature import Curvature, Parts
from rankings.fitting.edges import Edges

SHARED_PRIOR_SD = 5.0
"""With a prior on the strengths, the shared parameters are N(0, 5^2): weak, but their maximum is finite."""

FEW, MANY = 1 << 12, 1 << 15
"""From MANY edges on the first steps are taken in single precision; the last is always in double. With fewer than FEW one
step more costs nothing, and standard errors have all their digits too."""

GRADIENT_TOLERANCE = 1e-8
MOST_ITERATIONS = 100
MOST_SINGLE = 3  # steps in single precision, whose gradient knows nothing of strengths beyond 17 logits
MOST_LINGERING = 8  # without a prior, steps that may be large once the gradient is small; two or three are common
ASTRAY = 20.0  # logits: a first step longer than this shows that the guess lies where the likelihood is nearly flat
NEXT_STEP = (
    1e-7  # logits: where only strengths are fitted steps shrink by squares, and the next would be shorter than this
)
ROUNDING = 1e-20  # of a gain in log-likelihood
RUNS_AWAY = "a parameter, of ties, of grades or of the position, runs away or cannot be told apart from the strengths"
REMEDY = "pass prior_sd (logits, for example 1.5), or add judgements"


@dataclass(frozen=True, eq=False)
class Curve:
    """A log-likelihood at one point.

    Attributes
    ----------
    gradient : float array, shape (n_items + n_shared,)
    conductance : float array, shape (n_edges,)
        Minus the second derivative between the two items of each edge, with the sign turned.
    border : float array, shape (n_items, n_shared)
        Minus the second derivatives between items and shared parameters.
    corner : float array, shape (n_shared, n_shared)
        Minus those of the shared parameters.
    """

    gradient: Floats
    conductance: Floats
    border: Floats
    corner: Floats


class Model(Protocol):
    """A log-likelihood, concave in the log-worths of the items and in the parameters that all judgements share.

    Attributes
    ----------
    edges : Edges
        The pairs of items between which there is curvature.
    shared : tuple of str
        Names of the shared parameters.
    weight_per_item : float
        Total weight of the judgements per item.
    """

    @property
    def edges(self) -> Edges: ...

    @property
    def shared(self) -> tuple[str, ...]: ...

    @property
    def weight_per_item(self) -> float: ...

    def start(self) -> Floats:
        """Return a first guess, shape (n_items + n_shared,)."""

    def curve(self, point: Floats, dtype: DTypeLike, coarse: DTypeLike) -> Curve | None:
        """Return the gradient, computed in `dtype`, and the curvature, kept as `coarse`; None outside the domain."""

    def log_likelihood(self, point: Floats) -> float:
        """Return the natural log of the probability of all judgements."""

    def scores(self, point: Floats) -> tuple[Ints, Ints, Floats]:
        """Return the gradient of each judgement as sparse triplets: judgement, parameter, value."""


@dataclass(frozen=True, eq=False)
class Maximum:
    """The settled fit.

    Attributes
    ----------
    point : float array, shape (n_items + n_shared,)
        The log-worths in logits, centred in each part, then the shared parameters.
    shared : tuple of str
        Names of the shared parameters.
    curvature : Curvature
        At the maximum, or within the last step of it.
    iterations : int
        Newton steps taken.
    """

    point: Floats
    shared: tuple[str, ...]
    curvature: Curvature
    iterations: int


def maximise(
    model: Model, parts: Parts, prior_sd: float | None, start: Floats | None = None, *, tight: bool = False
) -> Maximum:
    """Climb to the maximum by Newton's method.

    Settled means that the next step moves no parameter by more than a bound under which the step after it, about the
    square of it, is beyond the digits that matter: 1e-7 logits with many judgements, all digits with few. That
    last step is taken too. Where a parameter runs away each further step still moves it by about one logit.

    Parameters
    ----------
    model : Model
    parts : Parts
    prior_sd : float or None
        Of the normal prior on each strength, in logits.
    start : float array, shape (n_items + n_shared,), optional
        Where to begin, by default the model's own guess.
    tight : bool
        Settle to all digits whatever the number of judgements.

    Raises
    ------
    NotSettledError
        If there is no finite maximum, or none within 100 steps.
    """
    n = model.edges.n_items
    n_edges = len(model.edges)
    many = n_edges >= MANY and not tight
    single = many and start is None
    step_tolerance = 2e-4 if many else 1e-6 if n_edges >= FEW and not tight else 1e-9
    sd = np.repeat([np.inf, np.inf] if prior_sd is None else [prior_sd, SHARED_PRIOR_SD], [n, len(model.shared)])
    climb = _Climb(model, parts, sd**-2.0, np.float32 if many else np.float64)
    point = (model.start() if start is None else start).copy()
    point[:n] = parts.centred(point[:n])
    begun = climb.at(point, single)
    if begun is None and start is not None:
        return maximise(model, parts, prior_sd, tight=tight)
    if begun is None:
        raise NotSettledError(f"the first guess is outside the model's domain; {REMEDY}")
    curvature, gradient = begun
    lingering, before = 0, 0.0
    for iteration in range(1, MOST_ITERATIONS):
        try:
            step = curvature.solve(gradient, 1e-2 if single else max(step_tolerance, 1e-6))
        except LinAlgError as error:
            if many:  # single precision knows no curvature beyond 17 logits
                return maximise(model, parts, prior_sd, tight=True)
            raise NotSettledError(f"the likelihood became flat: {RUNS_AWAY}; {REMEDY}") from error
        step[:n] = parts.centred(step[:n])
        size = np.abs(step).max()
        if size > ASTRAY and start is None and iteration == 1:
            return maximise(model, parts, prior_sd, np.concatenate([np.zeros(n), point[n:]]), tight=tight)
        near = size <= step_tolerance or (many and not model.shared and size**3 <= NEXT_STEP * before**2)
        if not single and (near or gradient @ step <= ROUNDING):
            point = point + step
            _require_known(curvature)
            return Maximum(point, model.shared, curvature, iteration)
        lingering += prior_sd is None and np.abs(gradient).max() <= GRADIENT_TOLERANCE * model.weight_per_item
        if lingering == MOST_LINGERING:
            break
        before = min(size, 0.1)
        single = single and size > 0.1 and iteration < MOST_SINGLE
        point, curvature, gradient = climb.along(point, step, gradient, single)
    raise NotSettledError(f"not settled after {iteration} Newton steps: {RUNS_AWAY}; {REMEDY}")


@dataclass(frozen=True, eq=False)
class _Climb:
    """The log-likelihood with its priors: what is climbed."""

    model: Model
    parts: Parts
    precision: Floats
    coarse: DTypeLike

    def at(self, point: Floats, single: bool) -> tuple[Curvature, Floats] | None:
        """Return curvature and gradient; None outside the model's domain."""
        curve = self.model.curve(point, np.float32 if single else np.float64, self.coarse)
        if curve is None:
            return None
        corner = curve.corner + np.diag(self.precision[self.model.edges.n_items :])
        curvature = Curvature(self.model.edges, curve.conductance, self.precision, curve.border, corner, self.parts)
        return curvature, curve.gradient - self.precision * point

    def along(self, point: Floats, step: Floats, gradient: Floats, single: bool) -> tuple[Floats, Curvature, Floats]:
        """Take the step, or the part of it after which the slope has not turned by much.

        On a concave function a slope that is still upwards means that the value rose, and one that turned by less than
        a half means that the top lies near: the strong Wolfe condition without the values.
        """
        slope, length = float(gradient @ step), 1.0
        for _ in range(60):
            found = self.at(point + length * step, single)
            if found is not None and found[0].degree.min() <= 0:  # so far that no digit of its curvature is left
                found = None
            turned = np.inf if found is None else -float(found[1] @ step)
            if found is not None and turned <= 0.5 * slope + ROUNDING:
                return point + length * step, *found
            length *= max(0.1, slope / (slope + turned)) if slope + turned > 0 else 0.1
        raise NotSettledError(f"no Newton step raises the likelihood; {REMEDY}")


def _require_known(curvature: Curvature) -> None:
    """Refuse shared parameters of which the data say nothing beyond the strengths."""
    if curvature.border.shape[1] == 0:
        return
    scale = np.sqrt(curvature.corner.diagonal())
    if scale.min() == 0 or np.linalg.eigvalsh(curvature.schur / np.outer(scale, scale)).min() < 1e-10:
        raise NotSettledError(f"{RUNS_AWAY}; {REMEDY}")
