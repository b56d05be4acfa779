"""Planning: how many judgements, hours and how much money until the scores are reliable enough."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rankings.errors import RankingError
from rankings.planning.projects import Form, Projects
from rankings.reliability import Reliability
from rankings.simulate import Raters


class Forecast(NamedTuple):
    """What to expect of a number of judgements.

    Attributes
    ----------
    judgements : int
    reliability : float
        Expected squared correlation of the scores with the true strengths.
    sd : float
        Standard deviation of that squared correlation between projects.
    """

    judgements: int
    reliability: float
    sd: float


@dataclass(frozen=True)
class Plan:
    """How much work it is until the scores are reliable enough.

    Attributes
    ----------
    target : float
        The reliability wanted.
    judgements : int or None
        How many it takes in all; None if more than `most` per item, of which nothing is said.
    between : tuple of (int, int or None), or None
        The same if the true reliability so far is at the upper or at the lower end of its interval. None if nothing was
        measured, or if not even the upper end reaches the target.
    per_item : float or None
        Judgements that each item takes part in.
    done : int
        Judgements there are already.
    hours, cost : float or None
        Of the judgements still to come, all raters together.
    most : float
        Judgements per item up to which was simulated.
    curve : tuple of Forecast
        The reliability expected of fewer and of more judgements.
    """

    target: float
    judgements: int | None
    between: tuple[int, int | None] | None
    per_item: float | None
    done: int
    hours: float | None
    cost: float | None
    most: float
    curve: tuple[Forecast, ...]

    @property
    def more(self) -> int | None:
        """How many judgements are still to come."""
        return None if self.judgements is None else max(self.judgements - self.done, 0)

    def __str__(self) -> str:
        if self.more is None:
            return (
                f"{self.target:.2f} is not reachable within {self.most:g} judgements per item: "
                f"{self.curve[-1].reliability:.2f} is expected there"
            )
        if self.more == 0:
            return f"{self.target:.2f} is reached"
        noun = "more judgements" if self.done else "judgements"
        return f"{self.more} {noun}, about {self.hours:.1f} h, reach {self.target:.2f}"


def plan(
    target: float,
    n_items: int,
    *,
    sd: float | None = None,
    so_far: Reliability | None = None,
    form: Form = "pair",
    tie: float = 0.0,
    raters: Raters | None = None,
    seconds: float = 30.0,
    price: float = 0.0,
    most: float = 100.0,
    prior_sd: float = 1.5,
    prompts: int = 1,
    seed: int = 0,
) -> Plan:
    """Say how many judgements of uniformly drawn pairs or sets it takes until the scores are reliable enough.

    Projects like this one are simulated and fitted. How well their scores correlate with the strengths they were drawn
    from is what is forecast. Choosing pairs by what they tell takes fewer judgements than this says.

    Parameters
    ----------
    target : float
        Reliability wanted, between 0 and 1.
    n_items : int
        Number of items, at least 5; with several prompts, of each.
    sd : float
        Standard deviation of the strengths in logits: 1 is usual for close works, 2 or 3 for plain differences.
    so_far : Reliability
        In place of `sd`, the `reliability` measured so far, to continue a project: the standard deviation is then the
        one at which so many judgements are so reliable. The errors of a fit could not replace it: they look small
        wherever pairs were chosen by score.
    form : {"pair", "graded"} or int
        A choice from two, a signed strength from -3 to 3, or the order of a set of so many items.
    tie : float
        Share of ties, from 0 to less than 1; for pairs only.
    raters : simulate.Raters, optional
        Who will judge, by default raters who follow the model.
    seconds : float
        Per judgement.
    price : float
        Per hour of a rater, in any currency.
    most : float
        Judgements per item to look up to.
    prior_sd : float
        Of the fits, in logits.
    prompts : int
        Sets of so many items each, of which only items of one are compared; reliability is that of all differences
        within them.
    seed : int
        The same seed gives the same plan.

    Raises
    ------
    RankingError
        If a number is out of its range, or not just one of `sd` and `so_far` is given.
    """
    if not 0 < target < 1:
        raise RankingError(f"target is {target}; a reliability to reach lies between 0 and 1")
    if not (0 < seconds < math.inf and 0 <= price < math.inf):
        raise RankingError(f"seconds is {seconds} and price {price}; they are above 0, and at least 0")
    projects = Projects(n_items, form, tie, raters, prior_sd, most, seed, prompts)
    low, middle, high = _strengths_sd(projects, sd, so_far)
    curve = _curve(projects, middle)
    judgements = _reached(target, curve)
    quickest = slowest = None
    if so_far is not None:
        quickest, slowest = (_reached(target, _curve(projects, end)) for end in (high, low))
    done = 0 if so_far is None else so_far.n_all
    hours = None if judgements is None else max(judgements - done, 0) * seconds / 3600
    return Plan(
        target=target,
        judgements=judgements,
        between=None if quickest is None else (quickest, slowest),
        per_item=None if judgements is None else judgements * projects.size / (n_items * prompts),
        done=done,
        hours=hours,
        cost=None if hours is None else hours * price,
        most=most,
        curve=curve,
    )


def _strengths_sd(projects: Projects, sd: float | None, so_far: Reliability | None) -> tuple[float, float, float]:
    """Return the standard deviation of the strengths, between its lowest and its highest."""
    if sd is not None and so_far is None:
        if not 0 <= sd < math.inf:
            raise RankingError(f"sd is {sd} logits; it is finite and at least 0")
        return sd, sd, sd
    if so_far is None or sd is not None:
        raise RankingError("give sd, or the reliability measured so far as so_far, but not both")
    low, high = so_far.interval()
    return tuple(projects.sds_behind(so_far.n_all, [low, so_far.value, high]).tolist())


def _curve(projects: Projects, sd: float) -> tuple[Forecast, ...]:
    """Forecast the reliability of few to `most` judgements per item."""
    counts, found = projects.reliabilities(sd)
    return tuple(map(Forecast, counts.tolist(), found.mean(axis=1).tolist(), found.std(axis=1, ddof=1).tolist()))


def _reached(target: float, curve: tuple[Forecast, ...]) -> int | None:
    """Return after how many judgements the curve reaches the target, or None.

    Signal over noise, reliability / (1 - reliability), grows nearly in proportion to the judgements, from 0.
    """
    reliability = np.array([0.0, *(point.reliability for point in curve)])
    ratio = np.maximum.accumulate(reliability / (1 - reliability))
    wanted = target / (1 - target)
    if ratio[-1] < wanted:
        return None
    return math.ceil(float(np.interp(wanted, ratio, [0, *(point.judgements for point in curve)])))
