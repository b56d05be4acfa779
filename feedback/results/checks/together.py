"""Raters side by side: residuals of each on the same pairs, once per criterion, and what they have in common."""

import numpy as np
from scipy.sparse import csr_array

from feedback.results.checks.pairs import Pairs, numbered
from feedback.results.checks.reading import Reading
from feedback.results.sample import Floats, Ints

type Table = csr_array[np.float64, tuple[int, int]]


def residuals(reading: Reading) -> tuple[Table, Ints]:
    """Raters × (pair of works, criterion), as they would read with the lower work first; and the prompt of each column.

    What a rater's reliability explains is taken out on prompts of even and of odd number apart.
    """
    every = list(reading.pairs.values())
    return _table(reading, [pairs.place for pairs in every], [_net(pairs) * pairs.straight for pairs in every])


def answers(reading: Reading) -> tuple[Table, Table]:
    """Residuals as they are, raters × (comparison, pair of its works, criterion); and the weights."""
    every, sample = list(reading.pairs.values()), reading.sample
    sets = sample.shown.shape[1] > 2
    place = [_within(sample.comparison[pairs.row], pairs.place) if sets else pairs.place for pairs in every]
    value, weight = [pairs.residual * pairs.straight for pairs in every], [pairs.weight for pairs in every]
    return _table(reading, place, value)[0], _table(reading, place, weight)[0]


def _within(comparison: Ints, place: Ints) -> Ints:
    """A number for each pair of each comparison."""
    return comparison * (int(place.max(initial=0)) + 1) + place


def _table(reading: Reading, place: list[Ints], value: list[Floats]) -> tuple[Table, Ints]:
    """Raters × places, each criterion apart; and the prompt of each column."""
    every, key, columns = list(reading.pairs.values()), [], 0
    for own in place:
        found, at = numbered(own)
        key.append(at + columns)
        columns += len(found)
    at, rater, prompt = np.concatenate(key), [pairs.rater for pairs in every], [pairs.prompt for pairs in every]
    of_column = np.empty(columns, dtype=np.int64)
    of_column[at] = np.concatenate(prompt)
    shape = (reading.n_raters, columns)
    return csr_array((np.concatenate(value), (np.concatenate(rater), at)), shape=shape), of_column


def _net(pairs: Pairs) -> Floats:
    """Residuals without what a change of the rater's reliability would explain, on either half of the prompts."""
    cell = 2 * pairs.rater + pairs.prompt % 2
    push, information = (np.bincount(cell, value) for value in pairs.steepness)
    step = push / np.maximum(information, 1e-9)
    return np.asarray(pairs.residual - pairs.weight * step[cell] * pairs.variance * pairs.drop / 2)
