"""One line for each rater: how much, how fast, how well in keeping with the others, and every flag."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from feedback.results.checks import drifts, keys, sides
from feedback.results.checks.consensus import Tau, refit, tau
from feedback.results.checks.finding import Finding
from feedback.results.checks.pairs import Fitted, Flags, Pairs, Told, beside, moments, told_apart
from feedback.results.checks.reading import Reading
from feedback.results.checks.reliability import CLEARLY, slopes
from feedback.results.medians import medians
from feedback.results.sample import NOBODY, Floats, Sample

type Interval = tuple[float, float, float]  # value, low, high at 95 %

EXACT = 20  # flagged raters whose consensus is fitted anew without them
STEPS = 8


@dataclass(frozen=True)
class RaterLine:
    """What is known of one rater; NaN where nothing is. Numbers are those of the sample.

    `reliability` is the slope of the rater's answers on what the others see, 1 for the common rater. `infit` and `outfit` are mean squares beside the common rater's, 1 for one who follows the fit as the fit expects.
    `drift` is the largest excursion of the running sum of the rater's slope in units of its scale (1.36 at 5 %), and the
    share of the rater's work at which it was reached.
    """

    rater: int
    kind: str
    cohort: str | None
    n: int
    seconds: float
    side: Interval
    infit: float
    outfit: float
    reliability: Interval
    tau: Interval
    gold: tuple[int, int]
    repeats: tuple[int, int]
    drift: tuple[float, float]
    flags: tuple[Finding, ...]

    def told(self, sample: Sample) -> dict[str, Any]:
        """As JSON, with the rater's id, and null where nothing is known."""
        plain = {field.name: _rounded(getattr(self, field.name)) for field in fields(self) if field.name != "flags"}
        flags = [
            {"fault": one.fault, "p": one.p, "false_alarm": one.q, "says": one.told(sample)["says"]}
            for one in self.flags
        ]
        return {**plain, "rater": int(sample.raters.ids[self.rater]), "flags": flags}


def lines(reading: Reading, findings: Sequence[Finding]) -> tuple[RaterLine, ...]:
    """Of everyone who judged, machines and excluded raters too, in the order of the sample."""
    sample, every = reading.sample, everyone(reading)
    total, variance, growth = sides.lean(every)
    reliability, (infit, outfit) = _reliability(every), fits_of(every)
    flags = [tuple(one for one in findings if one.of_rater(r)) for r in range(every.n_raters)]
    agreed = _tau(every, [r for r, mine in enumerate(flags) if mine][:EXACT])
    (right, golden), (same, again) = keys.gold(sample), keys.repeats(sample)
    walks = drifts.excursions(every) if every.pairs else None
    seconds = medians(sample.dwell[every.rows], every.rater, every.n_raters)
    with np.errstate(divide="ignore", invalid="ignore"):
        side, its_error = total / growth, np.sqrt(variance) / growth
    return tuple(
        RaterLine(
            rater=int(r),
            kind=str(sample.raters.kind[r]),
            cohort=None if sample.raters.cohort[r] == NOBODY else sample.raters.cohorts[sample.raters.cohort[r]],
            n=int(every.judged[r]),
            seconds=float(seconds[r]),
            side=_interval(side[r], its_error[r]),
            infit=float(infit[r]),
            outfit=float(outfit[r]),
            reliability=_interval(reliability[0][r], reliability[1][r]),
            tau=_interval(agreed.value[r], agreed.error[r]),
            gold=(int(right[r]), int(golden[r])),
            repeats=(int(same[r]), int(again[r])),
            drift=(float(walks.largest[r]), float(walks.after[r])) if walks else (np.nan, np.nan),
            flags=flags[int(r)],
        )
        for r in np.flatnonzero(every.judged)
    )


def everyone(reading: Reading) -> Reading:
    """The same fits beside the work of all raters, of those too who count in no score."""
    sample = reading.sample
    rows = ~np.isin(sample.purpose, ("gold", "training", "repeat"))
    if (rows == reading.rows).all():
        return reading
    new = np.isin(np.arange(reading.n_raters), sample.rater[rows & ~reading.rows])
    pairs, fits = {}, {}
    for slug, fit in reading.fits.items():
        told = told_apart(sample, sample.criteria[slug], rows)
        fits[slug] = _with_slopes(fit, told, new)
        pairs[slug] = beside(told, fits[slug])
    return Reading(sample, rows, pairs, fits)


def _with_slopes(fit: Fitted, told: Told, new: Flags) -> Fitted:
    """Find the reliability of raters who are not in the fit, the values given, by Newton's steps."""
    for _ in range(STEPS):
        pairs = beside(told, fit)
        push, known = (np.bincount(pairs.rater, value, len(new)) for value in pairs.steepness)
        step = np.clip(np.divide(push, known, out=np.zeros(len(new)), where=known > 1e-9), -0.5, 0.5)
        fit = replace(fit, reliability=np.clip(fit.reliability + np.where(new, step, 0), -4, 4))
    return fit


def _reliability(reading: Reading) -> tuple[Floats, Floats]:
    """The slope of each rater on what the others see, in terms of the others' mean; unknown where that is near 0."""
    if not reading.pairs:
        return np.full(reading.n_raters, np.nan), np.full(reading.n_raters, np.nan)
    found = slopes(list(reading.others.values()), reading)
    told = found.others > CLEARLY * found.others_error
    scale = np.where(told, found.others, np.nan)
    return found.value / scale, found.error / scale


def fits_of(reading: Reading) -> tuple[Floats, Floats]:
    """Infit and outfit of each rater as if of common reliability."""
    n_raters = reading.n_raters
    squares, known, ratios, n = np.zeros((4, n_raters))
    for slug, pairs in reading.pairs.items():
        fit = reading.fits[slug]
        expected, variance = moments(pairs.drop + _common(fit, pairs), fit.tie)
        off = (pairs.answer - expected) ** 2
        squares += np.bincount(pairs.rater, pairs.weight * off, n_raters)
        known += np.bincount(pairs.rater, pairs.weight * variance, n_raters)
        ratios += np.bincount(pairs.rater, pairs.weight * off / np.maximum(variance, 1e-3), n_raters)
        n += np.bincount(pairs.rater, pairs.weight, n_raters)
    with np.errstate(divide="ignore", invalid="ignore"):
        return squares / known, ratios / n


def _common(fit: Fitted, pairs: Pairs) -> float:
    """What is shown first gains with the raters on average."""
    return float(fit.side[np.unique(pairs.rater)].mean())


def _tau(every: Reading, exact: list[int]) -> Tau:
    counted, found = every.sample.scored, []
    for slug, pairs in every.others.items():
        drop = pairs.drop.copy()
        for rater in exact:
            refit(drop, pairs, len(every.fits[slug].value), rater, counted[pairs.row])
        found.append(replace(pairs, drop=drop))
    return tau(found, every.n_raters)


def _interval(value: float, error: float) -> Interval:
    return float(value), float(value - 1.96 * error), float(value + 1.96 * error)


def _rounded(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_rounded(part) for part in value]
    if isinstance(value, float):
        return round(value, 6) if np.isfinite(value) else None
    return value
