"""Every model's gradient and curvature are the derivatives of its log-likelihood."""

import numpy as np
import pytest

from rankings.checks import Floats
from rankings.fitting.curvature import Curvature, Parts
from rankings.orders import Orders
from rankings.pairs.model import Answers, pair_model
from rankings.pairs.responses import Davidson, Graded
from rankings.sets.problem import SetProblem
from tests.rankings import naive

RANDOM = np.random.default_rng(1)
N = 6


def pairs(levels, *, ties, position, weighted, n):
    a = RANDOM.integers(N, size=n)
    b = (a + RANDOM.integers(1, N, size=n)) % N
    code = RANDOM.integers(1, levels + 1, size=n) * RANDOM.choice([-1, 1], size=n)
    code = np.where(RANDOM.random(n) < 0.3 * ties, 0, code)
    weight = RANDOM.uniform(0.5, 2, size=n) if weighted else None
    return Answers(a, b, code.astype(np.int8), weight, RANDOM.random(n) < 0.5 if position else None)


def orders(sizes, most_ranks):
    sets = [RANDOM.permutation(N)[:size] for size in sizes]
    return Orders.from_ranks(sets, [RANDOM.integers(1, most_ranks + 1, size=len(some)) for some in sets])


def strict(sizes):
    sets = [RANDOM.permutation(N)[:size] for size in sizes]
    return Orders.from_ranks(sets, [np.arange(1, len(some) + 1) for some in sets])


def problem(orders, kind, top=None):
    weight = RANDOM.uniform(0.5, 2, size=len(orders))
    return SetProblem(orders, top, kind, weight, N, None, None, "fisher").model()


MODELS = {
    f"{type(response).__name__} {response.levels} ties={response.ties} {position=} {weighted=} {n=}": pair_model(
        N, pairs(response.levels, ties=response.ties, position=position, weighted=weighted, n=n), response
    )
    for response in (Davidson(ties=False), Davidson(ties=True), Graded(1, ties=True), Graded(2, ties=False), Graded(3, ties=True))
    for position in (False, True)
    for weighted in (False, True)
    for n in (8, 400)
} | {
    "rankings": problem(strict([2, 3, 4, 6, 4, 4]), "plackett_luce"),
    "many rankings": problem(strict([4] * 60), "plackett_luce"),
    "top two": problem(strict([4, 5, 6, 6]), "plackett_luce", np.array([2, 2, 1, 2])),
    "ties": problem(orders([2, 3, 4, 6, 4, 4, 5], 3), "plackett_luce"),
    "best and worst": problem(strict([2, 3, 4, 6, 4]), "best_worst"),
}  # fmt: skip


def point_for(model):
    return np.concatenate([RANDOM.normal(size=N), 0.3 + np.arange(len(model.shared))])


@pytest.mark.parametrize("name", MODELS)
def test_gradient_and_curvature_are_the_derivatives_of_the_log_likelihood(name):
    model = MODELS[name]
    point = point_for(model)

    gradient = naive.gradient(model.log_likelihood, point)
    hessian = naive.gradient(lambda x: model.curve(x, np.float64, np.float64).gradient, point)

    curve = model.curve(point, np.float64, np.float64)
    assert curve.gradient == pytest.approx(gradient, abs=1e-6, rel=1e-7)
    assert whole(model, curve, point) == pytest.approx(-hessian, abs=1e-6, rel=1e-7)


def whole(model, curve, point) -> Floats:
    """The curvature as one dense matrix, less the prior that it is given so that nothing needs to be grounded."""
    parts, prior = Parts.of(np.zeros(N, dtype=np.int64)), np.ones(len(point))
    curvature = Curvature(model.edges, curve.conductance, prior, curve.border, curve.corner, parts)
    dense = np.column_stack([curvature.bordered_times(unit) for unit in np.eye(len(point))])
    return dense - np.diag(np.arange(len(point)) < N)


@pytest.mark.parametrize("name", MODELS)
def test_the_judgements_gradients_sum_to_the_whole(name):
    model = MODELS[name]
    point = point_for(model)

    _, parameter, value = model.scores(point)

    gradient = np.bincount(parameter, value, len(point))
    assert gradient == pytest.approx(model.curve(point, np.float64, np.float64).gradient, abs=1e-9)


@pytest.mark.parametrize("name", MODELS)
def test_single_precision_is_close(name):
    model = MODELS[name]
    point = point_for(model)

    exact, rough = (model.curve(point, dtype, dtype) for dtype in (np.float64, np.float32))

    scale = np.abs(exact.gradient).max() + 1
    assert rough.gradient == pytest.approx(exact.gradient, abs=1e-4 * scale)
    assert rough.conductance == pytest.approx(exact.conductance, abs=1e-4)
