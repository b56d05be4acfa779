"""Machines that judge: how far each agrees with the experts, what it leans to, and whether its strength can be trusted.

A machine counts in no score. It is held against what experts answered on the same works, and against how far experts
agree with one another there: more cannot be asked of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy.special import stdtrit

from feedback.results.audit.verdicts import Counts, Verdicts
from feedback.results.sample import ANSWERED, Answers, Floats, Ints, Sample

LEVEL = 0.95
LEAST = 20  # pairs shared with experts, before anything is said
FEW = 10  # clusters, below which comparisons stand for prompts
DECIMALS = 6


@dataclass(frozen=True)
class Mean:
    """A mean over pairs with its interval at 95 %, pairs of one prompt taken together."""

    value: float
    low: float
    high: float
    n: int

    def told(self) -> dict[str, Any]:
        return {
            "value": round(self.value, DECIMALS),
            "low": round(self.low, DECIMALS),
            "high": round(self.high, DECIMALS),
            "n": self.n,
        }


@dataclass(frozen=True)
class Machine:
    """One machine on one criterion; measures are None where `why` says.

    `agreement` is how often an expert says the same, a tie against a choice counting half; `experts` how often another
    expert does, and `behind` the difference of the two on the same pairs. `side` and `leanings` are how much oftener
    than the experts it takes what was shown first, and what has more of a covariate. `calibration` has for each step of
    its strength the share of experts who are on its side.
    """

    rater: int
    judged: int
    shared: int
    why: str = ""
    agreement: Mean | None = None
    experts: Mean | None = None
    behind: Mean | None = None
    side: Mean | None = None
    leanings: Sequence[tuple[str, Mean]] = ()
    calibration: Sequence[tuple[int, Mean]] = ()

    def told(self) -> dict[str, Any]:
        """As JSON; the rater by primary key."""
        return {
            "rater": self.rater,
            "judged": self.judged,
            "shared": self.shared,
            "why": self.why,
            "agreement": _told(self.agreement),
            "experts": _told(self.experts),
            "behind": _told(self.behind),
            "bias": {
                "side": _told(self.side),
                "leanings": [{"name": name} | mean.told() for name, mean in self.leanings],
            },
            "calibration": [{"step": step} | mean.told() for step, mean in self.calibration],
        }


@dataclass(frozen=True, eq=False)
class _Shared:
    """A machine's verdicts on pairs that experts judged too: shape (n,) each.

    `experts` is their mean verdict, `fellow` how often two of them agree, NaN where one judged alone.
    """

    sample: Sample
    told: Verdicts
    at: Ints
    experts: Floats
    fellow: Floats

    @property
    def verdict(self) -> Ints:
        return np.asarray(self.told.verdict[self.at])

    def mean(self, values: Floats, among: Any = slice(None), least: float = 0.0) -> Mean | None:
        """Over the pairs at which there is a value; bounded by `least` and 1."""
        rows = self.told.row[self.at][among]
        known = np.isfinite(values[among])
        prompts = self.sample.prompt[rows][known]
        clusters = prompts if len(np.unique(prompts)) >= FEW else self.sample.comparison[rows][known]
        return mean_of(values[among][known], clusters, least)


def measure(sample: Sample, criterion: str) -> tuple[Machine, ...]:
    """Every machine that judged by the criterion, the busiest first."""
    answers = sample.criteria[criterion]
    machine = sample.raters.kind == "machine"
    if not machine.any() or sample.shown.shape[1] == 1:
        return ()
    answered = answers.outcome == ANSWERED
    theirs = answered & machine[sample.rater] & (sample.purpose != "training")
    experts = Counts.of(Verdicts.of(sample, answers, np.flatnonzero(sample.scored & answered)))
    found = [
        _machine(sample, answers, experts, rater, np.flatnonzero(theirs & (sample.rater == rater)))
        for rater in np.unique(sample.rater[theirs]).tolist()
    ]
    return tuple(sorted(found, key=lambda one: (-one.judged, one.rater)))


def mean_of(values: Floats, clusters: Ints, least: float = 0.0) -> Mean | None:
    """The mean with Student's interval over clusters; None where there are fewer than two."""
    _, of = np.unique(clusters, return_inverse=True)
    n_clusters = int(of.max(initial=-1)) + 1
    if n_clusters < 2:
        return None
    value = float(values.mean())
    sums = np.bincount(of, values - value)
    error = np.sqrt((sums**2).sum() * n_clusters / (n_clusters - 1)) / len(values)
    half = float(stdtrit(n_clusters - 1, (1 + LEVEL) / 2) * error)
    return Mean(value, max(least, value - half), min(1.0, value + half), len(values))


def _machine(sample: Sample, answers: Answers, experts: Counts, rater: int, rows: Ints) -> Machine:
    shared = _shared(sample, Verdicts.of(sample, answers, rows), experts)
    told = partial(Machine, int(sample.raters.ids[rater]), len(rows), len(shared.at))
    if len(shared.at) < LEAST:
        return told(why=f"{len(shared.at)} pairs were judged by experts too, of {LEAST} that are needed")
    agrees = 1 - _apart(shared, experts)
    return told(
        agreement=shared.mean(agrees),
        experts=shared.mean(shared.fellow),
        behind=shared.mean(agrees - shared.fellow, least=-1.0),
        side=_leaning(shared, shared.told.first[shared.at]),
        leanings=_leanings(shared),
        calibration=_calibration(shared),
    )


def _shared(sample: Sample, told: Verdicts, experts: Counts) -> _Shared:
    at = np.searchsorted(experts.pair, told.pair)
    held = at < len(experts.pair)
    held[held] = experts.pair[at[held]] == told.pair[held]
    found = at[held]
    return _Shared(sample, told, np.flatnonzero(held), experts.mean[found], _fellow(experts.counts[found]))


def _fellow(counts: Ints) -> Floats:
    """How often two experts of each pair agree, a tie against a choice counting half."""
    one, neither, other = counts.T
    number = counts.sum(axis=1)
    pairs = number * (number - 1) / 2
    apart = one * other + neither * (one + other) / 2
    return np.where(pairs > 0, 1 - apart / np.maximum(pairs, 1), np.nan)


def _apart(shared: _Shared, experts: Counts) -> Floats:
    """How far the machine is from an expert, on average: 0 for the same, a half for a tie against a choice, 1."""
    at = np.searchsorted(experts.pair, shared.told.pair[shared.at])
    shares = experts.counts[at] / experts.number[at][:, None]
    distance = np.abs(shared.verdict[:, None] - np.array([1, 0, -1])) / 2
    return np.asarray((shares * distance).sum(axis=1))


def _leaning(shared: _Shared, sign: Floats | Ints) -> Mean | None:
    """How much oftener than the experts the machine takes the work of the sign; it is 0 where none has it."""
    return shared.mean((shared.verdict - shared.experts) * sign / 2, sign != 0, least=-1.0)


def _leanings(shared: _Shared) -> list[tuple[str, Mean]]:
    low, high = shared.told.low[shared.at], shared.told.high[shared.at]
    found = []
    for name, values in shared.sample.works.covariates.items():
        sign = np.nan_to_num(np.sign(values[low] - values[high]))
        leaning = _leaning(shared, sign)
        if leaning:
            found.append((name, leaning))
    return found


def _calibration(shared: _Shared) -> list[tuple[int, Mean]]:
    step = shared.told.step[shared.at]
    ours = (1 + shared.verdict * shared.experts) / 2
    told = [(size, shared.mean(ours, (step == size) & (shared.verdict != 0))) for size in np.unique(step).tolist()]
    return [(size, mean) for size, mean in told if mean]


def _told(mean: Mean | None) -> dict[str, Any] | None:
    return mean.told() if mean else None
