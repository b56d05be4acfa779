"""How many judgements, hours and how much money a study takes before it is launched."""

import math
from dataclasses import dataclass
from typing import Any

import rankings
from rankings.planning.projects import Form
from rankings.simulate import Raters


@dataclass(frozen=True)
class Launch:
    """A study that is thought of: `works` answer each of `prompts`, and their strengths differ by `spread` logits."""

    works: int
    prompts: int = 1
    raters: int = 1
    spread: float = 1.0
    taste: float = 0.0  # how far a rater's own strengths lie from everybody's, in logits
    form: Form = "pair"
    ties: float = 0.0
    target: float = 0.8
    seconds: float = 30.0
    price: float | None = None  # of an hour of a rater


@dataclass(frozen=True)
class Outlook:
    """What to expect: of all prompts and raters together, if chance alone chooses what is asked."""

    launch: Launch
    plan: rankings.Plan

    @property
    def cost(self) -> float | None:
        return None if self.plan.hours is None or self.launch.price is None else self.plan.hours * self.launch.price

    @property
    def curve(self) -> list[tuple[int, float]]:
        """Judgements, and the reliability to be expected of them."""
        return [(point.judgements, point.reliability) for point in self.plan.curve]

    def told(self) -> dict[str, Any]:
        """As JSON."""
        judgements, hours, raters = self.plan.judgements, self.plan.hours, self.launch.raters
        return {
            "target": self.launch.target,
            "judgements": judgements,
            "judgements_each": None if judgements is None else math.ceil(judgements / raters),
            "per_work": _rounded(self.plan.per_item),
            "hours": _rounded(hours),
            "hours_each": None if hours is None else _rounded(hours / raters),
            "cost": _rounded(self.cost),
            "curve": [[judgements, round(reliability, 6)] for judgements, reliability in self.curve],
        }


def outlook(launch: Launch, *, seed: int = 0) -> Outlook:
    """Simulate studies like it; raises RankingError where a number makes no sense."""
    plan = rankings.plan(
        launch.target,
        launch.works,
        prompts=launch.prompts,
        sd=launch.spread,
        form=launch.form,
        tie=launch.ties,
        raters=Raters.own_taste(launch.raters, launch.taste) if launch.taste else None,
        seconds=launch.seconds,
        price=launch.price or 0.0,
        seed=seed,
    )
    return Outlook(launch, plan)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 6)
