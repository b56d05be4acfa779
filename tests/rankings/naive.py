"""The models as one would write them on paper: slow, readable, and independent of the library's own algebra."""

from itertools import combinations, pairwise, permutations

import numpy as np
from scipy.optimize import linprog, minimize


def log_likelihood(values, log_nu, orders, weight=None, top=None):
    """Sum over orders, stages and all sets that might have been chosen; `orders` are lists of groups of items."""
    weight = np.ones(len(orders)) if weight is None else weight
    largest = largest_tie(orders, top)
    total = 0.0
    for number, (groups, count) in enumerate(zip(orders, weight, strict=True)):
        for group, left in choices(groups, None if top is None else top[number]):
            worths = [set_worth(values, log_nu, some) for some in open_sets(left, largest)]
            total += count * np.log(set_worth(values, log_nu, group) / np.sum(worths))
    return total


def choices(groups, top=None):
    """List each group with the items that were left to choose it from, while less than `top` places are taken."""
    left, found = sorted(item for group in groups for item in group), []
    places = len(left) - 1 if top is None else min(top, len(left) - 1)
    n_items = len(left)
    for group in groups:
        if n_items - len(left) < places:
            found.append((group, left))
        left = [item for item in left if item not in group]
    return found


def largest_tie(orders, top=None):
    """Return the most items that were tied for a place that counts."""
    tops = [None] * len(orders) if top is None else top
    return max(len(group) for groups, most in zip(orders, tops, strict=True) for group, _ in choices(groups, most))


def open_sets(left, largest):
    """List the sets of up to `largest` of the items that are left."""
    return [some for t in range(1, min(largest, len(left)) + 1) for some in combinations(left, t)]


def set_worth(values, log_nu, group):
    """Return nu^(t - 1) times the geometric mean of the worths."""
    return np.exp((len(group) - 1) * log_nu + np.mean([values[item] for item in group]))


def gradient(function, point, step=1e-5):
    """Central differences of a function of one vector, along the last axis."""
    slopes = [
        (np.asarray(function(point + move)) - np.asarray(function(point - move))) / (2 * step)
        for move in np.eye(len(point)) * step
    ]
    return np.stack(slopes, axis=-1)


def groups(orders):
    """Turn Orders into lists of groups, from best to worst."""
    return [[tuple(items[ranks == rank].tolist()) for rank in range(1, ranks.max() + 1)] for items, ranks in orders]


def reaches(n_items, links):
    """Return which item reaches which along links, by repeated steps."""
    reach = np.eye(n_items, dtype=bool)
    for a, b in links:
        reach[a, b] = True
    for _ in range(n_items):
        reach = reach | (reach.astype(int) @ reach.astype(int) > 0)
    return reach


def links(order_groups):
    """Return who was placed above, or tied with, whom."""
    found = []
    for order in order_groups:
        for upper, lower in pairwise(order):
            found += [(a, b) for a in upper for b in lower]
        found += [(a, b) for group in order for a in group for b in group if a != b]
    return found


def bradley_terry(drop):
    """Return the probability of each answer to a pair whose strengths are `drop` logits apart."""
    return {1: 1 / (1 + np.exp(-drop)), -1: 1 / (1 + np.exp(drop))}


def davidson(drop, log_nu):
    """Return P(a) : P(tie) : P(b) = worth_a : nu sqrt(worth_a worth_b) : worth_b."""
    worths = {1: np.exp(drop / 2), 0: np.exp(log_nu), -1: np.exp(-drop / 2)}
    return {answer: worth / sum(worths.values()) for answer, worth in worths.items()}


def rao_kupper(drop, log_theta):
    """Return P(a) = worth_a / (worth_a + theta worth_b), P(b) likewise, and what is left for the tie."""
    above, below = (np.exp(side) / (np.exp(side) + np.exp(log_theta)) for side in (drop, -drop))
    return {1: above, 0: 1 - above - below, -1: below}


def graded(drop, *cuts):
    """Return the probability of -L … L with the cut-points c_1 … c_L; P(answer >= k) = sigmoid(drop - c_k)."""
    at_least = {-len(cuts): 1.0, len(cuts) + 1: 0.0}
    for grade, cut in enumerate(cuts, 1):
        at_least[grade] = 1 / (1 + np.exp(cut - drop))
        at_least[1 - grade] = 1 / (1 + np.exp(-cut - drop))
    return {grade: at_least[grade] - at_least[grade + 1] for grade in range(-len(cuts), len(cuts) + 1)}


def pairs_log_likelihood(chances, drop, answer, weight):
    """Sum the log of each answer's chance; minus infinity where cut-points have crossed."""
    total = 0.0
    for grade, chance in chances.items():
        given = (answer == grade) & np.ones(len(drop), dtype=bool)
        if (np.real(chance[given]) <= 0).any():
            return -np.inf
        total = total + weight[given] @ np.log(chance[given])
    return total


def best_worst_log_likelihood(values, choices):
    """Sum over choices (members, best, worst, weight): of all ordered pairs, P(b, w) ~ worth_b / worth_w."""
    total = 0.0
    for members, best, worst, weight in choices:
        anything = sum(np.exp(values[b] - values[w]) for b, w in permutations(members, 2))
        total += weight * (values[best] - values[worst] - np.log(anything))
    return total


def slope(function, point):
    """Differentiate to the last digit: the imaginary part of a step so small that it is gone from the real one."""
    return np.array([np.imag(function(point + move)) / 1e-30 for move in np.eye(len(point)) * 1e-30j])


def maximum(log_likelihood, start, prior_sd):
    """Climb to the maximum with normal priors, infinitely wide ones for none; return it with the curvature there."""

    def posterior(point):
        return log_likelihood(point) - (point**2 / (2 * prior_sd**2)).sum()

    def depth(point):
        value = posterior(point)
        return -value if np.isfinite(value) else 1e300

    def curvature(point):
        return -gradient(lambda x: slope(posterior, x), point, step=1e-4)

    top = minimize(depth, start, jac=lambda x: -slope(posterior, x), method="BFGS").x
    for _ in range(3):  # the climb judges by the height, which is flat at the top: the last digits are Newton's
        top = top + np.linalg.lstsq(curvature(top), slope(posterior, top), rcond=1e-9)[0]
    return top, curvature(top)


def centred(values, components):
    """Subtract the mean of each part of more than one item."""
    found = values.copy()
    for part in np.unique(components):
        members = np.flatnonzero(components == part)
        if len(members) > 1:
            found[members] -= found[members].mean(axis=0)
    return found


def centred_covariance(curvature, components):
    """Invert the curvature and centre it within each part of more than one item; shared parameters come last."""
    n, centring = len(components), np.eye(len(curvature))
    centring[:n, :n] = centred(np.eye(n), components)
    return centring @ np.linalg.pinv(curvature, rcond=1e-9, hermitian=True) @ centring.T


def has_one_maximum(rises, n_flat):
    """Return whether a log-likelihood has a finite maximum, and just one but for `n_flat` directions without meaning.

    It is a sum of concave terms, each of which rises along its row of `rises` and is bounded: there is no maximum if
    some direction lowers none of them and raises one, and more than one if some other direction changes none.

    References
    ----------
    Haberman, S. J. (1977). Maximum likelihood estimates in exponential response models. Ann. Statist. 5(5), section 2.
    """
    rows = np.unique(np.array(rises, dtype=float), axis=0)
    away = linprog(-rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1))
    return bool(-away.fun < 1e-7 and np.linalg.matrix_rank(rows) == rows.shape[1] - n_flat)
