"""The bench as a rater of the study has it, with real works; nothing of it is stored."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from feedback.http import SignedIn, member, ranged
from feedback.judging.bench import Pane, Question, Rank, Task
from feedback.judging.examples import rubric_of
from feedback.judging.models import Assignment, Comparison, Flag
from feedback.judging.scales import scales_of
from feedback.people.models import Rater
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion, Study
from feedback.works.models import Asset, Work
from feedback.works.texts import shown

SHOWN = {Asset.Role.SHOWN, Asset.Role.POSTER, Asset.Role.STRIP}
UNTOLD = {"gain"}  # how loud a maker's original was


@dataclass(frozen=True)
class Rehearsal(Task):
    """A task whose answers go nowhere."""

    @property
    def path(self) -> str:
        return reverse("desk_preview", args=[self.assignment.study.slug])


@require_http_methods(["GET", "POST"])
@never_cache
@member("lead")
def preview(request: SignedIn, study: Study) -> HttpResponseBase:
    """A comparison drawn by chance; an answer is thrown away, and another comparison drawn."""
    task = _task(study)
    if task is None:
        return render(request, "studies/no_preview.html", {"study": study})
    context: dict[str, Any] = {"task": task, "study": study}
    if "ahead" in request.POST:
        return render(request, "judging/bench.html#task", context)
    context |= {
        "rubric": rubric_of(study, [question.criterion for question in task.questions]),
        "flag_reasons": Flag.Reason.choices,
    }
    return render(request, "studies/preview.html", context)


@require_safe
@member("lead")
def work(request: SignedIn, study: Study, public_id: uuid.UUID) -> HttpResponseBase:
    """The work as raters see it, or its still or strip of stills."""
    role = request.GET.get("part", Asset.Role.SHOWN)
    works = Work.objects.cleared("show").filter(collection__studies=study, public_id=public_id)
    asset = Asset.objects.filter(work__in=works, role=role).first() if role in SHOWN else None
    if asset is None or not asset.derivative:
        raise Http404
    response = ranged(request, asset.derivative, size=asset.bytes, content_type=asset.media_type)
    response["Cache-Control"] = "private, max-age=1200"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _task(study: Study) -> Rehearsal | None:
    """Works of one prompt, drawn by chance, as a task that no row stands behind."""
    works = _drawn(study)
    if not works or not criteria_of(study):
        return None
    comparison = Comparison(study=study, prompt=works[0].prompt, size=len(works))
    order = list(range(len(works)))
    assignment = Assignment(
        study=study, comparison=comparison, rater=Rater(), shown_order=order, leased_until=now(), handed_out_at=now()
    )
    return Rehearsal(
        assignment=assignment,
        panes=_panes(study, works),
        reference="",
        questions=[_question(assignment, criterion) for criterion in criteria_of(study)],
        rationale="",
        rationale_error="",
        marks="[]",
        marks_error="",
        seen="",
        kept=False,
        key=uuid.uuid4(),
        replaces=0,
        done=0,
    )


def _drawn(study: Study) -> list[Work]:
    """As many works of one prompt as a comparison holds, of one that has so many."""
    shown_now = Asset.objects.filter(role=Asset.Role.SHOWN).values("work")
    may = (
        Work.objects.cleared("show")
        .filter(collection__studies=study, pk__in=shown_now)
        .exclude(medium=Work.Medium.ABSENT)
        .exclude(examples__criterion__study=study)
    )
    by_prompt: dict[int, list[int]] = {}
    for prompt, pk in may.values_list("prompt", "pk"):
        by_prompt.setdefault(prompt, []).append(pk)
    least = 1 if study.form == Study.Form.RATING else 2
    enough = [works for works in by_prompt.values() if len(works) >= least]
    if not enough:
        return []
    works = random.choice(enough)  # noqa: S311 - what is shown, not a secret
    size = {"pair": 2, "rating": 1}.get(study.form, study.set_size)
    chosen = random.sample(works, min(size, len(works)))
    rows = Work.objects.select_related("prompt").in_bulk(chosen)
    return [rows[pk] for pk in chosen]


def _panes(study: Study, works: Sequence[Work]) -> list[Pane]:
    assets = {(asset.work_id, asset.role): asset for asset in Asset.objects.filter(work__in=works)}
    return [_pane(study, work, position, assets) for position, work in enumerate(works)]


def _pane(study: Study, work: Work, position: int, assets: dict[tuple[int, str], Asset]) -> Pane:
    seen = assets[work.pk, Asset.Role.SHOWN]
    size = assets.get((work.pk, Asset.Role.ORIGINAL), seen)
    url = "" if work.medium == Work.Medium.TEXT else reverse("desk_preview_work", args=[study.slug, work.public_id])
    return Pane(
        position=position,
        letter=ascii_uppercase[position],
        medium=work.medium,
        text=shown(seen.text).text,
        url=url,
        width=size.width,
        height=size.height,
        facts={name: fact for name, fact in seen.facts.items() if name not in UNTOLD},
        poster=f"{url}?part=poster" if (work.pk, Asset.Role.POSTER) in assets else "",
        strip=f"{url}?part=strip" if (work.pk, Asset.Role.STRIP) in assets else "",
    )


def _question(assignment: Assignment, criterion: Criterion) -> Question:
    size, study = assignment.comparison.size, assignment.study
    is_order = size > 2 and study.ranking == Study.Ranking.FULL
    names = [f"rank.{criterion.slug}.{position}" for position in range(size)] if is_order else []
    ranks = [Rank(name, letter, "") for name, letter in zip(names, ascii_uppercase, strict=False)]
    return Question(criterion, scales_of(assignment, criterion, {}), ranks, cannot=False, acceptable="")
