"""Panel: the likelihood of answers to pairs by raters who differ in reliability and side."""

from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from rankings.checks import Floats, Ints
from rankings.fitting.curvature import SMALL, Parts
from rankings.fitting.edges import CHUNK, Edges, counted, edges_of
from rankings.pairs.model import Answers
from rankings.pairs.responses import Davidson
from rankings.panel.elimination import ByRater, Curve, Eliminated, Two
from rankings.panel.priors import Prior, Spread

SAFE = 0.02
"""The share of the expected curvature that the observed one of a rater keeps at least, or it is not used."""


class Point(NamedTuple):
    """All parameters, apart.

    Attributes
    ----------
    values : float array, shape (n_items,)
    own : float array, shape (0,) or (1,)
        log(nu), if there are ties.
    position : float
        Logit added to the item shown first.
    reliability, side : float arrays, shape (n_raters,)
        The side is what the rater adds beyond the position.
    """

    values: Floats
    own: Floats
    position: float
    reliability: Floats
    side: Floats


class Told(NamedTuple):
    """Derivatives of the log-likelihood of some raters' judgements, of which each has its own logit.

    Attributes
    ----------
    push : float array, shape (n_judgements,)
        By the difference of the two values, expected over the rater's parameters.
    conductance : float array, shape (n_judgements,)
        Minus the second derivative by it, likewise.
    along : float array, shape (n_judgements,)
        Minus that by the difference and the reliability.
    columns : float array, shape (n_shared, n_judgements)
        Minus those by the difference and each shared parameter; the last is the side's too.
    slopes : float array, shape (2, n_raters)
        By reliability and side.
    first : float array, shape (n_raters,)
        Minus the second derivative by the reliability.
    cross : float array, shape (2, n_shared, n_raters)
        Minus those by reliability or side and each shared parameter; the last is the side's too.
    own_slope, own_corner : float arrays, shape (n_own, n_runs) and (n_own, n_own, n_runs)
        Minus the expected ties, and minus the second derivative by log(nu), of each run of raters.
    """

    push: Floats
    conductance: Floats
    along: Floats
    columns: Floats
    slopes: Floats
    first: Floats
    cross: Floats
    own_slope: Floats
    own_corner: Floats

    def with_prior(self, precision: Floats) -> Two:
        """Return minus the second derivatives by reliability and side, with the prior's, shape (2 n_raters,)."""
        reliability, side = np.split(precision, 2)
        return Two(self.first + reliability, self.cross[0, -1], self.cross[1, -1] + side)


@dataclass(frozen=True, eq=False)
class PanelModel:
    """Davidson's model with drop = reliability * (value_a - value_b) + position + side, where `a` was shown first.

    The raters' parameters and the shared ones are at the mode of the likelihood with the priors. The values are at that of
    its expectation over each rater's two parameters, N(mode, V) by Laplace's approximation, with the log-likelihood of
    each judgement as a parabola: the fixed point of EM.

    Attributes
    ----------
    answers : Answers
        Sorted by rater, the item shown first on side `a`.
    numbers : int array, shape (n_raters,)
        How many judgements each rater made, at least one.
    edges : Edges
        The pairs of items.
    place : int array, shape (n_judgements,)
        The edge of each judgement.
    response : Davidson

    References
    ----------
    Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). Maximum likelihood from incomplete data via the EM algorithm.
    J. Roy. Statist. Soc. B 39(1), 1-38.
    """

    answers: Answers
    numbers: Ints
    edges: Edges
    place: Ints
    response: Davidson

    @property
    def shared(self) -> tuple[str, ...]:
        """The response's own parameters, then the position effect."""
        return (*self.response.shared, "position")

    def split(self, point: Floats) -> Point:
        """Take all parameters apart."""
        ends = np.cumsum([self.edges.n_items, len(self.response.shared), 1, len(self.numbers)])
        values, own, position, reliability, side = np.split(point, ends)
        return Point(values, own, float(position[0]), reliability, side)

    @cached_property
    def _code(self) -> Floats:
        """The answers, times their weight."""
        code = np.ones(len(self.place)) if self.answers.code is None else self.answers.code.astype(np.float64)
        return code if self.answers.weight is None else code * self.answers.weight

    @cached_property
    def _tied(self) -> float:
        """Weight of the ties."""
        tied = self._code == 0
        return float(tied.sum() if self.answers.weight is None else self.answers.weight @ tied)

    def curve(self, point: Floats, parts: Parts, prior: Prior, *, observed: bool) -> Curve:
        """Return gradient and curvature.

        Parameters
        ----------
        point : float array, shape (n_items + n_shared + 2 n_raters,)
        parts : Parts
        prior : Prior
        observed : bool
            Whether the curvature is what it is, or what was to be expected, which is always positive.
        """
        at, n_raters = self.split(point), len(self.numbers)
        away = np.concatenate([at.reliability - 1, at.side])
        pull, about_0 = prior.spread.pull(away), prior.on_reliability(at.values, n_raters)
        precision = prior.on_common(at.values, at.reliability, len(self.shared))
        told = self._told(at, pull.reshape(2, -1), observed=observed)
        of_raters = told.slopes.ravel() - pull * away
        of_raters[:n_raters] -= about_0 * at.reliability
        by_shared = np.append(told.own_slope.sum(axis=1) + self._tied, told.slopes[1].sum())
        common = np.concatenate([self._divergence(told.push), by_shared]) - precision * point[: len(precision)]
        told, follow = told._replace(first=told.first + about_0), self._follow(told)
        if observed and isinstance(follow, np.ndarray):  # raters are many where it is sparse, and this next to nothing
            follow[:n_raters] += prior.on_both(at.values, at.reliability)
        raters = self._raters(told, away, prior.spread, observed=observed)
        known = told.with_prior(np.full_like(away, prior.spread.sd**-2))
        curvature = self._eliminated(told, precision, parts, follow=follow, raters=raters.inverse(), known=known)
        return Curve(np.concatenate([common, of_raters]), curvature)

    def _eliminated(
        self, told: Told, precision: Floats, parts: Parts, *, follow: ByRater, raters: Two, known: Two
    ) -> Eliminated:
        """Let the raters follow."""
        n_shared = len(self.shared)
        shared = told.cross.transpose(0, 2, 1).reshape(-1, n_shared)
        moves = raters.times(shared)
        border = np.column_stack([self._divergence(column) for column in told.columns])
        return Eliminated(
            self.edges,
            counted(self.place, len(self.edges), told.conductance),
            precision,
            border - follow.T @ moves,
            self._corner(told) + np.diag(precision[-n_shared:]) - shared.T @ moves,
            parts,
            follow,
            shared,
            raters,
            known,
        )

    def _corner(self, told: Told) -> Floats:
        """Return minus the second derivatives by the shared parameters, of which the position is a side that all have."""
        corner = np.zeros((len(self.shared), len(self.shared)))
        corner[:-1, :-1] = told.own_corner.sum(axis=2)
        corner[-1] = corner[:, -1] = told.cross[1].sum(axis=1)
        return corner

    def _told(self, at: Point, pull: Floats, *, observed: bool) -> Told:
        """Go through the judgements, some raters after others."""
        runs = [self._some(at, pull, slice(*raters), observed=observed) for raters in pairwise(self._cuts)]
        return Told(*(np.concatenate(column, axis=-1) for column in zip(*runs, strict=True)))

    @cached_property
    def _starts(self) -> Ints:
        """Where the judgements of each rater begin, and where all end, shape (n_raters + 1,)."""
        return np.concatenate([[0], np.cumsum(self.numbers)])

    @cached_property
    def _cuts(self) -> list[int]:
        """Raters at which to begin anew, so that what is computed at a time stays in the cache."""
        wanted = np.arange(0, self._starts[-1], CHUNK)
        return [*np.unique(np.searchsorted(self._starts[:-1], wanted)).tolist(), len(self.numbers)]

    def _some(self, at: Point, pull: Floats, raters: slice, *, observed: bool) -> Told:
        """Return the derivatives of some raters' judgements."""
        rows = slice(self._starts[raters.start], self._starts[raters.stop])
        total = partial(np.add.reduceat, indices=self._starts[raters] - rows.start, axis=-1)
        each = partial(np.repeat, repeats=self.numbers[raters])
        gain = each(at.reliability[raters])
        drop = at.values.take(self.answers.a[rows]) - at.values.take(self.answers.b[rows])
        weight = None if self.answers.weight is None else self.answers.weight[rows]
        terms = self.response.terms(gain * drop + each(at.position + at.side[raters]), at.own, None, weight)
        flow, bend = terms.flow + 0.5 * self._code[rows], terms.conductance
        columns = np.array([*terms.cross, bend])
        steep = columns * drop
        first, cross = total(steep[-1] * drop), np.stack([total(steep), total(columns)])
        left_open = Two(first + pull[0, raters], cross[0, -1], cross[1, -1] + pull[1, raters]).inverse()
        return Told(
            push=gain * flow - each(left_open.first) * steep[-1] - each(left_open.both) * bend,
            conductance=(gain * gain + each(left_open.first)) * bend,
            along=gain * steep[-1] - (flow if observed else 0),
            columns=gain * columns,
            slopes=total(np.stack([flow * drop, flow])),
            first=first,
            cross=cross,
            own_slope=terms.slope[:, None],
            own_corner=terms.corner[..., None],
        )

    def _raters(self, told: Told, away: Floats, spread: Spread, *, observed: bool) -> Two:
        """Return the curvature of each rater's own parameters; what is observed counts where it is safely positive."""
        bound, seen = (told.with_prior(prior) for prior in (spread.pull(away), spread.bend(away)))
        safe = (seen.first > SAFE * bound.first) & (seen.determinant > SAFE * bound.determinant) & observed
        return Two(*(np.where(safe, *both) for both in zip(seen, bound, strict=True)))

    def _divergence(self, amounts: Floats) -> Floats:
        """Return, of amounts on the judgements, what the items shown first have less what the others have."""
        n = self.edges.n_items
        return counted(self.answers.a, n, amounts) - counted(self.answers.b, n, amounts)

    @cached_property
    def _cells(self) -> tuple[Ints, Ints] | None:
        """The places of both items of each judgement in a table of raters × items, if that is not too large."""
        n, n_raters = self.edges.n_items, len(self.numbers)
        if n_raters * n > 2 * len(self.place) + SMALL**2:
            return None
        start = np.repeat(n * np.arange(n_raters), self.numbers)
        return start + self.answers.a, start + self.answers.b

    def _follow(self, told: Told) -> ByRater:
        """Put minus the second derivatives between raters' parameters and items into a table, or a sparse matrix."""
        n, n_raters = self.edges.n_items, len(self.numbers)
        if self._cells is not None:
            a, b = self._cells
            tables = [
                counted(a, n_raters * n, amounts) - counted(b, n_raters * n, amounts)
                for amounts in (told.along, told.columns[-1])
            ]
            return np.concatenate(tables).reshape(2 * n_raters, n)
        items = np.column_stack([self.answers.a, self.answers.b]).ravel()
        amounts = np.concatenate([told.along, told.columns[-1]])
        starts = np.append(2 * self._starts[:-1], 2 * (self._starts + len(self.place)))
        return csr_array(
            (np.column_stack([amounts, -amounts]).ravel(), np.tile(items, 2), starts), shape=(2 * n_raters, n)
        )

    def log_likelihood(self, point: Floats) -> float:
        """Return the natural log of the probability of all judgements."""
        at, told = self.split(point), self.answers
        gain, side = np.repeat(at.reliability, self.numbers), np.repeat(at.side, self.numbers)
        drop = gain * (at.values[told.a] - at.values[told.b]) + at.position + side
        code = np.ones(len(drop), dtype=np.int8) if told.code is None else told.code
        found = self.response.log_probability(drop, at.own, code)
        return float(found.sum() if told.weight is None else told.weight @ found)


def panel_model(n_items: int, answers: Answers, rater: Ints) -> PanelModel:
    """Sort the judgements by rater; `rater` is 0, 1, 2, … and everyone judged."""
    numbers = np.bincount(rater)
    order = np.argsort(rater.astype(np.min_scalar_type(len(numbers))), kind="stable")
    turned = answers.turned()
    told = Answers(
        turned.a[order],
        turned.b[order],
        None if turned.code is None else turned.code[order],
        None if turned.weight is None else turned.weight[order],
        None,
    )
    low, high = np.minimum(told.a, told.b), np.maximum(told.a, told.b)
    each, sent = edges_of(n_items, low, high, np.arange(len(order)), together=True)
    new = np.zeros(len(order), dtype=np.int64)
    new[each.first_of_pairs] = 1
    place = np.empty_like(new)
    place[sent] = np.cumsum(new) - 1
    ties = answers.code is not None and not answers.code.all()
    return PanelModel(told, numbers, each.merged(), place, Davidson(ties))
