"""The 36 races of the NASCAR season of 2002, 43 drivers in each: Plackett-Luce.

Orders of finish and worths: Hunter, D. R. (2004). MM algorithms for generalized Bradley-Terry models. Annals of
Statistics 32, 384-406, table 2. Log-worths, and the numbers of the drivers (there from 1, here from 0): Turner, H. L.,
van Etten, J., Firth, D. and Kosmidis, I. (2020). Modelling rankings in R: the PlackettLuce package. Computational
Statistics 35, 1027-1057, section 2.3.
"""

from pathlib import Path

import numpy as np
import pytest

from rankings import NotComparableError, plackett_luce
from tests.rankings.published.printed import row

CAMERON, MARCIS, TRICKLE, VARDE = 0, 14, 16, 39
JONES, PRUETT, MARTIN, STEWART, WALLACE, JOHNSON, MARLIN, BLISS, GORDON, BUSCH = 57, 67, 50, 81, 65, 36, 71, 53, 31, 47
ALWAYS_LAST = HILLENBURG, BRADBERRY, HEDLESKY, RENFROW = 83, 84, 85, 86


@pytest.fixture(scope="module")
def races():
    return np.loadtxt(Path(__file__).with_name("nascar_2002.csv"), delimiter=",", dtype=int)


@pytest.fixture(scope="module")
def strengths(races):
    return plackett_luce([[driver for driver in race if driver not in ALWAYS_LAST] for race in races])


def against_cameron(strengths, drivers):
    return [strengths.difference(driver, CAMERON)[0] for driver in drivers]


def test_worths_of_the_ten_best_on_average(strengths):
    best = [JONES, PRUETT, MARTIN, STEWART, WALLACE, JOHNSON, MARLIN, BLISS, GORDON, BUSCH]

    assert [*strengths.worths[best]] == row("0.1864 0.1096 0.0235 0.0184 0.0230 0.0205 0.0167 0.0274 0.0168 0.0153")


def test_log_worths_of_the_three_best_and_worst_on_average(strengths):
    assert against_cameron(strengths, [JONES, PRUETT, MARTIN]) == row("4.15 3.62 2.08")
    assert against_cameron(strengths, [MARCIS, TRICKLE, VARDE]) == row("0.03 -0.31 -0.15")


def test_drivers_who_always_came_last_have_no_finite_strength(races):
    with pytest.raises(NotComparableError) as caught:
        plackett_luce(races)

    assert caught.value.items == ALWAYS_LAST


def test_half_a_win_and_half_a_defeat_against_a_ghost_make_them_finite(races):
    drivers, ghost = np.arange(87), 87
    against_ghost = [*((driver, ghost) for driver in drivers), *((ghost, driver) for driver in drivers)]

    strengths = plackett_luce([*races, *against_ghost], weight=np.repeat([1, 0.5], [36, 174]))

    assert against_cameron(strengths, [JONES, PRUETT, MARTIN]) == row("3.20 2.77 1.91")
    assert against_cameron(strengths, [MARCIS, TRICKLE, VARDE]) == row("0.02 -0.38 -0.12")
    assert against_cameron(strengths, ALWAYS_LAST) == row("-2.171065 -1.744754 -1.590764 -1.768629")
