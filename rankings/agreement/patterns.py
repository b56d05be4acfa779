"""Patterns: units that were rated alike are counted once, however many there are."""

import math
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from rankings.checks import Flags, Floats, Ints
from rankings.errors import RankingError

type Rows = csr_array[np.float64, tuple[int, int]]

EXACT = 53  # bits of the whole numbers that float64 tells apart
BLOCK = 2**17  # cells of the ratings read at a time, so that they stay in the cache
TABLE = 4  # whole numbers that span less than so many times their number are coded by a table, others by sorting


@dataclass(frozen=True, eq=False)
class Patterns:
    """The distinct ways in which units were rated.

    Attributes
    ----------
    values : float array, shape (n_values,)
        The ratings that can be told apart, in ascending order.
    counts : sparse float array, shape (n_patterns, n_values)
        How many raters gave each value to a unit of the pattern.
    multiplicity : float array, shape (n_patterns,)
        Units of each pattern.
    unit_sizes : int array, shape (n_units,)
        Ratings of each unit, of those left out too, in the order of the units.
    n_raters : int or None
        Raters, if they are known.
    """

    values: Floats
    counts: Rows
    multiplicity: Floats
    unit_sizes: Ints
    n_raters: int | None

    @property
    def sizes(self) -> Floats:
        """Ratings of a unit of each pattern, shape (n_patterns,)."""
        sizes: Floats = self.counts.sum(axis=1)
        return sizes

    @property
    def mixed(self) -> Flags:
        """True where the ratings of a unit are not all the same, shape (n_patterns,)."""
        return np.diff(self.counts.indptr) > 1

    def of_size(self, least: int) -> Self:
        """Leave out units of fewer than `least` ratings; refuse if none has two."""
        if self.unit_sizes.max() < 2:
            raise RankingError("no unit has two ratings; agreement shows only where raters judge the same unit")
        kept = self.sizes >= least
        return replace(self, counts=self.counts[kept], multiplicity=self.multiplicity[kept])


def of_ratings(ratings: ArrayLike, categories: ArrayLike | None, least: int) -> Patterns:
    """Count the ratings of raters × units, of units with at `least` so many; NaN is missing.

    `categories` are the ratings that could be given, None is those that were.
    """
    table = numbers("ratings", ratings, 2)
    if len(table) < 2:
        raise RankingError(f"ratings has {len(table)} rows, one for each rater; agreement needs at least 2 raters")
    units, given = _present(table)
    if not len(given):
        raise RankingError("ratings holds no rating: every entry is NaN")
    if np.isinf(given).any():
        rater, unit = np.argwhere(np.isinf(table))[0]
        raise RankingError(f"rater {rater} gave unit {unit} an infinite rating; a missing one is NaN")
    values, codes = coded(given)
    if categories is not None:
        values, codes = placed(values, codes, categories, units)
    sizes = np.bincount(units, minlength=table.shape[1])
    powers = _digits(int(sizes.max()), len(values))
    if powers is None:
        counts, multiplicity = _by_sorting(units, codes, sizes, len(values))
    else:
        counts, multiplicity = _by_digits(np.bincount(units, powers[codes]), powers)
    return Patterns(values, counts, multiplicity.astype(float), sizes, len(table)).of_size(least)


def of_counts(counts: ArrayLike, least: int) -> Patterns:
    """Take the number of ratings of units × categories, of units with at `least` so many."""
    given = numbers("counts", counts, 2)
    if given.dtype.kind == "f":
        raise RankingError(f"counts must hold integers, not {given.dtype}")
    table = given.astype(np.int64)
    if (table < 0).any():
        unit, category = np.argwhere(table < 0)[0]
        raise RankingError(f"counts of unit {unit}, category {category} is {table[unit, category]}; 0 is the least")
    if not table.any():
        raise RankingError("counts holds no rating, only zeros")
    values, sizes = np.arange(table.shape[1], dtype=float), table.sum(axis=1)
    powers = _digits(int(sizes.max()), len(values))
    if powers is None:
        rows, multiplicity = np.unique(table, axis=0, return_counts=True)
        alike = csr_array(rows.astype(float))
    else:
        alike, multiplicity = _by_digits((table @ powers).astype(float), powers)
    return Patterns(values, alike, multiplicity.astype(float), sizes, n_raters=None).of_size(least)


def numbers(name: str, values: ArrayLike, dimensions: int) -> NDArray[np.generic]:
    """Return `values` as an array of numbers that float64 tells apart."""
    array = np.asarray(values)
    if array.ndim != dimensions:
        raise RankingError(f"{name} must have {dimensions} dimension{'s' * (dimensions > 1)}, not {array.ndim}")
    if array.dtype.kind not in "iuf":
        raise RankingError(f"{name} must hold numbers, not {array.dtype}; missing ones are NaN")
    if array.dtype.kind in "iu" and array.size and max(abs(int(array.min())), abs(int(array.max()))) > 2**EXACT:
        raise RankingError(f"{name} holds integers beyond 2**53, which floats do not tell apart; number them afresh")
    return array


def coded(given: Floats) -> tuple[Floats, Ints]:
    """Return the distinct values in ascending order, and the place of each one given among them."""
    low = given.min()
    if given.max() - low < TABLE * len(given):
        steps = (given - low).astype(np.int64)
        if (low + steps == given).all():
            seen = np.bincount(steps) > 0
            return low + np.flatnonzero(seen), (np.cumsum(seen) - 1)[steps]
    values, codes = np.unique(given, return_inverse=True)
    return values, codes


def placed(values: Floats, codes: Ints, categories: ArrayLike, units: Ints) -> tuple[Floats, Ints]:
    """Return the categories as floats, and the codes of the ratings of `units` as places among them."""
    known = np.asarray(categories, dtype=float)
    if known.ndim != 1 or not np.isfinite(known).all() or (np.diff(known) <= 0).any():
        raise RankingError("categories must be finite numbers in ascending order, each of them once")
    unknown = ~np.isin(values, known)
    if unknown.any():
        first = int(np.argmax(unknown[codes]))
        raise RankingError(
            f"unit {units[first]} was rated {values[codes[first]]:g}, which is not one of the categories"
        )
    return known, np.searchsorted(known, values)[codes]


def _present(table: NDArray[np.generic]) -> tuple[Ints, Floats]:
    """Return the unit and the value of every rating that is not missing."""
    n_units = max(table.shape[1], 1)
    units, given = [], []
    step = max(1, BLOCK // n_units)
    for start in range(0, len(table), step):
        cells = table[start : start + step].ravel().astype(float, copy=False)
        here = np.flatnonzero(~np.isnan(cells))
        units.append(here % n_units)
        given.append(cells[here])
    return np.concatenate(units), np.concatenate(given)


def _digits(largest: int, n_values: int) -> Ints | None:
    """Return the place values of counts up to `largest`, so that one number holds them all; None if none can."""
    base = largest + 1
    return base ** np.arange(n_values) if n_values * math.log2(base) <= EXACT else None


def _by_digits(keys: Floats, powers: Ints) -> tuple[Rows, Ints]:
    """Group units by one whole number each, whose digits are the counts of the values."""
    distinct, groups = coded(keys)
    places = np.append(powers, 2**EXACT)
    counts = distinct.astype(np.int64)[:, None] % places[1:] // places[:-1]
    return csr_array(counts.astype(float)), np.bincount(groups)


def _by_sorting(units: Ints, codes: Ints, sizes: Ints, n_values: int) -> tuple[Rows, Ints]:
    """Group units by their lowest rating, within those groups by the next lowest, and so on."""
    codes = codes[np.lexsort((codes, units))]
    starts = np.cumsum(sizes) - sizes
    groups = np.zeros(len(sizes), np.int64)
    for place in range(sizes.max()):
        rated = np.flatnonzero(sizes > place)
        groups *= n_values + 1
        groups[rated] += codes[starts[rated] + place] + 1
        groups = np.unique(groups, return_inverse=True)[1]
    first, multiplicity = np.unique(groups, return_index=True, return_counts=True)[1:]
    entries = [codes[start : start + size] for start, size in zip(starts[first], sizes[first], strict=True)]
    rows = np.repeat(np.arange(len(first)), sizes[first])
    counts = csr_array((np.ones(len(rows)), (rows, np.concatenate(entries))), shape=(len(first), n_values))
    return counts, multiplicity
