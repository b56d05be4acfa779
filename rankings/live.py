"""Live: one more judgement without a refit, and the exact removal of a rater or an item."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from scipy.optimize import brentq

from rankings.checks import Floats
from rankings.errors import RankingError
from rankings.fitting.drift import Drift
from rankings.fitting.newton import Model
from rankings.fitting.problem import Problem, solve
from rankings.fitting.strengths import Strengths

MOST_LEFT = 3e-4
"""Logits, of which a third may be what single steps have left out: then the strengths are settled."""

SETTLED = 1e-6
"""Logits: of a step under the last fit's curvature, after which the next would be far shorter."""

MOST_STEPS = 3
"""Of those, after which the curvature is too old: judgements since the fit tell a twentieth or more of what is known."""


def update(
    strengths: Strengths,
    *told: int | Iterable[int | Iterable[int]],
    weight: float = 1.0,
    first_a: bool | None = None,
    rater: int | None = None,
) -> Strengths:
    """Take in one more judgement by a single step, without going through the others again.

    The step is Newton's under the curvature of the last fit, with its length found on the new judgement itself. What
    it leaves out is up to a third of the move times how far its part has moved since the fit, this move included. When
    that has added up to 1e-4 logits, all judgements are gone through for it. They are fitted again, from where the
    strengths stand, when the curvature is too old for that, or the judgement is of a kind that the fit has not seen (a
    first tie, a new item, a link between parts).

    Parameters
    ----------
    strengths : Strengths
        Of any model.
    *told : int
        For pairs: `a`, `b` and, but for Bradley and Terry's model, the outcome or strength. For orders: one order, best
        first, a nested group is a tie.
    weight : float
        How often the judgement counts.
    first_a : bool, optional
        Whether `a` was shown first; needed if, and only if, the fit has a position effect.
    rater : int, optional
        Needed if, and only if, the fit knows raters.

    Returns
    -------
    Strengths
        Within 1e-4 logits of a refit. Errors are those of the last fit.

    Raises
    ------
    RankingError, NotComparableError, NotSettledError
        See the model.
    """
    if not weight > 0:
        raise RankingError(f"weight is {weight}; it is finite and above 0")
    base, n = strengths.problem, len(strengths)
    one = base.told(*told, weight=weight, first_a=first_a, rater=rater)
    later = (*strengths.later, one)
    if one.n_items > n or not base.allows(one) or len(np.unique(strengths.components[one.members])) > 1:
        return solve(base.joined(later))
    move = _move(strengths, base.model_of(one))
    drift = _drifted(strengths, move)
    point: Floats = strengths.maximum.point + move
    if np.max(drift.left) > MOST_LEFT:
        later = (later[0].joined(later[1:]),)
        settled = _settled(strengths, point, later[0])
        if settled is None:
            return solve(base.joined(later), point)
        drift, point = drift._replace(left=0.0), settled
    point[:n] = strengths.maximum.curvature.parts.centred(point[:n])
    maximum = replace(strengths.maximum, point=point)
    return replace(strengths, values=point[:n], maximum=maximum, later=later, drift=drift)


def without(strengths: Strengths, *, rater: int | Iterable[int] = (), items: int | Iterable[int] = ()) -> Strengths:
    """Remove all judgements of some raters, and all that some items are part of, exactly.

    The result is a fit of what is left, settled to all digits: it equals a fit that never saw what was removed. Items keep their numbers; a removed one is a part of its own, with its prior's error or,
    without a prior, an infinite one. An order or set that a removed item is part of is removed as a whole.

    Parameters
    ----------
    strengths : Strengths
        Of any model.
    rater : int or iterable of int
        As given to the fit.
    items : int or iterable of int

    Returns
    -------
    Strengths

    Raises
    ------
    RankingError
        If the fit knows no raters, there is no such rater or item, or nothing is left.
    NotComparableError, NotSettledError, TooFewClustersError
        If what is left cannot be fitted; see the model.
    """
    problem = strengths.judgements
    raters, removed = (np.atleast_1d(np.asarray(given, dtype=np.int64)) for given in (rater, items))
    if len(raters) and (problem.rater is None or not np.isin(raters, problem.rater).all()):
        raise RankingError(f"rater {raters.tolist()}: the fit knows no such rater; pass rater to the fit")
    if len(removed) and not ((removed >= 0) & (removed < len(strengths))).all():
        raise RankingError(f"items {removed.tolist()}: they are numbered from 0 to {len(strengths) - 1}")
    leave = problem.touching(removed)
    if problem.rater is not None:
        leave = leave | np.isin(problem.rater, raters)
    if leave.all():
        raise RankingError("no judgement is left")
    return problem.kept(~leave).fitted(tight=True, absent=removed)


def _move(strengths: Strengths, one: Model) -> Floats:
    """Return how one more judgement moves the values and shared parameters, shape (n_items + n_shared,).

    The direction is Newton's under the curvature of all other judgements; along it the new one is taken as it is, so
    that its own curvature counts too.
    """
    maximum, point = strengths.maximum, strengths.maximum.point
    step = maximum.curvature.solve(_gradient(one, point), 1e-4)
    slope = float(step @ _gradient(one, point))

    def rise(length: float) -> float:
        return float(step @ _gradient(one, point + length * step)) - length * slope

    return step if rise(1.0) >= 0 else step * brentq(rise, 0.0, 1.0, xtol=1e-6)


def _settled(strengths: Strengths, point: Floats, later: Problem) -> Floats | None:
    """Climb to the maximum with the later judgements by the curvature of the fit; None if that takes too many steps."""
    n, curvature = len(strengths), strengths.maximum.curvature
    before, since = strengths.model, strengths.problem.model_of(later)
    for _ in range(MOST_STEPS):
        curve = before and before.curve(point, np.float64, np.float32)
        if not curve:
            return None
        gradient = curve.gradient + _gradient(since, point) - curvature.precision * point
        step = curvature.solve(gradient, 1e-4)
        step[:n] = curvature.parts.centred(step[:n])
        point = point + step
        if np.abs(step).max() <= SETTLED:
            return point
    return None


def _drifted(strengths: Strengths, move: Floats) -> Drift:
    """Return how far each part has moved with this move too, that of the shared parameters included."""
    n, size = len(strengths), np.abs(move)
    largest = np.full(strengths.n_components, size[n:].max(initial=0))
    np.maximum.at(largest, strengths.components, size[:n])
    path, left = strengths.drift
    return Drift(path + largest, left + largest * (largest + path))


def _gradient(model: Model, point: Floats) -> Floats:
    _, parameter, value = model.scores(point)
    return np.bincount(parameter, value, len(point))
