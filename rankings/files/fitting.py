"""Fits of the judgements of a file, by the name of the model."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from rankings.errors import RankingError
from rankings.files.judgements import Judgements
from rankings.files.layouts import Chosen, Pairs, Ranked, Told
from rankings.fitting.strengths import Strengths
from rankings.orders import Orders
from rankings.pairs.pairwise import bradley_terry, davidson, graded, rao_kupper
from rankings.panel.raters import with_raters
from rankings.sets.listwise import best_worst, plackett_luce


def fit(
    judgements: Judgements[Told],
    model: str | None = None,
    *,
    prior_sd: float | None = None,
    covariance: str | None = None,
) -> Strengths:
    """Fit the strengths of the items of a file.

    Parameters
    ----------
    judgements : Judgements
    model : str, optional
        One of MODELS; by default what goes with the file's columns.
    prior_sd : float, optional
        Standard deviation in logits of a normal prior on each strength.
    covariance : "fisher", "rater" or "prompt", optional
        Whether errors come from the model's curvature or from the spread between raters or prompts; "rater" by default
        if the file has raters.

    Returns
    -------
    Strengths

    Raises
    ------
    RankingError
        If the model or the covariance needs other columns; see the model for more.
    """
    told, details, name = judgements.told, judgements.details, model or judgements.model
    by = covariance or ("rater" if "rater" in details and name != "with-raters" else "fisher")
    if by != "fisher" and by not in details:
        raise RankingError(f"{judgements.file}: errors by {by} need a column {by}; name it with --columns {by}=…")
    if not isinstance(told, MODELS[name].fits):
        raise RankingError(f"{judgements.file}: {name} does not go with its columns, {judgements.model} does")
    if {text.removesuffix(".0") for text in judgements.names.get("outcome", ())} == {"0", "1"}:
        raise RankingError(f"{judgements.file}: outcome is 0 or 1 and never -1; write -1 where b was better, or tie")
    settings = {
        "n_items": len(judgements.items),
        "weight": details.get("weight"),
        "prior_sd": prior_sd,
        "rater": None if by == "fisher" else details[by],
    }
    return MODELS[name].fit(judgements, told, settings)


def _bradley_terry(judgements: Judgements[Told], told: Pairs, settings: dict[str, Any]) -> Strengths:
    tied = told.strength == 0
    if tied.any():
        line = judgements.lines[np.argmax(tied)]
        raise RankingError(f"{judgements.file}:{line}: a tie, of which bradley-terry knows nothing; davidson does")
    won, first = told.strength > 0, judgements.details.get("first")
    winner, loser = np.where(won, told.a, told.b), np.where(won, told.b, told.a)
    return bradley_terry(winner, loser, first=None if first is None else first == won, **settings)


def _with_ties(
    of: Callable[..., Strengths], judgements: Judgements[Told], told: Pairs, settings: dict[str, Any]
) -> Strengths:
    return of(told.a, told.b, np.sign(told.strength), first_a=judgements.details.get("first"), **settings)


def _graded(judgements: Judgements[Told], told: Pairs, settings: dict[str, Any]) -> Strengths:
    levels = max(int(np.abs(told.strength).max()), 1)
    first = judgements.details.get("first")
    return graded(told.a, told.b, told.strength, levels=levels, first_a=first, **settings)


def _with_raters(judgements: Judgements[Told], told: Pairs, settings: dict[str, Any]) -> Strengths:
    details = judgements.details
    if "rater" not in details:
        raise RankingError(f"{judgements.file}: with-raters needs a column rater; name it with --columns rater=…")
    if settings.pop("rater") is not None:
        raise RankingError(
            f"{judgements.file}: with-raters has a parameter for each rater already; its errors are by fisher"
        )
    first = details.get("first")
    return with_raters(told.a, told.b, np.sign(told.strength), details["rater"], first_a=first, **settings)


def _plackett_luce(judgements: Judgements[Told], told: Ranked, settings: dict[str, Any]) -> Strengths:
    orders = Orders.from_arrays(told.items, told.ranks, np.cumsum([0, *told.sizes]))
    return plackett_luce(orders, top=judgements.details.get("top"), **settings)


def _best_worst(judgements: Judgements[Told], told: Chosen, settings: dict[str, Any]) -> Strengths:  # noqa: ARG001 as the others
    sets = np.split(told.items, np.cumsum(told.sizes)[:-1])
    return best_worst(sets, told.best, told.worst, **settings)


class Model(NamedTuple):
    """A model, and the judgements that it fits."""

    fits: type
    fit: Callable[[Judgements[Told], Any, dict[str, Any]], Strengths]


MODELS = {
    "bradley-terry": Model(Pairs, _bradley_terry),
    "davidson": Model(Pairs, partial(_with_ties, davidson)),
    "rao-kupper": Model(Pairs, partial(_with_ties, rao_kupper)),
    "graded": Model(Pairs, _graded),
    "with-raters": Model(Pairs, _with_raters),
    "plackett-luce": Model(Ranked, _plackett_luce),
    "best-worst": Model(Chosen, _best_worst),
}
