"""Everything tried as one family, and what was found in the order in which to read it: causes before consequences.

Each fault has an equal share of the family's 5 %, divided among its tests, and Holm's steps hand on what is not needed.

A finding explains another if both concern the same rater and the first implies the second (`IMPLIES`), or if the second is
no longer found without the judgements of the first's raters, or without the works of its generator.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from feedback.results.checks import (
    alike,
    camps,
    confounders,
    drifts,
    habits,
    halos,
    keys,
    leaks,
    parts,
    reliability,
    sides,
    skips,
    straight,
    twins,
)
from feedback.results.checks.finding import FAMILY, STUDY, Finding, Tried
from feedback.results.checks.reading import Reading

type Check = Callable[[Reading], Iterable[Tried]]

CHECKS: Mapping[Check, tuple[str, ...]] = MappingProxyType(
    {
        parts.check: (parts.FAULT,),
        alike.check: (alike.FAULT,),
        reliability.check: (reliability.RANDOM, reliability.REVERSED),
        straight.check: (straight.FAULT,),
        twins.check: (twins.FAULT,),
        sides.check: (sides.FAULT,),
        drifts.check: (drifts.RATER, drifts.GENERATOR),
        halos.check: (halos.FAULT,),
        habits.check: (habits.SPEEDING, habits.WORDS),
        keys.check: (keys.GOLD, keys.REPEATS),
        leaks.check: (leaks.FAULT,),
        camps.check: (camps.FAULT,),
        confounders.check: (confounders.FAULT,),
        skips.check: (skips.FAULT,),
    }
)
"""Every check, and the faults that it tries."""

VANISHED = 1e-3  # a consequence, if with the cause away its p-value is above this
GROUP = 3  # raters who go against the others are a camp rather than at fault each, where camps are found

NO_SCORE, SHIFTED, ONE_RATER = 3, 2, 1
LAST = 4
UNREADABLE = (parts.FAULT, alike.FAULT)

CARE = (reliability.RANDOM, keys.GOLD, keys.REPEATS)
IMPLIES = {
    straight.FAULT: (*CARE, sides.FAULT, reliability.REVERSED, halos.FAULT, drifts.RATER, twins.FAULT),
    drifts.RATER: (*CARE, reliability.REVERSED),
    reliability.REVERSED: (*CARE, reliability.REVERSED),
    habits.SPEEDING: CARE,
    reliability.RANDOM: (keys.GOLD, keys.REPEATS),
    sides.FAULT: CARE,
}
"""Of one rater. Where each implies the other, the one that stands higher is the cause."""

OF_ALL = {
    alike.FAULT: (*CARE, reliability.REVERSED, drifts.RATER, camps.FAULT, confounders.FAULT),
    sides.FAULT: (keys.REPEATS,),
    halos.FAULT: (twins.FAULT,),
    camps.FAULT: (leaks.FAULT, reliability.RANDOM, reliability.REVERSED),
}
"""What a fault of the whole study implies for each of its raters."""


def holm(tried: Sequence[Tried]) -> list[float]:
    """P-values allowed for all that was tried, weighted by fault."""
    counts: Counter[str] = Counter()
    for one in tried:
        counts[one.fault] += one.times
    shares = {fault: 1 / (len(counts) * times) for fault, times in counts.items()}
    weight = np.array([shares[one.fault] for one in tried])
    p = np.array([one.p for one in tried])
    order = np.argsort(p / weight, kind="stable")
    left = 1 - np.concatenate([[0.0], np.cumsum(weight[order])[:-1]])
    allowed = np.empty(len(tried))
    allowed[order] = np.minimum(np.maximum.accumulate(p[order] / weight[order] * left), 1)
    return allowed.tolist()


def found(reading: Reading) -> tuple[Finding, ...]:
    """What stands at 5 %, the causes first, each with what it explains; then what they explain."""
    tried = [one for check in CHECKS for one in check(reading)]
    standing = [
        Finding(one.fault, one.subject, one.criterion, one.p, q, _severity(one, reading), one.says)
        for one, q in zip(tried, holm(tried), strict=True)
        if q <= FAMILY
    ]
    late = {camps.FAULT: not _camps_lead(reading, standing), alike.FAULT: _alike_by_one(reading, standing)}
    standing.sort(key=lambda one: _order(one, late=late.get(one.fault, False)))
    explained: dict[int, int] = {}
    for at, cause in enumerate(standing):
        if at not in explained:
            others = [k for k in range(at + 1, len(standing)) if k not in explained]
            explained |= dict.fromkeys(_explained(reading, cause, standing, others), at)
    return _in_order(standing, explained)


def _severity(one: Tried, reading: Reading) -> int:
    """Works of a prompt in parts leave the scores of generators readable, where there are any: other prompts join those."""
    others = one.says.get("of") == "works" and len(reading.sample.generators) > 1
    if one.fault in UNREADABLE and not others:
        return NO_SCORE
    return ONE_RATER if one.subject[0].startswith("rater") else SHIFTED


def _camps_lead(reading: Reading, standing: Sequence[Finding]) -> bool:
    """Whether raters who go against the others do so together, or disagree on more than one leaked generator."""
    camp = [one for one in standing if one.fault == camps.FAULT]
    leaked = [one for one in standing if one.fault == leaks.FAULT]
    against = {one.subject for one in standing if one.fault in (reliability.RANDOM, reliability.REVERSED)}
    if not camp or len(against) >= GROUP:
        return bool(camp)
    if not leaked:
        return False
    most = min(leaked, key=lambda one: one.p)
    return not _vanished(reading.without(generator=most.subject[1]), camp, [0])


def _alike_by_one(reading: Reading, standing: Sequence[Finding]) -> bool:
    """Whether works look alike only because one or two raters cancel what the others say."""
    same = [one for one in standing if one.fault == alike.FAULT]
    against = {one.subject[1][0] for one in standing if one.fault == reliability.REVERSED}
    if not same or not against or len(against) >= GROUP:
        return False
    return len(_vanished(reading.without(rater=against), same, list(range(len(same))))) == len(same)


def _order(one: Finding, *, late: bool) -> tuple[int, int, float]:
    """What may be a cause before what may follow from it: the unreadable, what all share, raters, shifts, failed keys."""
    rank = [*IMPLIES].index(one.fault) if one.fault in IMPLIES else len(IMPLIES)
    if late or one.fault in (keys.GOLD, keys.REPEATS):
        return LAST, rank, one.p
    if one.fault in UNREADABLE:
        return 0, rank, one.p
    if one.fault in (camps.FAULT, halos.FAULT) and one.subject == STUDY:
        return 1, rank, one.p
    return (2 if one.severity == ONE_RATER else 3), rank, one.p


def _explained(reading: Reading, cause: Finding, standing: Sequence[Finding], others: list[int]) -> list[int]:
    """Which of the others the cause explains."""
    implied = [k for k in others if _implies(cause, standing[k])]
    kind, numbers = cause.subject
    left = [k for k in others if k not in implied and standing[k].severity != ONE_RATER]
    if kind in {"study", "covariate"} or not left:
        return implied
    away = reading.without(generator=numbers) if kind == "generator" else reading.without(rater=numbers)
    return implied + _vanished(away, standing, left)


def _implies(cause: Finding, other: Finding) -> bool:
    if cause.fault == other.fault and cause.subject == other.subject:
        return True
    if cause.severity == ONE_RATER:
        same = set(other.subject[1]) & set(cause.subject[1]) and other.severity == ONE_RATER
        return bool(same) and other.fault in IMPLIES.get(cause.fault, ())
    return cause.subject == STUDY and other.fault in OF_ALL.get(cause.fault, ())


def _vanished(reading: Reading, standing: Sequence[Finding], asked: list[int]) -> list[int]:
    """Which findings are no longer found in a reading without their cause."""
    wanted = {standing[k].fault for k in asked}
    again = {
        (one.fault, one.subject, one.criterion): one.p
        for check, faults in CHECKS.items()
        if wanted & set(faults)
        for one in check(reading)
    }
    return [
        k for k in asked if again.get((standing[k].fault, standing[k].subject, standing[k].criterion), 1.0) > VANISHED
    ]


def _in_order(standing: list[Finding], explained: dict[int, int]) -> tuple[Finding, ...]:
    """Causes by what they threaten and how sure they are; then what is explained."""
    causes = [
        one.explaining([standing[k].fault for k, why in explained.items() if why == at])
        for at, one in enumerate(standing)
        if at not in explained
    ]
    rest = [replace(standing[k], explained_by=standing[why].fault) for k, why in explained.items()]
    return (
        *sorted(causes, key=lambda one: (one.severity != NO_SCORE, one.q, one.p)),
        *sorted(rest, key=lambda one: (one.q, one.p)),
    )
