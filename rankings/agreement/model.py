"""What a model says of each unit, checked."""

import numpy as np
from numpy.typing import ArrayLike

from rankings.agreement.patterns import numbers
from rankings.errors import RankingError

type Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]

ROUNDING = 1e-6  # how far probabilities may be from summing to one


def probabilities(model: ArrayLike, n_units: int, n_categories: int) -> Matrix:
    """Return each unit's probability of each category, shape (n_units, n_categories)."""
    table = numbers("model", model, 2).astype(float)
    if table.shape != (n_units, n_categories):
        raise RankingError(
            f"model has shape {table.shape} for {n_units} units and {n_categories} categories; "
            "give every unit's probability of each, and name categories that were never used with categories="
        )
    bad = ~((table >= 0).all(axis=1) & (abs(table.sum(axis=1) - 1) < ROUNDING))
    if bad.any():
        raise RankingError(f"model of unit {np.argmax(bad)}: probabilities must be 0 or more and sum to one")
    return table.reshape(n_units, n_categories)
