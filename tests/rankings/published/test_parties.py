"""Which German party would you vote for? 192 people on all pairs of five parties and abstention, June 2009.

Data and figures: the R package psychotools, GermanParties2009 (a survey at the University of Tübingen) and the reference
output of its btmodel. Strobl, C., Wickelmaier, F. and Zeileis, A. (2011). Accounting for individual differences in
Bradley-Terry models by means of recursive partitioning. J. Educational and Behavioral Statistics 36, 135-153.
"""

from rankings import bradley_terry
from tests.rankings.published.printed import contrasts, row

NONE, LINKE, GRUENE, SPD, CDU_CSU, FDP = range(6)

PREFERENCES = [
    (NONE, LINKE, 119, 73),
    (NONE, GRUENE, 25, 167),
    (LINKE, GRUENE, 23, 169),
    (NONE, SPD, 38, 154),
    (LINKE, SPD, 34, 158),
    (GRUENE, SPD, 124, 68),
    (NONE, CDU_CSU, 69, 123),
    (LINKE, CDU_CSU, 76, 116),
    (GRUENE, CDU_CSU, 128, 64),
    (SPD, CDU_CSU, 125, 67),
    (NONE, FDP, 83, 109),
    (LINKE, FDP, 70, 122),
    (GRUENE, FDP, 137, 55),
    (SPD, FDP, 134, 58),
    (CDU_CSU, FDP, 106, 86),
]
"""Two parties, and how many preferred the first and the second."""


def test_six_choices():
    first, second, for_first, for_second = zip(*PREFERENCES, strict=True)

    strengths = bradley_terry(first + second, second + first, weight=for_first + for_second)

    values, errors = contrasts(strengths, FDP)
    assert values == row("-0.3756 -0.6161 1.1858 0.8131 0.1756")
    assert errors == row("0.0890 0.0910 0.0951 0.0907 0.0875")
