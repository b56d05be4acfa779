"""Checks of what comes in: every array is converted once, refused by name, or known to be sound."""

import operator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rankings.errors import RankingError

type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]


def column(name: str, values: ArrayLike, length: int | None = None) -> NDArray[np.generic]:
    """Return `values` as a one-dimensional array of `length`."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise RankingError(f"{name} must have one dimension, not {array.ndim}")
    if length is not None and len(array) != length:
        raise RankingError(f"{name} has {len(array)} entries for {length} judgements; give one for each")
    return array


def integers(name: str, values: ArrayLike, length: int | None = None) -> Ints:
    """Return `values` as integers; floats and booleans are refused rather than rounded."""
    array = column(name, values, length)
    if len(array) == 0:
        raise RankingError(f"{name} is empty: there is no judgement to learn from")
    if array.dtype.kind not in "iu":
        raise RankingError(f"{name} must hold integers, not {array.dtype}")
    return array.astype(np.int64)


def indices(name: str, values: ArrayLike, length: int | None = None) -> Ints:
    """Return `values` as indices 0, 1, 2, …"""
    array = integers(name, values, length)
    if array.min() < 0:
        raise RankingError(f"{name} holds {array.min()}; items are numbered from 0")
    return array


def pair(names: tuple[str, str], first: ArrayLike, second: ArrayLike) -> tuple[Ints, Ints]:
    """Return both sides of paired comparisons; nothing is compared with itself."""
    a = indices(names[0], first)
    b = indices(names[1], second, len(a))
    if (a == b).any():
        row = int(np.argmax(a == b))
        raise RankingError(f"judgement {row} compares item {a[row]} with itself; leave it out")
    return a, b


def flags(name: str, values: ArrayLike, length: int) -> Flags:
    """Return `values` as booleans; numbers are refused."""
    array = column(name, values, length)
    if array.dtype.kind != "b":
        raise RankingError(f"{name} must hold booleans, not {array.dtype}")
    return array.astype(np.bool_)


def weights(values: ArrayLike | None, length: int) -> Floats:
    """Return finite positive weights; None is one for each judgement."""
    if values is None:
        return np.ones(length)
    array = column("weight", values, length)
    counts = array.astype(np.float64) if array.dtype.kind in "iuf" else np.zeros(length)
    if not (np.isfinite(counts) & (counts > 0)).all():
        raise RankingError("weight must hold finite numbers above 0; leave out judgements that do not count")
    return counts


def clusters(values: ArrayLike | None, length: int) -> Ints | None:
    """Return each judgement's cluster as 0, 1, 2, …, or None."""
    if values is None:
        return None
    return np.unique(integers("cluster", values, length), return_inverse=True)[1].astype(np.int64)


def n_items(count: int | None, largest: int) -> int:
    """Return the number of items, by default just enough to hold the `largest` index."""
    if count is None:
        return largest + 1
    if operator.index(count) <= largest:
        raise RankingError(f"n_items is {count}, but item {largest} was judged; items are numbered 0 to n_items - 1")
    return operator.index(count)


def prior_sd(value: float | None) -> float | None:
    """Return the prior's standard deviation in logits, or None for no prior."""
    if value is not None and not (np.isfinite(value) and value > 0):
        raise RankingError(f"prior_sd must be finite and above 0 logits, not {value}; None is no prior")
    return None if value is None else float(value)
