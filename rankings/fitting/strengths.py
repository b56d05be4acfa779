"""Strengths: fitted log-worths with their covariance, a frozen result whose intervals are methods."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from scipy.special import stdtrit

from rankings.checks import Floats, Ints
from rankings.errors import NotComparableError, RankingError
from rankings.fitting.drift import AT_THE_FIT, Drift
from rankings.fitting.newton import Maximum, Model
from rankings.fitting.ranks import rank_intervals

if TYPE_CHECKING:
    from rankings.fitting.problem import Problem


class Uncertainty(Protocol):
    """Where the covariance of the values comes from.

    Attributes
    ----------
    variances : float array, shape (n_items,)
        Of the centred values, in squared logits.
    shared : float array, shape (n_shared, n_shared)
        Covariance of the shared parameters.
    freedom : float array, shape (n_items,)
        Degrees of freedom of Student's t behind each item's error; infinite for the normal distribution.
    n_clusters : int or None
        Clusters in all.
    """

    @property
    def variances(self) -> Floats: ...

    @property
    def shared(self) -> Floats: ...

    @property
    def freedom(self) -> Floats: ...

    @property
    def n_clusters(self) -> int | None: ...

    def columns(self, items: Ints) -> Floats:
        """Return the covariances of all values with those of `items` of one part, shape (n_items, k)."""


@dataclass(frozen=True, eq=False, repr=False)
class Strengths:
    """How strong each item is, and how sure that is.

    Attributes
    ----------
    values : float array, shape (n_items,)
        Log-worths in logits, with mean zero in each part. In the models of Bradley and Terry, Davidson, and Plackett and
        Luce the difference of two values is the log-odds that one is placed above the other, given no tie.
    components : int array, shape (n_items,)
        The part of each item; values of different parts are not comparable.
    covariance : "fisher" or "rater"
        Where the uncertainty comes from: the model's curvature, or the spread between raters (or what else was given).
    prior_sd : float or None
        Standard deviation of the prior N(0, prior_sd^2) on each strength, in logits.
    maximum : Maximum
        Where the climb ended: the values, the shared parameters and the curvature there.
    uncertainty : Uncertainty
    problem : Problem
        The judgements, for `update` and `without`. They are kept by reference: leave the arrays as they are.
    model : Model or None
        The log-likelihood of the problem's judgements, without later ones; None where these are no graph, as with raters.
    later : tuple of Problem
        Judgements that were taken in since by `update`.
    drift : Drift
        How far they have moved the strengths.
    """

    values: Floats
    components: Ints
    covariance: Literal["fisher", "rater"]
    prior_sd: float | None
    maximum: Maximum
    uncertainty: Uncertainty
    problem: "Problem"
    model: Model | None
    later: "tuple[Problem, ...]" = ()
    drift: Drift = AT_THE_FIT

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def log_likelihood(self) -> float:
        """Log-likelihood of the judgements at the fit, natural log, without the prior."""
        return self.likelihood.log_likelihood(self.maximum.point)

    @property
    def likelihood(self) -> Model:
        """The log-likelihood of all judgements, without the prior, at any point."""
        return self.judgements.model() if self.later or self.model is None else self.model

    @property
    def iterations(self) -> int:
        """Newton steps taken."""
        return self.maximum.iterations

    @property
    def settled(self) -> bool:
        """True: a fit that does not settle raises NotSettledError."""
        return True

    @property
    def judgements(self) -> "Problem":
        """All judgements, with those that were taken in since the fit."""
        return self.problem.joined(self.later) if self.later else self.problem

    @property
    def worths(self) -> Floats:
        """Worths, shape (n_items,): exp(values), scaled to sum to one in each part."""
        top = np.full(self.n_components, -np.inf)
        np.maximum.at(top, self.components, self.values)
        powers = np.exp(self.values - top[self.components])
        worths: Floats = powers / np.bincount(self.components, powers)[self.components]
        return worths

    @property
    def n_components(self) -> int:
        """How many parts the items fall into."""
        return int(self.components.max()) + 1

    @property
    def n_clusters(self) -> int | None:
        """How many raters (or what else was given) the covariance is clustered by."""
        return self.uncertainty.n_clusters

    @cached_property
    def standard_errors(self) -> Floats:
        """Standard errors of the centred values, shape (n_items,), in logits; an item alone has the prior's sd.

        Raises
        ------
        PoorlyConnectedError
            If more than 3,000 items hang together so loosely that they cannot be had in reasonable time.
        """
        return np.sqrt(self.uncertainty.variances)

    def shared(self, name: str) -> tuple[float, float] | None:
        """Return a shared parameter on the model's scale, and its standard error; None if it was not estimated."""
        if name not in self.maximum.shared:
            return None
        at = self.maximum.shared.index(name)
        return float(self._shared[at]), math.sqrt(self.uncertainty.shared[at, at])

    @property
    def _shared(self) -> Floats:
        return self.maximum.point[len(self) :]

    @property
    def tie(self) -> float | None:
        """Davidson's nu: P(tie) is proportional to nu * sqrt(worth_a * worth_b).

        It is 0, and not estimated, if there was no tie; None if the model knows no nu.
        """
        found = self.shared("tie")
        return math.exp(found[0]) if found else self.problem.tie_if_fixed

    @property
    def tie_error(self) -> float | None:
        """Standard error of log(nu), if nu was estimated."""
        found = self.shared("tie")
        return found[1] if found else None

    @property
    def position(self) -> float | None:
        """Logit added to the work shown first, if the order of showing was given."""
        found = self.shared("position")
        return found[0] if found else None

    @property
    def position_error(self) -> float | None:
        """Its standard error, in logits."""
        found = self.shared("position")
        return found[1] if found else None

    @property
    def cut_points(self) -> Floats | None:
        """Cut-points c_1 < c_2 < … between the grades in logits: answer k or better has the odds e^(difference - c_k).

        None if the model has no grades. Where nobody gave a tie c_1 is 0. A grade that nobody gave has no cut-point of
        its own and takes that of the next; beyond the highest that was given they are infinite.
        """
        return self.problem.cut_points(self._shared)

    def interval(self, level: float = 0.95) -> Floats:
        """Return an interval for each value that covers the truth in a share `level` of repetitions.

        Parameters
        ----------
        level : float
            Between 0 and 1.

        Returns
        -------
        float array, shape (n_items, 2)
            Lower and upper ends in logits. Clustered errors use Student's t with one degree of freedom less than the
            effective number of clusters that judged the item (Kish: large ones count for more than one, but not for
            many), others the normal distribution. Where hardly more than one did, the ends are infinite.

        Raises
        ------
        RankingError
            If `level` is not between 0 and 1.
        """
        half = stdtrit(self.uncertainty.freedom, (1 + _checked(level)) / 2) * self.standard_errors
        return np.column_stack([self.values - half, self.values + half])

    def rank_interval(self, level: float = 0.95) -> Ints:
        """Return the best and the worst rank that each item may have in its part, shape (n_items, 2); 1 is best.

        An item's interval holds its true rank in at least a share `level` of repetitions: another item counts as better
        (or worse) only if their difference passes Bonferroni's bound for all differences of the item at once. Items
        that nothing tells apart may have any rank.

        Raises
        ------
        RankingError
            If `level` is not between 0 and 1.

        References
        ----------
        Mogstad, M., Romano, J. P., Shaikh, A. M. and Wilhelm, D. (2024). Inference for ranks with applications to
        mobility across neighbourhoods and academic achievements across countries. Rev. Econ. Stud. 91(1), section 3.
        """
        return rank_intervals(self, self.uncertainty.freedom, _checked(level))

    def covariance_of(self, items: Ints) -> Floats:
        """Return the exact covariance of the centred values of some items of one part, shape (k, k), in squared logits.

        Raises
        ------
        NotComparableError
            If the items are in different parts.
        """
        chosen = np.asarray(items, dtype=np.int64) % len(self)
        self._require_one_part(chosen)
        return self.uncertainty.columns(chosen)[chosen]

    def difference(self, i: int, j: int) -> tuple[float, float]:
        """Return ``values[i] - values[j]`` in logits and its standard error, by the exact covariance.

        Raises
        ------
        NotComparableError
            If the items are in different parts.
        IndexError
            If there is no such item.
        """
        value = float(self.values[i] - self.values[j])
        pair = np.array([i, j]) % len(self)
        self._require_one_part(pair)
        if pair[0] == pair[1]:
            return 0.0, 0.0
        covariance = self.uncertainty.columns(pair)[pair]
        return value, math.sqrt(max(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1], 0.0))

    def _require_one_part(self, items: Ints) -> None:
        if (self.components[items] != self.components[items[0]]).any():
            raise NotComparableError(
                items,
                "in parts that no judgement joins, so their strengths are on different scales",
                "ask for judgements that join the parts",
            )

    def win_probability(self, i: int, j: int) -> float:
        """Return the probability that `i` is placed above `j`, given that they are not tied and neither is shown first.

        Raises
        ------
        NotComparableError
            If the items are in different parts.
        """
        self._require_one_part(np.array([i, j]) % len(self))
        return self.problem.win_probability(float(self.values[i] - self.values[j]), self._shared)

    def __repr__(self) -> str:
        n_parts = self.n_components
        prior = "no prior" if self.prior_sd is None else f"prior sd {self.prior_sd:g}"
        return (
            f"Strengths({len(self)} items in {n_parts} part{'s' * (n_parts > 1)}; "
            f"logits, mean zero within each part, {prior}, {self.covariance} errors)"
        )

    def __str__(self) -> str:
        lines = [repr(self), "part   item    value    error   95 % interval"]
        ends, errors = self.interval(), self.standard_errors
        for item in np.lexsort((-self.values, self.components)):
            low, high = ends[item]
            place = f"{self.components[item]:4d} {item:6d}"
            lines.append(f"{place} {self.values[item]:8.3f} {errors[item]:8.3f}   {low:.3f} to {high:.3f}")
        if self.tie is not None:
            lines.append(f"tie nu {self.tie:.3f}")
        if self.cut_points is not None:
            lines.append("cut-points " + ", ".join(f"{cut:.3f}" for cut in self.cut_points))
        if self.position is not None:
            lines.append(f"shown first {self.position:+.3f} logits, error {self.position_error:.3f}")
        return "\n".join(lines)


def _checked(level: float) -> float:
    if not 0 < level < 1:
        raise RankingError(f"level must be between 0 and 1, not {level}")
    return level
