"""Answers to pairs as a problem: which model they are to be fitted by, and how they are linked, joined and left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self, cast

import numpy as np
from scipy.special import expit

from rankings import checks
from rankings.checks import Flags, Floats, Ints
from rankings.errors import NotSettledError, RankingError
from rankings.fitting.links import Links
from rankings.fitting.problem import Covariance, solve
from rankings.fitting.strengths import Strengths
from rankings.pairs.model import Answers, PairModel, pair_model
from rankings.pairs.responses import Davidson, Graded


@dataclass(frozen=True, eq=False)
class PairProblem:
    """Answers to pairs, with the model they are to be fitted by.

    Attributes
    ----------
    answers : Answers
    kind : "bradley_terry", "davidson" or "graded"
    levels : int
    n_items : int
    prior_sd : float or None
    rater : int array, shape (n_judgements,), or None
    covariance : "fisher" or "rater"
    """

    answers: Answers
    kind: Literal["bradley_terry", "davidson", "graded"]
    levels: int
    n_items: int
    prior_sd: float | None
    rater: Ints | None
    covariance: Covariance

    @property
    def members(self) -> Ints:
        """See Problem."""
        return np.concatenate([self.answers.a, self.answers.b])

    def fitted(self, *, tight: bool = False, absent: Ints | None = None) -> Strengths:
        """See Problem."""
        return solve(self, tight=tight, absent=absent)

    def links(self) -> Links:
        """See Problem."""
        answers = self.answers
        highest = 1 if answers.code is None else max(int(np.abs(answers.code).max()), 1)
        return Links(answers.a, answers.b, answers.code, highest)

    @cached_property
    def given(self) -> tuple[int, ...]:
        """The grades that were given, without sign and without 0, in ascending order."""
        if self.answers.code is None:
            return (1,)
        return tuple(np.flatnonzero(np.bincount(np.abs(self.answers.code), minlength=2)[1:]) + 1)

    @cached_property
    def response(self) -> Davidson | Graded:
        """How answers come about, with just the grades that were given."""
        ties = self.answers.code is not None and not self.answers.code.all()
        return Graded(len(self.given), ties) if self.kind == "graded" else Davidson(ties)

    def model(self) -> PairModel:
        """See Problem."""
        if self.prior_sd is None and not self.given:
            raise NotSettledError(
                "every judgement is a tie, so ties have no finite odds; pass prior_sd or add judgements"
            )
        return self.model_of(self)

    def model_of(self, judgements: "PairProblem") -> PairModel:
        """See Problem."""
        answers = judgements.answers
        if answers.code is not None and self.given and self.given[-1] > len(self.given):
            grade = np.searchsorted(self.given, np.abs(answers.code)) + 1
            answers = replace(answers, code=np.sign(answers.code) * grade.astype(np.int8))
        return pair_model(self.n_items, answers, self.response)

    @property
    def tie_if_fixed(self) -> float | None:
        """See Problem."""
        return 0.0 if self.kind == "davidson" else None

    def cut_points(self, shared: Floats) -> Floats | None:
        """See Problem."""
        response = self.response
        if not isinstance(response, Graded):
            return None
        cuts = response.cuts(shared[: len(response.shared)])[response.levels + 1 :]
        return cuts[np.searchsorted(self.given, np.arange(1, self.levels + 1))]

    def win_probability(self, drop: float, shared: Floats) -> float:
        """See Problem."""
        response = self.response
        chance = response.probabilities(np.array([drop]), shared[: len(response.shared)])[0]
        above, below = chance[response.levels + 1 :].sum(), chance[: response.levels].sum()
        return float(above / (above + below)) if self.kind == "graded" else float(expit(drop))

    def kept(self, rows: Flags) -> Self:
        """See Problem."""
        return replace(self, answers=self.answers.kept(rows), rater=None if self.rater is None else self.rater[rows])

    def touching(self, items: Ints) -> Flags:
        """See Problem."""
        chosen = np.zeros(self.n_items, dtype=bool)
        chosen[items] = True
        return chosen[self.answers.a] | chosen[self.answers.b]

    def joined(self, more: Sequence[Self]) -> Self:
        """See Problem."""
        every = [self, *more]
        rater = None if self.rater is None else np.concatenate([cast("Ints", one.rater) for one in every])
        n_items = max(one.n_items for one in every)
        return replace(self, answers=Answers.joined([one.answers for one in every]), n_items=n_items, rater=rater)

    def allows(self, one: "PairProblem") -> bool:
        """See Problem."""
        return set(one.given) <= set(self.given) and (self.response.ties or not one.response.ties)

    def told(
        self,
        *told: int | Iterable[int | Iterable[int]],
        weight: float,
        first_a: bool | None,
        rater: int | None,
    ) -> "PairProblem":
        """See Problem."""
        a, b, outcome = cast("Sequence[int]", [*told, 1] if self.kind == "bradley_terry" and len(told) == 2 else told)
        position, has_rater = self.answers.first_a is not None, self.rater is not None
        if (first_a is None) == position or (rater is None) == has_rater:
            raise RankingError(
                "say first_a and rater of a new judgement if, and only if, those of the others are known"
            )
        left, right = checks.pair(("a", "b"), [a], [b])
        code = checks.between("outcome", [outcome], -self.levels, self.levels, 1)
        if self.kind == "bradley_terry" and outcome == 0:
            raise RankingError("Bradley and Terry's model knows no ties; fit davidson instead")
        one = Answers(left, right, code, np.array([float(weight)]), np.array([bool(first_a)]) if position else None)
        n_items = max(self.n_items, a + 1, b + 1)
        return replace(self, answers=one, n_items=n_items, rater=np.array([rater]) if has_rater else None)
