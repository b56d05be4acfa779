"""Krylov: systems solved, and their slowest modes found, by products with the matrix alone."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.linalg import LinAlgError, eigh_tridiagonal

from rankings.checks import Floats


class Solution(NamedTuple):
    """What the method of conjugate gradients found.

    Attributes
    ----------
    values : float array, of the shape of the right side
    settled : bool
        Whether every residual fell to the wanted share of its right side.
    slowest : float
        The smallest eigenvalue of the preconditioned matrix that the right side met, from above.
    """

    values: Floats
    settled: bool
    slowest: float


def conjugate_gradients(
    times: Callable[[Floats], Floats], diagonal: Floats, right: Floats, tolerance: float, most: int
) -> Solution:
    """Solve a positive semidefinite system, each column on its own, preconditioned by the diagonal.

    References
    ----------
    Hestenes, M. R. and Stiefel, E. (1952). Methods of conjugate gradients for solving linear systems. J. Res. NBS 49.
    Golub, G. H. and Van Loan, C. F. (2013). Matrix Computations, 4th ed., section 11.3 (the Lanczos connection).
    """
    if diagonal.min() <= 0:
        raise LinAlgError("a parameter without curvature")
    scale = (1 / (diagonal if right.ndim == 1 else diagonal[:, None])).astype(right.dtype)
    solved, residual = np.zeros_like(right), right
    ready = scale * residual
    direction, energy = ready, (residual * ready).sum(axis=0)
    goal = tolerance**2 * energy
    lengths: list[Floats] = []
    turns: list[Floats] = []
    for _ in range(most):
        if np.all(energy <= goal):
            break
        ahead = times(direction)
        curvature = (direction * ahead).sum(axis=0)
        going = (energy > goal) & (curvature > 0)
        if not np.any(going):
            break
        length = np.where(going, energy, 0) / np.where(going, curvature, 1)
        solved = solved + length * direction
        residual = residual - length * ahead
        ready = scale * residual
        before, energy = energy, (residual * ready).sum(axis=0)
        turn = np.where(going, energy, 0) / np.where(going, before, 1)
        direction = ready + turn * direction
        lengths.append(length)
        turns.append(turn)
    return Solution(solved, bool(np.all(energy <= goal)), _slowest(lengths, turns) if right.ndim == 1 else np.nan)


def _slowest(lengths: list[Floats], turns: list[Floats]) -> float:
    """Return the smallest eigenvalue of Lanczos' tridiagonal matrix, from the coefficients of conjugate gradients."""
    if not lengths:
        return 1.0
    alpha, beta = np.array(lengths, dtype=np.float64), np.array(turns, dtype=np.float64)
    diagonal = 1 / alpha
    diagonal[1:] += beta[:-1] / alpha[:-1]
    return float(eigh_tridiagonal(diagonal, np.sqrt(beta[:-1]) / alpha[:-1], eigvals_only=True)[0])
