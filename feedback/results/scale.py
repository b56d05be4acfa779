"""Works on one scale: how far two of them lie apart, and which of them is likely to be preferred."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from scipy.special import expit

import rankings
from feedback.results.fitting import GRADED, PAIRS, model_of, strengths_by_reliability, strengths_of
from feedback.results.inputs import Told, orders_of_works
from feedback.studies.models import Study

AT_ONCE = 32  # columns of the covariance
STEPS, SHARES = np.polynomial.hermite_e.hermegauss(24)  # of a standard normal distribution
SHARES /= SHARES.sum()


@dataclass(frozen=True, eq=False)
class Scale:
    """Works, named by numbers, with their fitted strengths."""

    works: NDArray[np.int64]
    strengths: rankings.Strengths
    model: str
    judgements: int

    def difference(self, one: int, other: int) -> tuple[float, float] | None:
        """How much stronger the one is, in logits, with the standard error; None where no judgement joins them."""
        i, j = self._at.get(one), self._at.get(other)
        if i is None or j is None or self.strengths.components[i] != self.strengths.components[j]:
            return None
        variance = self._covariance(i, i) + self._covariance(j, j) - 2 * self._covariance(i, j)
        drawn = self._pull[i] - self._pull[j]
        variance += float(drawn @ self.strengths.uncertainty.shared @ drawn)
        values = self.strengths.values
        return float(values[i] - values[j]), math.sqrt(max(variance, 0.0))

    def probability(self, one: int, other: int) -> float | None:
        """The probability that a judgement prefers the one, a tie counting half, neither being shown first.

        It is the mean over what the difference may be: taken at the fit alone it would be surer than the judgements are.
        """
        difference = self.difference(one, other)
        if difference is None:
            return None
        value, error = difference
        cuts = self.strengths.cut_points
        if cuts is not None:  # of a tie, half: between the two cut-points beside no difference
            return float(SHARES @ (expit(value + error * STEPS - cuts[0]) + expit(value + error * STEPS + cuts[0]))) / 2
        half = (value + error * STEPS) / 2
        tie = (self.strengths.tie or 0.0) / 2
        ahead, behind = np.exp(half), np.exp(-half)
        return float(SHARES @ ((ahead + tie) / (ahead + behind + 2 * tie)))

    def told(self) -> dict[str, Any]:
        """The model, its settings and what it found beside the strengths, in logits."""
        found = self.strengths
        return {
            "model": self.model,
            "prior_sd": settings.PRIOR_SD,
            "judgements": self.judgements,
            "works": len(self.works),
            "parts": found.n_components,
            "tie": _rounded(found.tie),
            "position": _rounded(found.position),
            "position_se": _rounded(found.position_error),
        }

    def _covariance(self, i: int, j: int) -> float:
        place, start, size, flat = self._covariances
        return float(flat[start[i] + place[i] * size[i] + place[j]])

    @cached_property
    def _at(self) -> dict[int, int]:
        return {work: at for at, work in enumerate(self.works.tolist())}

    @cached_property
    def _pull(self) -> NDArray[np.float64]:
        """How far each value moves with each shared parameter, the position and ties."""
        curvature = self.strengths.maximum.curvature
        return np.asarray(curvature.solve_items(curvature.border), dtype=np.float64)

    @cached_property
    def _covariances(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Place, start and size of each work's part, and the covariances within parts, one block after another.

        They are those with the position and ties known, so that nothing joins the parts and one column can answer for
        one work of each of them.
        """
        parts = self.strengths.components
        sizes = np.bincount(parts)
        starts = np.concatenate([[0], np.cumsum(sizes.astype(np.int64) ** 2)])
        order = np.argsort(parts, kind="stable")
        place = np.empty(len(parts), dtype=np.int64)
        place[order] = np.arange(len(parts)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        start, size, flat = starts[parts], sizes[parts], np.zeros(starts[-1])
        for first in range(0, int(sizes.max()), AT_ONCE):
            width = min(AT_ONCE, int(sizes.max()) - first)
            within = np.flatnonzero((place >= first) & (place < first + width))
            units = np.zeros((len(parts), width))
            units[within, place[within] - first] = 1
            solved = self.strengths.maximum.curvature.solve_items(units)
            for column in range(width):
                touched = np.flatnonzero(size > first + column)
                flat[start[touched] + (first + column) * size[touched] + place[touched]] = solved[touched, column]
        return place, start, size, flat


class Compared:
    """Judgements that compare works of a study, gathered one by one; pairs take little memory."""

    def __init__(self, study: Study) -> None:
        self.asked = study.ranking
        self.in_pairs = study.form == Study.Form.PAIR
        self.graded = study.scale == Study.Scale.STRENGTH
        self.told: list[Told] = []
        self.works, self.raters, self.strengths, self.firsts = array("q"), array("q"), array("b"), array("b")

    def add(
        self, works: Sequence[int], ranks: Sequence[int], first: int | None, *, rater: int, strength: int | None = None
    ) -> None:
        """Take in a judgement; `first` is the place of what was shown first, None where we did not draw the order.

        `strength` is positive for the first of the works; raters are numbered from 0.
        """
        if not self.in_pairs:
            self.told.append(Told(tuple(works), tuple(ranks), first))
            return
        one, other = ranks
        self.graded = self.graded and strength is not None
        self.works.extend(works)
        self.raters.append(rater)
        self.strengths.append(strength or (one < other) - (one > other))
        self.firsts.append(-1 if first is None else first)

    def scale(self) -> Scale | None:
        """The works as the site's own model and prior fit them; None without judgements."""
        return self._scale_of_pairs() if self.in_pairs else self._scale_of_sets()

    def _scale_of_pairs(self) -> Scale | None:
        if not self.strengths:
            return None
        works, at = np.unique(np.frombuffer(self.works, dtype=np.int64), return_inverse=True)
        a, b = at.reshape(-1, 2).T
        firsts = np.frombuffer(self.firsts, dtype=np.int8)
        strengths = strengths_by_reliability(
            a,
            b,
            np.frombuffer(self.strengths, dtype=np.int8).astype(np.int64),
            np.frombuffer(self.raters, dtype=np.int64),
            n_items=len(works),
            first_a=None if (firsts < 0).any() else firsts == 0,
            graded=self.graded,
        )
        return Scale(works, strengths, GRADED if self.graded else PAIRS, len(firsts))

    def _scale_of_sets(self) -> Scale | None:
        orders = orders_of_works(self.told, self.asked)
        strengths = strengths_of(orders)
        if strengths is None:
            return None
        return Scale(np.array(orders.keys, dtype=np.int64), strengths, model_of(orders), len(orders.sets))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
