"""Ranks within rows, ties sharing the mean of their places."""

import numpy as np

from rankings.checks import Floats


def mean_ranks(table: Floats) -> Floats:
    """Return the ranks 1..n within each row of a table of shape (m, n), the smallest first; equals share their mean rank."""
    order = np.argsort(table, axis=1, kind="stable")
    ascending = np.take_along_axis(table, order, axis=1)
    place = np.arange(table.shape[1])
    begins = np.diff(ascending, axis=1, prepend=np.nan) != 0
    ends = np.roll(begins, -1, axis=1)
    first = np.maximum.accumulate(np.where(begins, place, 0), axis=1)
    last = np.minimum.accumulate(np.where(ends, place, table.shape[1])[:, ::-1], axis=1)[:, ::-1]
    ranks = np.empty(table.shape)
    np.put_along_axis(ranks, order, (first + last) / 2 + 1, axis=1)
    return ranks
