"""Doubt: how unsure the strengths are by the model's own curvature, whatever their errors are clustered by.

A covariance between clusters says what the errors were. With few clusters it takes most differences for known, so that it
cannot say what to ask.
"""

import numpy as np

from rankings.checks import Floats
from rankings.fitting.strengths import Strengths
from rankings.fitting.uncertainty import Fisher


def variances(strengths: Strengths) -> Floats:
    """Return the variance of each value as if all others were known, shape (n_items,), in squared logits.

    It is a little below that of the centred value where judgements are well mixed, and is had at once for any number of
    items.
    """
    return 1 / strengths.maximum.curvature.degree


def covariance(strengths: Strengths) -> Floats:
    """Return the covariance of all values, shape (n_items, n_items); 0 between parts and for items alone."""
    uncertainty = strengths.uncertainty if strengths.covariance == "fisher" else Fisher(strengths.maximum)
    found = np.zeros((len(strengths), len(strengths)))
    for part in np.flatnonzero(np.bincount(strengths.components) > 1):
        members = np.flatnonzero(strengths.components == part)
        found[np.ix_(members, members)] = uncertainty.columns(members)[members]
    return found
