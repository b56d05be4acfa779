"""How far strengths have come since their fit."""

from typing import NamedTuple

from rankings.checks import Floats


class Drift(NamedTuple):
    """How far strengths have moved since their fit: arrays of the shape (n_components,), or 0 everywhere.

    Attributes
    ----------
    path : float or float array
        The sum of the moves of a part, whichever way, in logits: as much does its curvature lag behind.
    left : float or float array
        A bound, times three, of what steps have left out, in logits.
    """

    path: float | Floats
    left: float | Floats


AT_THE_FIT = Drift(0.0, 0.0)
