"""Agreement of raters: worked examples of the papers that defined the measures, and of the packages that follow them.

Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. University of Pennsylvania, sections A to D.
Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin 76, table 1.
Cohen, J. (1968). Weighted kappa. Psychological Bulletin 70, table 1.
Agresti, A. (2002). Categorical Data Analysis, 2nd ed., table 10.8 and section 10.5.
Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed.: the data, and the digits that they have in the
documentation and the tests of the package irrCAC.
Kendall's W: example of routine G08DAF in the NAG Library; the anxiety ratings of the R package irr.
"""

import numpy as np
import pytest

from rankings.agreement import cohen_kappa, fleiss_kappa, gwet_ac1, kendall_w, krippendorff_alpha, percent_agreement
from tests.rankings.published.printed import printed


def rated(*raters):
    """Return ratings from one string for each rater: a digit or letter for each unit, a dot where one is missing."""
    return np.array([[np.nan if mark == "." else int(mark, 16) for mark in rater] for rater in raters])


def raters(table):
    """Return the ratings of two raters with these counts, the first in the rows."""
    first, second = np.indices(np.shape(table))
    return np.repeat(first, np.ravel(table)), np.repeat(second, np.ravel(table))


BINARY = rated("0100000010", "1110010000")
LETTERS = rated("aabbdcccedda", "babbbccceddd")
MISSING = rated("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
"""Krippendorff's examples A, B, and C and D."""


@pytest.mark.parametrize(
    ("ratings", "level", "figure"),
    [
        (BINARY, "nominal", "0.095"),
        (LETTERS, "nominal", "0.692"),
        (MISSING, "nominal", "0.743"),
        (MISSING, "ordinal", "0.815"),
        (MISSING, "interval", "0.849"),
        (MISSING, "ratio", "0.797"),
    ],
)
def test_krippendorffs_examples(ratings, level, figure):
    assert krippendorff_alpha(ratings, level).value == printed(figure)


DIAGNOSES = """
0 0 0 6 0  0 3 0 0 3  0 1 4 0 1  0 0 0 0 6  0 3 0 3 0  2 0 4 0 0  0 0 4 0 2  2 0 3 1 0  2 0 0 4 0  0 0 0 0 6
1 0 0 5 0  1 1 0 4 0  0 3 3 0 0  1 0 0 5 0  0 2 0 3 1  0 0 5 0 1  3 0 0 1 2  5 1 0 0 0  0 2 0 4 0  1 0 2 0 3
0 0 0 0 6  0 1 0 5 0  0 2 0 1 3  2 0 0 4 0  1 0 0 4 1  0 5 0 1 0  4 0 0 0 2  0 2 0 4 0  1 0 5 0 0  0 0 0 0 6
"""
"""Of 30 patients by 6 psychiatrists: depression, personality disorder, schizophrenia, neurosis, other."""


def test_fleisss_psychiatric_diagnoses():
    counts = np.array(DIAGNOSES.split(), dtype=int).reshape(30, 5)

    kappa = fleiss_kappa(counts)

    assert (kappa.n_units, kappa.n_ratings) == (30, 180)
    assert kappa.value == printed("0.430")


JUDGES = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
"""Of 200 cases: personality disorder, neurosis, psychosis."""


def test_cohens_diagnoses():
    assert cohen_kappa(*raters(JUDGES)).value == printed("0.492")
    assert cohen_kappa(*raters(JUDGES), [[0, 1, 3], [1, 0, 6], [3, 6, 0]]).value == printed("0.348")


CARCINOMA = [[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]]
"""Of 118 slides by two pathologists: negative, atypical squamous hyperplasia, carcinoma in situ, invasive."""


def test_agrestis_pathologists():
    assert cohen_kappa(*raters(CARCINOMA)).value == printed("0.493")
    assert cohen_kappa(*raters(CARCINOMA), "quadratic").value == printed("0.78")


FOUR_RATERS = rated("123321412...", "1233224125..", ".33323422513", "12332441251.")
FIVE_OBSERVERS = rated("112.001122.0131", "1130000.2110231", "203000222100221", ".13....0.10022.", "2..0001.2....31")
GROUPS = rated("abccbadab...bb", "abccbbdabe..ba", ".cccbcdbbeaccc", "abccbddabea.bb")
GENDER = rated("aaaaabbbcaaaaab", "aaaababccaaaaba", "abbcaabbcabbcaa", "ccccaabbcccccaa")
"""Gwet's raw ratings of 4 raters and 12 subjects, of 5 and 15, and of 4 and 14 or 15 in groups."""


@pytest.mark.parametrize(
    ("ratings", "ac1", "fleiss", "alpha"),
    [
        (FOUR_RATERS, "0.77544", "0.76117", "0.74342"),
        (FIVE_OBSERVERS, "0.497", "0.458", "0.481"),
        (GROUPS, "0.685", "0.657", "0.632"),
        (GENDER, "0.208", "0.129", "0.143"),
    ],
    ids=["4 raters", "5 observers", "groups", "gender"],
)
def test_gwets_raw_ratings(ratings, ac1, fleiss, alpha):
    values = np.unique(ratings[~np.isnan(ratings)])
    counts = (ratings[:, :, None] == values).sum(axis=0)

    assert gwet_ac1(ratings).value == printed(ac1)
    assert fleiss_kappa(counts).value == printed(fleiss)
    assert krippendorff_alpha(ratings).value == printed(alpha)


def test_gwets_percent_agreement():
    assert percent_agreement(FOUR_RATERS).value == printed("0.81818")
    assert percent_agreement(FIVE_OBSERVERS).value == printed("0.616")
    assert percent_agreement(GROUPS).value == printed("0.744")
    assert percent_agreement(GENDER).value == printed("0.456")


ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
PATIENTS = [[40, 4, 4, 17], [6, 25, 2, 13], [4, 1, 21, 12], [15, 5, 9, 45]]
"""Of 100 pregnancies by two abstractors; of 223 patients by facility and by research criteria."""


@pytest.mark.parametrize(
    ("table", "ac1", "plain", "linear", "quadratic"),
    [(ABSTRACTORS, "0.849", "0.796", "0.843", "0.892"), (PATIENTS, "0.456", "0.432", None, None)],
)
def test_gwets_two_raters(table, ac1, plain, linear, quadratic):
    a, b = raters(table)

    assert gwet_ac1([a, b]).value == printed(ac1)
    assert cohen_kappa(a, b).value == printed(plain)
    if linear:
        assert cohen_kappa(a, b, "linear").value == printed(linear)
        assert cohen_kappa(a, b, "quadratic").value == printed(quadratic)


SCORES = [
    [1.0, 4.5, 2.0, 4.5, 3.0, 7.5, 6.0, 9.0, 7.5, 10.0],
    [2.5, 1.0, 2.5, 4.5, 4.5, 8.0, 9.0, 6.5, 10.0, 6.5],
    [2.0, 1.0, 4.5, 4.5, 4.5, 4.5, 8.0, 8.0, 8.0, 10.0],
]
ANXIETY = rated("33345523522615221243", "36462424332333221334", "21443216111233113322")


def test_kendalls_w_with_ties():
    w = kendall_w(SCORES)

    assert w.value == printed("0.828")
    assert w.p_value == printed("0.008")


def test_concordance_of_anxiety_ratings():
    w = kendall_w(ANXIETY)

    assert w.value == printed("0.54")
    assert w.chi_square == printed("30.8")


def test_kappa_of_anxiety_ratings():
    _, a, b = ANXIETY

    assert cohen_kappa(a, b).value == printed("-0.006289308")
    assert cohen_kappa(a, b, "linear").value == printed("0.1459075")
    assert cohen_kappa(a, b, "quadratic").value == printed("0.2520325")
