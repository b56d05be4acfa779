"""Noise or taste: do raters disagree with each other more than each disagrees with themselves?"""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import brentq

from feedback.results.measures.agreement import Agreed
from feedback.results.measures.model import Model, leaning
from feedback.results.measures.numbers import NORMAL_95, Json, Number, told
from feedback.results.measures.preferences import Preferences
from feedback.results.sample import ANSWERED, NOBODY, Answers, Ints, Sample
from rankings.checks import Floats

FEWEST = 30  # repeats, below which nothing is shown
LEAST, WIDEST = 1e-3, 400.0  # of the repeated signal, and of the variance of what is felt
PLACES, SHARES = np.polynomial.hermite_e.hermegauss(24)  # of a standard normal distribution
SHARES /= SHARES.sum()
MUCH = 0.25  # of what raters prefer again and again: from here on it is worth to split the scores by taste


@dataclass(frozen=True)
class Taste:
    """`share` of what raters repeatably prefer is their own, not shared; the rest of the disagreement is noise.

    It is near (repeatability - agreement) / (repeatability - ½), but counted in logits, where variances add up: 1 less
    the correlation of what two raters feel.
    """

    repeatability: Number
    n: int
    share: Number
    error: float | None
    verdict: str  # noise: train; taste: split; both; unknown: ask more repeats
    wanted: int | None  # repeats until the share can be told from `MUCH`

    def told(self) -> Json:
        known = {} if self.share.value is not None else {"why": self.share.why}
        return {
            "repeatability": told(share=self.repeatability.value, n=self.n)
            | told(low=self.repeatability.low, high=self.repeatability.high),
            "taste": told(
                share=self.share.value,
                low=self.share.low,
                high=self.share.high,
                se=self.error,
                verdict=self.verdict,
                wanted=self.wanted,
                **known,
            ),
        }


def measure(preferences: Preferences, model: Model | None, agreement: Agreed) -> Taste:
    """`agreement` is the pairwise one of the same preferences."""
    repeats = _repeats(preferences)
    n = len(repeats.same)
    if n < FEWEST:
        few = Number(None, why=f"{n} of {FEWEST} repeats")
        return Taste(few, n, few, None, "unknown", FEWEST - n)
    repeated, error = float(repeats.same.mean()), float(repeats.same.std(ddof=1)) / math.sqrt(n)
    repeatability = Number.about(repeated, error, 0, 1)
    if agreement.found.value is None or model is None:
        return Taste(repeatability, n, Number(None, why=agreement.found.why), None, "unknown", None)
    if repeatability.low is not None and repeatability.low <= 0.5:
        unsteady = Number(None, why="raters do not repeat their own answers")
        return Taste(repeatability, n, unsteady, None, "noise", None)
    agreed = 0.5 + (agreement.found.value - 0.5) * _harder(preferences, model, repeats)
    low, high = agreement.found.low, agreement.found.high
    doubt = 0.0 if low is None or high is None else (high - low) / (2 * NORMAL_95)
    nu = model.fit.tie or 0.0
    share = _own(repeated, agreed, nu)
    by_repeats = _own(repeated + error, agreed, nu) - _own(repeated - error, agreed, nu)
    by_agreement = _own(repeated, agreed + doubt, nu) - _own(repeated, agreed - doubt, nu)
    its_error = math.hypot(by_repeats, by_agreement) / 2
    found = Number.about(share, its_error)
    wanted = math.ceil(n * (NORMAL_95 * its_error / max(abs(share - MUCH), 0.05)) ** 2) - n
    verdict = _verdict(found)
    return Taste(repeatability, n, found, its_error, verdict, max(wanted, 0) if verdict == "unknown" else None)


def _own(repeated: float, agreed: float, nu: float) -> float:
    """The share of the variance of what a rater feels, in logits, that is not shared by another.

    What is felt is normal: its variance is that at which raters repeat themselves so often, and two raters agree as
    often as they do if what they feel correlates by 1 less the share.
    """
    most, shared = max(2 * repeated - 1, LEAST), 2 * agreed - 1
    if shared >= most or shared <= 0:
        return 1 - shared / most
    most = min(most, _alike(WIDEST, 1.0, nu))
    variance = brentq(lambda variance: _alike(variance, 1.0, nu) - most, 0.0, WIDEST)
    return 1 - float(brentq(lambda correlation: _alike(variance, correlation, nu) - min(shared, most), 0.0, 1.0))


def _alike(variance: float, correlation: float, nu: float) -> float:
    """The mean product of two answers by raters who feel so."""
    one = math.sqrt(variance) * PLACES[:, None]
    other = correlation * one + math.sqrt(variance * (1 - correlation**2)) * PLACES
    return float(SHARES @ (leaning(one, nu) * leaning(other, nu)) @ SHARES)


def _verdict(share: Number) -> str:
    low, high = share.low or 0.0, share.high or 0.0
    if low > MUCH:
        return "taste"
    if high < MUCH:
        return "noise"
    return "both" if low > 0 else "unknown"


@dataclass(frozen=True, eq=False)
class Repeats:
    """What the same rater set in order twice: how far alike each time, and each two works of it."""

    same: Floats  # (n,) 1 alike, 0 turned round, ½ where one answer is a tie; the mean over the two works of a set
    first: Ints
    second: Ints


def _repeats(preferences: Preferences) -> Repeats:
    """Works are lined up by their number both times, for they stood the other way round."""
    sample, answers = preferences.sample, preferences.answers
    people = (sample.raters.kind != "machine") & ~sample.raters.excluded
    again = np.flatnonzero((sample.repeat_of >= 0) & people[sample.rater] & (answers.outcome == ANSWERED))
    before = sample.repeat_of[again]
    (works, ranks), (as_before, ranks_before) = (_lined_up(sample, answers, rows) for rows in (again, before))
    told = (works == as_before) & (works != NOBODY) & (ranks > 0) & (ranks_before > 0)
    alike, pairs, first, second = np.zeros(len(again)), np.zeros(len(again)), [], []
    for one, other in combinations(range(works.shape[1]), 2):
        both = told[:, one] & told[:, other]
        agrees = np.sign(ranks[:, one] - ranks[:, other]) * np.sign(ranks_before[:, one] - ranks_before[:, other])
        alike += np.where(both, 0.5 + agrees / 2, 0)
        pairs += both
        first.append(works[both, one])
        second.append(works[both, other])
    some = pairs > 0
    none = np.zeros(0, dtype=np.int64)
    return Repeats(alike[some] / pairs[some], np.concatenate([none, *first]), np.concatenate([none, *second]))


def _lined_up(sample: Sample, answers: Answers, rows: Ints) -> tuple[Ints, Ints]:
    order = np.argsort(sample.shown[rows], axis=1)
    works = np.take_along_axis(sample.shown[rows], order, axis=1)
    return works, np.take_along_axis(answers.ranks[rows], order, axis=1).astype(np.int64)


def _harder(preferences: Preferences, model: Model, repeats: Repeats) -> float:
    """How much easier the repeated comparisons are to agree on than all that two raters judged, by the model."""
    nu = model.fit.tie or 0.0
    usual = float(np.mean(model.leaning[preferences.unit] ** 2))
    here = float(np.mean(leaning(model.values[repeats.first] - model.values[repeats.second], nu) ** 2))
    return here / usual if usual > 0 else 1.0
