"""What a fit should come to, found without the library: plain gradients, and Newton's steps until they vanish."""

from collections.abc import Callable

import numpy as np
from scipy.sparse import coo_array, diags_array
from scipy.sparse.linalg import LinearOperator, cg
from scipy.special import expit, softmax

from tests.benchmarks.rankings.judgements import Floats, Given, Ints

type Gradient = Callable[[Floats], Floats]

ROUNDING = 1e-12
APART = 1e-4


def of_pairs(given: Given, start: Floats) -> Floats:
    """Bradley and Terry's values at the greatest likelihood, or likelihood with the prior."""
    n = len(start)
    wins = coo_array((np.ones(len(given["winner"])), (given["winner"], given["loser"])), shape=(n, n)).tocsr().tocoo()
    precision = 1 / float(given["prior_sd"]) ** 2 if "prior_sd" in given else 0.0

    def gradient(values: Floats) -> Floats:
        surprise = wins.data * expit(values[wins.col] - values[wins.row])
        return np.bincount(wins.row, surprise, n) - np.bincount(wins.col, surprise, n) - precision * values

    judged = np.bincount(wins.row, wins.data, n) + np.bincount(wins.col, wins.data, n)
    return polished(gradient, start, judged + precision)


def of_ties(given: Given, start: Floats) -> Floats:
    """Davidson's values at the greatest likelihood; the logarithm of nu is sought along with them."""
    a, b, n = given["a"], given["b"], len(start)
    said = np.stack([given["outcome"] == outcome for outcome in (1, 0, -1)])

    def gradient(at: Floats) -> Floats:
        half = (at[a] - at[b]) / 2
        won, tied, lost = said - softmax([half, np.full_like(half, at[n]), -half], axis=0)
        of_a = (won - lost) / 2
        return np.append(np.bincount(a, of_a, n) - np.bincount(b, of_a, n), tied.sum())

    judged = np.bincount(np.concatenate([a, b]), minlength=n)
    return polished(gradient, np.append(start, 0.0), np.append(judged, said[1].sum()), n_others=1)[:n]


def of_orders(given: Given, start: Floats) -> Floats:
    """Plackett and Luce's values at the greatest likelihood: each place is a choice among those not yet placed."""
    orders, n = given["orders"], len(start)

    def gradient(values: Floats) -> Floats:
        left = np.zeros(orders.shape)
        for place in range(orders.shape[1] - 1):
            left[:, place] += 1
            left[:, place:] -= softmax(values[orders[:, place:]], axis=1)
        return np.bincount(orders.ravel(), left.ravel(), n)

    return polished(gradient, start, np.bincount(orders.ravel(), minlength=n))


def polished(gradient: Gradient, start: Floats, judged: Floats | Ints, n_others: int = 0) -> Floats:
    """Where the gradient is that of rounding; curvature is taken from the gradient's own differences.

    `judged`, how often each item was, bounds the curvature's diagonal and so scales the conjugate gradients. The values
    are drawn to mean zero, which costs no likelihood; the last `n_others` numbers are none.
    """
    at, shape, scale = start, (len(start), len(start)), judged.mean()
    values = slice(len(start) - n_others)

    def uphill(at: Floats) -> Floats:
        slope = gradient(at)
        slope[values] -= scale * at[values].mean()
        return slope

    for _ in range(50):
        slope = uphill(at)
        if abs(slope).max() <= ROUNDING * scale:
            return at

        def curvature(direction: Floats, at: Floats = at) -> Floats:
            apart = APART / abs(direction).max()
            return (uphill(at - apart * direction) - uphill(at + apart * direction)) / (2 * apart)

        step, _ = cg(
            LinearOperator(shape, curvature, dtype=float), slope, rtol=1e-6, maxiter=1_000, M=diags_array(1 / judged)
        )
        at = at + step
    raise ArithmeticError(f"the gradient is {abs(slope).max():g} after 50 steps")


def alpha(given: Given, level: str) -> float:
    """Krippendorff's coefficient from the matrix of coincidences."""
    ratings = given["ratings"]
    points = np.unique(ratings[~np.isnan(ratings)])
    counts = np.stack([(ratings == point).sum(axis=0) for point in points]).astype(float)
    counts = counts[:, counts.sum(axis=0) > 1]
    shares = counts / (counts.sum(axis=0) - 1)
    coincidences = shares @ counts.T - np.diag(shares.sum(axis=1))
    total = coincidences.sum(axis=0)
    apart = (points[:, None] - points) ** 2 if level == "interval" else points[:, None] != points
    by_chance = np.outer(total, total) / (total.sum() - 1)
    return float(1 - (coincidences * apart).sum() / (by_chance * apart).sum())
