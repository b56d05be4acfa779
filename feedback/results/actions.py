"""Fitting: every write about scores."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from feedback.judging.models import Submission
from feedback.results.audit.actions import keep_disputes
from feedback.results.boards import LEVEL, Boards, Ranked, boards_of
from feedback.results.boards.fitted import model_of
from feedback.results.gathering import gather
from feedback.results.measures import marks
from feedback.results.models import Estimate, Fit, Live, Report
from feedback.results.moves import changed_lately
from feedback.results.planning import plan_next
from feedback.results.reporting import report_of
from feedback.results.sample import Ints, Sample
from feedback.results.standings import changes
from feedback.results.thinning import superfluous
from feedback.rows import insert
from feedback.snapshot import snapshot
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion, Study

ESTIMATED = ("value", "standard_error", "low", "high", "judgements", "component")


@dataclass(frozen=True)
class Seen:
    """What was judged at one moment, and which moment that was."""

    sample: Sample
    criteria: Sequence[Criterion]
    marks: Mapping[str, marks.Marks]
    changes: int
    cutoff: int


def fit(*, study: Study) -> list[Fit]:
    """Fit every criterion, works within prompts and generators over prompts, and store what came out.

    Reads one snapshot, computes, and stores in one short transaction, so that raters never wait for it. What is submitted
    meanwhile makes the fit stale at once.
    """
    seen = see(study)
    boards = boards_of(seen.sample)
    with transaction.atomic():
        return _store_fits(study, seen, boards)


def refresh(*, study: Study) -> list[Fit]:
    """Fit anew, tell everything that the lead's page shows, and plan what is asked next.

    Older fits and reports are thinned out.
    """
    started = time.monotonic()
    seen = see(study)
    boards = boards_of(seen.sample)
    told = _told(study, seen, boards)
    with transaction.atomic():
        fits = _store_fits(study, seen, boards)
        Report.objects.create(
            study=study,
            cutoff=seen.cutoff,
            submissions=seen.changes,
            code_version=settings.CODE_VERSION,
            seconds=time.monotonic() - started,
            told=told,
        )
        thin(study=study)
    keep_disputes(study=study, sample=seen.sample)
    plan_next(study=study, sample=seen.sample)
    return fits


def see(study: Study) -> Seen:
    """Everything judged, in one snapshot."""
    with snapshot():
        counted = Study.objects.annotate(changes=changes()).get(pk=study.pk).changes
        cutoff = Submission.objects.filter(study=study).aggregate(last=Max("id"))["last"] or 0
        return Seen(gather(study), list(criteria_of(study)), marks.measure(study), counted, cutoff)


def _told(study: Study, seen: Seen, boards: Boards) -> dict[str, Any]:
    """The report as it is stored."""
    ranked = {slug: best.generators.board for slug, best in boards.criteria.items()}
    changed = changed_lately(study, {slug: board for slug, board in ranked.items() if board}, seen.sample.generators)
    return report_of(
        seen.sample,
        boards,
        target=study.target,
        price_hour=study.price_hour,
        marks=seen.marks,
        changed=changed,
    )


def thin(*, study: Study) -> int:
    """Leave out fits and reports that stand closer together than anybody will ask for; how many went."""
    fits = Fit.objects.filter(study=study).order_by("-id").values_list("pk", "fitted_at", "criterion", "level")
    reports = Report.objects.filter(study=study).order_by("-id").values_list("pk", "made_at")
    old = superfluous((pk, at, (criterion, level)) for pk, at, criterion, level in fits)
    gone, _ = Fit.objects.filter(pk__in=old).delete()
    more, _ = Report.objects.filter(pk__in=superfluous((pk, at, None) for pk, at in reports)).delete()
    return gone + more


@dataclass(frozen=True)
class Moved:
    """How far the strengths of a fit have moved, in logits by the id of the work or generator."""

    fit: Fit
    judgements: int
    moves: Mapping[int, float]


def keep_live(moved: Iterable[Moved], *, cutoff: int) -> None:
    """Say how far fits have moved by the submissions up to `cutoff`, all at once."""
    rows = [
        Live(
            fit=one.fit,
            cutoff=cutoff,
            judgements=one.judgements,
            moves={str(key): round(move, 5) for key, move in one.moves.items()},
        )
        for one in moved
    ]
    Live.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["fit"], update_fields=["cutoff", "judgements", "moves", "at"]
    )


def _store_fits(study: Study, seen: Seen, boards: Boards) -> list[Fit]:
    fits = []
    for criterion in seen.criteria:
        best = boards.criteria[criterion.slug]
        fits.append(_store(study, criterion, Fit.Level.WORKS, best.works, seen))
        fits.append(_store(study, criterion, Fit.Level.GENERATORS, best.generators, seen))
    return fits


def _store(study: Study, criterion: Criterion, level: str, ranked: Ranked, seen: Seen) -> Fit:
    strengths = ranked.strengths
    stored = Fit.objects.create(
        study=study,
        criterion=criterion,
        level=level,
        model=model_of(ranked.said),
        settings=_settings_of(ranked),
        code_version=settings.CODE_VERSION,
        cutoff=seen.cutoff,
        submissions=seen.changes,
        judgements=len(ranked.said),
        tie=strengths.tie if strengths else None,
        position=strengths.position if strengths else None,
        position_error=strengths.position_error if strengths else None,
    )
    works = level == Fit.Level.WORKS
    ids = seen.sample.works.ids if works else seen.sample.generators
    insert(Estimate, ("work" if works else "generator", *ESTIMATED, "fit"), _estimates(stored, ranked, ids))
    return stored


def _settings_of(ranked: Ranked) -> dict[str, Any]:
    """What the numbers depend on beside the judgements; `errors` says where they come from, part by part."""
    bands = ranked.board.bands if ranked.board else ()
    return {
        "prior_sd": settings.PRIOR_SD,
        "level": LEVEL,
        "intervals": "simultaneous within each part",
        "errors": sorted({one.spread.inflation for one in bands}),
    }


def _estimates(stored: Fit, ranked: Ranked, ids: Ints) -> Iterable[tuple[float, ...]]:
    """One row for each work or generator, its interval that of the board."""
    board = ranked.board
    if board is None:
        return ()
    ends = board.values - board.half, board.values + board.half
    columns = (ids[board.keys], board.values, board.errors, *ends, board.judgements, board.part)
    return zip(*(column.tolist() for column in columns), repeat(stored.pk))
