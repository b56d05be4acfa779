"""When to stop: how many more judgements, hours and how much money until the target, or why it will not be reached."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

import rankings
from feedback.results.measures.numbers import Json, told
from feedback.results.measures.preferences import Preferences
from feedback.results.measures.reliability import FEWEST_FOR_GREEN, NEAR_ENOUGH, Trust
from feedback.results.measures.taste import Taste
from rankings.errors import RankingError

MOST_PER_WORK = 100.0
USUAL_SECONDS = 30.0  # where no time was taken


@dataclass(frozen=True)
class Stop:
    """`state` is done, more, never or unknown; `why` of never is taste or close."""

    target: float
    state: str
    why: str
    text: str
    more: int | None = None
    hours: float | None = None
    cost: float | None = None
    raters: int | None = None  # who would do, where these differ in taste
    between: tuple[int, int | None] | None = None
    seconds: float = USUAL_SECONDS
    forecast: tuple[tuple[int, float], ...] = ()

    def told(self) -> Json:
        return told(
            target=self.target,
            state=self.state,
            more=self.more,
            hours=self.hours,
            cost=self.cost,
            raters=self.raters,
            between=self.between,
            seconds=self.seconds,
            why=self.why,
            text=self.text,
        )


def measure(preferences: Preferences, trust: Trust, taste: Taste, target: float, price_hour: float | None) -> Stop:
    """Done under a green light, and until then as many more as the plan says, or as make the light sure."""
    found, seconds = trust.found, _seconds(preferences)
    if found is None or trust.light == "grey":
        return Stop(target, "unknown", "unmeasured", trust.why, seconds=seconds)
    if trust.light == "green":
        return Stop(target, "done", "", trust.why, more=0, hours=0.0, cost=0.0, seconds=seconds)
    try:
        plan = _plan(preferences, found, target, seconds, price_hour or 0.0)
    except RankingError as refusal:
        return Stop(target, "unknown", "unmeasured", str(refusal), seconds=seconds)
    forecast = tuple((point.judgements, point.reliability) for point in plan.curve if point.judgements >= plan.done)
    ceiling, raters = _ceiling(preferences, taste, target)
    if ceiling < target:
        text = f"these raters differ in taste: however much they judge, {ceiling:.2f} is the most; {raters} would do"
        return Stop(target, "never", "taste", text, raters=raters, seconds=seconds, forecast=forecast)
    if plan.more is None:
        text = f"more than {MOST_PER_WORK:g} judgements a work: too close to be told apart"
        return Stop(target, "never", "close", text, between=plan.between, seconds=seconds, forecast=forecast)
    more = max(plan.more or _until_near(found, target), _until_sure(found))
    hours = more * seconds / 3600
    cost = None if price_hour is None else hours * price_hour
    text = f"{more} more judgements, about {hours:.1f} h, reach {target:.2f}"
    between = _at_least(plan.between, found.n_all + _until_sure(found)) if plan.more else None
    return Stop(target, "more", "", text, more, hours, cost, None, between, seconds, forecast)


def _at_least(between: tuple[int, int | None] | None, sure: int) -> tuple[int, int | None] | None:
    """Neither end comes before the light is sure."""
    if between is None:
        return None
    soonest, latest = between
    return max(soonest, sure), latest if latest is None else max(latest, sure)


def _until_sure(found: rankings.Reliability) -> int:
    """Judgements by chance that a light still lacks: what is asked next is by chance as often as so far."""
    lacking = max(FEWEST_FOR_GREEN - found.n_uniform, 0)
    return int(np.ceil(lacking * found.n_all / max(found.n_uniform, 1)))


def _until_near(found: rankings.Reliability, target: float) -> int:
    """Judgements until the low end is near a target that is reached, by the formula of Spearman and Brown."""
    low, wanted = max(found.interval()[0], 0.01), target - NEAR_ENOUGH
    return max(math.ceil(found.n_all * (wanted / (1 - wanted) * (1 - low) / low - 1)), 1)


def _seconds(preferences: Preferences) -> float:
    """The median time for a judgement."""
    dwell = preferences.sample.dwell[np.bincount(preferences.row, minlength=len(preferences.sample)) > 0]
    known = dwell[np.isfinite(dwell) & (dwell > 0)]
    return float(np.median(known)) if len(known) else USUAL_SECONDS


def _plan(
    preferences: Preferences, found: rankings.Reliability, target: float, seconds: float, price: float
) -> rankings.Plan:
    works = len(np.unique(np.concatenate([preferences.first, preferences.second])))
    ties = float((preferences.answer == 0).mean())
    size = int(preferences.sample.size[preferences.row].max()) if preferences.form == "set" else 2
    form: int | Literal["pair"] = size if size > 2 else "pair"
    return rankings.plan(
        target,
        works,
        so_far=found,
        form=form,
        tie=ties if form == "pair" else 0.0,
        seconds=seconds,
        price=price,
        most=MOST_PER_WORK,
    )


def _ceiling(preferences: Preferences, taste: Taste, target: float) -> tuple[float, int]:
    """The most that these raters' mean can have in common with the taste of all, and how many raters reach the target.

    At the low end of what is their own; 1 where that is not known.
    """
    if taste.share.low is None or taste.share.low <= 0:
        return 1.0, 1
    load = np.bincount(preferences.rater).astype(float)
    raters = float(load.sum() ** 2 / (load @ load))
    own = min(taste.share.low, 0.99)
    return (1 - own) / (1 - own + own / raters), math.ceil(own / (1 - own) * target / (1 - target))
