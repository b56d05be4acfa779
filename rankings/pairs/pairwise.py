"""Strengths from paired comparisons: Bradley-Terry, ties after Davidson or Rao and Kupper, and graded answers."""

from typing import Literal

from numpy.typing import ArrayLike

from rankings import checks
from rankings.checks import Flags, Floats
from rankings.errors import RankingError
from rankings.fitting.problem import Covariance, solve
from rankings.fitting.strengths import Strengths
from rankings.pairs.model import Answers
from rankings.pairs.problem import PairProblem


def bradley_terry(
    winner: ArrayLike,
    loser: ArrayLike,
    *,
    n_items: int | None = None,
    weight: ArrayLike | None = None,
    first: ArrayLike | None = None,
    prior_sd: float | None = None,
    rater: ArrayLike | None = None,
    covariance: Covariance | None = None,
) -> Strengths:
    """Fit the Bradley-Terry model: P(i beats j) = sigmoid(value_i - value_j).

    Parameters
    ----------
    winner, loser : int array, shape (n_judgements,)
        Items 0 to n_items - 1.
    n_items : int, optional
        By default one more than the largest item judged.
    weight : float array, shape (n_judgements,), optional
        How often each judgement counts; finite, above 0.
    first : bool array, shape (n_judgements,), optional
        True where the winner was shown first. Given it, the logit of being shown first is estimated too.
    prior_sd : float, optional
        Standard deviation in logits of a normal prior on each strength, and a switch for a weak prior N(0, 5^2) on the
        position effect. With it, undefeated, winless and never-compared items are fitted, with wide intervals.
    rater : int array, shape (n_judgements,), optional
        Who judged, or what else the judgements that may resemble each other have in common, such as the prompt or the
        set.
    covariance : "fisher" or "rater", optional
        Whether errors come from the model's curvature or from the spread between raters; "rater" by default if `rater`
        is given. The estimates are the same. Few raters understate their spread.

    Returns
    -------
    Strengths
        Each part that comparisons join is fitted on its own scale; the position effect is shared.

    Raises
    ------
    RankingError
        If an array has the wrong type, length or values.
    NotComparableError
        If, without a prior, an item is undefeated, winless or never compared within its part.
    NotSettledError
        If, without a prior, the position effect has no finite value or cannot be told from the strengths.
    TooFewClustersError
        If a part was judged by one rater only.

    References
    ----------
    Bradley, R. A. and Terry, M. E. (1952). Rank analysis of incomplete block designs I. Biometrika 39, 324-345.
    Agresti, A. (2002). Categorical Data Analysis, 2nd ed., section 10.6 (the order effect).
    """
    above, below = checks.pair(("winner", "loser"), winner, loser)
    return _fitted(
        Answers(above, below, None, *_details(len(above), weight, "first", first)),
        "bradley_terry",
        n_items=n_items,
        prior_sd=prior_sd,
        rater=rater,
        covariance=covariance,
    )


def davidson(
    a: ArrayLike,
    b: ArrayLike,
    outcome: ArrayLike,
    *,
    n_items: int | None = None,
    weight: ArrayLike | None = None,
    first_a: ArrayLike | None = None,
    prior_sd: float | None = None,
    rater: ArrayLike | None = None,
    covariance: Covariance | None = None,
) -> Strengths:
    """Fit Davidson's model: P(a) : P(tie) : P(b) = worth_a : nu * sqrt(worth_a * worth_b) : worth_b.

    Without any tie in the data nu is 0 and not estimated. It is concave in the strengths and log(nu).

    Parameters
    ----------
    a, b : int array, shape (n_judgements,)
        Items 0 to n_items - 1.
    outcome : int array, shape (n_judgements,)
        1 if `a` was better, -1 if `b` was, 0 for a tie.
    first_a : bool array, shape (n_judgements,), optional
        True where `a` was shown first. Given it, the logit of being shown first is estimated too.
    n_items, weight, prior_sd, rater, covariance
        See `bradley_terry`.

    Returns
    -------
    Strengths
        With `tie` = nu, shared by all parts.

    Raises
    ------
    RankingError, NotComparableError, NotSettledError, TooFewClustersError
        See `bradley_terry`; also NotSettledError if, without a prior, every judgement is a tie.

    References
    ----------
    Davidson, R. R. (1970). On extending the Bradley-Terry model to accommodate ties in paired comparison experiments.
    J. Amer. Statist. Assoc. 65, 317-328.
    Davidson, R. R. and Beaver, R. J. (1977). On extending the Bradley-Terry model to incorporate within-pair order
    effects. Biometrics 33, 693-702.
    """
    return _fitted(
        _answers(a, b, ("outcome", outcome, 1), weight, first_a),
        "davidson",
        n_items=n_items,
        prior_sd=prior_sd,
        rater=rater,
        covariance=covariance,
    )


def rao_kupper(
    a: ArrayLike,
    b: ArrayLike,
    outcome: ArrayLike,
    *,
    n_items: int | None = None,
    weight: ArrayLike | None = None,
    first_a: ArrayLike | None = None,
    prior_sd: float | None = None,
    rater: ArrayLike | None = None,
    covariance: Covariance | None = None,
) -> Strengths:
    """Fit Rao and Kupper's model: a tie is a difference too small to see.

    P(a) = worth_a / (worth_a + theta * worth_b), with the threshold theta = exp(cut_points[0]) >= 1, and P(b) likewise;
    what is left is the tie. It is `graded` with one level.

    Parameters
    ----------
    a, b, outcome, n_items, weight, first_a, prior_sd, rater, covariance
        See `davidson`.

    Returns
    -------
    Strengths
        With `cut_points`, shape (1,): log(theta) in logits, shared by all parts.

    Raises
    ------
    RankingError, NotComparableError, NotSettledError, TooFewClustersError
        See `davidson`.

    References
    ----------
    Rao, P. V. and Kupper, L. L. (1967). Ties in paired-comparison experiments: a generalization of the Bradley-Terry
    model. J. Amer. Statist. Assoc. 62, 194-204.
    """
    return _fitted(
        _answers(a, b, ("outcome", outcome, 1), weight, first_a),
        "graded",
        n_items=n_items,
        prior_sd=prior_sd,
        rater=rater,
        covariance=covariance,
    )


def graded(
    a: ArrayLike,
    b: ArrayLike,
    strength: ArrayLike,
    *,
    levels: int = 3,
    n_items: int | None = None,
    weight: ArrayLike | None = None,
    first_a: ArrayLike | None = None,
    prior_sd: float | None = None,
    rater: ArrayLike | None = None,
    covariance: Covariance | None = None,
) -> Strengths:
    """Fit graded preferences: P(strength >= k) = sigmoid(value_a - value_b - c_k), with c_(1-k) = -c_k.

    The cut-points are antisymmetric, so that swapping sides changes nothing. A grade tells more than a bare choice: at
    the same number of judgements errors are smaller by a tenth to two fifths, the more the wider apart the items are.

    Parameters
    ----------
    a, b : int array, shape (n_judgements,)
        Items 0 to n_items - 1.
    strength : int array, shape (n_judgements,)
        From -levels (`b` much better) over 0 (no difference) to levels (`a` much better).
    levels : int
        How many grades there are on each side, at least 1.
    n_items, weight, first_a, prior_sd, rater, covariance
        See `davidson`.

    Returns
    -------
    Strengths
        With `cut_points`, shape (levels,), shared by all parts.

    Raises
    ------
    RankingError, NotComparableError, NotSettledError, TooFewClustersError
        See `davidson`. Without a prior an item must have been judged other than at the highest grade to have a finite
        strength.

    References
    ----------
    Agresti, A. (1992). Analysis of ordinal paired comparison data. J. Roy. Statist. Soc. C 41(2), 287-297, eq. 2.
    """
    if levels < 1:
        raise RankingError(f"levels is {levels}; there is at least one grade on each side")
    return _fitted(
        _answers(a, b, ("strength", strength, levels), weight, first_a),
        "graded",
        levels=levels,
        n_items=n_items,
        prior_sd=prior_sd,
        rater=rater,
        covariance=covariance,
    )


def _answers(
    a: ArrayLike, b: ArrayLike, named: tuple[str, ArrayLike, int], weight: ArrayLike | None, first_a: ArrayLike | None
) -> Answers:
    left, right = checks.pair(("a", "b"), a, b)
    name, answer, highest = named
    code = checks.between(name, answer, -highest, highest, len(left))
    return Answers(left, right, code, *_details(len(left), weight, "first_a", first_a))


def _details(
    length: int, weight: ArrayLike | None, name: str, first: ArrayLike | None
) -> tuple[Floats | None, Flags | None]:
    return checks.weights(weight, length), None if first is None else checks.flags(name, first, length)


def _fitted(
    answers: Answers,
    kind: Literal["bradley_terry", "davidson", "graded"],
    *,
    levels: int = 1,
    n_items: int | None,
    prior_sd: float | None,
    rater: ArrayLike | None,
    covariance: Covariance | None,
) -> Strengths:
    return solve(
        PairProblem(
            answers,
            kind,
            levels,
            n_items=checks.n_items(n_items, int(max(answers.a.max(), answers.b.max()))),
            prior_sd=checks.prior_sd(prior_sd),
            rater=checks.rater(rater, len(answers.a)),
            covariance=checks.covariance(covariance, has_rater=rater is not None),
        )
    )
