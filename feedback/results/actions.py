"""Fitting: every write about results."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Max

import rankings
from feedback.judging.models import Submission
from feedback.results import inputs
from feedback.results.models import Estimate, Fit
from feedback.snapshot import snapshot
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion, Study

LEVEL = 0.95
PAIRS, SETS = "davidson", "plackett-luce, ties by Davidson-Luce"


@dataclass(frozen=True)
class Computed:
    """A fit before it is stored."""

    criterion: Criterion
    level: str
    orders: inputs.Orders
    strengths: rankings.Strengths | None
    by_prompt: rankings.Strengths | None = None


def fit(*, study: Study) -> list[Fit]:
    """Fit every criterion, works within prompts and generators over prompts.

    Reads one snapshot, computes, and stores in one short transaction, so that raters never wait for it. What is submitted meanwhile
    makes the fit stale at once.
    """
    with snapshot():
        seen = Submission.objects.filter(study=study)
        count, cutoff = seen.count(), seen.aggregate(last=Max("id"))["last"] or 0
        items = inputs.items_of(study)
        told_on = {criterion: inputs.told_on(criterion, items) for criterion in criteria_of(study)}
    fits: list[Computed] = []
    for criterion, told in told_on.items():
        works, generators = inputs.orders_of_works(told), inputs.orders_of_generators(told)
        fits += [
            Computed(criterion, Fit.Level.WORKS, works, _strengths(works)),
            Computed(criterion, Fit.Level.GENERATORS, generators, _strengths(generators), _by_prompt(generators)),
        ]
    with transaction.atomic():
        return [_store(study, computed, count, cutoff) for computed in fits]


def _strengths(orders: inputs.Orders, cluster: Sequence[int] | None = None) -> rankings.Strengths | None:
    """The fitted strengths under the site's prior, or None without judgements.

    Pairs have a position effect where Salon drew the sides of all of them.
    """
    if not orders.sets:
        return None
    n_items, prior_sd = len(orders.keys), settings.PRIOR_SD
    if not orders.are_pairs:
        told = rankings.Orders.from_ranks(orders.sets, orders.ranks)
        return rankings.plackett_luce(told, n_items=n_items, prior_sd=prior_sd, rater=cluster)
    (a, b), (rank_a, rank_b) = np.array(orders.sets).T, np.array(orders.ranks).T
    first_a = None if None in orders.firsts else np.array(orders.firsts) == 0
    outcome = np.sign(rank_b - rank_a)
    return rankings.davidson(a, b, outcome, n_items=n_items, first_a=first_a, prior_sd=prior_sd, rater=cluster)


def _by_prompt(orders: inputs.Orders) -> rankings.Strengths | None:
    """The same strengths with errors clustered by prompt; None where prompts are too few to tell how they differ."""
    prompts = {prompt: number for number, prompt in enumerate(dict.fromkeys(orders.prompts))}
    if len(prompts) < 2:
        return None
    try:
        return _strengths(orders, [prompts[prompt] for prompt in orders.prompts])
    except rankings.TooFewClustersError:  # a part that was judged on one prompt alone
        return None


def _store(study: Study, computed: Computed, count: int, cutoff: int) -> Fit:
    strengths = computed.strengths
    stored = Fit.objects.create(
        study=study,
        criterion=computed.criterion,
        level=computed.level,
        model=PAIRS if computed.orders.are_pairs else SETS,
        settings={
            "prior_sd": settings.PRIOR_SD,
            "level": LEVEL,
            "clusters": computed.by_prompt.n_clusters if computed.by_prompt else None,
        },
        code_version=settings.CODE_VERSION,
        cutoff=cutoff,
        submissions=count,
        judgements=len(computed.orders.sets),
        tie=strengths.tie if strengths else None,
        position=strengths.position if strengths else None,
        position_error=strengths.position_error if strengths else None,
    )
    if strengths is not None:
        Estimate.objects.bulk_create(_estimates(stored, computed.orders, computed), batch_size=500)
    return stored


def _estimates(stored: Fit, orders: inputs.Orders, computed: Computed) -> Sequence[Estimate]:
    """One row for each key; errors and intervals are the wider of the model's own and the prompts'.

    What was judged on hardly more than one prompt has the model's own: how prompts differ cannot be told there.
    """
    strengths, counts = cast("rankings.Strengths", computed.strengths), orders.judgements_of
    errors, (low, high) = strengths.standard_errors, strengths.interval(LEVEL).T
    if computed.by_prompt:
        prompts, (lower, upper) = computed.by_prompt.standard_errors, computed.by_prompt.interval(LEVEL).T
        told = np.isfinite(prompts)
        errors = np.where(told, np.maximum(errors, prompts), errors)
        low, high = np.where(told, np.minimum(low, lower), low), np.where(told, np.maximum(high, upper), high)
    column = "work_id" if stored.level == Fit.Level.WORKS else "generator_id"
    return [
        Estimate(
            fit=stored,
            value=float(strengths.values[at]),
            standard_error=float(errors[at]),
            low=float(low[at]),
            high=float(high[at]),
            judgements=counts[key],
            component=int(strengths.components[at]),
            **{column: key},
        )
        for at, key in enumerate(orders.keys)
    ]
