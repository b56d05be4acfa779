"""Priors: what is thought of values and raters before any judgement."""

from typing import NamedTuple

import numpy as np

from rankings.checks import Floats
from rankings.fitting.newton import SHARED_PRIOR_SD


class Spread(NamedTuple):
    """Student's t with three degrees of freedom about 0: most raters are alike, but a few may be far off.

    The log-density is -2 log(1 + (x / sd)^2), up to a constant: that of a normal distribution whose precision falls
    with the distance.

    References
    ----------
    Lange, K. L., Little, R. J. A. and Taylor, J. M. G. (1989). Robust statistical modeling using the t distribution.
    J. Amer. Statist. Assoc. 84, 881-896, section 3.
    """

    sd: float

    def pull(self, away: Floats) -> Floats:
        """Return that precision: minus the slope of the log-density over `away`."""
        pull: Floats = 4 / (self.sd**2 + away * away)
        return pull

    def bend(self, away: Floats) -> Floats:
        """Return minus the second derivative of the log-density."""
        pull = self.pull(away)
        return pull - 0.5 * (pull * away) ** 2

    def surprise(self, away: Floats) -> float:
        """Return minus the log-density of all, up to a constant."""
        return 2 * float(np.log1p((away / self.sd) ** 2).sum())


class Prior(NamedTuple):
    """What is thought of the parameters before any judgement.

    Values times the root mean square of the reliabilities are N(0, sd^2): values as the raters see them. A prior on the
    values themselves would have a say in what a reliability of 1 is, and with many items for each rater the last word.

    Attributes
    ----------
    sd : float or None
        In logits; None is no prior on values and shared parameters.
    spread : Spread
        Of reliabilities about 1 and of sides about 0.
    """

    sd: float | None
    spread: Spread

    @property
    def precision(self) -> float:
        """Of the values as the raters see them."""
        return 0.0 if self.sd is None else self.sd**-2.0

    def on_common(self, values: Floats, reliability: Floats, n_shared: int) -> Floats:
        """Return the precision of values and shared parameters, shape (n_items + n_shared,)."""
        of_values = self.precision * float(np.mean(reliability**2))
        of_shared = 0.0 if self.sd is None else SHARED_PRIOR_SD**-2.0
        return np.repeat([of_values, of_shared], [len(values), n_shared])

    def on_reliability(self, values: Floats, n_raters: int) -> float:
        """Return the precision of each reliability about 0 that the prior on the values brings with it."""
        return self.precision * float(values @ values) / n_raters

    def on_both(self, values: Floats, reliability: Floats) -> Floats:
        """Return minus the second derivatives by reliability and value, shape (n_raters, n_items)."""
        return 2 * self.precision / len(reliability) * np.outer(reliability, values)
