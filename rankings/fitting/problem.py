"""Problems: judgements with a model, that can be fitted, fitted again without some of them, or with one more."""

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol, Self

import numpy as np

from rankings.checks import Flags, Floats, Ints
from rankings.fitting.curvature import Parts
from rankings.fitting.links import Links, finite_parts_of, parts_of
from rankings.fitting.newton import Model, maximise
from rankings.fitting.strengths import Strengths, Uncertainty
from rankings.fitting.uncertainty import Clustered, Fisher

type Covariance = Literal["fisher", "rater"]


class Problem(Protocol):
    """Judgements with a model.

    Attributes
    ----------
    n_items : int
    prior_sd : float or None
    rater : int array, shape (n_judgements,), or None
        Who judged.
    covariance : "fisher" or "rater"
    """

    @property
    def n_items(self) -> int: ...

    @property
    def prior_sd(self) -> float | None: ...

    @property
    def rater(self) -> Ints | None: ...

    @property
    def covariance(self) -> Covariance: ...

    @property
    def members(self) -> Ints:
        """The items that were judged; an item may occur again."""

    def links(self) -> Links:
        """Return who was placed above whom."""

    def model(self) -> Model:
        """Return the log-likelihood."""

    @property
    def tie_if_fixed(self) -> float | None:
        """What Davidson's nu is where it is not estimated."""

    def cut_points(self, shared: Floats) -> Floats | None:
        """Return the cut-points between grades, if the model has any."""

    def win_probability(self, drop: float, shared: Floats) -> float:
        """Return the probability that one of two items is above the other, given no tie, `drop` logits apart."""

    def fitted(self, *, tight: bool = False, absent: Ints | None = None) -> Strengths:
        """Fit it; see `solve`."""

    def kept(self, rows: Flags) -> Self:
        """Return the problem with the judgements that are True."""

    def touching(self, items: Ints) -> Flags:
        """Return which judgements any of the items is part of."""

    def joined(self, more: Sequence[Self]) -> Self:
        """Return the problem with the judgements of others after its own."""

    def allows(self, one: Self) -> bool:
        """Whether the model would keep its shared parameters with the judgements of another problem."""

    def told(
        self,
        *told: int | Iterable[int | Iterable[int]],
        weight: float,
        first_a: bool | None,
        rater: int | None,
    ) -> Self:
        """Return one more judgement as a problem of its own."""

    def model_of(self, judgements: Self) -> Model:
        """Return the log-likelihood of the other judgements under this problem's model."""


def solve(
    problem: Problem, start: Floats | None = None, *, tight: bool = False, absent: Ints | None = None
) -> Strengths:
    """Fit the strengths and the shared parameters.

    Parameters
    ----------
    problem : Problem
    start : float array, shape (n_items + n_shared,), optional
        Where to begin.
    tight : bool
        Settle to all digits whatever the number of judgements.
    absent : int array, optional
        Items that were removed; without a prior they have no strength, and an infinite error.

    Raises
    ------
    NotComparableError
        If, without a prior, the judgements leave a strength without a finite value.
    NotSettledError
        If the likelihood has no finite maximum for another reason.
    TooFewClustersError
        If the covariance is clustered and a part was judged by one cluster only.
    """
    n, links = problem.n_items, problem.links()
    labels = parts_of(n, links) if problem.prior_sd else finite_parts_of(n, links, absent)
    model = problem.model()
    maximum = maximise(model, Parts.of(labels), problem.prior_sd, start, tight=tight)
    uncertainty: Uncertainty = Fisher(maximum)
    if problem.covariance == "rater" and problem.rater is not None:
        uncertainty = Clustered.of(maximum, model, np.unique(problem.rater, return_inverse=True)[1])
    return Strengths(
        values=maximum.point[:n],
        components=labels,
        covariance=problem.covariance,
        prior_sd=problem.prior_sd,
        maximum=maximum,
        uncertainty=uncertainty,
        problem=problem,
        model=model,
    )
