"""A sample as the checks read it: what was told apart on each criterion, beside a fit of works and raters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

import rankings
from feedback.results.checks.consensus import PRIOR_SD, beside_others
from feedback.results.checks.pairs import Fitted, Flags, Pairs, Told, beside, told_apart
from feedback.results.sample import NOBODY, Ints, Sample

TURNS, STEPS = 2, 4
WEIGHTS = 0.05, 1.0  # of an answer, at least and at most
LONGEST = 0.5  # step of a slope or side
LEAST_KNOWN = 2.0  # information that a step counts on at least


@dataclass(frozen=True, eq=False)
class Reading:
    """A sample, the rows and pairs of it that are looked at, and the fits."""

    sample: Sample
    rows: Flags  # (m,) judgements that count in scores
    pairs: Mapping[str, Pairs]
    fits: Mapping[str, Fitted]

    @property
    def n_raters(self) -> int:
        return len(self.sample.raters.ids)

    @cached_property
    def rater(self) -> Ints:
        """Of the rows looked at."""
        return self.sample.rater[self.rows]

    @cached_property
    def judged(self) -> Ints:
        """How many rows each rater has, shape (n_raters,)."""
        return np.bincount(self.rater, minlength=self.n_raters)

    @cached_property
    def others(self) -> Mapping[str, Pairs]:
        """The pairs beside the values that the other raters give, and each rater's slope on these."""
        counted = self.sample.scored
        return {slug: beside_others(pairs, self.fits[slug], counted[pairs.row]) for slug, pairs in self.pairs.items()}

    def kept(self, rows: Flags) -> "Reading":
        """As if there were these rows alone; fits stay as they are."""
        if rows[self.rows].all():
            return self
        pairs = {slug: one.kept(rows[one.row]) for slug, one in self.pairs.items()}
        return replace(self, rows=self.rows & rows, pairs={slug: one for slug, one in pairs.items() if len(one)})

    def without(self, rater: Iterable[int] = (), generator: Iterable[int] = ()) -> "Reading":
        """As if some raters had not judged, or some generators' works had not been shown; fits stay as they are."""
        sample, raters, generators = self.sample, list(rater), list(generator)
        rows = ~np.isin(sample.rater, raters)
        made, shown = sample.works.generator, sample.shown
        theirs = np.isin(np.where(shown == NOBODY, NOBODY, made[shown]), generators).any(axis=1)
        pairs = {
            slug: one.kept(rows[one.row] & ~np.isin(made[one.a], generators) & ~np.isin(made[one.b], generators))
            for slug, one in self.pairs.items()
        }
        left = {slug: one for slug, one in pairs.items() if len(one)}
        return replace(self, rows=self.rows & rows & ~theirs, pairs=left)


def read(sample: Sample) -> Reading:
    """Fit each criterion on which there is something to fit."""
    pairs, fits = {}, {}
    for slug, answers in sample.criteria.items():
        told = told_apart(sample, answers, sample.scored)
        if len(told):
            fits[slug] = _fitted(sample, told)
            pairs[slug] = beside(told, fits[slug])
    return Reading(sample, sample.scored, pairs, fits)


def _fitted(sample: Sample, told: Told) -> Fitted:
    """Values and raters in turns: Davidson's model, the raters' slopes and sides on its values, then the model again with each
    answer at the weight of its rater's slope, turned round where that is below 0.

    `rankings.with_raters` does both jointly, and better; but it does not settle where works are alike, which must be found.
    """
    slope, n_raters = np.ones(len(told)), len(sample.raters.ids)
    for _ in range(TURNS):
        fit = rankings.davidson(
            told.a,
            told.b,
            (np.sign(slope) * told.answer).astype(np.int8),
            n_items=len(sample.works.ids),
            weight=told.weight * np.abs(slope).clip(*WEIGHTS),
            first_a=np.ones(len(told), dtype=bool),
            prior_sd=PRIOR_SD,
        )
        side = np.full(n_raters, fit.position or 0.0)
        found = sharpened(told, Fitted(np.asarray(fit.values), np.ones(n_raters), side, fit.tie or 0.0))
        slope = found.reliability[told.rater]
    return found


def sharpened(told: Told, fit: Fitted) -> Fitted:
    """Raters' slopes and sides by steps of Newton's, the values given."""
    for _ in range(STEPS):
        pairs = beside(told, fit)
        n = len(fit.side)
        push, known = (np.bincount(pairs.rater, value, n) for value in pairs.steepness)
        pull, wide = (
            np.bincount(pairs.rater, value, n) for value in (pairs.residual / 2, pairs.weight * pairs.variance / 4)
        )
        fit = replace(
            fit,
            reliability=fit.reliability + (push / np.maximum(known, LEAST_KNOWN)).clip(-LONGEST, LONGEST),
            side=fit.side + (pull / np.maximum(wide, LEAST_KNOWN)).clip(-LONGEST, LONGEST),
        )
    return fit
