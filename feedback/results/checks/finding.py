"""What a check tries, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from scipy.special import bdtr, bdtrc, log_ndtr

from feedback.results.sample import Floats, Ints, Sample

type Subject = tuple[str, tuple[int, ...]]  # ("rater", (4,)): numbers in the sample; ("study", ()) is everyone

SMALLEST = 1e-300
FAMILY = 0.05
STUDY: Subject = ("study", ())


class Tried(NamedTuple):
    """One test: how likely evidence as strong is where there is no such fault.

    With `times` it stands for so many tests, of which none found anything.
    """

    fault: str
    subject: Subject
    criterion: str | None
    p: float
    says: Mapping[str, Any]
    times: int = 1


@dataclass(frozen=True)
class Finding:
    """A test that stands after all others that were tried have been allowed for.

    `q` is the p-value allowed for them (Holm): among all findings of clean studies, q ≤ 0.05 happens in one in twenty.
    `co_flags` are what it explains, `explained_by` what explains it; a finding that is explained comes after all others.
    """

    fault: str
    subject: Subject
    criterion: str | None
    p: float
    q: float
    severity: int  # 3: no score can be read; 2: scores are shifted; 1: one rater's judgements
    says: Mapping[str, Any]
    co_flags: tuple[str, ...] = ()
    explained_by: str | None = None

    def of_rater(self, rater: int) -> bool:
        """Whether it concerns this rater, alone or with another."""
        return self.subject[0] in ("rater", "raters") and rater in self.subject[1]

    def told(self, sample: Sample) -> dict[str, Any]:
        """As JSON, with ids instead of numbers."""
        kind, numbers = self.subject
        return {
            "fault": self.fault,
            "subject": {} if kind == "study" else {kind: _named(sample, kind, numbers)},
            "criterion": self.criterion,
            "p": self.p,
            "q": self.q,
            "severity": self.severity,
            "says": {name: _named(sample, name, value) for name, value in self.says.items()},
            "co_flags": list(self.co_flags),
            "explained_by": self.explained_by,
        }

    def explaining(self, faults: list[str]) -> "Finding":
        return replace(self, co_flags=tuple(dict.fromkeys(faults)))


def beyond(z: Floats | float) -> Floats:
    """The chance that a standard normal number is larger."""
    return np.asarray(np.maximum(np.exp(log_ndtr(-np.asarray(z, dtype=np.float64))), SMALLEST))


def either(z: Floats | float) -> Floats:
    """The chance that a standard normal number is further from 0."""
    return np.asarray(np.minimum(2 * beyond(np.abs(z)), 1.0))


def at_least(found: Ints, n: Ints, share: Floats | float) -> Floats:
    """The chance of as many of n or more, if each comes with this chance: exact."""
    return np.asarray(np.clip(bdtrc(found - 1.0, n, share), SMALLEST, 1.0))


def at_most(found: Ints, n: Ints, share: Floats | float) -> Floats:
    """The chance of as many of n or fewer: exact."""
    return np.asarray(np.clip(bdtr(found.astype(np.float64), n, share), SMALLEST, 1.0))


def _named(sample: Sample, name: str, value: Any) -> Any:
    """Ids for the numbers of raters, prompts and generators, names for those of covariates; other values rounded."""
    ids = {
        "raters": sample.raters.ids,
        "camps": sample.raters.ids,
        "prompts": sample.prompts,
        "parts": sample.generators,
    }
    one = {"rater": sample.raters.ids, "generator": sample.generators}
    if name in one:
        return int(one[name][value[0]])
    if name == "covariate":
        return list(sample.works.covariates)[value[0]]
    if name in ids:
        return [_named(sample, name, inner) if isinstance(inner, tuple) else int(ids[name][inner]) for inner in value]
    return round(value, 6) if isinstance(value, float) else value
