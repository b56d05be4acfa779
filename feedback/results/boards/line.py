"""The acceptability line: the strength at which a work is as likely as not to be called acceptable."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, stdtrit

from feedback.results.sample import Floats, Ints

FEWEST_RATERS = 4
FEWEST_SAID = 10
"""Answers that call all below, and as many that do not."""

STEEPEST = 20.0
STEP = 1e-4
TINY = 1e-12


@dataclass(frozen=True)
class Line:
    """Where the line lies, in logits, with its 95 % interval, and how steeply P(acceptable) rises through it."""

    value: float
    low: float
    high: float
    slope: float

    def acceptable(self, strength: Floats) -> Floats:
        """The probability of being called acceptable."""
        return np.asarray(expit(self.slope * (strength - self.value)))

    def told(self) -> dict[str, float]:
        return {"value": round(self.value, 6), "low": round(self.low, 6), "high": round(self.high, 6)}


def line_of(strengths: Floats, acceptable: NDArray[np.int8], rater: Ints) -> Line | None:
    """Fit P(work k is acceptable) = sigmoid(slope (strength_k - line)), errors clustered by rater.

    "All below acceptable" is said with the product of the chances of each to be below, and not said with one less that
    product: silence is an answer (the model of both bad), and so is "all excellent", which asks for more than acceptable.
    Where some answers speak for one work and against another, each work is asked about by itself, and silence says
    nothing. None where too little was said, or where what is strong is not surely more acceptable.

    Parameters
    ----------
    strengths : (m, K) logits, NaN where there is no work
    acceptable : (m, K) 1, 0, or -1 where nothing was said
    rater : (m,)
    """
    there = np.isfinite(strengths)
    if ((acceptable == 0) & there).any(axis=1)[((acceptable == 1) & there).any(axis=1)].any():
        row, place = np.nonzero((acceptable >= 0) & there)
        strengths, acceptable, rater = strengths[row, place, None], acceptable[row, place, None], rater[row]
        there = np.ones(strengths.shape, np.bool_)
    bad = ((acceptable == 0) | ~there).all(axis=1)
    if min(bad.sum(), (~bad).sum()) < FEWEST_SAID or len(np.unique(rater)) < FEWEST_RATERS:
        return None
    said = _Said(np.where(there, strengths, 0.0), there, bad)
    found = minimize(said.loss, said.start(), jac=said.slopes, method="BFGS")
    if not 0 < found.x[1] < STEEPEST:
        return None
    return _with_interval(said, found.x, rater)


@dataclass(frozen=True, eq=False)
class _Said:
    """Verdicts as a likelihood of intercept and slope: logit P(acceptable) = slope * strength - intercept."""

    strengths: Floats  # (m, K)
    there: NDArray[np.bool_]
    bad: NDArray[np.bool_]  # (m,) all of them

    def start(self) -> Floats:
        """At slope 1, the line about which works are called bad as often as they were."""
        share = float(self.bad.mean()) ** (1 / self.there.sum(axis=1).mean())
        return np.array([float(self.strengths[self.there].mean()) + np.log(share / (1 - share)), 1.0])

    def loss(self, point: Floats) -> float:
        all_below = self._all_below(point)
        return -float(np.where(self.bad, all_below, np.log(-np.expm1(all_below))).sum())

    def slopes(self, point: Floats) -> Floats:
        return -self.gradients(point).sum(axis=0)

    def gradients(self, point: Floats) -> Floats:
        """Of each verdict by intercept and slope: (m, 2)."""
        chance = np.where(self.there, expit(point[1] * self.strengths - point[0]), 0.0)
        odds = 1 / np.expm1(-self._all_below(point))
        by_logit = -chance * np.where(self.bad, 1.0, -odds)[:, None]
        return np.column_stack([-by_logit.sum(axis=1), (by_logit * self.strengths).sum(axis=1)])

    def _all_below(self, point: Floats) -> Floats:
        """The log of the chance that all are called bad: (m,)."""
        below = np.where(self.there, -np.logaddexp(0, point[1] * self.strengths - point[0]), 0.0)
        return np.asarray(np.minimum(below.sum(axis=1), -TINY))


def _with_interval(said: _Said, point: Floats, rater: Ints) -> Line | None:
    """The sandwich over raters, carried over to intercept / slope."""
    hessian = np.column_stack(
        [(said.slopes(point + step) - said.slopes(point - step)) / (2 * STEP) for step in STEP * np.eye(2)]
    )
    number = np.unique(rater, return_inverse=True)[1]
    count = int(number.max()) + 1
    pulled = np.column_stack([np.bincount(number, column, count) for column in said.gradients(point).T])
    inverse = np.linalg.inv(hessian)
    covariance = inverse @ pulled.T @ pulled @ inverse * count / (count - 1)
    intercept, slope = point
    reach = float(stdtrit(count - 1, 0.975))
    if slope <= reach * np.sqrt(covariance[1, 1]):
        return None
    value = intercept / slope
    along = np.array([1, -value]) / slope
    half = reach * float(np.sqrt(along @ covariance @ along))
    return Line(float(value), float(value - half), float(value + half), float(slope))
