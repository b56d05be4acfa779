"""Units that were rated alike are one pattern, by whichever of the ways of counting fits."""

from collections import Counter

import numpy as np
import pytest

from rankings.agreement.patterns import of_counts, of_ratings

WAYS = {
    "few values, as digits of a number": [1, 2, 3],
    "values between whole numbers": [0.25, 0.5, 4.0],
    "values far apart": [-1e9, 0, 1e15],
    "many values, by sorting": range(200),
}


@pytest.mark.parametrize("values", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_unit_is_in_the_pattern_of_its_counts(values, order):
    random = np.random.default_rng(1)
    table = random.choice(np.array(values, dtype=float), (4, 3000))
    table[random.random(table.shape) < 0.4] = np.nan
    units = Counter(tuple(np.sort(unit[~np.isnan(unit)]).tolist()) for unit in table.T)
    del units[()]

    patterns = of_ratings(np.asarray(table, order=order), None, least=1)

    rows = patterns.counts.toarray().astype(int)
    found = {
        tuple(np.repeat(patterns.values, row).tolist()): count
        for row, count in zip(rows, patterns.multiplicity, strict=True)
    }
    assert found == units
    assert patterns.unit_sizes.tolist() == (~np.isnan(table)).sum(axis=0).tolist()
    assert patterns.mixed.tolist() == [len(set(unit)) > 1 for unit in found]


def grouped(patterns):
    rows = map(tuple, patterns.counts.toarray().tolist())
    return dict(zip(rows, patterns.multiplicity.tolist(), strict=True))


@pytest.mark.parametrize("n_categories", [3, 40])
def test_counts_are_grouped_like_ratings(n_categories):
    random = np.random.default_rng(2)
    table = random.integers(0, n_categories, (5, 400)).astype(float)
    counts = np.array([np.bincount(unit, minlength=n_categories) for unit in table.T.astype(int)])

    by_ratings = of_ratings(table, np.arange(n_categories), least=2)
    by_counts = of_counts(counts, least=2)

    assert grouped(by_ratings) == grouped(by_counts)


def test_units_of_few_ratings_are_left_out():
    table = np.array([[1, 1, np.nan, np.nan], [1, np.nan, 2, np.nan], [2, np.nan, np.nan, np.nan]])

    assert of_ratings(table, None, least=1).sizes.tolist() == [1, 1, 3]
    assert of_ratings(table, None, least=2).sizes.tolist() == [3]


def test_integers_and_small_floats_are_read_as_they_are():
    table = np.array([[1, 2, 2], [1, 2, 3]])

    for dtype in (np.int8, np.uint16, np.float32):
        assert grouped(of_ratings(table.astype(dtype), None, least=2)) == {(2, 0, 0): 1, (0, 2, 0): 1, (0, 1, 1): 1}
