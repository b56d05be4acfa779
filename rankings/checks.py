"""Checks of what comes in: every array is converted at most once, refused by name and row, or known to be sound."""

import operator
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rankings.errors import RankingError

type Ints = NDArray[np.int64]
type Codes = NDArray[np.integer]
type Floats = NDArray[np.floating]
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
    whole = array.astype(np.int64, copy=False)
    if array.dtype == np.uint64 and whole.min() < 0:
        raise RankingError(f"{name}[{whole.argmin()}] is {array[whole.argmin()]}, which no index can be")
    return whole


def indices(name: str, values: ArrayLike, length: int | None = None) -> Ints:
    """Return `values` as indices 0, 1, 2, …"""
    array = integers(name, values, length)
    if array.min() < 0:
        row = int(np.argmax(array < 0))
        raise RankingError(f"{name}[{row}] is {array[row]}; items are numbered from 0")
    return array


def between(name: str, values: ArrayLike, least: int, most: int, length: int) -> Codes:
    """Return `values`, integers from `least` to `most`, as small integers."""
    array = integers(name, values, length)
    if array.min() < least or array.max() > most:
        row = int(np.argmax((array < least) | (array > most)))
        grades = "" if most == 1 else " or a grade between"
        must = f"{most} (a better), 0 (tie) or {least} (b better){grades}"
        raise RankingError(f"{name}[{row}] is {array[row]}; it must be {must}")
    return array.astype(np.int8)


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
    return array.astype(np.bool_, copy=False)


def weights(values: ArrayLike | None, length: int) -> Floats | None:
    """Return finite positive weights; None is one for each judgement."""
    if values is None:
        return None
    array = column("weight", values, length)
    if array.dtype.kind not in "iuf":
        raise RankingError(f"weight must hold finite numbers, not {array.dtype}")
    counts = array.astype(np.float64, copy=False)
    sound = np.isfinite(counts) & (counts > 0)
    if not sound.all():
        row = int(np.argmin(sound))
        raise RankingError(
            f"weight[{row}] is {counts[row]}; weights are finite and above 0: leave out judgements that do not count"
        )
    return counts


def rater(values: ArrayLike | None, length: int) -> Ints | None:
    """Return who made each judgement, or None."""
    return None if values is None else integers("rater", values, length)


def covariance(kind: str | None, *, has_rater: bool) -> Literal["fisher", "rater"]:
    """Return where errors come from, by default from the raters if they are known."""
    if kind not in {None, "fisher", "rater"}:
        raise RankingError(f'covariance is {kind!r}; it is "fisher" or "rater"')
    if kind == "rater" and not has_rater:
        raise RankingError('covariance="rater" needs rater: who made each judgement')
    return "rater" if has_rater and kind != "fisher" else "fisher"


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
