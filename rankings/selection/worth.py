"""Worth: what the answer on a pair is expected to tell, about the strengths or about the order."""

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np
from scipy.linalg.blas import dger
from scipy.special import expit

from rankings.checks import Floats, Ints
from rankings.fitting.strengths import Strengths
from rankings.selection import doubt

LEAST = 1e-12
"""Variance of a difference below which rounding errors rule, in squared logits."""

type Square = np.ndarray[tuple[int, int], np.dtype[np.float64]]
type Worth = Callable[[Ints, Ints], Floats]


class Belief(Protocol):
    """How sure the differences between items are."""

    def variance(self, a: Ints, b: Ints) -> Floats:
        """Return the variances of the differences of `a` and `b`, in squared logits."""

    def observe(self, a: int, b: int, told: float) -> Ints:
        """Take in so much Fisher information on a difference, and return the items that it tells something about."""


class Joint:
    """The full covariance of the values."""

    def __init__(self, covariance: Floats) -> None:
        self._covariance: Square = np.array(covariance, dtype=np.float64, order="F")

    def variance(self, a: Ints, b: Ints) -> Floats:
        return np.maximum(_contrast(self._covariance, a, b), LEAST)

    def observe(self, a: int, b: int, told: float) -> Ints:
        pull = self._covariance[a] - self._covariance[b]
        shrink = told / (1 + told * (pull[a] - pull[b]))
        self._covariance = dger(-shrink, pull, pull, a=self._covariance, overwrite_a=True)
        return np.arange(len(pull))


class Apart:
    """Variances of single values, as if their errors were independent: near the truth where judgements are well mixed."""

    def __init__(self, variances: Floats) -> None:
        self._variances = variances.copy()

    def variance(self, a: Ints, b: Ints) -> Floats:
        return self._variances[a] + self._variances[b]

    def observe(self, a: int, b: int, told: float) -> Ints:
        pair = np.array([a, b])
        own = self._variances[pair]
        self._variances[pair] = own * (1 - own * told / (1 + told * own.sum()))
        return pair


class AtStake(Belief, Protocol):
    """A belief that knows what hangs on it."""

    def stake(self, a: Ints, b: Ints) -> Floats:
        """Return the variance that a judgement of each pair takes from all differences, weighed by what depends on it.

        It is in logits, for a judgement that carries little information, for each unit of it. See `order`.
        """


class JointAtStake(Joint):
    """The full covariance C, and its product C L C with the Laplacian L of how open each order is.

    Parameters
    ----------
    strengths : Strengths
    covariance : float array, shape (n_items, n_items)
    """

    def __init__(self, strengths: Strengths, covariance: Floats) -> None:
        super().__init__(covariance)
        a, b = np.triu_indices(len(covariance), 1)
        same = strengths.components[a] == strengths.components[b]
        a, b = a[same], b[same]
        sd = np.sqrt(self.variance(a, b))
        open_to_doubt = np.zeros(covariance.shape)
        apart = (strengths.values[a] - strengths.values[b]) / sd
        open_to_doubt[a, b] = np.exp(-(apart**2) / 2) / (sd * math.sqrt(2 * math.pi))
        open_to_doubt += open_to_doubt.T
        laplacian = np.diag(open_to_doubt.sum(axis=1)) - open_to_doubt
        self._stake: Square = np.asfortranarray(covariance @ laplacian @ covariance / 2)

    def stake(self, a: Ints, b: Ints) -> Floats:
        return _contrast(self._stake, a, b)

    def observe(self, a: int, b: int, told: float) -> Ints:
        pull = self._covariance[a] - self._covariance[b]
        shrink = told / (1 + told * (pull[a] - pull[b]))
        share = self._stake[a] - self._stake[b]
        share -= shrink / 2 * (share[a] - share[b]) * pull
        self._stake = dger(-shrink, pull, share, a=self._stake, overwrite_a=True)
        self._stake = dger(-shrink, share, pull, a=self._stake, overwrite_a=True)
        return super().observe(a, b, told)


class ApartAtStake(Apart):
    """Variances of single values, and how crowded the scores are around each."""

    def __init__(self, variances: Floats, crowding: Floats) -> None:
        super().__init__(variances)
        self._crowding = crowding

    def stake(self, a: Ints, b: Ints) -> Floats:
        weighed: Floats = self._crowding[a] * self._variances[a] ** 2 + self._crowding[b] * self._variances[b] ** 2
        return weighed / 2


def _contrast(matrix: Square, a: Ints, b: Ints) -> Floats:
    """Return the quadratic forms of a symmetric matrix at the differences of `a` and `b`."""
    own = matrix.diagonal()
    return own[a] + own[b] - 2 * matrix[a, b]


def information(difference: Floats, variance: Floats) -> Floats:
    """Return the Fisher information E[p (1 - p)] that an answer is expected to carry on a difference.

    The difference is d ~ N(difference, variance), and p = 1 / (1 + e^-d). It is the slope of E[p], for which MacKay's
    approximation is taken.

    References
    ----------
    MacKay, D. J. C. (1992). The evidence framework applied to classification networks. Neural Comput. 4(5), eq. 10.
    """
    stretch = np.sqrt(1 + np.pi / 8 * variance)
    p = expit(difference / stretch)
    expected: Floats = p * (1 - p) / stretch
    return expected


def knowledge(values: Floats, belief: Belief) -> Worth:
    """Return what answers tell about the strengths: their mutual information, in nats.

    With Fisher information w on a difference of variance v that is log(1 + w v) / 2, within 9 % of the exact value for
    differences below 4 logits and variances below 9.

    References
    ----------
    Houlsby, N., Huszár, F., Ghahramani, Z. and Lengyel, M. (2011). Bayesian active learning for classification and
    preference learning. arXiv:1112.5745, eq. 2. Its closed form, eq. 3, is not used: it turns negative where a
    difference is known well.
    """

    def worth(a: Ints, b: Ints) -> Floats:
        variance = belief.variance(a, b)
        nats: Floats = np.log1p(variance * information(values[a] - values[b], variance)) / 2
        return nats

    return worth


def order(values: Floats, belief: AtStake) -> Worth:
    """Return what answers tell about the order: the regret that they are expected to save, in logits.

    Whoever orders two items by their values, and is wrong, loses their difference d. That expected loss,
    (E|d| - |E d|) / 2, falls with the variance of d at half the density of d at 0. So an answer is worth the variance
    that it takes from each difference, times half that density, summed over all differences.
    """

    def worth(a: Ints, b: Ints) -> Floats:
        variance = belief.variance(a, b)
        told = information(values[a] - values[b], variance)
        logits: Floats = belief.stake(a, b) * told / (1 + told * variance)
        return logits

    return worth


def crowding(strengths: Strengths, items: Ints, crowd: Ints) -> Floats:
    """Return how many of the crowd have their order with each item open, per logit: a sum of densities at 0.

    The density of a difference at 0 is taken as that of a uniform distribution with its mean and variance, so that a
    count of those within reach is enough. The variance of the other is that of a typical item.

    Returns
    -------
    float array, shape (n_items,)
        0 for all but `items`.
    """
    own, labels = doubt.variances(strengths), strengths.components
    reach = np.sqrt(3 * (own[items] + np.median(own[crowd])))
    apart = np.ptp(strengths.values) + 2 * reach.max()
    place, others = (strengths.values[some] + apart * labels[some] for some in (items, crowd))
    others.sort()
    within = np.searchsorted(others, place + reach, "right") - np.searchsorted(others, place - reach)
    found: Floats = np.zeros(len(labels))
    found[items] = within / (2 * reach)
    return found


def evidence(size: int) -> float:
    """Return how much an order of a set tells about each of its pairs, against a judgement of that pair alone.

    For items of equal strength the Fisher information of Plackett and Luce's model is that of all size (size - 1) / 2
    pairs with the weight 4 (size - H) / (size (size - 1)), where H = 1 + 1/2 + … + 1/size: 1 for 2 items, .54 for 5.
    """
    return 4 * (size - math.fsum(1 / k for k in range(1, size + 1))) / (size * (size - 1))
