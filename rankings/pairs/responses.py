"""Responses: how likely each answer to a pair is, given how far apart the two items are."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from rankings.checks import Codes, Floats


class Terms(NamedTuple):
    """Derivatives of the log-likelihood of some pairs, of which `drop` = value_a - value_b (+ position) in logits.

    Attributes
    ----------
    flow : float array, shape (n_pairs,)
        Its derivative by `drop`; where the model has sufficient statistics, minus the expected statistic instead.
    conductance : float array, shape (n_pairs,)
        Minus the second derivative by `drop`.
    slope : float array, shape (n_own,)
        Derivatives by the response's own parameters, summed; or minus the expected statistics.
    cross : list of n_own float arrays, shape (n_pairs,)
        Minus the derivatives by `drop` and by each own parameter.
    corner : float array, shape (n_own, n_own)
        Minus the second derivatives by the own parameters, summed.
    """

    flow: Floats
    conductance: Floats
    slope: Floats
    cross: list[Floats]
    corner: Floats


class Response(Protocol):
    """The distribution of the answers to a pair.

    Attributes
    ----------
    shared : tuple of str
        Names of its own parameters.
    sufficient : bool
        Whether the answers enter through sums alone, so that `terms` leaves them out.
    levels : int
        Answers are -levels … levels.
    """

    @property
    def shared(self) -> tuple[str, ...]: ...

    @property
    def sufficient(self) -> bool: ...

    @property
    def levels(self) -> int: ...

    def start(self, share: Floats) -> Floats:
        """Guess the own parameters from the share of the judgements with each answer."""

    def inside(self, own: Floats) -> bool:
        """Whether the own parameters are in their domain."""

    def terms(self, drop: Floats, own: Floats, code: Codes | None, weight: Floats | None) -> Terms:
        """Return the derivatives at pairs with the answers `code`; `drop` may be overwritten."""

    def log_probability(self, drop: Floats, own: Floats, code: Codes) -> Floats:
        """Return the log-probability of the answers, shape (n_pairs,)."""

    def scores(self, drop: Floats, own: Floats, code: Codes) -> tuple[Floats, Floats]:
        """Return the derivatives by `drop`, (n_pairs,), and by the own parameters, (n_pairs, n_own), pair by pair."""

    def probabilities(self, drop: Floats, own: Floats) -> Floats:
        """Return the probability of each answer from the lowest to the highest, shape (n_pairs, n_answers)."""


@dataclass(frozen=True)
class Davidson:
    """P(a) : P(tie) : P(b) = e^(drop / 2) : nu : e^(-drop / 2); without ties, Bradley and Terry's.

    An exponential family in (drop, log nu), so concave, and only sums of the answers enter. Answers are -1, 0, 1.
    """

    ties: bool
    sufficient = True
    levels = 1

    @property
    def shared(self) -> tuple[str, ...]:
        """log(nu), if there are ties."""
        return ("tie",) if self.ties else ()

    def start(self, share: Floats) -> Floats:
        """At drop 0 the share of ties is nu / (nu + 2); all ties or none leave nu finite here."""
        tied = np.clip(share[1], 1e-3, 1 - 1e-3)
        odds = np.array([2 * tied / (1 - tied)] if self.ties else [], dtype=np.float64)
        return np.asarray(np.log(odds))

    def inside(self, own: Floats) -> bool:
        """Any log(nu) will do that is not beyond the reach of the numbers."""
        return bool((np.abs(own) < 300).all())

    def terms(self, drop: Floats, own: Floats, code: Codes | None, weight: Floats | None) -> Terms:  # noqa: ARG002 sums enter alone
        """See Response."""
        drop *= 0.5
        if not self.ties:
            lean = np.tanh(drop, out=drop)
            spread = 1 - lean * lean
            spread *= 0.25
            lean *= -0.5
            if weight is not None:
                lean, spread = lean * weight, spread * weight
            return Terms(lean, spread, np.zeros(0), [], np.zeros((0, 0)))
        lean, tied = self._moments(drop, own)
        counts = 1.0 if weight is None else weight
        cross = -0.5 * lean * tied
        spread = 0.25 * (1 - tied - lean * lean) * counts
        lean *= -0.5
        cross *= counts
        corner = np.sum(tied * (1 - tied) * counts, dtype=np.float64)
        mean = np.sum(tied * counts, dtype=np.float64)
        return Terms(lean * counts, spread, np.array([-mean]), [cross], np.array([[corner]]))

    def _moments(self, half: Floats, own: Floats) -> tuple[Floats, Floats]:
        """Return P(a) - P(b) and P(tie)."""
        if not self.ties:
            return np.tanh(half), np.zeros_like(half)
        odds = np.exp(-np.abs(half))
        nu = odds.dtype.type(np.exp(own[0]))
        total = 1 / (1 + odds * (odds + nu))
        return np.copysign((1 - odds * odds) * total, half), nu * odds * total

    def log_probability(self, drop: Floats, own: Floats, code: Codes) -> Floats:
        """See Response."""
        half = drop / 2
        log_nu = own[0] if self.ties else -np.inf
        partition: Floats = np.logaddexp(np.abs(half) + np.log1p(np.exp(-2 * np.abs(half))), log_nu)
        return np.where(code == 0, log_nu if self.ties else 0.0, code * half) - partition

    def scores(self, drop: Floats, own: Floats, code: Codes) -> tuple[Floats, Floats]:
        """See Response."""
        lean, tied = self._moments(drop / 2, own)
        return (code - lean) / 2, ((code == 0) - tied)[:, None] if self.ties else np.zeros((len(drop), 0))

    def probabilities(self, drop: Floats, own: Floats) -> Floats:
        """See Response."""
        lean, tied = self._moments(drop / 2, own)
        return np.column_stack([(1 - tied - lean) / 2, tied, (1 - tied + lean) / 2])


@dataclass(frozen=True)
class Graded:
    """P(answer >= k) = sigmoid(drop - c_k) with antisymmetric cut-points c_(1-k) = -c_k, so that sides may be swapped.

    Answers are -levels … levels; `ties` says whether 0 is one of them. The own parameters are the cut-points c_1 < …
    above 0: from c_1 with ties, else from c_2, for then c_1 = 0. With one level and ties it is Rao and Kupper's model.

    The log-probability of answer k is log sigmoid(drop - c_k) + log sigmoid(c_(k+1) - drop) + log(1 - e^(c_k - c_(k+1))),
    a sum of concave terms.
    """

    levels: int
    ties: bool
    sufficient = False

    @property
    def shared(self) -> tuple[str, ...]:
        """The cut-points that are free."""
        return tuple(f"cut {level}" for level in range(1 if self.ties else 2, self.levels + 1))

    def cuts(self, own: Floats) -> Floats:
        """Return the cut-points between all answers with infinite ends, shape (2 levels + 2,), ties or not."""
        upper = own if self.ties else np.concatenate([[0.0], own])
        return np.concatenate([[-np.inf], -upper[::-1], upper, [np.inf]])

    def start(self, share: Floats) -> Floats:
        """At drop 0 the share of answers beyond +-k is 2 sigmoid(-c_k)."""
        folded = share[self.levels :] + np.append(0, share[: self.levels][::-1])
        beyond = folded[::-1].cumsum()[::-1][1:]
        half = np.clip(beyond / 2, 1e-4, 0.5 - 1e-4)
        cuts: Floats = np.log((1 - half) / half) + 1e-3 * np.arange(self.levels)
        return cuts if self.ties else (cuts - cuts[0])[1:] + 1e-3

    def inside(self, own: Floats) -> bool:
        """Cut-points rise from above 0."""
        return bool((np.diff(own, prepend=0.0) > 0).all())

    def _sides(self, drop: Floats, own: Floats, code: Codes) -> tuple[Floats, Floats]:
        """Return the chance to fall short of the answer's lower cut-point, and to pass its upper one."""
        cuts = (0.5 * self.cuts(own)).astype(drop.dtype)
        at, half = code.astype(np.int64) + self.levels, 0.5 * drop
        short = 0.5 - 0.5 * np.tanh(half - cuts[at])
        passed = 0.5 + 0.5 * np.tanh(half - cuts[at + 1])
        return short, passed

    def _gaps(self, own: Floats) -> tuple[Floats, Floats]:
        """Return the first and minus the second derivative of log(1 - e^-width) for each answer; 0 at the ends.

        Without ties the answer 0 has no width and never occurs; its terms are 0 as well.
        """
        width = np.diff(self.cuts(own))
        finite = np.isfinite(width) & (width > 0)
        rise = np.zeros(len(width))
        rise[finite] = 1 / np.expm1(width[finite])
        return rise, rise * (1 + rise)

    def _signs(self) -> Floats:
        """Return how each finite cut-point follows the own parameters, shape (2 levels, n_own)."""
        upper = np.eye(self.levels)
        every = np.concatenate([-upper[::-1], upper])
        return every if self.ties else every[:, 1:]

    def terms(self, drop: Floats, own: Floats, code: Codes | None, weight: Floats | None) -> Terms:
        """See Response."""
        answers = np.zeros(0, dtype=np.int64) if code is None else code
        short, passed = self._sides(drop, own, answers)
        counts = 1.0 if weight is None else weight
        lower, upper = short * (1 - short) * counts, passed * (1 - passed) * counts
        at, length = answers.astype(np.int64) + self.levels, 2 * self.levels + 1
        rise, bend = self._gaps(own)
        number = np.bincount(at, weight, length)
        below = -np.bincount(at, short * counts, length) - number * rise
        above = np.bincount(at, passed * counts, length) + number * rise
        low, high, both = np.bincount(at, lower, length), np.bincount(at, upper, length), number * bend
        signs = self._signs()
        corner = np.diag(low[1:] + both[1:] + high[:-1] + both[:-1])
        inner = np.arange(len(corner) - 1)
        corner[inner, inner + 1] = corner[inner + 1, inner] = -both[1:-1]
        cross: list[Floats] = []
        for sign in signs.T.astype(drop.dtype):
            ends = np.concatenate([[0], sign, [0]]).astype(drop.dtype)
            cross.append(-(lower * ends[at] + upper * ends[at + 1]))
        flow = (short - passed) * counts
        return Terms(flow, lower + upper, (below[1:] + above[:-1]) @ signs, cross, signs.T @ corner @ signs)

    def log_probability(self, drop: Floats, own: Floats, code: Codes) -> Floats:
        """See Response."""
        cuts, at = self.cuts(own), code.astype(np.int64) + self.levels
        width = np.diff(cuts)
        gap = np.zeros(len(width))
        gap[width > 0] = np.log(-np.expm1(-width[width > 0]))
        return gap[at] - np.logaddexp(0, cuts[at] - drop) - np.logaddexp(0, drop - cuts[at + 1])

    def scores(self, drop: Floats, own: Floats, code: Codes) -> tuple[Floats, Floats]:
        """See Response."""
        short, passed = self._sides(drop, own, code)
        rise, at = self._gaps(own)[0], code.astype(np.int64) + self.levels
        signs = np.concatenate([np.zeros((1, len(own))), self._signs(), np.zeros((1, len(own)))])
        by_cut = (-short - rise[at])[:, None] * signs[at] + (passed + rise[at])[:, None] * signs[at + 1]
        return short - passed, by_cut

    def probabilities(self, drop: Floats, own: Floats) -> Floats:
        """See Response."""
        beyond = 0.5 + 0.5 * np.tanh((drop[:, None] - self.cuts(own)) / 2)
        return -np.diff(beyond, axis=1)
