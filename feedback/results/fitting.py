"""The site's own model of what was judged: which one, under which prior."""

import numpy as np
from django.conf import settings
from numpy.typing import ArrayLike, NDArray

import rankings
from feedback.results import inputs
from feedback.studies.models import Study

PAIRS, GRADED, SETS = "davidson", "graded", "plackett-luce, ties by Davidson-Luce"
ENOUGH = 50
"""Judgements of a rater from which the reliability is taken for what it is; with fewer it counts as 1."""

FEWEST = 3
"""Raters of whom so much is known: with fewer nobody is the common one."""

LEAST = 0.02
"""Of a judgement, what at least counts: that of a rater who clicks at random says next to nothing."""

MODELS = {
    Study.Ranking.FULL: SETS,
    Study.Ranking.BEST: "plackett-luce on the best of each set",
    Study.Ranking.BEST_WORST: "best-worst",
}


def model_of(orders: inputs.Orders) -> str:
    """What the model is called."""
    return PAIRS if orders.are_pairs else MODELS[Study.Ranking(orders.asked)]


def strengths_of(orders: inputs.Orders) -> rankings.Strengths | None:
    """The fitted strengths under the site's prior, or None without judgements.

    Pairs have a position effect where Salon drew the sides of all of them.
    """
    if not orders.sets:
        return None
    n_items = len(orders.keys)
    if not orders.are_pairs:
        return _strengths_of_sets(orders)
    (a, b), (rank_a, rank_b) = np.array(orders.sets).T, np.array(orders.ranks).T
    first_a = None if None in orders.firsts else np.array(orders.firsts) == 0
    return strengths_of_pairs(a, b, np.sign(rank_b - rank_a), n_items=n_items, first_a=first_a)


def strengths_of_pairs(
    a: ArrayLike,
    b: ArrayLike,
    outcome: ArrayLike,
    *,
    n_items: int,
    first_a: ArrayLike | None = None,
) -> rankings.Strengths:
    """The same, of pairs alone: `outcome` is 1 for `a`, -1 for `b`, 0 for neither."""
    return rankings.davidson(a, b, outcome, n_items=n_items, first_a=first_a, prior_sd=settings.PRIOR_SD)


def strengths_by_reliability(
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    strength: NDArray[np.int64],
    rater: NDArray[np.int64],
    *,
    n_items: int,
    first_a: NDArray[np.bool_] | None,
    graded: bool,
) -> rankings.Strengths:
    """Strengths from pairs in which each judgement counts as much as its rater can be relied on.

    `strength` is positive for `a`, shape (n_judgements,); `graded` takes its size for what it says, from -3 to 3, and
    else its sign alone counts. Whoever judges against all others counts the other way round.
    """
    outcome = np.sign(strength)
    reliable = reliability_of(a, b, outcome, rater, n_items=n_items, first_a=first_a)
    said = np.where(reliable < 0, -1, 1) * (strength if graded else outcome)
    weight = np.clip(np.abs(reliable), LEAST, 1)
    model = rankings.graded if graded else rankings.davidson
    return model(a, b, said, n_items=n_items, weight=weight, first_a=first_a, prior_sd=settings.PRIOR_SD)


def reliability_of(
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    outcome: NDArray[np.int64],
    rater: NDArray[np.int64],
    *,
    n_items: int,
    first_a: NDArray[np.bool_] | None,
) -> NDArray[np.float64]:
    """How far the rater of each judgement can be relied on: 1 like the common rater, 0 for clicks, below 0 reversed."""
    if (np.bincount(rater) >= ENOUGH).sum() < FEWEST or (first_a is None and (outcome == outcome[0]).all()):
        return np.ones(len(outcome))
    heard = rankings.with_raters(
        a, b, outcome, rater, n_items=n_items, first_a=first_a, prior_sd=settings.PRIOR_SD
    ).raters
    known = np.where(heard.n_judgements >= ENOUGH, heard.reliability, 1.0)
    return np.asarray(known[np.searchsorted(heard.rater, rater)])


def _strengths_of_sets(orders: inputs.Orders) -> rankings.Strengths:
    """By what was asked of the sets: their whole order, only the best, or the best and the worst."""
    n_items, prior_sd = len(orders.keys), settings.PRIOR_SD
    if orders.asked == Study.Ranking.BEST_WORST:
        told = list(zip(orders.sets, orders.ranks, strict=True))
        best = [members[ranks.index(min(ranks))] for members, ranks in told]
        worst = [members[ranks.index(max(ranks))] for members, ranks in told]
        return rankings.best_worst(orders.sets, best, worst, n_items=n_items, prior_sd=prior_sd)
    ranked = rankings.Orders.from_ranks(orders.sets, orders.ranks)
    top = 1 if orders.asked == Study.Ranking.BEST else None
    return rankings.plackett_luce(ranked, n_items=n_items, top=top, prior_sd=prior_sd)
