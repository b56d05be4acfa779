"""Five brands of typewriter ribbon, compared in pairs by 30 secretaries on a scale of seven: graded strengths.

Counts: Agresti, A. (1992). Analysis of ordinal paired comparison data. Applied Statistics 41, 287-297, table 1. Figures,
of the cumulative logit model there with antisymmetric cut-points: the maximum of the likelihood as found by two
programs that share nothing with this library, a direct search on it and an ordinal regression on the comparisons and
their mirror images.
"""

import numpy as np

from rankings import graded
from tests.rankings.published.printed import contrasts, printed, row

COMPARISONS = np.array(
    [
        [2, 1, 4, 4, 0, 5, 5, 8, 4],
        [3, 1, 5, 12, 4, 6, 0, 2, 1],
        [4, 1, 0, 2, 2, 2, 5, 15, 4],
        [5, 1, 4, 4, 5, 4, 2, 8, 3],
        [3, 2, 6, 9, 3, 4, 1, 4, 3],
        [4, 2, 2, 4, 1, 6, 4, 8, 5],
        [5, 2, 5, 5, 6, 6, 1, 4, 3],
        [4, 3, 0, 1, 0, 3, 1, 13, 12],
        [5, 3, 1, 6, 3, 4, 3, 11, 2],
        [5, 4, 6, 12, 5, 3, 1, 3, 0],
    ]
)
"""Two brands; how many preferred the first strongly, moderately, weakly, not at all, and so on to the second strongly."""


def test_five_brands():
    brand, other = COMPARISONS[:, :2].T - 1
    pair, place = np.nonzero(COMPARISONS[:, 2:])

    strengths = graded(brand[pair], other[pair], 3 - place, levels=3, weight=COMPARISONS[:, 2:][pair, place])

    assert [*strengths.values] == row("0.116893 -0.196013 0.887303 -1.047638 0.239455")
    assert contrasts(strengths, 0)[1] == row("0.20822 0.20632 0.20936 0.20470")
    assert [*strengths.cut_points] == row("0.371104 0.829598 2.399883")
    assert strengths.log_likelihood == printed("-521.107642")
