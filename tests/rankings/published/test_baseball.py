"""Baseball, American League East, 1987: Bradley-Terry without and with home advantage.

Results and figures with two or three digits: Agresti, A. (2002). Categorical Data Analysis, 2nd ed., tables 10.10 and
10.11. Figures with four digits: Firth, D. (2005). Bradley-Terry models in R. J. Statistical Software 12(1), section 4;
Turner, H. and Firth, D. (2012). Bradley-Terry models in R: the BradleyTerry2 package. J. Statistical Software 48(9),
section 4.
"""

import numpy as np
import pytest

from rankings import bradley_terry
from tests.rankings.published.printed import contrasts, deviance, printed, row

MILWAUKEE, DETROIT, TORONTO, NEW_YORK, BOSTON, CLEVELAND, BALTIMORE = range(7)

HOME_WINS_AND_LOSSES = """
0-0  4-3  4-2  4-3  6-1  4-2  6-0
3-3  0-0  4-2  4-3  6-0  6-1  4-3
2-5  4-3  0-0  2-4  4-3  4-2  6-0
3-3  5-1  2-5  0-0  4-3  4-2  6-1
5-1  2-5  3-3  4-2  0-0  5-2  6-0
2-5  3-3  3-4  4-3  4-2  0-0  2-4
2-5  1-5  1-6  2-4  1-6  3-4  0-0
"""
"""A row for each home team, a column for each visitor, both in the order of the teams above."""


@pytest.fixture
def table():
    """Wins and losses of the home team, over the 42 pairings of a host with a visitor."""
    cells = [cell.split("-") for cell in HOME_WINS_AND_LOSSES.split()]
    wins, losses = np.array(cells, dtype=int).reshape(7, 7, 2)[~np.eye(7, dtype=bool)].T
    return wins, losses


@pytest.fixture
def games(table):
    """Winner, loser and whether the winner was at home, over the 269 games."""
    home, visitor = np.nonzero(~np.eye(7, dtype=bool))
    wins, losses = table
    winner = np.concatenate([np.repeat(home, wins), np.repeat(visitor, losses)])
    loser = np.concatenate([np.repeat(visitor, wins), np.repeat(home, losses)])
    return winner, loser, np.arange(len(winner)) < wins.sum()


def test_without_home_advantage(games, table):
    winner, loser, _ = games

    strengths = bradley_terry(winner, loser)

    values, errors = contrasts(strengths, BALTIMORE)
    assert values == row("1.58 1.44 1.29 1.25 1.11 0.68")
    assert values == row("1.5814 1.4364 1.2945 1.2476 1.1077 0.6839")
    assert errors == row("0.3433 0.3396 0.3367 0.3359 0.3339 0.3319")
    assert deviance(strengths, *table) == printed("44.053")


def test_with_home_advantage(games, table):
    winner, loser, at_home = games

    strengths = bradley_terry(winner, loser, first=at_home)

    values, errors = contrasts(strengths, BALTIMORE)
    assert values == row("1.6196 1.4754 1.3271 1.2813 1.1438 0.7047")
    assert errors == row("0.3474 0.3446 0.3403 0.3404 0.3378 0.3350")
    assert [*strengths.worths] == row("0.220 0.190 0.164 0.157 0.137 0.088 0.044")
    assert strengths.position == printed("0.302")
    assert strengths.position == printed("0.3023")
    assert strengths.position_error == printed("0.1309")
    assert deviance(strengths, *table) == printed("38.643")
