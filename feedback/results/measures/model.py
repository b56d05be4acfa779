"""Raters who follow the fitted model: what they would have said, and how far they would have agreed."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.optimize import brentq
from scipy.special import expit

import rankings
from feedback.results.fitting import strengths_of_pairs
from feedback.results.measures.preferences import Preferences
from feedback.results.sample import Ints
from rankings.checks import Floats

TRIED = (0.0, 0.35, 0.7, 1.1, 2.0)  # times the variance of the fitted strengths, as which the true ones may vary
LOOKED_AT = 30_000  # preferences in all simulated studies of one size, if one alone has fewer
MOST_STUDIES = 8
MANY = 200_000  # preferences, of which the noise is so small that fewer are tried
MOST_SPREAD = 2.0  # times the strengths fitted to graded answers


@dataclass(frozen=True, eq=False)
class Model:
    """Davidson's model as fitted to the preferences, and how much of its spread is not noise.

    Fitted strengths are the true ones and their noise, so that raters who followed them would agree more than raters
    who follow the true ones. `share` is what the fitted strengths are to be multiplied with so that a study simulated
    from them, with its own noise, is as spread as this one.
    """

    preferences: Preferences
    fit: rankings.Strengths
    share: float

    @classmethod
    def of(cls, preferences: Preferences, seed: int = 0) -> "Model | None":
        """None where nothing was preferred."""
        if not preferences.answer.any():
            return None
        fit = fitted(preferences, preferences.answer)
        return cls(preferences, fit, _share(preferences, fit, seed))

    @cached_property
    def values(self) -> Floats:
        return np.asarray(self.fit.values * self.share)

    @cached_property
    def leaning(self) -> Floats:
        """For each two works, how much more often the one that first stood first is preferred, shape (n_units,)."""
        first = self.preferences.seen_first
        apart = self.values[self.preferences.first[first]] - self.values[self.preferences.second[first]]
        return leaning(apart, self.fit.tie or 0.0)

    @property
    def expected(self) -> Floats:
        """The agreement of two who follow the model, for each two works: ½ is chance, as a tie is half of each."""
        return 0.5 + self.leaning**2 / 2

    def draw(self, random: np.random.Generator) -> Ints:
        """What raters who follow the model answer in the place of these."""
        return drawn(self.preferences, self.values, self.fit, random)

    def categories(self) -> tuple[Floats, Floats]:
        """The possible strengths, and for each two works their probabilities, shape (n_units, n_categories)."""
        asked, levels = self.preferences, self.preferences.levels
        one, other = asked.first[asked.seen_first], asked.second[asked.seen_first]
        if levels == 1:
            ahead, behind, tied = chances(self.values[one] - self.values[other], self.fit.tie or 0.0)
            return np.array([-1.0, 0.0, 1.0]), np.column_stack([behind, tied, ahead])
        columns, prior_sd = (asked.first, asked.second, asked.strength), self.fit.prior_sd
        fit = rankings.graded(*columns, n_items=asked.n_works, prior_sd=prior_sd)
        return np.arange(-levels, levels + 1.0), self._as_agreed(fit.values[one] - fit.values[other], fit.cut_points)

    def _as_agreed(self, apart: Floats, cuts: Floats | None) -> Floats:
        """Probabilities of the strengths, the works as far apart as makes raters agree as often as is expected."""
        weight, edges = np.bincount(self.preferences.unit), np.asarray(cuts)
        wanted = np.average(self.leaning**2, weights=weight)

        def excess(share: float) -> float:
            behind, ahead = np.array_split(_graded(share * apart, edges), [len(edges)], axis=1)
            leans = ahead[:, 1:].sum(axis=1) - behind.sum(axis=1)
            return float(np.average(leans**2, weights=weight) - wanted)

        reachable = excess(0.0) < 0 < excess(MOST_SPREAD)
        return _graded(apart * (brentq(excess, 0, MOST_SPREAD, xtol=1e-3) if reachable else self.share), edges)


def leaning(apart: Floats, nu: float) -> Floats:
    """The probability that the one is preferred, less that of the other, for works so many logits apart."""
    ahead, behind, _ = chances(apart, nu)
    return ahead - behind


def drawn(preferences: Preferences, values: Floats, fit: rankings.Strengths, random: np.random.Generator) -> Ints:
    """Answers of raters to whom the works have those values, and ties and sides are as fitted."""
    apart = values[preferences.first] - values[preferences.second]
    apart = apart + np.where(preferences.drawn, fit.position or 0.0, 0.0)
    tied = random.random(len(apart)) < chances(apart, fit.tie or 0.0)[2]
    ahead = apart + _noise(preferences, random) > 0
    return np.where(tied, 0, np.where(ahead, 1, -1))


def _noise(preferences: Preferences, random: np.random.Generator) -> Floats:
    """Logistic: the difference of two looks, of which one of the same set or score may be part of several."""
    if preferences.form == "pair":
        return random.logistic(size=len(preferences))
    number, first, second = preferences.looks
    looks = random.gumbel(size=number)
    return np.asarray(looks[first] - looks[second])


def chances(apart: Floats, nu: float) -> tuple[Floats, Floats, Floats]:
    """The probabilities of a win, a loss and a tie."""
    up, down = np.exp(apart / 2), np.exp(-apart / 2)
    total = up + down + nu
    return up / total, down / total, nu / total


def _graded(apart: Floats, cuts: Floats) -> Floats:
    """The probabilities of all strengths from the lowest to the highest, shape (n, n_categories)."""
    upto = expit(np.concatenate([-cuts[::-1], cuts]) - apart[:, None])
    return np.diff(np.column_stack([np.zeros(len(apart)), upto, np.ones(len(apart))]), axis=1)


def fitted(preferences: Preferences, answer: Ints) -> rankings.Strengths:
    return strengths_of_pairs(
        *(preferences.first, preferences.second, answer),
        n_items=preferences.n_works,
        first_a=np.ones(len(answer), dtype=bool) if preferences.drawn.all() else None,
    )


def _share(preferences: Preferences, fit: rankings.Strengths, seed: int) -> float:
    """Simulate studies from more and more of the fitted strengths, up to one that is spread like this one."""
    studies = min(max(LOOKED_AT // len(preferences), 1), MOST_STUDIES)
    shares = np.sqrt(TRIED if len(preferences) < MANY else TRIED[::2])
    spread = [np.mean([_respread(preferences, fit, share, seed + k) for k in range(studies)]) for share in shares]
    reached = np.maximum.accumulate(spread) + np.finfo(float).eps * np.arange(len(shares))
    at = float(np.clip(_spread(preferences, fit), reached[0], reached[-1]))
    return math.sqrt(float(PchipInterpolator(reached, shares**2)(at)))


def _respread(preferences: Preferences, fit: rankings.Strengths, share: float, seed: int) -> float:
    values: Floats = share * fit.values
    answer = drawn(preferences, values, fit, np.random.default_rng(seed))
    return _spread(preferences, fitted(preferences, answer)) if answer.any() else 0.0


def _spread(preferences: Preferences, fit: rankings.Strengths) -> float:
    apart = fit.values[preferences.first] - fit.values[preferences.second]
    return float(np.mean(leaning(apart, fit.tie or 0.0) ** 2))
