"""The models as one would write them on paper: slow, readable, and independent of the library's own algebra."""

from itertools import combinations, pairwise

import numpy as np


def log_likelihood(values, log_nu, orders, weight=None):
    """Sum over orders, stages and all sets that might have been chosen; `orders` are lists of groups of items."""
    largest = max(len(group) for groups in orders for group in groups)
    weight = np.ones(len(orders)) if weight is None else weight
    total = 0.0
    for groups, count in zip(orders, weight, strict=True):
        left = sorted(item for group in groups for item in group)
        for group in groups:
            if len(left) > 1:
                open_sets = [s for t in range(1, min(largest, len(left)) + 1) for s in combinations(left, t)]
                worths = [set_worth(values, log_nu, s) for s in open_sets]
                total += count * np.log(set_worth(values, log_nu, group) / np.sum(worths))
            left = [item for item in left if item not in group]
    return total


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
