"""Medians of many small groups at once."""

import numpy as np

from feedback.results.sample import Floats, Ints


def medians(value: Floats, group: Ints, n_groups: int) -> Floats:
    """Of the finite values of each group, shape (n_groups,); NaN where there are none."""
    known = np.isfinite(value)
    value, group = value[known], group[known].astype(np.min_scalar_type(n_groups))
    by_value = np.argsort(value)
    order = by_value[np.argsort(group[by_value], kind="stable")]  # small numbers are sorted by counting
    n = np.bincount(group, minlength=n_groups)
    first, found = np.cumsum(n) - n, np.full(n_groups, np.nan)
    some = n > 0
    middle = value[order[(first + (n - 1) // 2)[some]]] + value[order[(first + n // 2)[some]]]
    found[some] = middle / 2
    return found
