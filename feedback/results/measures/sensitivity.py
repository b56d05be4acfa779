"""Sensitivity: would another prior, or another way with ties, change the order?"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from scipy.stats import kendalltau

import rankings
from feedback.results.measures.numbers import Json, told
from feedback.results.measures.preferences import Preferences
from feedback.results.sample import NOBODY, Ints
from rankings.checks import Floats


@dataclass(frozen=True)
class Change:
    """How the order changes under another setting."""

    setting: str
    tau: float  # Kendall's, with the order as it stands
    moves: int  # places that some item moves at most
    same_first: bool


@dataclass(frozen=True)
class Sensitivity:
    level: str  # generators, or works where no two generators meet
    prior: tuple[Change, ...]
    ties: tuple[Change, ...]

    def told(self) -> Json:
        return told(level=self.level, prior=map(vars, self.prior), ties=map(vars, self.ties))


@dataclass(frozen=True, eq=False)
class Compared:
    """Items compared in pairs: generators over all prompts, or works."""

    level: str
    a: Ints
    b: Ints
    answer: Ints
    n_items: int

    @classmethod
    def of(cls, preferences: Preferences) -> "Compared | None":
        makers = preferences.sample.works.generator
        a, b = makers[preferences.first], makers[preferences.second]
        apart = (a != NOBODY) & (b != NOBODY) & (a != b)
        level, columns = "generators", (a[apart], b[apart], preferences.answer[apart])
        if not apart.any():
            level, columns = "works", (preferences.first, preferences.second, preferences.answer)
        if not columns[2].any():
            return None
        items, place = np.unique(np.stack(columns[:2]), return_inverse=True)
        one, other = place.reshape(2, -1)
        return cls(level, one, other, columns[2], len(items))

    def davidson(self, prior_sd: float) -> rankings.Strengths:
        return rankings.davidson(self.a, self.b, self.answer, n_items=self.n_items, prior_sd=prior_sd)

    def rao_kupper(self, prior_sd: float) -> rankings.Strengths:
        return rankings.rao_kupper(self.a, self.b, self.answer, n_items=self.n_items, prior_sd=prior_sd)

    def halved(self, prior_sd: float) -> rankings.Strengths:
        """A tie as half a win of each."""
        tied = self.answer == 0
        wins = np.where(self.answer < 0, self.b, self.a), np.where(self.answer < 0, self.a, self.b)
        winner, loser = np.concatenate([wins[0], self.b[tied]]), np.concatenate([wins[1], self.a[tied]])
        weight = np.concatenate([np.where(tied, 0.5, 1.0), np.full(int(tied.sum()), 0.5)])
        return rankings.bradley_terry(winner, loser, weight=weight, n_items=self.n_items, prior_sd=prior_sd)

    def dropped(self, prior_sd: float) -> rankings.Strengths:
        """Ties left out."""
        said = self.answer != 0
        kept = Compared(self.level, self.a[said], self.b[said], self.answer[said], self.n_items)
        return kept.davidson(prior_sd)


def measure(preferences: Preferences) -> Sensitivity:
    compared = Compared.of(preferences)
    if compared is None:
        return Sensitivity("works", (), ())
    prior_sd = settings.PRIOR_SD
    usual = compared.davidson(prior_sd)
    ways: dict[str, Callable[[float], rankings.Strengths]] = {
        "Rao and Kupper": compared.rao_kupper,
        "half a win each": compared.halved,
        "left out": compared.dropped,
    }
    tied = (compared.answer == 0).any()
    return Sensitivity(
        compared.level,
        tuple(_change(f"prior × {by:g}", usual, compared.davidson(by * prior_sd)) for by in (0.5, 2.0)),
        tuple(_change(name, usual, way(prior_sd)) for name, way in ways.items()) if tied else (),
    )


def _change(setting: str, usual: rankings.Strengths, other: rankings.Strengths) -> Change:
    """Within parts: what has no common scale has no common order."""
    parts = usual.components
    before, after = _places(usual.values, parts), _places(other.values, parts)
    size = len(parts) + 1
    tau = float(kendalltau(parts * size + before, parts * size + after).statistic) if len(parts) > 1 else 1.0
    moves = int(np.abs(before - after).max())
    return Change(setting, tau, moves, bool((after[before == 0] == 0).all()))


def _places(values: Floats, parts: Ints) -> Ints:
    """The place of each item in its part, 0 for the best."""
    order = np.lexsort((-values, parts))
    places = np.empty(len(values), dtype=np.int64)
    places[order] = np.arange(len(values)) - np.searchsorted(parts[order], parts[order])
    return places
