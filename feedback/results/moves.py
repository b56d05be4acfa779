"""What changed since: two fits of one criterion side by side, and what moved by more than chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

import numpy as np
from django.utils.timezone import now
from scipy.special import ndtri

from feedback.results.boards import Board
from feedback.results.models import Estimate, Fit
from feedback.results.sample import Floats, Ints
from feedback.studies.models import Criterion, Study

LEVEL = 0.95
A_WHILE = timedelta(days=7)
LEAST = 0.1
"""Of a standard error: what two fits of the same judgements might differ by, through how errors are told alone."""


@dataclass(frozen=True, eq=False)
class Standing:
    """Generators as one fit has them: shape (n,) each."""

    ids: Ints
    values: Floats
    errors: Floats
    parts: Ints

    @classmethod
    def of_fit(cls, fit: Fit) -> Self:
        rows = Estimate.objects.filter(fit=fit).order_by("pk")
        told = list(rows.values_list("generator_id", "value", "standard_error", "component"))
        ids, values, errors, parts = zip(*told, strict=True) if told else ((), (), (), ())
        return cls(np.array(ids, np.int64), np.array(values), np.array(errors), np.array(parts, np.int64))

    @classmethod
    def of_board(cls, board: Board, ids: Ints) -> Self:
        return cls(ids[board.keys], board.values, board.errors, board.part)

    def only(self, ids: Ints) -> "Standing":
        """Those of the ids, in their order, centred anew in each part."""
        order = np.argsort(self.ids)
        at = order[np.searchsorted(self.ids[order], ids)]
        parts = np.unique(self.parts[at], return_inverse=True)[1]
        means = np.bincount(parts, self.values[at]) / np.bincount(parts)
        return Standing(ids, self.values[at] - means[parts], self.errors[at], parts)


@dataclass(frozen=True)
class Move:
    """A generator that moved, in logits, beside those that both fits know."""

    id: int
    before: float
    now: float

    def told(self) -> dict[str, Any]:
        return {"id": self.id, "before": round(self.before, 6), "now": round(self.now, 6)}


def moves_between(before: Standing, after: Standing) -> tuple[Move, ...]:
    """What moved by more than chance, the farthest first; where parts were joined or split nothing compares.

    Of two fits of which one has seen all that the other has, the difference has the difference of their variances
    (Hausman, J. A. (1978), Econometrica 46(6), lemma 2.1); Sidak's bound allows for looking at all rows.
    """
    both = np.intersect1d(before.ids, after.ids)
    if len(both) < 2:
        return ()
    old, new = before.only(both), after.only(both)
    moved = new.values - old.values
    error = np.maximum(np.sqrt(np.abs(old.errors**2 - new.errors**2)), LEAST * new.errors)
    bound = float(ndtri(1 - (1 - LEVEL ** (1 / len(both))) / 2))
    surely = np.flatnonzero((np.abs(moved) > bound * error) & _same_parts(old.parts, new.parts))
    farthest = surely[np.argsort(-np.abs(moved[surely]), kind="stable")]
    return tuple(Move(int(both[at]), float(old.values[at]), float(new.values[at])) for at in farthest)


def _same_parts(old: Ints, new: Ints) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether each is still in one part with the same others."""
    return np.asarray(((old[:, None] == old) == (new[:, None] == new)).all(axis=1))


def changes_since(study: Study, criterion: Criterion, moment: datetime) -> tuple[Fit, tuple[Move, ...]] | None:
    """Which generators moved since the last fit before the moment, and that fit; None if there is none, or no newer."""
    fits = Fit.objects.filter(study=study, criterion=criterion, level=Fit.Level.GENERATORS).order_by("-pk")
    then, newest = fits.filter(fitted_at__lte=moment).first(), fits.first()
    if then is None or newest is None or then == newest:
        return None
    return then, moves_between(Standing.of_fit(then), Standing.of_fit(newest))


def changed_lately(study: Study, boards: Mapping[str, Board], generators: Ints) -> dict[str, dict[str, Any]]:
    """For the report: by criterion what moved in about a week, or since the first fit where that is younger."""
    told = {}
    for slug, board in boards.items():
        fits = Fit.objects.filter(study=study, criterion__slug=slug, level=Fit.Level.GENERATORS)
        then = fits.filter(fitted_at__lte=now() - A_WHILE).order_by("-pk").first() or fits.order_by("pk").first()
        if then is not None:
            moves = moves_between(Standing.of_fit(then), Standing.of_board(board, generators))
            told[slug] = {"since": then.fitted_at.isoformat(), "moves": [move.told() for move in moves]}
    return told
