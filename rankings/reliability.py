"""Reliability that close-match scheduling cannot fake: halves of the raters, on pairs that chance chose."""

import math
import operator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from rankings import checks
from rankings.checks import Flags, Floats, Ints
from rankings.errors import RankingError
from rankings.fitting.links import components
from rankings.fitting.strengths import Strengths
from rankings.pairs.pairwise import davidson, graded

FEWEST_RATERS = 6
"""With fewer raters their halves say little about other raters, and judgements are halved instead."""

FEWEST_ITEMS = 5
"""Below this a correlation means nothing."""

COVERED = 0.9
"""Share of the items that the uniform judgements must join."""

CHOSEN_WORTH = 2.0
"""Uniform judgements that one of a well-chosen pair is worth at most: 1.3 at sd 1, 1.6 at sd 2, 2 at sd 3."""

CLOSEST = 1 - 1e-12
"""The correlation of halves that agree in all digits."""

CHUNK = 1_000_000
"""Judgements in all halves that are fitted together."""


@dataclass(frozen=True, eq=False)
class Reliability:
    """How well the scores tell the items apart: their squared correlation with the true strengths.

    Attributes
    ----------
    correlation : float
        Of the strengths from two halves of the uniform judgements; the mean over the splits.
    split_sd : float
        Standard deviation of that correlation between the splits.
    lengthening : float
        How many times as many judgements there are in all as in one half.
    n_items, n_uniform, n_all : int
        Items that the uniform judgements join, and how many judgements were used.
    n_clusters : int
        The raters or judgements that were halved.
    halved : {"raters", "judgements"}
        With judgements halved, taste that a rater shares with nobody counts as if all shared it.
    strengths : Strengths
        The scores: the fit of all judgements, of the judged items in ascending order.
    """

    correlation: float
    split_sd: float
    lengthening: float
    n_items: int
    n_uniform: int
    n_all: int
    n_clusters: int
    halved: Literal["raters", "judgements"]
    strengths: Strengths = field(repr=False)

    @property
    def value(self) -> float:
        """The halves' correlation, projected to all judgements by the formula of Spearman and Brown.

        A negative correlation is projected as its mirror image and stays negative, so that noise reads 0 on average.
        """
        return projected(self.correlation, self.lengthening)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return an interval for the reliability.

        It allows for other judgements on other pairs, for how far the scores of one study stray from what is expected
        of them, and for what judgements of chosen pairs are worth: at the lower end as much as uniform ones, at the
        upper end twice as much. No end is clipped: on identical items it holds 0 in a share `level` of repetitions.

        Parameters
        ----------
        level : float
            Between 0 and 1.

        Raises
        ------
        RankingError
            If `level` is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise RankingError(f"level must be between 0 and 1, not {level}")
        half = float(ndtri((1 + level) / 2)) * math.sqrt(self._variance() + self._straying())
        low, high = np.tanh(math.atanh(self.correlation) + np.array([-half, half]))
        most = self.lengthening * (1 + (CHOSEN_WORTH - 1) * (1 - self.n_uniform / self.n_all))
        return projected(low, self.lengthening), max(projected(high, self.lengthening), projected(high, most))

    @property
    def separation(self) -> float:
        """Scale separation reliability of all judgements, (V - mean squared error) / V. Do not report it.

        It is biased wherever pairs were chosen by score: on identical items it reads .7 and more.
        """
        variance = float(self.strengths.values.var(ddof=1))
        return 1 - float(np.mean(self.strengths.standard_errors**2)) / variance

    def _variance(self) -> float:
        """Variance of atanh(correlation), from how much the splits differ; see docs/reliability.md."""
        r, c = max(self.correlation, 0.0), self.n_clusters
        signal = (1 - r) * (1 + 3 * r) + 4 * r**2 / (c - 1)
        return self.split_sd**2 * c / (c - 2) * signal / (1 + r) ** 2 / (1 - self.correlation**2) ** 2

    def _straying(self) -> float:
        """Variance of one study's squared correlation with the truth, on the scale of atanh(correlation)."""
        if self.correlation <= 0:
            return 0.0
        noise = (2 - self.value) / self.value * (self.correlation / (1 + self.correlation)) ** 2
        return 2 * noise / (self.n_items - 1)

    def __str__(self) -> str:
        low, high = self.interval()
        found = f"{self.value:.2f}" if low > 0 else "not distinguishable from 0"
        return (
            f"reliability {found}, 95 % interval {low:.2f} to {high:.2f}, from halves of the {self.halved} on "
            f"{self.n_uniform} uniform of {self.n_all} judgements"
        )


def reliability(
    a: ArrayLike,
    b: ArrayLike,
    outcome: ArrayLike,
    *,
    uniform: ArrayLike,
    rater: ArrayLike | None = None,
    prior_sd: float = 1.5,
    splits: int = 100,
    seed: int = 0,
) -> Reliability:
    """Estimate how reliable the scores are, from the pairs that chance chose.

    Half of the raters (at random, `splits` times) and the other half are fitted each on its own. How well their
    strengths correlate, projected from half of the uniform judgements to all judgements, is the reliability. Pairs that
    were chosen by score enter the scores but never this estimate: they turn noise into agreement.

    Parameters
    ----------
    a, b : int array, shape (n_judgements,)
        Items; those that nobody judged are left out.
    outcome : int array, shape (n_judgements,)
        1 if `a` was better, -1 if `b` was, 0 for a tie; or signed strengths from -L to L.
    uniform : bool array, shape (n_judgements,)
        True where the pair was drawn at random from all pairs, whatever had been answered before.
    rater : int array, shape (n_judgements,), optional
        Who judged. Without it, or with fewer than six raters among the uniform judgements, judgements are halved.
    prior_sd : float
        Standard deviation in logits of the normal prior on each strength, in all fits.
    splits : int
        Random splits, at least 2.
    seed : int
        The same seed gives the same splits.

    Raises
    ------
    RankingError
        If an array is unsound, the judgements fall into parts, there are fewer than five items, or the uniform
        judgements are too few to join nine in ten of the items; the message says how many more to ask for.

    References
    ----------
    Spearman, C. (1910). Correlation calculated from faulty data. British J. Psychology 3, 271-295.
    Brown, W. (1910). Some experimental results in the correlation of mental abilities. British J. Psychology 3, 296-322.
    Bramley, T. and Vitello, S. (2019). The effect of adaptivity on the reliability coefficient in adaptive comparative
    judgement. Assessment in Education 26(1), 43-58 (why SSR misleads).
    """
    study = _Study.of(a, b, outcome)
    drawn = checks.flags("uniform", uniform, len(study.a))
    voice = None if rater is None else checks.integers("rater", rater, len(study.a))
    if operator.index(splits) < 2:
        raise RankingError(f"splits is {splits}; how much they differ needs at least 2")
    strengths = study.scores(prior_sd)
    if strengths.n_components > 1:
        raise RankingError("the judgements fall into parts without a common scale; pass those of one part only")
    rows = _stratum(study, drawn)
    halved, cluster = _clusters(voice, rows)
    in_first = _halves(np.bincount(cluster), splits, np.random.default_rng(operator.index(seed)))[:, cluster]
    stratum = _Study.of(study.a[rows], study.b[rows], study.outcome[rows])
    correlations = _correlations(stratum, in_first, prior_sd)
    share = in_first.mean(axis=1)
    return Reliability(
        correlation=float(np.clip(correlations.mean(), -CLOSEST, CLOSEST)),
        split_sd=float(correlations.std(ddof=1)),
        lengthening=len(drawn) / (len(rows) * float(np.mean(2 * share * (1 - share)))),
        n_items=stratum.n_items,
        n_uniform=len(rows),
        n_all=len(drawn),
        n_clusters=int(cluster.max()) + 1,
        halved=halved,
        strengths=strengths,
    )


def projected(correlation: float, lengthening: float) -> float:
    """Return the reliability of `lengthening` times as many judgements, by Spearman and Brown; odd about 0."""
    return float(lengthening * correlation / (1 + (lengthening - 1) * abs(correlation)))


class _Study(NamedTuple):
    """Judgements of pairs, of items in numbers without gaps, with grades up to `levels` either way."""

    a: Ints
    b: Ints
    outcome: Ints
    n_items: int
    levels: int

    @classmethod
    def of(cls, a: ArrayLike, b: ArrayLike, outcome: ArrayLike) -> Self:
        sides = checks.pair(("a", "b"), a, b)
        answer = checks.integers("outcome", outcome, len(sides[0]))
        items, numbers = np.unique(sides, return_inverse=True)
        left, right = numbers.reshape(2, -1)
        levels = int(np.abs(answer).max())
        if levels == 0:
            raise RankingError("every judgement is a tie, which tells nothing apart; add judgements")
        return cls(left, right, answer, len(items), levels)

    def scores(self, prior_sd: float) -> Strengths:
        """Fit the strengths: Davidson's model of ties, or the graded one."""
        if self.levels == 1:
            return davidson(self.a, self.b, self.outcome, n_items=self.n_items, prior_sd=prior_sd)
        return graded(self.a, self.b, self.outcome, levels=self.levels, n_items=self.n_items, prior_sd=prior_sd)

    def copies(self, number: Ints) -> Self:
        """Repeat the judgements for each row of `number`, shape (k, n_judgements), on the copies of the items it names."""
        shift = self.n_items * number
        n_items = self.n_items * (int(number.max()) + 1)
        a, b = (self.a + shift).ravel(), (self.b + shift).ravel()
        return self._replace(a=a, b=b, outcome=np.tile(self.outcome, len(number)), n_items=n_items)


def _stratum(study: _Study, drawn: Flags) -> Ints:
    """Return the rows of the uniform judgements in the part that holds nearly all items.

    What is left out was left out by chance, so that the others speak for it.
    """
    rows, items = np.flatnonzero(drawn), study.n_items
    if items < FEWEST_ITEMS:
        raise RankingError(f"{items} items are too few for a correlation; compare at least {FEWEST_ITEMS}")
    links = np.column_stack([study.a[rows], study.b[rows]])
    labels = components(items, links) if len(rows) else np.arange(items)
    part = int(np.bincount(labels).argmax())
    joined = int((labels == part).sum())
    if joined < COVERED * items:
        raise RankingError(
            f"the {len(rows)} uniform judgements join only {joined} of {items} items; ask for about "
            f"{max(2 * items - len(rows), items - joined)} more pairs drawn at random from all pairs"
        )
    inside: Flags = labels[study.a[rows]] == part
    return rows[inside]


def _clusters(rater: Ints | None, rows: Ints) -> tuple[Literal["raters", "judgements"], Ints]:
    """Return what is halved, and which cluster each of the rows belongs to."""
    if rater is not None:
        raters, cluster = np.unique(rater[rows], return_inverse=True)
        if len(raters) >= FEWEST_RATERS:
            return "raters", cluster
    return "judgements", np.arange(len(rows))


def _halves(load: Ints, splits: int, random: np.random.Generator) -> Flags:
    """Return which clusters are in the first half, shape (splits, n_clusters).

    The clusters are lined up at random and cut where half of the judgements are reached.
    """
    line = np.argsort(random.random((splits, len(load))), axis=1)
    middle = np.cumsum(load[line], axis=1) - load[line] / 2
    first = np.empty(line.shape, dtype=np.bool_)
    np.put_along_axis(first, line, middle < load.sum() / 2, axis=1)
    return first


def _correlations(study: _Study, in_first: Flags, prior_sd: float) -> Floats:
    """Return the correlation of both halves' strengths for each split, shape (splits,).

    The halves of many splits are fitted at once, as parts of one study: each half has its own copy of the items.
    """
    found = []
    for some in np.array_split(in_first, math.ceil(in_first.size / CHUNK)):
        fit = study.copies(2 * np.arange(len(some))[:, None] + some).scores(prior_sd)
        values = fit.values.reshape(len(some), 2, study.n_items)
        values = values - values.mean(axis=2, keepdims=True)
        lengths = np.linalg.norm(values, axis=2).prod(axis=1)
        # A half in which everything was tied says nothing, and agrees with nothing.
        found.append((values[:, 0] * values[:, 1]).sum(axis=1) / np.maximum(lengths, np.finfo(float).tiny))
    return np.concatenate(found)
