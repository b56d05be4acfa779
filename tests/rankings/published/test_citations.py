"""Citations between four journals of statistics, 1987-89: a journal wins when another cites it.

Counts: Stigler, S. M. (1994). Citation patterns in the journals of statistics and probability. Statistical Science 9,
94-108; Agresti, A. (2002). Categorical Data Analysis, 2nd ed., p. 448. Figures: Firth, D. (2005). Bradley-Terry models
in R. J. Statistical Software 12(1), sections 1.2 and 3.
"""

import numpy as np
import pytest

from rankings import best_worst, bradley_terry
from tests.rankings.published.printed import contrasts, deviance, printed, row

BIOMETRIKA, COMM_STATIST, JASA, JRSS_B = range(4)

CITED_BY = np.array(
    [
        [0, 730, 498, 221],
        [33, 0, 68, 17],
        [320, 813, 0, 142],
        [284, 276, 325, 0],
    ]
)
"""How often the journal of a row was cited by that of a column; citations of itself say nothing."""


@pytest.fixture
def strengths():
    cited, citing = np.nonzero(CITED_BY)
    return bradley_terry(cited, citing, weight=CITED_BY[cited, citing])


def test_export_scores(strengths):
    values, errors = contrasts(strengths, BIOMETRIKA)

    assert values == row("-2.94907 -0.47957 0.26895")
    assert errors == row("0.10255 0.06059 0.07083")


def test_another_reference(strengths):
    values, _ = contrasts(strengths, JASA)

    assert values == row("0.4796 -2.4695 0.7485")


def test_deviance(strengths):
    pairs = np.triu_indices(4, 1)

    assert deviance(strengths, CITED_BY[pairs], CITED_BY.T[pairs]) == printed("4.2934")


def test_best_and_worst_of_two_have_half_the_differences():
    """The best of two is also the one the other is worst of, so the difference counts twice."""
    cited, citing = np.nonzero(CITED_BY)

    strengths = best_worst(np.column_stack([cited, citing]), cited, citing, weight=CITED_BY[cited, citing])

    values, errors = contrasts(strengths, BIOMETRIKA)
    assert [2 * value for value in values] == row("-2.94907 -0.47957 0.26895")
    assert [2 * error for error in errors] == row("0.10255 0.06059 0.07083")
