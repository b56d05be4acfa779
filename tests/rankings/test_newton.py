"""The block-wise algebra is the dense one, and the climb is Newton's."""

import numpy as np
import pytest

from rankings import bradley_terry, davidson, simulate_pairs
from rankings.choices import Curve, Layout
from rankings.newton import Arrow, Objective

LAYOUT = Layout.of(np.array([0, 1, 0, 2, 2, 0]))


def a_curve(random):
    """A positive definite curvature of three parts and two shared parameters."""
    roots = [random.normal(size=(size, 5)) for size in (3, 1, 2)]
    blocks = [root @ root.T + np.eye(len(root)) for root in roots]
    return Curve(0.0, np.zeros(8), blocks, random.normal(size=(6, 2)) / 5, 3 * np.eye(2))


def test_the_arrow_solves_what_the_dense_matrix_solves():
    random = np.random.default_rng(1)
    curve = a_curve(random)
    objective = Objective.of([], LAYOUT, 2, prior_sd=1.0)
    dense = np.zeros((8, 8))
    for where, block in zip(LAYOUT.slices(), curve.blocks, strict=True):
        dense[where, where] = block
    dense[:6, 6:], dense[6:, :6], dense[6:, 6:] = curve.border, curve.border.T, curve.corner
    right = random.normal(size=8)

    solved = Arrow(objective, curve).solve(right)

    assert solved == pytest.approx(np.linalg.solve(dense, right), abs=1e-12)


def test_the_layout_puts_each_part_in_one_slice():
    assert LAYOUT.order.tolist() == [0, 2, 5, 1, 3, 4]
    assert LAYOUT.order[LAYOUT.place].tolist() == [0, 1, 2, 3, 4, 5]
    assert [LAYOUT.order[where].tolist() for where in LAYOUT.slices()] == [[0, 2, 5], [1], [3, 4]]


def test_a_few_steps_settle_a_fit():
    pairs = simulate_pairs(np.linspace(-2, 2, 9), 2000, seed=1, tie=2.0, position=1.0)

    assert davidson(pairs.a, pairs.b, pairs.outcome, first_a=pairs.first_a).iterations <= 6


def test_no_neighbouring_point_is_more_likely():
    winner, loser, weight = np.array([0, 1, 1, 2, 2, 0]), np.array([1, 0, 2, 1, 0, 2]), [5, 2, 4, 3, 1, 6]
    strengths = bradley_terry(winner, loser, weight=weight)

    def likelihood(values):
        return -np.log1p(np.exp(values[loser] - values[winner])) @ weight

    assert strengths.log_likelihood == pytest.approx(likelihood(strengths.values), abs=1e-12)
    for move in np.eye(3) * 1e-3:
        assert likelihood(strengths.values + move) < strengths.log_likelihood
        assert likelihood(strengths.values - move) < strengths.log_likelihood
