"""Every measure equals its definition, and does not depend on what it must not depend on."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rankings import RankingError
from rankings.agreement import cohen_kappa, fleiss_kappa, gwet_ac1, kendall_w, krippendorff_alpha, percent_agreement
from tests.rankings.agreement import naive

LEVELS = ["nominal", "ordinal", "interval", "ratio"]
NAN = float("nan")


@st.composite
def tables(draw, values=(0, 1, 2, 5), missing=True):
    """Ratings of 2 to 4 raters × 1 to 6 units."""
    rating = st.sampled_from([*values, None] if missing else values)
    n_units = draw(st.integers(1, 6))
    row = st.lists(rating, min_size=n_units, max_size=n_units)
    return draw(st.lists(row, min_size=2, max_size=4))


def array(ratings):
    return np.array([[NAN if rating is None else rating for rating in row] for row in ratings])


def check(measure, argument, expected):
    if expected is None:
        with pytest.raises(RankingError):
            measure(argument)
    else:
        assert measure(argument).value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
@given(ratings=tables())
def test_alpha_is_krippendorffs(level, ratings):
    check(lambda table: krippendorff_alpha(table, level), array(ratings), naive.alpha(ratings, level))


@given(tables())
def test_percent_agreement_is_the_mean_over_units(ratings):
    check(percent_agreement, array(ratings), naive.pair_agreement(ratings))


@given(tables())
def test_ac1_is_gwets(ratings):
    check(gwet_ac1, array(ratings), naive.gwet(ratings))


@given(tables())
def test_kappa_of_counts_is_fleisss(ratings):
    counts = [[unit.count(value) for value in (0, 1, 2, 5)] for unit in naive.units(ratings)]

    check(fleiss_kappa, counts, naive.fleiss(ratings))


@pytest.mark.parametrize(
    ("weights", "cost"),
    [
        (None, lambda x, y: x != y),
        ("linear", lambda x, y: abs(x - y)),
        ("quadratic", lambda x, y: (x - y) ** 2),
    ],
)
@given(ratings=tables(missing=False))
def test_kappa_of_two_raters_is_cohens(weights, cost, ratings):
    a, b = ratings[:2]

    check(lambda pair: cohen_kappa(*pair, weights), (a, b), naive.cohen(a, b, cost))


@given(tables(missing=False))
def test_w_is_kendalls_with_ties(ranks):
    assume(len(ranks[0]) > 1)

    check(kendall_w, ranks, naive.kendall(ranks))


@pytest.mark.parametrize("level", LEVELS)
@given(ratings=tables(), random=st.randoms(use_true_random=False))
def test_the_order_of_raters_and_of_units_does_not_matter(level, ratings, random):
    assume(naive.alpha(ratings, level) is not None)
    table = array(ratings)
    moved = table[random.sample(range(len(table)), len(table))][:, random.sample(range(table.shape[1]), table.shape[1])]

    assert krippendorff_alpha(moved, level).value == pytest.approx(krippendorff_alpha(table, level).value, abs=1e-12)


@pytest.mark.parametrize("measure", [krippendorff_alpha, gwet_ac1, percent_agreement])
@given(ratings=tables())
def test_the_names_of_nominal_categories_do_not_matter(measure, ratings):
    assume(naive.gwet(ratings) is not None)
    assume(naive.alpha(ratings, "nominal") is not None)
    renamed = [[{0: -7.5, 1: 1e6, 2: 3, 5: 0.1, None: None}[rating] for rating in row] for row in ratings]

    assert measure(array(renamed)).value == pytest.approx(measure(array(ratings)).value, abs=1e-12)


@pytest.mark.parametrize(("level", "shift"), [("interval", 1234.5), ("interval", -1e6), ("ratio", 0.0)])
@given(ratings=tables(), factor=st.sampled_from([0.1, 3.0, 1e5]))
def test_the_unit_and_zero_of_a_scale_do_not_matter(level, shift, ratings, factor):
    assume(naive.alpha(ratings, level) is not None)
    table = array(ratings)

    moved = krippendorff_alpha(shift + factor * table, level).value

    assert moved == pytest.approx(krippendorff_alpha(table, level).value, abs=1e-6)


@given(tables())
def test_only_the_order_of_ordinal_ratings_matters(ratings):
    assume(naive.alpha(ratings, "ordinal") is not None)
    table = array(ratings)

    assert krippendorff_alpha(np.exp(table), "ordinal").value == krippendorff_alpha(table, "ordinal").value


@given(tables(missing=False))
def test_two_raters_alpha_is_their_kappa_but_for_the_sample_size(ratings):
    """Scott's pi is Fleiss's kappa of two raters; alpha adds (1 - pi) / n (Krippendorff 2011, section E)."""
    assume(naive.alpha(ratings[:2], "nominal") is not None)
    counts = [[unit.count(value) for value in (0, 1, 2, 5)] for unit in naive.units(ratings[:2])]
    pi, n = fleiss_kappa(counts).value, 2 * len(counts)

    assert krippendorff_alpha(array(ratings[:2])).value == pytest.approx(pi + (1 - pi) / n, abs=1e-12)


def test_w_is_the_mean_rank_correlation_of_two_raters():
    random = np.random.default_rng(0)
    ranks = random.permuted(np.tile(np.arange(9.0), (6, 1)), axis=1)
    rho = np.corrcoef(ranks)[np.triu_indices(6, 1)].mean()

    assert kendall_w(ranks).value == pytest.approx((1 + 5 * rho) / 6)
