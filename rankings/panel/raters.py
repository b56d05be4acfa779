"""Strengths together with how reliable each rater is, and how much each leans towards the work shown first."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike

from rankings import checks
from rankings.checks import Floats, Ints
from rankings.errors import RankingError
from rankings.fitting.problem import solve
from rankings.fitting.strengths import Strengths
from rankings.pairs.model import Answers
from rankings.pairs.problem import PairProblem
from rankings.panel.ascent import Ascent
from rankings.panel.elimination import RaterMaximum, RaterUncertainty
from rankings.panel.model import PanelModel, panel_model
from rankings.panel.priors import Prior, Spread

SPREAD = Spread(0.3)
"""Of the raters' reliabilities about 1, and of their sides about 0 logits."""

WIDE = Spread(1.5)
"""With this one raters first find out on which side of 0 they are, whatever was thought of them."""

ROUGHLY, STEP_TOLERANCE, TIGHT_TOLERANCE = 0.05, 1e-7, 1e-11
"""The longest last step of that first stage, of the fit, and of one that is to be had to all digits, in logits."""


def with_raters(
    a: ArrayLike,
    b: ArrayLike,
    outcome: ArrayLike,
    rater: ArrayLike,
    *,
    n_items: int | None = None,
    weight: ArrayLike | None = None,
    first_a: ArrayLike | None = None,
    prior_sd: float | None = None,
) -> "RaterStrengths":
    """Fit strengths together with each rater's reliability and side.

    It is Davidson's model, in which rater r sees the difference of two values as

        reliability_r * (value_a - value_b) ± (position + side_r),

    with + if `a` was shown first. A reliability of 1 is that of the common rater, 0 clicks at random, and below 0 takes
    the scale's end for its beginning: those judgements count the other way round.

    Reliabilities about 1, and sides about 0, have Student's t distribution with three degrees of freedom and a standard
    deviation of 0.3: close together unless the judgements say otherwise. Under a normal prior the raters who are far
    off would move what 1 means: with one in five reversed, values come out 1.6 times too far apart. When values are
    fitted, raters' parameters count as uncertain as they are (EM by Laplace's approximation): otherwise the noise in
    them would pull values apart, too.

    The likelihood may have several maxima. A first stage under a prior five times as wide finds out who judges against
    the others; the majority of the raters says which way is up.

    Errors take the model as true. Where raters have tastes of their own they are too small: `bootstrap` over "rater".

    Parameters
    ----------
    a, b : int array, shape (n_judgements,)
        Items 0 to n_items - 1.
    outcome : int array, shape (n_judgements,)
        1 if `a` was better, -1 if `b` was, 0 for a tie.
    rater : int array, shape (n_judgements,)
        Who judged: any integers.
    n_items : int, optional
        By default one more than the largest item judged.
    weight : float array, shape (n_judgements,), optional
        How often each judgement counts; finite, above 0.
    first_a : bool array, shape (n_judgements,), optional
        True where `a` was shown first; by default everywhere.
    prior_sd : float, optional
        Standard deviation in logits of a normal prior on each strength, as the raters see it on average (times the root
        mean square of their reliabilities), and a switch for a weak prior N(0, 5^2) on the position effect and log(nu).
        With it, undefeated, winless and never-compared items are fitted, with wide intervals.

    Returns
    -------
    RaterStrengths
        Values in logits as the common rater sees them. Errors allow for those of the raters' parameters.

    Raises
    ------
    RankingError
        If an array has the wrong type, length or values, or without `first_a` the outcome is the same everywhere.
    NotComparableError
        If, without a prior, an item is undefeated, winless or never compared within its part.
    NotSettledError
        If, without a prior, the position effect or log(nu) has no finite value.

    References
    ----------
    Chen, X., Bennett, P. N., Collins-Thompson, K. and Horvitz, E. (2013). Pairwise ranking aggregation in a crowdsourced
    setting. Proc. 6th ACM WSDM, 193-202 (raters of whom some judge the other way round).
    Davidson, R. R. and Beaver, R. J. (1977). On extending the Bradley-Terry model to incorporate within-pair order
    effects. Biometrics 33, 693-702.
    """
    left, right = checks.pair(("a", "b"), a, b)
    m = len(left)
    code = checks.between("outcome", outcome, -1, 1, m)
    if first_a is None and abs(int(code.sum(dtype=np.int64))) == m:
        raise RankingError(
            f"outcome is {code[0]} everywhere, and a counts as shown first: being first would explain it all. "
            "Pass first_a, or a and b as they were shown"
        )
    answers = Answers(
        left,
        right,
        code,
        checks.weights(weight, m),
        np.ones(m, dtype=bool) if first_a is None else checks.flags("first_a", first_a, m),
    )
    problem = RaterProblem(
        answers,
        "davidson",
        1,
        n_items=checks.n_items(n_items, int(max(left.max(), right.max()))),
        prior_sd=checks.prior_sd(prior_sd),
        rater=checks.integers("rater", rater, m),
        covariance="fisher",
    )
    return problem.fitted()


@dataclass(frozen=True, eq=False)
class RaterEffects:
    """What is known of each rater.

    Attributes
    ----------
    rater : int array, shape (n_raters,)
        The raters as they were given, in ascending order.
    reliability : float array, shape (n_raters,)
        The rater sees every difference at so many times the size at which the common rater sees it.
    reliability_error : float array, shape (n_raters,)
        Its standard error; 0.3, the prior's, for a rater of whom nothing is known.
    side : float array, shape (n_raters,)
        Logit that the rater adds to the work shown first, beyond the position effect.
    side_error : float array, shape (n_raters,)
        Its standard error, in logits.
    n_judgements : int array, shape (n_raters,)
    """

    rater: Ints
    reliability: Floats
    reliability_error: Floats
    side: Floats
    side_error: Floats
    n_judgements: Ints

    def __len__(self) -> int:
        return len(self.rater)

    def __str__(self) -> str:
        lines = [" rater judgements reliability   error     side   error"]
        columns = (self.reliability, self.reliability_error, self.side, self.side_error)
        for rater, number, *(reliability, its_error, side, error) in zip(
            self.rater, self.n_judgements, *columns, strict=True
        ):
            lines.append(f"{rater:6d} {number:10d} {reliability:11.3f} {its_error:7.3f} {side:8.3f} {error:7.3f}")
        return "\n".join(lines)


@dataclass(frozen=True, eq=False, repr=False)
class RaterStrengths(Strengths):
    """Strengths, and the raters who told them apart.

    Attributes
    ----------
    panel : PanelModel
        The log-likelihood.
    uncertainty : RaterUncertainty
    """

    uncertainty: RaterUncertainty
    panel: PanelModel = field(kw_only=True)

    @cached_property
    def raters(self) -> RaterEffects:
        """How reliable each rater is, and how much each leans towards the work shown first.

        Raises
        ------
        PoorlyConnectedError
            If there are more than 3,000 items.
        """
        point = self.panel.split(self.maximum.point)
        reliability_error, side_error = np.split(self.uncertainty.of_raters, 2)
        return RaterEffects(
            rater=np.unique(np.asarray(self.problem.rater)),
            reliability=point.reliability,
            reliability_error=reliability_error,
            side=point.side,
            side_error=side_error,
            n_judgements=self.panel.numbers,
        )

    @cached_property
    def log_likelihood(self) -> float:
        """Log-likelihood of the judgements at the fit, natural log, without the priors."""
        return self.panel.log_likelihood(self.maximum.point)

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.raters}"


@dataclass(frozen=True, eq=False)
class RaterProblem(PairProblem):
    """Answers to pairs by raters whose reliability and side are part of the model."""

    def fitted(self, *, tight: bool = False, absent: Ints | None = None) -> RaterStrengths:
        """Fit the strengths, the shared parameters and the raters' own; `tight` and `absent` are those of `solve`.

        Raises
        ------
        NotComparableError, NotSettledError
            See `with_raters`.
        """
        raters = np.unique(np.asarray(self.rater))
        plain = PairProblem(self.answers, "davidson", 1, self.n_items, self.prior_sd, None, "fisher")
        alike = solve(plain, absent=absent)
        model = panel_model(self.n_items, self.answers, np.searchsorted(raters, np.asarray(self.rater)))
        parts = alike.maximum.curvature.parts
        point = np.concatenate([alike.maximum.point, np.repeat([1.0, 0.0], len(raters))])
        rough = Ascent(model, parts, Prior(self.prior_sd, WIDE)).climb(point, ROUGHLY)
        ascent = Ascent(model, parts, Prior(self.prior_sd, SPREAD))
        top = ascent.climb(_towards_the_common(model, rough.point), TIGHT_TOLERANCE if tight else STEP_TOLERANCE)
        maximum = RaterMaximum(top.point, model.shared, top.curvature, rough.steps + top.steps)
        return RaterStrengths(
            values=top.point[: self.n_items],
            components=alike.components,
            covariance="fisher",
            prior_sd=self.prior_sd,
            maximum=maximum,
            uncertainty=RaterUncertainty(maximum),
            problem=self,
            model=None,
            panel=model,
        )

    def model(self) -> NoReturn:
        """Refuse: the likelihood is not concave, and `solve` would leave the raters out."""
        raise RankingError("judgements with raters are fitted by `fitted`")

    def told(self, *_: object, **__: object) -> NoReturn:
        """Refuse: one judgement more may turn its rater round, and so many others."""
        raise RankingError("strengths with raters are fitted to all judgements at once: call with_raters again")


def _towards_the_common(model: PanelModel, point: Floats) -> Floats:
    """Scale, and if need be turn round, values and reliabilities so that most reliabilities are close to 1."""
    at = model.split(point)
    scale = float(np.sqrt(np.mean(at.reliability**2)))
    reliability = at.reliability / scale
    if SPREAD.surprise(-reliability - 1) < SPREAD.surprise(reliability - 1):
        scale, reliability = -scale, -reliability
    return np.concatenate([at.values * scale, at.own, [at.position], reliability, at.side])
