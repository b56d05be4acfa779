"""Where a way ends: what is refused there, by name, and what takes over."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import LinAlgError

from rankings import (
    NotSettledError,
    RankingError,
    bradley_terry,
    davidson,
    graded,
    plackett_luce,
    simulate,
    update,
    without,
)
from rankings.fitting import curvature, newton, uncertainty
from rankings.fitting.curvature import Curvature, Parts
from rankings.fitting.krylov import conjugate_gradients
from rankings.sets.model import _log_left

ONE_PART = Parts.of(np.zeros(5, dtype=np.int64))
PAIRS = simulate.pairs(np.linspace(-1, 1, 5), 400, seed=1, tie=0.4)


def fitted():
    return davidson(PAIRS.a, PAIRS.b, PAIRS.outcome)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"winner": np.array([2**63, 0], dtype=np.uint64)}, r"winner\[0\] is 9223372036854775808"),
        ({"covariance": "bayes"}, '"fisher" or "rater"'),
        ({"covariance": "rater"}, "needs rater"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments, message):
    with pytest.raises(RankingError, match=message):
        bradley_terry(**({"winner": [0, 1], "loser": [1, 0]} | arguments))


def test_more_pulls_than_memory_are_refused(monkeypatch):
    monkeypatch.setattr(uncertainty, "MOST_PULLS", 10)

    with pytest.raises(RankingError, match="cluster more coarsely"):
        davidson(PAIRS.a, PAIRS.b, PAIRS.outcome, rater=np.arange(400) % 7)


def test_a_long_chain_beyond_dense_algebra_is_followed_to_its_end(monkeypatch):
    steps = np.arange(600)
    winner, loser = np.concatenate([steps, steps + 1]), np.concatenate([steps + 1, steps])
    weight = np.repeat([3.0, 1.0], 600)
    exact = bradley_terry(winner, loser, weight=weight)
    monkeypatch.setattr(curvature, "SMALL", 0)
    monkeypatch.setattr(curvature, "DENSE", 2)

    followed = bradley_terry(winner, loser, weight=weight)

    assert followed.values == pytest.approx(exact.values, abs=1e-6)
    assert followed.difference(0, 600) == pytest.approx(exact.difference(0, 600), rel=1e-6)


def test_conjugate_gradients_say_what_they_cannot_solve():
    with pytest.raises(LinAlgError):
        conjugate_gradients(lambda v: v, np.array([1.0, 0.0]), np.ones(2), 1e-6, 10)

    assert not conjugate_gradients(lambda v: -v, np.ones(2), np.ones(2), 1e-6, 10).settled


def test_a_beginning_outside_the_domain_is_left_for_the_models_own():
    for known in (fitted(), plackett_luce([[0, (1, 2)], [2, 1, 0], [1, 0, 2]])):
        parts, nowhere = known.maximum.curvature.parts, np.full(len(known.maximum.point), np.nan)

        again = newton.maximise(known.problem.model(), parts, None, nowhere)

        assert again.point.tolist() == known.maximum.point.tolist()


def test_a_model_that_is_defined_nowhere_is_refused():
    nowhere = Stuck(fitted().problem.model(), at=0)

    with pytest.raises(NotSettledError, match="outside the model's domain"):
        newton.maximise(nowhere, ONE_PART, None)


class Stuck:
    """A model that is defined at so many points, of those it is asked about, and at no other."""

    def __init__(self, model, at):
        self.model, self.left = model, at

    def __getattr__(self, name):
        return getattr(self.model, name)

    def curve(self, *arguments):
        self.left -= 1
        return self.model.curve(*arguments) if self.left >= 0 else None


def test_a_climb_that_cannot_take_a_step_is_refused():
    with pytest.raises(NotSettledError, match="no Newton step raises"):
        newton.maximise(Stuck(fitted().problem.model(), at=1), ONE_PART, None)


def test_a_climb_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(newton, "MOST_ITERATIONS", 2)

    with pytest.raises(NotSettledError, match="not settled after 1 Newton steps"):
        fitted()


def test_shared_parameters_without_curvature_are_refused():
    known = fitted().maximum.curvature
    unknown = replace(known, corner=np.zeros((1, 1)))

    newton._require_known(known)
    with pytest.raises(NotSettledError, match="runs away"):
        newton._require_known(unknown)


def test_double_precision_takes_over_where_single_knows_no_curvature(monkeypatch):
    exact, solve = fitted(), Curvature.solve

    def flat_in_single(self, right, tolerance):
        if self.conductance.dtype == np.float32:
            raise LinAlgError
        return solve(self, right, tolerance)

    monkeypatch.setattr(newton, "MANY", 0)
    monkeypatch.setattr(Curvature, "solve", flat_in_single)

    assert fitted().values == pytest.approx(exact.values, abs=1e-9)


def test_worths_beyond_all_powers_are_summed_by_their_logarithms():
    value = np.array([[0.0], [-2000.0], [-2000.0]])

    assert _log_left(value)[:, 0] == pytest.approx([0, -2000 + np.log(2), -2000])


def test_orders_that_came_later_are_joined_to_those_before():
    orders = simulate.orders(np.linspace(-1, 1, 5), 3, 400, seed=2)
    rater = np.arange(400) % 5
    strengths = update(plackett_luce(orders, top=2, weight=np.full(400, 2.0), rater=rater), [0, 1, 2], rater=7)

    left = without(strengths, rater=7)

    never = plackett_luce(orders, top=2, weight=np.full(400, 2.0), rater=rater)
    assert len(strengths.judgements.orders) == 401
    assert left.values == pytest.approx(never.values, abs=1e-9)


def test_a_table_of_grades_shows_the_cut_points_and_how_long_it_took():
    strengths = graded(PAIRS.a, PAIRS.b, PAIRS.outcome, levels=1)

    assert f"cut-points {strengths.cut_points[0]:.3f}" in str(strengths)
    assert 2 <= strengths.iterations <= 8
