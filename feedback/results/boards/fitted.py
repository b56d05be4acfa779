"""The site's own model of what was said: the fit that every board stands on."""

import numpy as np
from django.conf import settings

import rankings
from feedback.results.boards.said import Said
from feedback.results.fitting import MODELS, PAIRS, strengths_of_pairs
from feedback.results.sample import NOBODY
from feedback.studies.models import Study


def model_of(said: Said) -> str:
    """What the model is called."""
    return PAIRS if said.are_pairs else MODELS[Study.Ranking(said.asked)]


def strengths_of(said: Said) -> rankings.Strengths | None:
    """The strengths under the site's prior, or None where nothing was said.

    Pairs have a position effect where Salon drew the sides of all of them.
    """
    if not len(said):
        return None
    if not said.are_pairs:
        return _strengths_of_sets(said)
    pairs = said.items != NOBODY
    (a, b), (rank_a, rank_b) = (column[pairs].reshape(-1, 2).T for column in (said.items, said.ranks))
    first_a = np.ones(len(said), np.bool_) if said.drawn.all() else None
    return strengths_of_pairs(a, b, np.sign(rank_b - rank_a), n_items=len(said.keys), first_a=first_a)


def _strengths_of_sets(said: Said) -> rankings.Strengths:
    """By what was asked of the sets: their whole order, only the best, or the best and the worst."""
    there, n_items, prior_sd = said.items != NOBODY, len(said.keys), settings.PRIOR_SD
    if said.asked == Study.Ranking.BEST_WORST:
        best = np.where(there, said.ranks, np.iinfo(np.int64).max).argmin(axis=1)
        worst = said.ranks.argmax(axis=1)
        best, worst = (np.take_along_axis(said.items, at[:, None], axis=1)[:, 0] for at in (best, worst))
        sets = [members[:size] for members, size in zip(said.items.tolist(), said.size.tolist(), strict=True)]
        return rankings.best_worst(sets, best, worst, n_items=n_items, prior_sd=prior_sd)
    starts = np.concatenate([[0], np.cumsum(said.size)])
    orders = rankings.Orders.from_arrays(said.items[there], said.ranks[there], starts)
    top = 1 if said.asked == Study.Ranking.BEST else None
    return rankings.plackett_luce(orders, n_items=n_items, top=top, prior_sd=prior_sd)
