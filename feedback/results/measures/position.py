"""Position bias: what being shown first adds, by the model and without one, and how little of it could be seen."""

import math
from dataclasses import dataclass

import numpy as np

import rankings
from feedback.results.measures.model import Model, chances, fitted
from feedback.results.measures.numbers import Json, Number, told
from feedback.results.measures.preferences import Preferences
from feedback.results.sample import Ints

FOUND_IN_80_OF_100 = 1.959963984540054 + 0.8416212335729143  # standard errors that a bias must have for this
FEWEST_RATERS = 5  # whose spread says something of other raters


@dataclass(frozen=True)
class Position:
    """`logit` and `share` of these raters; `others` is the logit for other raters like these, who lean as differently.

    `detects` is the share of first-shown works preferred from which on a bias would be found in 80 of 100 such studies.
    """

    logit: Number
    share: Number
    others: Number
    detects: float | None

    def told(self) -> Json:
        return self.logit.told() | told(
            share=self.share.value,
            share_low=self.share.low,
            share_high=self.share.high,
            detects=self.detects,
            panel=told(low=self.others.low, high=self.others.high),
        )


def measure(preferences: Preferences, model: Model | None) -> Position:
    """Only where chance drew the sides: an imported order may follow the answer."""
    drawn = preferences if preferences.drawn.all() else preferences.only(preferences.drawn)
    if model is None or not drawn.answer.any():
        none = Number(None, why="no sides were drawn by chance")
        return Position(none, none, none, None)
    fit = model.fit if drawn is preferences else fitted(drawn, drawn.answer)
    logit = fit.position or 0.0
    share, error = _share(drawn)
    raters = np.count_nonzero(np.bincount(drawn.rater))
    others = Number(None, why=f"fewer than {FEWEST_RATERS} raters")
    if raters >= FEWEST_RATERS:
        others = Number.about(logit, _error(drawn, fit, drawn.rater))
    return Position(
        Number.about(logit, _error(drawn, fit, drawn.judgement)),
        Number.about(share, error, 0, 1),
        others,
        0.5 + FOUND_IN_80_OF_100 * error,
    )


def _share(preferences: Preferences) -> tuple[float, float]:
    """How often the one shown first was preferred, a tie counting half, and its standard error over judgements."""
    number = np.bincount(preferences.judgement)
    leans = np.bincount(preferences.judgement, preferences.answer)[number > 0] / number[number > 0]
    error = float(leans.std(ddof=1)) if len(leans) > 1 else math.inf
    return 0.5 + float(leans.mean()) / 2, error / 2 / math.sqrt(len(leans))


def _error(preferences: Preferences, fit: rankings.Strengths, cluster: Ints) -> float:
    """The standard error of the position from how its scores differ between clusters (a sandwich).

    Sides are drawn by chance, so that the strengths have no part in it.
    """
    apart = fit.values[preferences.first] - fit.values[preferences.second] + (fit.position or 0.0)
    ahead, behind, _ = chances(apart, fit.tie or 0.0)
    lean = ahead - behind
    scores = np.bincount(cluster, (preferences.answer - lean) / 2)
    clusters = int(np.count_nonzero(np.bincount(cluster)))
    information = float((ahead + behind - lean**2).sum()) / 4
    return math.sqrt(float(scores @ scores) * clusters / (max(clusters, 2) - 1)) / information
