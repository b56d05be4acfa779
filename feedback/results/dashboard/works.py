"""Works against the others of their prompt, read from the newest fit some prompts at a time."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from feedback.results.dashboard.charts.forest import forest
from feedback.results.dashboard.charts.picture import Picture
from feedback.results.dashboard.live import grouped
from feedback.results.models import Estimate, Fit
from feedback.studies.models import Study
from feedback.works.models import Prompt

PROMPTS = 10  # a page


@dataclass(frozen=True)
class PromptBoard:
    """The works of one prompt, best first."""

    prompt: Prompt
    picture: Picture


def boards_of(
    study: Study, criterion: str, number: str | None, *, named: bool
) -> tuple[Page[int], Sequence[PromptBoard]]:
    """A page of prompts with a board for each; works by number where names are hidden."""
    fits = Fit.objects.filter(study=study, level=Fit.Level.WORKS)
    fit = fits.filter(criterion__slug=criterion).order_by("-id").first() or fits.order_by("-id").first()
    estimates = Estimate.objects.filter(fit=fit)
    prompts = estimates.order_by("work__prompt").values_list("work__prompt", flat=True).distinct()
    page: Page[int] = Paginator(prompts, PROMPTS).get_page(number)
    rows = estimates.filter(work__prompt__in=list(page)).select_related("work__prompt")
    ordered = sorted(rows, key=lambda one: (one.work.prompt_id, one.component, -one.value, one.pk) if one.work else ())
    return page, [
        _board(list(of), named=named)
        for _, of in itertools.groupby(ordered, key=lambda one: one.work.prompt_id if one.work else 0)
    ]


def _board(estimates: Sequence[Estimate], *, named: bool) -> PromptBoard:
    works = [one.work for one in estimates if one.work]
    rows = [
        {
            "id": one.work_id,
            "value": one.value,
            "se": one.standard_error,
            "low": one.low,
            "high": one.high,
            "judgements": one.judgements,
            "component": at,
        }
        for at, of in enumerate(_parts(estimates))
        for one in of
    ]
    numbers = {pk: number for number, pk in enumerate(sorted(work.pk for work in works), start=1)}
    labels = [work.external_id if named else f"Work {numbers[work.pk]}" for work in works]
    board = {"rows": grouped(rows), "simultaneous": True}
    name = f"works-{works[0].prompt_id}"
    return PromptBoard(works[0].prompt, forest(board, labels, name=name, title="Strength of each work", what="works"))


def _parts(estimates: Sequence[Estimate]) -> Sequence[Sequence[Estimate]]:
    return [list(of) for _, of in itertools.groupby(estimates, key=lambda one: one.component)]
