"""Judgements of pairs: who was better, or by how much."""

import operator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from rankings import checks
from rankings.checks import Flags, Floats, Ints
from rankings.errors import RankingError
from rankings.simulate.designs import draw_sets
from rankings.simulate.raters import Raters, Seen, checked, checked_tie, see


class Pairs(NamedTuple):
    """Paired comparisons, ready for `davidson`.

    Attributes
    ----------
    a, b : int arrays, shape (n_judgements,)
    outcome : int array, shape (n_judgements,)
        1 if `a` was better, -1 if `b` was, 0 for a tie; of `graded`, the signed strength.
    first_a : bool array, shape (n_judgements,)
        True where `a` was shown first.
    rater, prompt : int arrays, shape (n_judgements,)
        Judgement i is by rater i mod n_raters, on prompt (i div n_raters) mod n_prompts.
    """

    a: Ints
    b: Ints
    outcome: Ints
    first_a: Flags
    rater: Ints
    prompt: Ints


def pairs(
    values: ArrayLike,
    asked: int | ArrayLike,
    *,
    seed: int,
    tie: float = 0.0,
    position: float = 0.0,
    raters: Raters | None = None,
    prompts: int = 1,
    prompt_sd: float = 0.0,
) -> Pairs:
    """Draw comparisons from Davidson's model, either work shown first with the same chance.

    Parameters
    ----------
    values : float array, shape (n_items,)
        Log-worths in logits.
    asked : int, or int array, shape (n_judgements, 2)
        How many uniformly drawn pairs to ask for, or the pairs themselves, such as those of `design`.
    seed : int
        The same seed gives the same judgements.
    tie : float
        Davidson's nu, at least 0.
    position : float
        Logit added to the work shown first.
    raters : Raters, optional
        They take turns; by default one good rater.
    prompts : int
        They take turns once all raters had theirs.
    prompt_sd : float
        Standard deviation in logits of the effect that each item has on each prompt.

    Raises
    ------
    RankingError
        If there are fewer than two items, a number is not finite, `tie` or `prompt_sd` is negative, or a pair asked
        is none of two items.

    References
    ----------
    Davidson, R. R. (1970). On extending the Bradley-Terry model to accommodate ties in paired comparison experiments.
    J. Amer. Statist. Assoc. 65, 317-328, eq. 2.2.
    """
    nu, random = checked_tie(tie), np.random.default_rng(operator.index(seed))
    worth, sets, first_a = _ask(values, asked, random)
    seen = see(worth, sets, random, position=position, raters=raters, prompts=prompts, prompt_sd=prompt_sd)
    half = _logits(seen, first_a) / 2
    tied = nu / (nu + 2 * np.cosh(half))
    outcome = np.where(random.random(len(sets)) < expit(2 * half), 1, -1)
    outcome[random.random(len(sets)) < tied] = 0
    return Pairs(sets[:, 0], sets[:, 1], outcome, first_a, seen.rater, seen.prompt)


def graded(
    values: ArrayLike,
    asked: int | ArrayLike,
    *,
    seed: int,
    cuts: ArrayLike = (0.5, 1.5, 3.0),
    position: float = 0.0,
    raters: Raters | None = None,
    prompts: int = 1,
    prompt_sd: float = 0.0,
) -> Pairs:
    """Draw signed strengths -L..L from a cumulative logit whose cut-points mirror each other.

    With eta the difference of the log-worths, P(strength <= k) = sigmoid(cut_(k + 1/2) - eta), and
    cut_(-m) = -cut_m: swapping sides changes the sign and nothing else.

    Parameters
    ----------
    values, asked, seed, raters, prompts, prompt_sd
        See `pairs`.
    cuts : float array, shape (L,)
        Cut-points in logits above 0, in ascending order: the first is half the width of a tie (0 allows no tie), the
        others part the strengths 1 to L.
    position : float
        Logit added to eta in favour of the work shown first.

    Returns
    -------
    Pairs
        With `outcome` from -L to L, positive where `a` is favoured.

    Raises
    ------
    RankingError
        As `pairs`, and if the cut-points are not ascending, finite and at least 0.

    References
    ----------
    Agresti, A. (1992). Analysis of ordinal paired comparison data. J. Roy. Statist. Soc. C 41(2), 287-297.
    """
    upper = np.asarray(cuts, dtype=np.float64)
    if (
        upper.ndim != 1
        or len(upper) == 0
        or not np.isfinite(upper).all()
        or (np.diff(upper, prepend=-upper[0]) < 0).any()
    ):
        raise RankingError("cuts must be finite numbers of at least 0 logits, in ascending order")
    random = np.random.default_rng(operator.index(seed))
    worth, sets, first_a = _ask(values, asked, random)
    seen = see(worth, sets, random, position=position, raters=raters, prompts=prompts, prompt_sd=prompt_sd)
    felt = _logits(seen, first_a) + random.logistic(size=len(sets))
    strength = np.searchsorted(np.concatenate([-upper[::-1], upper]), felt) - len(upper)
    return Pairs(sets[:, 0], sets[:, 1], strength, first_a, seen.rater, seen.prompt)


def _ask(values: ArrayLike, asked: int | ArrayLike, random: np.random.Generator) -> tuple[Floats, Ints, Flags]:
    """Return the log-worths, the pairs asked, shape (n, 2), and whether the first of each is shown first."""
    worth, array = checked(values, 2), np.asarray(asked)
    if array.ndim == 0:
        sets = draw_sets(len(worth), 2, operator.index(array.item()), random)
    elif array.ndim == 2 and array.shape[1] == 2:
        a, b = checks.pair(("asked[:, 0]", "asked[:, 1]"), array[:, 0], array[:, 1])
        checks.n_items(len(worth), int(max(a.max(), b.max())))
        sets = np.column_stack([a, b])
    else:
        raise RankingError(f"asked must be a number of pairs, or pairs of shape (n, 2), not {array.shape}")
    return worth, sets, random.random(len(sets)) < 0.5


def _logits(seen: Seen, first_a: Flags) -> Floats:
    """Return what speaks for the first of each pair."""
    return seen.worth[:, 0] - seen.worth[:, 1] + np.where(first_a, seen.side, -seen.side)
