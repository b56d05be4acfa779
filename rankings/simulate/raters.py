"""Raters of several kinds, and how they see the works."""

import operator
from dataclasses import dataclass, fields
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from rankings.checks import Floats, Ints
from rankings.errors import RankingError

ALWAYS = 50.0
"""Logits that no difference between works outweighs."""


@dataclass(frozen=True, eq=False)
class Raters:
    """A panel of raters: ``Raters.good(40) + Raters.noisy(5) + Raters.reversed(2)``.

    A rater sees a work at ``reliability * (value + taste)`` logits, where the taste is his own and drawn anew in every
    simulation, and adds `side` to each work over the one shown next.

    Attributes
    ----------
    reliability : float array, shape (n_raters,)
        1 follows the model, 0 clicks at random, below 0 reverses the order.
    side : float array, shape (n_raters,)
        In logits.
    taste_sd : float array, shape (n_raters,)
        Standard deviation of the taste in logits, at least 0.

    Raises
    ------
    RankingError
        If there is no rater, or a number is not finite, or a standard deviation is negative.
    """

    reliability: Floats
    side: Floats
    taste_sd: Floats

    def __post_init__(self) -> None:
        for field in fields(self):
            column = np.array(getattr(self, field.name), dtype=np.float64)
            if column.shape != (np.size(self.reliability),) or len(column) == 0:
                raise RankingError(f"{field.name} must hold one number for each rater, and there is at least one rater")
            if not np.isfinite(column).all():
                raise RankingError(f"rater {np.argmin(np.isfinite(column))} has a {field.name} that is not finite")
            column.flags.writeable = False
            object.__setattr__(self, field.name, column)
        if self.taste_sd.min() < 0:
            raise RankingError(f"rater {self.taste_sd.argmin()} has a taste_sd below 0 logits")

    @classmethod
    def alike(cls, n: int, *, reliability: float = 1.0, side: float = 0.0, taste_sd: float = 0.0) -> Self:
        """Return `n` raters of one kind."""
        return cls(*(np.full(operator.index(n), number) for number in (reliability, side, taste_sd)))

    @classmethod
    def good(cls, n: int) -> Self:
        """Return `n` raters who follow the model."""
        return cls.alike(n)

    @classmethod
    def noisy(cls, n: int, reliability: float = 0.4) -> Self:
        """Return `n` raters who see every difference at a fraction of its size."""
        return cls.alike(n, reliability=reliability)

    @classmethod
    def own_taste(cls, n: int, sd: float) -> Self:
        """Return `n` raters whose own values differ from the common ones by N(0, sd^2) on each item."""
        return cls.alike(n, taste_sd=sd)

    @classmethod
    def reversed(cls, n: int) -> Self:
        """Return `n` raters who mistake the scale's end for its beginning."""
        return cls.alike(n, reliability=-1.0)

    @classmethod
    def always_first(cls, n: int) -> Self:
        """Return `n` raters who choose what is shown first."""
        return cls.alike(n, reliability=0.0, side=ALWAYS)

    @classmethod
    def random(cls, n: int) -> Self:
        """Return `n` raters who click without looking."""
        return cls.alike(n, reliability=0.0)

    def __add__(self, other: Self) -> Self:
        columns = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return type(self)(*map(np.concatenate, columns))

    def __len__(self) -> int:
        return len(self.reliability)

    def __repr__(self) -> str:
        return f"Raters({len(self)})"


class Seen(NamedTuple):
    """Works as they were seen.

    Attributes
    ----------
    worth : float array, shape (n_judgements, size)
        Log-worth in logits of every work shown, before the effect of its place.
    side : float array, shape (n_judgements,)
        Logit added to each work over the one shown next.
    rater, prompt : int array, shape (n_judgements,)
    """

    worth: Floats
    side: Floats
    rater: Ints
    prompt: Ints


def see(
    values: Floats,
    sets: Ints,
    random: np.random.Generator,
    *,
    position: float,
    raters: Raters | None,
    prompts: int,
    prompt_sd: float,
) -> Seen:
    """Show sets of items, shape (n_judgements, size), to the raters, on prompts, each in turn."""
    if operator.index(prompts) < 1 or not 0 <= prompt_sd < np.inf or not np.isfinite(position):
        raise RankingError("prompts is at least 1, prompt_sd finite and at least 0, position finite")
    panel = Raters.good(1) if raters is None else raters
    turn = np.arange(len(sets))
    rater, prompt = turn % len(panel), turn // len(panel) % prompts
    worth = values[sets]
    if panel.taste_sd.any():
        taste = panel.taste_sd[:, None] * random.normal(size=(len(panel), len(values)))
        worth = worth + taste[rater[:, None], sets]
    if prompt_sd > 0:
        effect = prompt_sd * random.normal(size=(prompts, len(values)))
        worth = worth + effect[prompt[:, None], sets]
    return Seen(panel.reliability[rater, None] * worth, position + panel.side[rater], rater, prompt)


def checked(values: ArrayLike, size: int) -> Floats:
    """Return `values` as finite log-worths of at least `size` items."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not 2 <= size <= len(array) or not np.isfinite(array).all():
        raise RankingError(f"values must be one dimension of at least {max(size, 2)} finite numbers, one for each item")
    return array


def checked_tie(tie: float) -> float:
    """Return Davidson's nu."""
    if not (np.isfinite(tie) and tie >= 0):
        raise RankingError(f"tie is {tie}; nu is finite and at least 0")
    return tie
