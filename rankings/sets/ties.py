"""Ties within sets: choices of a whole group, after Davidson and Luce."""

from dataclasses import dataclass

import numpy as np

from rankings.checks import Floats, Ints
from rankings.sets.model import SetTerms


@dataclass(frozen=True, eq=False)
class TiedChoices:
    """Choices of the best group, from all groups of up to `largest_tie` of the items that are left.

    A group of t has the worth nu^(t - 1) (product of its worths)^(1 / t).

    Attributes
    ----------
    items : int array, shape (n_choices, K)
        The chosen come first.
    judgement : int array, shape (n_choices,)
    chosen : int array, shape (n_choices,)
        How many were chosen.
    largest_tie : int
    """

    items: Ints
    judgement: Ints
    chosen: Ints
    largest_tie: int

    def terms(self, values: Floats, shared: Floats) -> SetTerms:
        """Subtract the moments of (membership / t, t - 1) from what was chosen."""
        size = values.shape[1]
        log_partition, mean, covariance = moments(values, shared[0], self.largest_tie)
        member = (np.arange(size) < self.chosen[:, None]) / self.chosen[:, None]
        observed = np.column_stack([member, self.chosen - 1.0])
        likelihood = (member * values).sum(axis=1) + (self.chosen - 1) * shared[0] - log_partition
        row, column = np.triu_indices(size, 1)
        return SetTerms(
            likelihood,
            observed - mean,
            -covariance[:, row, column],
            covariance[:, :size, size:],
            covariance[:, size:, size:],
        )


def moments(values: Floats, log_nu: float, largest_tie: int) -> tuple[Floats, Floats, Floats]:
    """Return the log-partition, and the moments of (membership / t, t - 1) of the chosen group.

    Worths are taken relative to the best of the items, and powers of nu to the largest of them, so nothing overflows,
    and what underflows is a probability of zero.

    Returns
    -------
    log_partition : float array, shape (n_choices,)
    mean : float array, shape (n_choices, K + 1)
    covariance : float array, shape (n_choices, K + 1, K + 1)
    """
    n_choices, size = values.shape
    most = min(largest_tie, size)
    shift = max(0.0, (most - 1) * log_nu)
    best = values.max(axis=1, keepdims=True)
    total = np.zeros(n_choices)
    mean = np.zeros((n_choices, size + 1))
    second = np.zeros((n_choices, size + 1, size + 1))
    for t in range(1, most + 1):
        worth = np.exp((values - best) / t)
        scale = np.exp((t - 1) * log_nu - shift)
        member = scale * worth * _symmetric_without(worth, t - 1) / t
        tied = member.sum(axis=1)
        total += tied
        mean[:, :size] += member
        mean[:, size] += (t - 1) * tied
        second[:, :size, :size] += scale * _both_members(worth, t) / t**2
        second[:, range(size), range(size)] += member / t
        second[:, :size, size] += (t - 1) * member
        second[:, size, size] += (t - 1) ** 2 * tied
    second[:, size, :size] = second[:, :size, size]
    mean /= total[:, None]
    covariance = second / total[:, None, None] - mean[:, :, None] * mean[:, None, :]
    return best[:, 0] + shift + np.log(total), mean, covariance


def _symmetric_without(worth: Floats, degree: int) -> Floats:
    """Return the elementary symmetric polynomial of all columns but each one, shape (n, size).

    It is the product of what the columns before and after give, so no subtraction loses digits.
    """
    if degree == 0:
        return np.ones_like(worth)
    before, after = _running(worth, degree), _running(worth[:, ::-1], degree)[:, ::-1]
    return (before * after[:, :, ::-1]).sum(axis=2)


def _running(worth: Floats, degree: int) -> Floats:
    """Return the elementary symmetric polynomials of degree 0 to `degree` of the columns before each column."""
    polynomials = np.zeros((*worth.shape, degree + 1))
    polynomials[:, 0, 0] = 1
    for column in range(1, worth.shape[1]):
        polynomials[:, column] = polynomials[:, column - 1]
        polynomials[:, column, 1:] += worth[:, column - 1, None] * polynomials[:, column - 1, :-1]
    return polynomials


def _both_members(worth: Floats, t: int) -> Floats:
    """Return the summed worth of the sets of `t` that hold both of each two items, shape (n, size, size)."""
    n_choices, size = worth.shape
    both = np.zeros((n_choices, size, size))
    if t > 1:
        one = np.arange(size)[:, None]
        others = np.nonzero(one != one.T)[1].reshape(size, size - 1)
        rest = worth[:, others]
        without_both = _symmetric_without(rest.reshape(-1, size - 1), t - 2).reshape(rest.shape)
        both[:, one, others] = worth[:, :, None] * rest * without_both
    return both
