"""Fitting: every write about results."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Max

import rankings
from feedback.judging.models import Submission
from feedback.results import inputs
from feedback.results.models import Estimate, Fit
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion, Study

MODEL = "plackett-luce, ties by Davidson-Luce"


@dataclass(frozen=True)
class Computed:
    """A fit before it is stored."""

    criterion: Criterion
    level: str
    orders: inputs.Orders
    strengths: rankings.Strengths | None


@transaction.atomic
def fit(*, study: Study) -> list[Fit]:
    """Fit every criterion, works within prompts and generators over prompts, from one view of the judgements."""
    seen = Submission.objects.filter(study=study)
    count, cutoff = seen.count(), seen.aggregate(last=Max("id"))["last"] or 0
    items = inputs.items_of(study)
    fits = []
    for criterion in criteria_of(study):
        told = inputs.told_on(criterion, items)
        works, generators = inputs.orders_of_works(told), inputs.orders_of_generators(told)
        for computed in (
            Computed(criterion, Fit.Level.WORKS, works, _strengths(works, by_prompt=False)),
            Computed(criterion, Fit.Level.GENERATORS, generators, _strengths(generators, by_prompt=True)),
        ):
            fits.append(_store(study, computed, count, cutoff))
    return fits


def _strengths(orders: inputs.Orders, *, by_prompt: bool) -> rankings.Strengths | None:
    """The fitted strengths; standard errors are clustered by prompt where asked and where prompts allow it."""
    if not orders.sets:
        return None
    told = rankings.Orders.from_ranks(orders.sets, orders.ranks)
    size, prior = len(orders.keys), settings.PRIOR_SD
    if by_prompt:
        prompts = np.unique(orders.prompts, return_inverse=True)[1]
        with suppress(rankings.TooFewClustersError):  # a part that was judged on one prompt alone has no clusters
            return rankings.plackett_luce(told, n_items=size, prior_sd=prior, cluster=prompts)
    return rankings.plackett_luce(told, n_items=size, prior_sd=prior)


def _store(study: Study, computed: Computed, count: int, cutoff: int) -> Fit:
    strengths = computed.strengths
    stored = Fit.objects.create(
        study=study,
        criterion=computed.criterion,
        level=computed.level,
        model=MODEL,
        settings={
            "prior_sd": settings.PRIOR_SD,
            "level": 0.95,
            "clusters": strengths.n_clusters if strengths else None,
        },
        code_version=settings.CODE_VERSION,
        cutoff=cutoff,
        submissions=count,
        judgements=len(computed.orders.sets),
        tie=strengths.tie if strengths else None,
    )
    if strengths is not None:
        Estimate.objects.bulk_create(_estimates(stored, computed.orders, strengths), batch_size=500)
    return stored


def _estimates(stored: Fit, orders: inputs.Orders, strengths: rankings.Strengths) -> Sequence[Estimate]:
    interval, counts = strengths.interval(0.95), orders.judgements_of
    column = "work_id" if stored.level == Fit.Level.WORKS else "generator_id"
    return [
        Estimate(
            fit=stored,
            value=float(strengths.values[at]),
            standard_error=float(strengths.standard_errors[at]),
            low=float(interval[at, 0]),
            high=float(interval[at, 1]),
            judgements=counts[key],
            component=int(strengths.components[at]),
            **{column: key},
        )
        for at, key in enumerate(orders.keys)
    ]
