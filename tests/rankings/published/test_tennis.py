"""Matches between five tennis players, men, 2014-18.

Agresti, A. (2019). An Introduction to Categorical Data Analysis, 3rd ed., section 8.5.
"""

import numpy as np

from rankings import bradley_terry
from tests.rankings.published.printed import contrasts, deviance, printed, row

DJOKOVIC, FEDERER, MURRAY, NADAL, WAWRINKA = range(5)

WINS = np.array(
    [
        [0, 9, 14, 9, 4],
        [6, 0, 5, 5, 7],
        [3, 0, 0, 2, 2],
        [2, 1, 4, 0, 4],
        [3, 2, 2, 3, 0],
    ]
)
"""Matches that the player of a row won against that of a column."""


def test_five_players():
    winner, loser = np.nonzero(WINS)

    strengths = bradley_terry(winner, loser, weight=WINS[winner, loser])

    values, errors = contrasts(strengths, WAWRINKA)
    pairs = np.triu_indices(5, 1)
    assert values == row("1.1761 1.1358 -0.5685 -0.0619")
    assert errors == row("0.4995 0.5109 0.5683 0.5149")
    assert deviance(strengths, WINS[pairs], WINS.T[pairs]) == printed("4.3958")
