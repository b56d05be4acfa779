"""Six brands of chocolate pudding, compared in pairs, with ties: Davidson's model, alone and within Plackett-Luce.

Counts: Davidson, R. R. (1970). On extending the Bradley-Terry model to accommodate ties in paired comparison
experiments. J. Amer. Statist. Assoc. 65, 317-328, example 2. Figures: there, and in Turner, H. L., van Etten, J.,
Firth, D. and Kosmidis, I. (2020). Modelling rankings in R: the PlackettLuce package. Computational Statistics 35,
1027-1057, sections 2.1 and 2.2. Those fits stop after seven iterations, which moves later digits than those given here;
brand 4 against brand 1 is in print as 0.1753, at the maximum it is 0.1751.
"""

import numpy as np
import pytest

from rankings import davidson, plackett_luce
from tests.rankings.published.printed import contrasts, printed, row

WINS_LOSSES_TIES = np.array(
    [
        [1, 2, 19, 22, 16],
        [1, 3, 16, 19, 12],
        [2, 3, 19, 19, 10],
        [1, 4, 18, 23, 13],
        [2, 4, 23, 19, 9],
        [3, 4, 19, 20, 15],
        [1, 5, 13, 19, 18],
        [2, 5, 16, 20, 12],
        [3, 5, 16, 15, 17],
        [4, 5, 17, 14, 16],
        [1, 6, 18, 21, 12],
        [2, 6, 22, 20, 12],
        [3, 6, 13, 18, 10],
        [4, 6, 14, 19, 18],
        [5, 6, 11, 21, 12],
    ]
)
"""Two brands; how many preferred the first, the second, and neither."""

BRAND, OTHER = WINS_LOSSES_TIES[:, :2].T - 1
COUNTS = WINS_LOSSES_TIES[:, 2:].T.ravel()


@pytest.fixture
def as_pairs():
    return davidson(np.tile(BRAND, 3), np.tile(OTHER, 3), np.repeat([1, -1, 0], 15), weight=COUNTS)


@pytest.fixture
def as_orders():
    pairs = list(zip(BRAND, OTHER, strict=True))
    orders = [*pairs, *((other, brand) for brand, other in pairs), *([pair] for pair in pairs)]
    return plackett_luce(orders, weight=COUNTS)


@pytest.mark.parametrize("model", ["as_pairs", "as_orders"])
def test_six_brands(model, request):
    strengths = request.getfixturevalue(model)

    assert [*strengths.worths] == row("0.1388 0.1730 0.1617 0.1654 0.1587 0.2024")
    assert strengths.tie == printed("0.7468")
    values, errors = contrasts(strengths, 0)
    assert values == row("0.220 0.153 0.1751 0.134 0.377")
    assert errors == row("0.1872 0.1935 0.1882 0.1927 0.1924")
    assert [*strengths.standard_errors] == row("0.12195 0.12182 0.12682 0.12200 0.12705 0.12659")
    assert [np.log(strengths.tie), strengths.tie_error] == row("-0.2919 0.0825")
    assert -2 * strengths.log_likelihood == printed("1619.4")
