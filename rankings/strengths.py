"""Strengths: fitted log-worths with their covariance, a frozen result whose intervals are methods."""

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy.special import expit, stdtrit

from rankings.checks import Floats, Ints
from rankings.errors import NotComparableError, RankingError


@dataclass(frozen=True, eq=False, repr=False)
class Strengths:
    """How strong each item is, and how sure that is.

    Attributes
    ----------
    values : float array, shape (n_items,)
        Log-worths in logits, with mean zero in each part. The difference of two values is the log-odds that one is
        placed above the other, given that they are not tied.
    components : int array, shape (n_items,)
        The part of each item; values of different parts are not comparable.
    log_likelihood : float
        Of the judgements at the fit, natural log, without the prior.
    iterations : int
        Newton steps taken.
    settled : bool
        True; a fit that does not settle raises NotSettledError.
    covariance : "fisher" or "cluster"
        Where the uncertainty comes from: the model's curvature, or the spread between clusters of judgements.
    prior_sd : float or None
        Standard deviation of the prior N(0, prior_sd^2) on each strength, in logits.
    n_clusters : int or None
        Clusters in the data, if the covariance is clustered.
    tie : float or None
        Davidson's nu: P(tie) is proportional to nu * sqrt(worth_a * worth_b). It is 0, and not estimated, if there
        was no tie; None if the model knows none.
    tie_error : float or None
        Standard error of log(nu), if nu was estimated.
    position : float or None
        Logit added to the work shown first, if the order of showing was given.
    position_error : float or None
        Its standard error, in logits.
    blocks : tuple of float arrays, shapes (k, k)
        Covariance of the values of each part, in squared logits; the part's items in ascending order.
    part_clusters : int array, shape (n_parts,), or None
        Clusters that judged each part.
    """

    values: Floats
    components: Ints
    log_likelihood: float
    iterations: int
    settled: bool
    covariance: Literal["fisher", "cluster"]
    prior_sd: float | None
    n_clusters: int | None
    tie: float | None
    tie_error: float | None
    position: float | None
    position_error: float | None
    blocks: tuple[Floats, ...] = field(repr=False)
    part_clusters: Ints | None = field(repr=False)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def worths(self) -> Floats:
        """Worths, shape (n_items,): exp(values), scaled to sum to one in each part."""
        worths = np.empty(len(self))
        for part in np.unique(self.components):
            inside = self.components == part
            powers = np.exp(self.values[inside] - self.values[inside].max())
            worths[inside] = powers / powers.sum()
        return worths

    @property
    def standard_errors(self) -> Floats:
        """Standard errors of the centred values, shape (n_items,), in logits; an item alone has the prior's sd."""
        errors = np.empty(len(self))
        variances = np.concatenate([block.diagonal() for block in self.blocks])
        errors[np.argsort(self.components, kind="stable")] = np.sqrt(variances)
        return errors

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
            clusters that judged the item's part, others the normal distribution.

        Raises
        ------
        RankingError
            If `level` is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise RankingError(f"level must be between 0 and 1, not {level}")
        freedom = np.full(len(self), np.inf)
        if self.part_clusters is not None:
            clusters = self.part_clusters[self.components]
            freedom = np.where(clusters > 0, clusters - 1.0, np.inf)
        half = stdtrit(freedom, (1 + level) / 2) * self.standard_errors
        return np.column_stack([self.values - half, self.values + half])

    def difference(self, i: int, j: int) -> tuple[float, float]:
        """Return ``values[i] - values[j]`` in logits and its standard error, by the full covariance.

        Raises
        ------
        NotComparableError
            If the items are in different parts.
        IndexError
            If there is no such item.
        """
        part = self.components[i]
        if part != self.components[j]:
            raise NotComparableError(
                {i, j},
                "in parts that no judgement joins, so their strengths are on different scales",
                "ask for judgements that join the parts",
            )
        members = np.flatnonzero(self.components == part)
        contrast = (members == i % len(self)).astype(float) - (members == j % len(self))
        variance = float(contrast @ self.blocks[part] @ contrast)
        return float(self.values[i] - self.values[j]), math.sqrt(max(variance, 0.0))

    def win_probability(self, i: int, j: int) -> float:
        """Return the probability that `i` is placed above `j`, given that they are not tied and neither is shown first.

        Raises
        ------
        NotComparableError
            If the items are in different parts.
        """
        return float(expit(self.difference(i, j)[0]))

    def __repr__(self) -> str:
        n_parts = len(self.blocks)
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
        if self.position is not None:
            lines.append(f"shown first {self.position:+.3f} logits, error {self.position_error:.3f}")
        return "\n".join(lines)
