"""German football, Bundesliga, 2005/06: Rao and Kupper's model, draws as ties.

Results: the season's record, the same in the R packages wikibooks and engsoccerdata. Figures: Casalicchio, G., ordBTL
(an R package), the readme's example, which fits the cumulative logit model with symmetric thresholds, that is Rao, P. V.
and Kupper, L. L. (1967). Ties in paired-comparison experiments. J. Amer. Statist. Assoc. 62, 194-204. Its iterations
stop where the fifth digit still moves, so three decimals are taken.
"""

import numpy as np
import pytest

from rankings import graded, rao_kupper
from tests.rankings.published.printed import contrasts, row

RESULTS = """
-DLLWDDWLDLLWLWLDW  1. FC Kaiserslautern
L-LWWLDWDLDLLLWLDW  1. FC Köln
WW-WLDLWLLDWDWWWLW  1. FC Nürnberg
LWW-DWDWDDWLDDDLLW  1. FSV Mainz 05
DWDW-WWLWLLLWWLLWL  Arminia Bielefeld
WWDLD-WWWLDLDLWDDW  Bayer Leverkusen
WWWDWL-WDLLDLWWLDW  Borussia Dortmund
WWLWWDW-WLDDDDWWDD  Borussia Mönchengladbach
DWWDWLWL-LLLLDWLDD  Eintracht Frankfurt
WDWWWWDWW-WLWWWWWW  FC Bayern München
WDWWWWDDWD-LWDWWWD  FC Schalke 04
WWWWWLLWDWW-DWWLLL  Hamburger SV
WWDDLDLDWDLW-DDDDL  Hannover 96
WLDWWLDDWDLWD-WLWW  Hertha BSC
DDWDDLDDLLDLDW-LDW  MSV Duisburg
LWWWWWWWWWDDWLW-DW  SV Werder Bremen
WLWWDLDDLDWLDDLD-W  VfB Stuttgart
DDDLDWDWWDDLWDDDL-  VfL Wolfsburg
"""
"""Whether the home team of a row won, drew or lost against the visitor of a column; both in alphabetical order."""

DUISBURG = 14


@pytest.fixture
def matches():
    results = np.array([list(line.split()[0]) for line in RESULTS.strip().splitlines()])
    home, visitor = np.nonzero(results != "-")
    return home, visitor, (results == "W")[home, visitor].astype(int) - (results == "L")[home, visitor]


def by_rao_and_kupper(home, visitor, result):
    return rao_kupper(home, visitor, result)


def by_one_grade_of_strength(home, visitor, result):
    return graded(home, visitor, result, levels=1)


@pytest.mark.parametrize("fit", [by_rao_and_kupper, by_one_grade_of_strength])
def test_eighteen_teams(fit, matches):
    values, _ = contrasts(fit(*matches), DUISBURG)

    assert values == row(
        "0.172 0.064 0.696 0.465 0.295 1.112 0.887 0.736 0.334 2.152 1.537 1.851 0.679 0.969 1.971 0.843 0.377"
    )


def test_errors_differ_from_those_of_the_expected_information_by_less_than_a_twentieth(matches):
    """Those in print are of the expected information, the library's of the observed one."""
    _, errors = contrasts(rao_kupper(*matches), DUISBURG)

    expected = (
        "0.4568 0.4586 0.4532 0.4538 0.4552 0.4562 0.4539 0.4533 0.4548 "
        "0.4894 0.4650 0.4756 0.4532 0.4546 0.4806 0.4537 0.4544"
    )
    assert errors == pytest.approx([float(error) for error in expected.split()], rel=0.05)
