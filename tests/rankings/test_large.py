"""The ways taken by large data, forced on small: what they find is what dense algebra in double precision finds."""

import numpy as np
import pytest

from rankings import NotComparableError, PoorlyConnectedError, simulate
from rankings.fitting import curvature, edges, newton, uncertainty
from rankings.fitting.problem import solve
from rankings.pairs.pairwise import bradley_terry, davidson, graded
from rankings.sets.listwise import best_worst, plackett_luce

ALWAYS = 1 << 60
SHARED = ["tie", "position", "cut 1", "cut 2", "cut 3"]


def set_all(monkeypatch, **constants):
    """Set a constant wherever it was imported."""
    for name, value in constants.items():
        for module in (newton, curvature, uncertainty, edges):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)


@pytest.fixture
def as_if_large(monkeypatch):
    """Return a function that fits by dense algebra, and then as if the data were too large for it."""

    def twice(fit, *, dense=3000):
        set_all(monkeypatch, MANY=ALWAYS, FEW=ALWAYS, SMALL=ALWAYS)
        small = fit()
        found = small.standard_errors
        set_all(monkeypatch, MANY=0, FEW=0, SMALL=0, CHUNK=64, DENSE=dense)
        large = fit()
        return small, found, large

    return twice


N, M = 40, 1200
VALUES = np.random.default_rng(1).normal(size=N)
WEIGHT = np.random.default_rng(2).lognormal(size=M)
PARTS = np.array([(pair + 20 * part) for part in (0, 1) for pair in simulate.design("uniform", 20, M // 2, seed=3)])
TWO_PAIRS = np.array([(0, 1), (2, 3)])[np.arange(M) % 2]
ASKED = {kind: simulate.design(kind, N, M, seed=4) for kind in ("uniform", "zipf", "islands", "ring")} | {
    "parts": PARTS,
    "crowded": np.concatenate([TWO_PAIRS[:, ::-1], simulate.design("uniform", N, M, seed=5), TWO_PAIRS])[::3],
}


def fit_pairs(asked, **options):
    told = simulate.pairs(VALUES, asked, seed=6)
    return bradley_terry(*np.where(told.outcome > 0, told[:2], told[1::-1]), n_items=N, **options)


def fit_position(asked, **options):
    told = simulate.pairs(VALUES, asked, seed=6, tie=0.5, position=0.4)
    return davidson(*told[:3], first_a=told.first_a, n_items=N, **options)


def fit_grades(asked, **options):
    told = simulate.graded(VALUES, asked, seed=6, position=0.4)
    return graded(*told[:3], first_a=told.first_a, n_items=N, **options)


def fit_ties_in_sets(asked, **options):
    del asked  # sets come from anywhere
    return plackett_luce(simulate.orders(VALUES, 4, M, seed=6, tie=0.3), **options)


def fit_rankings(asked, **options):
    del asked
    return plackett_luce(simulate.orders(VALUES, 4, M, seed=6), top=2, **options)


def fit_choices(asked, **options):
    del asked
    return best_worst(*simulate.best_worst(VALUES, 4, M, seed=6)[:3], **options)


PAIR_FITS = [fit_pairs, fit_position, fit_grades]
SET_FITS = [fit_ties_in_sets, fit_rankings, fit_choices]
CASES = [(fit, kind) for fit in PAIR_FITS for kind in ASKED] + [(fit, "uniform") for fit in SET_FITS]


def assert_same(small, errors, large):
    assert large.values == pytest.approx(small.values, abs=1e-6)
    assert large.log_likelihood == pytest.approx(small.log_likelihood, rel=1e-9)
    for name in SHARED:
        assert large.shared(name) == (small.shared(name) and pytest.approx(small.shared(name), rel=1e-4))
    part = np.flatnonzero(small.components == 0)[:8]
    exact = small.covariance_of(part)
    assert large.covariance_of(part) == pytest.approx(exact, abs=1e-3 * exact.max())
    assert large.standard_errors == pytest.approx(errors, rel=0.01)


@pytest.mark.parametrize(("fit", "kind"), CASES)
@pytest.mark.parametrize("prior_sd", [0.01, 1.5, 1e4])
def test_large_data_are_fitted_like_small(as_if_large, fit, kind, prior_sd):
    assert_same(*as_if_large(lambda: fit(ASKED[kind], prior_sd=prior_sd, weight=WEIGHT)))


@pytest.mark.parametrize(("fit", "kind"), CASES)
def test_so_are_they_without_a_prior_or_refused_alike(as_if_large, fit, kind):
    try:
        found = as_if_large(lambda: fit(ASKED[kind]))
    except NotComparableError:
        assert kind in {"zipf", "crowded", "islands"}
    else:
        assert_same(*found)


@pytest.mark.parametrize("fit", [*PAIR_FITS, *SET_FITS])
def test_clustered_errors_are_the_same(as_if_large, fit):
    rater = np.arange(M) // 30

    assert_same(*as_if_large(lambda: fit(ASKED["uniform"], prior_sd=1.5, rater=rater)))


@pytest.mark.parametrize("prior_sd", [1.5, 50.0])
def test_a_hundred_thousand_wins_in_a_row(as_if_large, prior_sd):
    pairs = np.column_stack([np.zeros(10, int), np.arange(1, 11)])
    winner, loser = np.concatenate([pairs, np.column_stack([np.arange(1, 11), np.roll(np.arange(1, 11), 1)])]).T
    weight = np.repeat([1e4, 3.0], 10)

    assert_same(*as_if_large(lambda: bradley_terry(winner, loser, weight=weight, prior_sd=prior_sd)))


@pytest.mark.parametrize(("kind", "prior_sd", "seed"), [("uniform", None, 37), ("islands", 10, 3)])
def test_weights_a_million_times_apart(monkeypatch, kind, prior_sd, seed):
    set_all(monkeypatch, DENSE=256)
    values = 3 * np.random.default_rng(seed).normal(size=600)
    told = simulate.graded(values, simulate.design(kind, 600, 6000, seed=seed), seed=seed)
    weight = np.random.default_rng(4).lognormal(0, 2.5, size=6000)

    fit = graded(*told[:3], n_items=600, weight=weight, first_a=told.first_a, prior_sd=prior_sd)

    again = solve(fit.problem, fit.maximum.point, tight=True)
    assert fit.values == pytest.approx(again.values, abs=1e-6)


def test_items_hundreds_of_logits_apart(as_if_large):
    steps = np.arange(60)
    winner, loser = np.concatenate([steps, steps + 1]), np.concatenate([steps + 1, steps])
    weight = np.repeat([np.exp(12.0), 1.0], 60)

    small, errors, large = as_if_large(lambda: bradley_terry(winner, loser, weight=weight))

    assert -np.diff(small.values) == pytest.approx(np.full(60, 12.0), abs=1e-6)
    assert large.values == pytest.approx(small.values, rel=1e-6, abs=1e-9)
    assert large.standard_errors == pytest.approx(errors, rel=0.01)


def joined(*parts):
    return np.concatenate(parts)


def clique(first, n):
    return first + np.column_stack(np.triu_indices(n, 1))


def sea(first, n, per_item, seed=7):
    return first + simulate.design("uniform", n, n * per_item // 2, seed=seed)


def between(one, other, n):
    """Bridges from some items to others."""
    random = np.random.default_rng(8)
    return np.column_stack([random.choice(one, n), random.choice(other, n)])


def band(n, reach):
    one = np.repeat(np.arange(n), reach)
    return np.column_stack([one, (one + np.tile(np.arange(1, reach + 1), n)) % n])


HALF = 150
LEFT, RIGHT = np.arange(HALF), HALF + np.arange(HALF)
SEA = sea(0, 2 * HALF, 100)
GIVEN = {
    "a sea": SEA,
    "everyone meets": clique(0, 2 * HALF),
    "two sides": np.column_stack([np.repeat(LEFT, HALF), np.tile(RIGHT, HALF)]),
}
REFUSED = {
    "two cliques and a bridge": joined(clique(0, HALF), clique(HALF, HALF), [[0, HALF]]),
    "two cliques and a match for each": joined(clique(0, HALF), clique(HALF, HALF), np.column_stack([LEFT, RIGHT])),
    "two mirrored seas": joined(sea(0, HALF, 100), sea(HALF, HALF, 100), [[3, HALF + 3]]),
    "two seas and ten bridges": joined(sea(0, HALF, 100), sea(HALF, HALF, 100, seed=9), between(LEFT, RIGHT, 10)),
    "a bay of ten": joined(SEA, sea(2 * HALF, 10, 100), between(LEFT, 2 * HALF + np.arange(10), 2)),
    "a band": band(2 * HALF, 20),
    "a ring": band(2 * HALF, 1),
    "a path": band(2 * HALF, 1)[:-1],
    "islands": simulate.design("islands", 2 * HALF, 15_000, seed=10),
}
EITHER = {
    "a half-open bay": joined(SEA, sea(2 * HALF, 20, 50), between(LEFT, 2 * HALF + np.arange(20), 1000)),
    "a star": np.column_stack([np.zeros(2 * HALF, int), 1 + np.arange(2 * HALF)]),
    "a hub in a sea": joined(SEA, np.column_stack([np.zeros(8000, int), 1 + sea(0, 2 * HALF - 1, 54)[:8000, 0]])),
    "twenty hubs": between(np.arange(20), 20 + np.arange(2 * HALF), 30_000),
    "a pair met ten times": joined(SEA, np.tile([[3, 7]], (10, 1))),
    "a pair met thirty times": joined(SEA, np.tile([[3, 7]], (30, 1))),
    "a pair met a hundred times": joined(SEA, np.tile([[7, 3]], (100, 1))),
    "everyone has a twin": joined(SEA, np.tile(np.column_stack([LEFT, RIGHT]), (25, 1))),
    "a follower of a favourite": joined(
        SEA, between([2 * HALF], LEFT, 1000), np.tile([[2 * HALF, 2 * HALF + 1]], (80, 1)), [[2 * HALF + 1, 5]] * 20
    ),
}


def laplacian_errors(strengths, pairs, weight):
    """Standard errors from the pseudo-inverse of the information, by numpy alone."""
    n = len(strengths.values)
    one, other = pairs.T
    chance = 1 / (1 + np.exp(strengths.values[other] - strengths.values[one]))
    information = np.zeros((n, n))
    np.add.at(information, (one, other), -weight * chance * (1 - chance))
    information += information.T
    information -= np.diag(information.sum(axis=1))
    return np.sqrt((np.linalg.inv(information + 1 / n) - 1 / n).diagonal())


def fit_shares(pairs, weight, share):
    """Fit pairs of which the first won a share of the weight, and the second the rest."""
    winner, loser = np.concatenate([pairs, pairs[:, ::-1]]).T
    return bradley_terry(winner, loser, weight=np.concatenate([weight * share, weight * (1 - share)]))


@pytest.mark.parametrize("uneven", [False, True])
@pytest.mark.parametrize("name", GIVEN | REFUSED | EITHER)
def test_fast_errors_are_right_or_not_given(monkeypatch, name, uneven):
    """Even data have equal conductances: nothing but chance may then point Lanczos' method at the slow modes."""
    pairs, random = (GIVEN | REFUSED | EITHER)[name], np.random.default_rng(11)
    weight = random.uniform(0.5, 2, len(pairs)) if uneven else np.ones(len(pairs))
    strengths = fit_shares(pairs, weight, random.uniform(0.3, 0.7, len(pairs)) if uneven else 0.5)
    exact = laplacian_errors(strengths, pairs, weight)
    set_all(monkeypatch, DENSE=0)

    if name in REFUSED:
        with pytest.raises(PoorlyConnectedError, match="too loosely"):
            _ = strengths.standard_errors
        return
    try:
        assert strengths.standard_errors == pytest.approx(exact, rel=0.01)
    except PoorlyConnectedError:
        assert name in EITHER


@pytest.mark.parametrize("cut", [1.0, 0.3, 0.1, 1e-3, 1e-6])
def test_a_cut_of_little_weight_is_seen(monkeypatch, cut):
    across = (SEA[:, 0] < HALF) != (SEA[:, 1] < HALF)
    strengths = fit_shares(SEA, np.where(across, cut, 1.0), 0.5)
    exact = laplacian_errors(strengths, SEA, np.where(across, cut, 1.0))
    set_all(monkeypatch, DENSE=0)

    try:
        assert strengths.standard_errors == pytest.approx(exact, rel=0.01)
    except PoorlyConnectedError:
        assert cut < 1


def test_a_well_joined_part_is_given_beside_small_ones_that_are_not(monkeypatch):
    """What is wrong with a part is no reason to refuse another."""
    rings = [2 * HALF + 12 * part + band(12, 1) for part in range(3)]
    pairs = joined(SEA, *rings)
    strengths = fit_shares(pairs, np.ones(len(pairs)), 0.5)
    set_all(monkeypatch, DENSE=256)

    exact = np.sqrt(np.diag(strengths.covariance_of(np.arange(2 * HALF))))
    assert strengths.standard_errors[: 2 * HALF] == pytest.approx(exact, rel=0.01)
    ring = fit_shares(rings[0] - 2 * HALF, np.ones(12), 0.5)
    assert strengths.standard_errors[2 * HALF :] == pytest.approx(np.tile(ring.standard_errors, 3), rel=1e-6)


def test_where_errors_of_all_are_refused_differences_are_not(monkeypatch):
    pairs = REFUSED["two cliques and a bridge"]
    strengths = fit_shares(pairs, np.ones(len(pairs)), 0.5)
    exact = strengths.difference(5, HALF + 5)
    set_all(monkeypatch, DENSE=0)

    again = fit_shares(pairs, np.ones(len(pairs)), 0.5)

    assert again.difference(5, HALF + 5) == pytest.approx(exact, rel=1e-6)
    assert exact[1] == pytest.approx(np.sqrt(4 + 4 * (2 / HALF) * 2), rel=0.01)
