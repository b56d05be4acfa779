"""Ratings of a file as the matrix that measures of agreement take."""

import numpy as np

from rankings.checks import Floats
from rankings.errors import RankingError
from rankings.files.judgements import Judgements
from rankings.files.layouts import Rated
from rankings.files.rows import number, shown


def by_unit(ratings: Judgements[Rated], *, numbers: bool) -> Floats:
    """Return the ratings of each unit in a column, NaN below them.

    Parameters
    ----------
    ratings : Judgements of Rated
    numbers : bool
        Whether ratings must be numbers; else each distinct text has a number of its own if not all are numbers.

    Returns
    -------
    float array, shape (most ratings of a unit, n_units)
        Who rated is left out, which matters to none of the measures on units.

    Raises
    ------
    RankingError
        If a rater rated a unit twice, or a rating is no number but must be.
    """
    unit, said = ratings.told.unit, ratings.told.rating
    _refuse_repeats(ratings)
    row = np.argsort(unit, kind="stable")
    sizes = np.bincount(unit)
    place = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    table = np.full((sizes.max(), len(sizes)), np.nan)
    table[place, unit[row]] = _values(ratings, numbers=numbers)[said[row]]
    return table


def _refuse_repeats(ratings: Judgements[Rated]) -> None:
    unit, rater = ratings.told.unit, ratings.told.rater
    first = np.unique(unit * (rater.max() + 1) + rater, return_index=True)[1]
    if len(first) < len(unit):
        again = np.ones(len(unit), dtype=bool)
        again[first] = False
        line = ratings.lines[np.argmax(again)]
        raise RankingError(f"{ratings.file}:{line}: this rater rated this unit before; leave one of the two out")


def _values(ratings: Judgements[Rated], *, numbers: bool) -> Floats:
    """Return what each distinct rating counts."""
    texts = ratings.names["rating"]
    values = np.array([number(text) for text in texts])
    bad = ~np.isfinite(values)
    if not bad.any():
        return values
    if numbers:
        row = np.argmax(bad[ratings.told.rating])
        told = shown(texts[ratings.told.rating[row]])
        raise RankingError(
            f"{ratings.file}:{ratings.lines[row]}: rating is {told}; write a number, or use --scale nominal"
        )
    return np.arange(len(texts), dtype=np.float64)
