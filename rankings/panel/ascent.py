"""Ascent: damped Newton for a likelihood that is not concave, in which raters may turn round on the way."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.linalg import LinAlgError

from rankings.checks import Floats
from rankings.errors import NotSettledError
from rankings.fitting.curvature import Parts
from rankings.fitting.newton import REMEDY, ROUNDING
from rankings.panel.elimination import Curve, Eliminated
from rankings.panel.model import PanelModel
from rankings.panel.priors import Prior

TRUST = 1.0
"""No parameter moves by more than this many logits in one step: further away the likelihood looks different."""

NEAR = 0.3
"""After a step shorter than this the next is Newton's; before, it is Fisher's scoring, which always leads upwards."""

MOST_STEPS = 300
RUNS_AWAY = "once reversed raters count the other way round, a strength may have no finite value"


class Top(NamedTuple):
    """Where a climb ended.

    Attributes
    ----------
    point : float array, shape (n_items + n_shared + 2 n_raters,)
    curvature : Eliminated
        Within the last step of it.
    steps : int
        How many were taken.
    """

    point: Floats
    curvature: Eliminated
    steps: int


@dataclass(frozen=True, eq=False)
class Ascent:
    """The log-likelihood of a panel with its priors, as it is climbed.

    Attributes
    ----------
    model : PanelModel
    parts : Parts
    prior : Prior
    """

    model: PanelModel
    parts: Parts
    prior: Prior

    def climb(self, point: Floats, tolerance: float) -> Top:
        """Climb until a step of Newton's moves nothing by more than the tolerance.

        Raises
        ------
        NotSettledError
            If there is no such step among the first 300.
        """
        n, near = self.model.edges.n_items, False
        curve = self._at(point, observed=False)
        for steps in range(1, MOST_STEPS):
            taken, step = self._step(point, curve)
            size = float(np.abs(step).max())
            if size <= tolerance and near and taken is curve:
                point = point + step
                point[:n] = self.parts.centred(point[:n])
                return Top(point, taken.curvature, steps)
            near = size < NEAR
            point, curve = self._along(point, step * min(1, TRUST / size), taken, near=near)
        raise NotSettledError(f"not settled after {steps} steps: {RUNS_AWAY}; {REMEDY}")

    def _at(self, point: Floats, *, observed: bool) -> Curve:
        return self.model.curve(point, self.parts, self.prior, observed=observed)

    def _step(self, point: Floats, curve: Curve) -> tuple[Curve, Floats]:
        """Return the step, by scoring if Newton's does not lead upwards."""
        try:
            return curve, curve.step()
        except LinAlgError:
            curve = self._at(point, observed=False)
        try:
            return curve, curve.step()
        except LinAlgError as error:
            raise NotSettledError(f"the likelihood became flat: {RUNS_AWAY}; {REMEDY}") from error

    def _along(self, point: Floats, step: Floats, curve: Curve, *, near: bool) -> tuple[Floats, Curve]:
        """Take the step, or the part of it after which the slope has not turned by much."""
        slope, length = float(curve.gradient @ step), 1.0
        while True:
            found = self._at(point + length * step, observed=near)
            turned = -float(found.gradient @ step)
            if turned <= 0.5 * slope + ROUNDING:
                return point + length * step, found
            length *= max(0.1, slope / (slope + turned))
