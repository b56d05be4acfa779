"""Each rater beside what the others alone would say: the slope of the answers on it, and Kendall's τ-b."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

import rankings
from feedback.results.checks.pairs import Fitted, Flags, Pairs, by_cluster, moments, numbered
from feedback.results.sample import Floats

FEW = 6  # raters, up to which each is left out by a fit of the others; of more, by one step of Newton's
STEPS = 4
PRIOR_SD = 1.5


class Tau(NamedTuple):
    """By rater: τ-b of answers and the order of the others, and its error; NaN without pairs."""

    value: Floats
    error: Floats


def beside_others(pairs: Pairs, fit: Fitted, counted: Flags) -> Pairs:
    """The pairs beside the values that the others give, and each rater's slope on these.

    `counted` is true of the pairs that entered the fit; for the others nothing is to be left out.
    """
    drop = _drops_without(pairs, fit, counted)
    who = np.unique(pairs.rater[counted])
    for rater in who if len(who) <= FEW else ():
        refit(drop, pairs, len(fit.value), int(rater), counted)
    return _sloped(replace(pairs, drop=drop), fit)


def _drops_without(pairs: Pairs, fit: Fitted, counted: Flags) -> Floats:
    """The difference of each pair's values had its rater not judged: one step of Newton's, work by work."""
    n_works, slope = len(fit.value), fit.reliability[pairs.rater]
    push = np.where(counted, slope * pairs.residual / 2, 0.0)
    known = np.where(counted, slope**2 * pairs.weight * pairs.variance / 4, 0.0)
    work, key = np.concatenate([pairs.a, pairs.b]), np.tile(pairs.rater, 2) * n_works
    of_work = np.bincount(work, np.tile(known, 2), n_works) + 1 / PRIOR_SD**2
    at, inverse = numbered(key + work)
    own = np.bincount(inverse, np.concatenate([push, -push]), len(at))
    its = np.bincount(inverse, np.tile(known, 2), len(at))
    moved = -own / np.maximum(of_work[at % n_works] - its, 1 / PRIOR_SD**2)
    return np.asarray(pairs.drop + moved[inverse[: len(pairs)]] - moved[inverse[len(pairs) :]])


def refit(drop: Floats, pairs: Pairs, n_works: int, rater: int, counted: Flags) -> None:
    """Put into `drop` what a fit to everyone else's judgements says of one rater's pairs."""
    others, mine = counted & (pairs.rater != rater), pairs.rater == rater
    if not others.any():
        return
    fit = rankings.davidson(
        pairs.a[others],
        pairs.b[others],
        pairs.answer[others].astype(np.int8),
        n_items=n_works,
        weight=pairs.weight[others],
        first_a=np.ones(int(others.sum()), dtype=bool),
        prior_sd=PRIOR_SD,
    )
    drop[mine] = fit.values[pairs.a[mine]] - fit.values[pairs.b[mine]]


def _sloped(pairs: Pairs, fit: Fitted) -> Pairs:
    """With each rater's own slope on these differences, by Newton's steps."""
    slope = fit.reliability
    for _ in range(STEPS):
        expected, variance = moments(slope[pairs.rater] * pairs.drop + fit.side[pairs.rater], fit.tie)
        pairs = replace(pairs, expected=expected, variance=variance, slope=slope[pairs.rater])
        push, known = (np.bincount(pairs.rater, value, len(slope)) for value in pairs.steepness)
        slope = slope + (push / np.maximum(known, 1e-3)).clip(-1, 1)
    return pairs


def tau(every: Sequence[Pairs], n_raters: int) -> Tau:
    """Over the pairs of all criteria, those of one submission counting as one."""
    sums, parts = np.zeros((4, n_raters)), []
    for pairs in every:
        order = np.sign(pairs.drop)
        both, mine, theirs = pairs.answer * order, pairs.answer**2, order**2
        values = [pairs.weight * value for value in (both, mine, theirs, np.ones(len(pairs)))]
        sums += [np.bincount(pairs.rater, value, n_raters) for value in values]
        parts.append((pairs.row, pairs.rater, values[0], pairs.weight))
    if not parts:
        return Tau(*np.full((2, n_raters), np.nan))
    row, rater, both, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(sums[1] * sums[2])
        off = both - (sums[0] / sums[3])[rater] * weight
        at, (by_row,) = by_cluster(rater * (int(row.max()) + 1) + row, off)
        error = np.sqrt(np.bincount(at // (int(row.max()) + 1), by_row**2, n_raters)) / scale
        return Tau(sums[0] / scale, error)
