"""What an answer is worth, against quadrature, enumeration and plain linear algebra."""

from itertools import permutations

import numpy as np
import pytest
from scipy.special import entr, expit
from scipy.stats import norm

from rankings.selection import doubt
from rankings.selection.worth import (
    Apart,
    ApartAtStake,
    Joint,
    JointAtStake,
    crowding,
    evidence,
    information,
    knowledge,
    order,
)
from tests.rankings.selection.judged import judged

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(101)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
DIFFERENCES, VARIANCES = (grid.ravel() for grid in np.meshgrid([0, 0.5, 1, 2, 3, 4], [0.01, 0.1, 0.5, 1, 2, 4.5, 9]))


def entropy(p):
    return entr(p) + entr(1 - p)


def mutual_information(difference: float, variance: float) -> float:
    p = expit(difference + np.sqrt(variance) * NODES)
    return float(entropy(WEIGHTS @ p) - WEIGHTS @ entropy(p))


@pytest.mark.parametrize(("difference", "variance"), list(zip(DIFFERENCES, VARIANCES, strict=True)))
def test_expected_information_and_knowledge_are_near_the_integrals(difference, variance):
    values, belief = np.array([difference, 0.0]), Apart(np.array([variance, 0.0]))
    p = expit(difference + np.sqrt(variance) * NODES)

    assert information(values[:1], np.array([variance]))[0] == pytest.approx(WEIGHTS @ (p * (1 - p)), rel=0.16)
    gain = knowledge(values, belief)(np.array([0]), np.array([1]))[0]
    assert gain == pytest.approx(mutual_information(difference, variance), rel=0.09)


def test_the_usual_closed_form_turns_negative_where_a_difference_is_known_well():
    """Houlsby et al.'s, after equation 3, with the probit that is nearest to the logit."""
    difference, variance = np.sqrt(np.pi / 8) * 3.0, np.pi / 8 * 0.05
    scale = np.pi * np.log(2) / 2
    expected = np.sqrt(scale / (scale + variance)) * np.exp(-(difference**2) / (2 * (scale + variance)))

    closed = entropy(norm.cdf(difference / np.sqrt(1 + variance))) - np.log(2) * expected

    assert closed < 0 < mutual_information(3.0, 0.05)


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_an_order_tells_as_much_as_its_pairs_at_their_weight(size):
    """The Fisher information of all orders of equal items, from their scores under Plackett and Luce's model."""
    total = np.zeros((size, size))
    orders = list(permutations(range(size)))
    for best_first in orders:
        score = np.zeros(size)
        for stage in range(size - 1):
            left = list(best_first[stage:])
            score[left] -= 1 / len(left)
            score[left[0]] += 1
        total += np.outer(score, score) / len(orders)

    pairs = evidence(size) / 4 * (size * np.eye(size) - 1)

    assert total == pytest.approx(pairs)


def test_what_is_observed_is_added_to_the_precision():
    root = np.random.default_rng(0).standard_normal((5, 5))
    covariance = root @ root.T + np.eye(5)
    joint = Joint(covariance)
    contrast = np.array([0, 1, 0, -1, 0])

    touched = joint.observe(1, 3, 0.7)

    after = np.linalg.inv(np.linalg.inv(covariance) + 0.7 * np.outer(contrast, contrast))
    a, b = np.triu_indices(5, 1)
    assert touched.tolist() == [0, 1, 2, 3, 4]
    assert joint.variance(a, b) == pytest.approx(after[a, a] + after[b, b] - 2 * after[a, b])


def test_items_known_apart_from_each_other_learn_as_a_diagonal_covariance_does():
    variances = np.array([0.5, 2.0, 1.0])
    apart, (a, b) = Apart(variances), np.triu_indices(3, 1)
    contrast = np.array([1, -1, 0])

    touched = apart.observe(0, 1, 0.2)

    after = np.linalg.inv(np.diag(1 / variances) + 0.2 * np.outer(contrast, contrast)).diagonal()
    assert touched.tolist() == [0, 1]
    assert apart.variance(a, b) == pytest.approx(after[a] + after[b])
    assert variances.tolist() == [0.5, 2.0, 1.0]


def expected_regret(strengths, covariance) -> float:
    """Sum what ordering by the values is expected to lose, E|d| - |E d| over 2, over all orders of two in a part."""
    a, b = np.triu_indices(len(strengths), 1)
    a, b = (side[strengths.components[a] == strengths.components[b]] for side in (a, b))
    difference = np.abs(strengths.values[a] - strengths.values[b])
    sd = np.sqrt(covariance[a, a] + covariance[b, b] - 2 * covariance[a, b])
    mean_size = 2 * sd * norm.pdf(difference / sd) + difference * (2 * norm.cdf(difference / sd) - 1)
    return float(((mean_size - difference) / 2).sum())


def regret_saved(strengths, covariance, a: int, b: int, told: float) -> float:
    pull = covariance[a] - covariance[b]
    after = covariance - np.outer(pull, pull) * told / (1 + told * (pull[a] - pull[b]))
    return expected_regret(strengths, covariance) - expected_regret(strengths, after)


def test_what_is_at_stake_is_the_regret_that_a_little_information_saves():
    strengths = judged(20, 15, seed=3, joined=False)
    covariance = doubt.covariance(strengths)
    part = np.flatnonzero(strengths.components == np.bincount(strengths.components).argmax())
    a, b = part[np.transpose(np.triu_indices(len(part), 1))].T
    told = 1e-6

    stake = JointAtStake(strengths, covariance).stake(a, b)

    saved = [regret_saved(strengths, covariance, *pair, told) / told for pair in zip(a, b, strict=True)]
    assert len(part) > 5
    assert len(part) < 20
    assert stake == pytest.approx(np.array(saved), rel=1e-4)


def test_what_is_at_stake_follows_what_is_observed():
    strengths = judged(12, 60)
    covariance = strengths.covariance_of(np.arange(12))
    a, b = np.triu_indices(12, 1)
    belief = JointAtStake(strengths, covariance)
    laplacian = np.linalg.pinv(covariance) @ quadratic(belief, 12) @ np.linalg.pinv(covariance)

    belief.observe(2, 7, 0.6)
    belief.observe(2, 5, 0.3)

    plain = Joint(covariance)
    plain.observe(2, 7, 0.6)
    plain.observe(2, 5, 0.3)
    after = np.linalg.pinv(
        np.linalg.pinv(covariance)
        + 0.6 * np.outer(*[np.eye(12)[2] - np.eye(12)[7]] * 2)
        + 0.3 * np.outer(*[np.eye(12)[2] - np.eye(12)[5]] * 2)
    )
    stake = after @ laplacian @ after
    assert belief.variance(a, b) == pytest.approx(plain.variance(a, b))
    assert belief.stake(a, b) == pytest.approx(stake[a, a] + stake[b, b] - 2 * stake[a, b])


def quadratic(belief, n_items: int) -> np.ndarray:
    """Return the centred matrix whose quadratic forms at differences are the belief's stakes."""
    a, b = np.indices((n_items, n_items))
    centre = np.eye(n_items) - 1 / n_items
    return -centre @ belief.stake(a, b) @ centre / 2


def test_taken_apart_as_much_is_at_stake():
    strengths = judged(150, 1500)
    everybody, (a, b) = np.arange(150), np.triu_indices(150, 1)
    variances = doubt.variances(strengths)
    joint = JointAtStake(strengths, np.diag(variances)).stake(a, b)

    apart = ApartAtStake(variances, crowding(strengths, everybody, everybody)).stake(a, b)

    assert np.corrcoef(joint, apart)[0, 1] > 0.97
    assert apart.mean() == pytest.approx(joint.mean(), rel=0.03)


def test_the_worth_for_the_order_counts_what_the_answer_tells():
    strengths = judged(12, 60)
    belief = JointAtStake(strengths, strengths.covariance_of(np.arange(12)))
    a, b = np.triu_indices(12, 1)
    told = information(strengths.values[a] - strengths.values[b], belief.variance(a, b))

    expected = belief.stake(a, b) / (1 / told + belief.variance(a, b))

    assert order(strengths.values, belief)(a, b) == pytest.approx(expected)
