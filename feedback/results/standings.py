"""The newest fits, as the lead's page and the command line tell them."""

import itertools
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.crypto import salted_hmac

from feedback.judging.models import Submission
from feedback.people.models import Rater
from feedback.results.models import Estimate, Fit
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Criterion, Study

NORMAL_95 = statistics.NormalDist().inv_cdf(0.975)


def newest_fits(study: Study) -> dict[tuple[int, str], Fit]:
    """The last fit of each criterion and level."""
    last = Fit.objects.filter(study=study).values("criterion", "level").annotate(last=Max("id")).values("last")
    return {(fit.criterion_id, fit.level): fit for fit in Fit.objects.filter(pk__in=last)}


def stale_studies() -> Sequence[Study]:
    """Open or closed studies with more submissions than their last fit had seen."""
    given = (
        Submission.objects.filter(study=OuterRef("pk")).order_by().values("study").annotate(number=Count("pk"))
    ).values("number")
    fitted = Fit.objects.filter(study=OuterRef("pk")).order_by("-id").values("submissions")[:1]
    return [
        study
        for study in Study.objects.annotate(
            given=Coalesce(Subquery(given), 0), fitted=Coalesce(Subquery(fitted), 0)
        ).order_by("id")
        if study.given > study.fitted
    ]


def as_json(study: Study) -> dict[str, Any]:
    """The newest fits of a study by external ids; values in logits, mean zero in each connected part."""
    fits = newest_fits(study)
    return {"study": study.slug, "criteria": [_criterion(criterion, fits) for criterion in criteria_of(study)]}


def _criterion(criterion: Criterion, fits: dict[tuple[int, str], Fit]) -> dict[str, Any]:
    works, generators = fits.get((criterion.pk, Fit.Level.WORKS)), fits.get((criterion.pk, Fit.Level.GENERATORS))
    return {
        "criterion": criterion.slug,
        "judgements": works.judgements if works else 0,
        "position": _position(works),
        "generators": [
            {"generator": row.generator.name, "version": row.generator.version} | _numbers(row)
            for row in estimates_of(generators)
            if row.generator
        ],
        "works": [
            {"work": row.work.external_id, "prompt": row.work.prompt.external_id} | _numbers(row)
            for row in estimates_of(works)
            if row.work
        ],
    }


def _position(fit: Fit | None) -> dict[str, float] | None:
    """What being shown first adds, in logits; None where the order was not drawn here, or sets were judged."""
    if fit is None or fit.position is None or fit.position_error is None:
        return None
    return {"value": round(fit.position, 6), "standard_error": round(fit.position_error, 6)}


def estimates_of(fit: Fit | None) -> Iterable[Estimate]:
    """Part by part, best first."""
    if fit is None:
        return []
    return fit.estimates.select_related("generator", "work__prompt").order_by("component", "-value", "id")


def _numbers(row: Estimate) -> dict[str, float | int]:
    return {
        "value": round(row.value, 6),
        "standard_error": round(row.standard_error, 6),
        "low": round(row.low, 6),
        "high": round(row.high, 6),
        "judgements": row.judgements,
        "component": row.component,
    }


@dataclass(frozen=True)
class Row:
    """A generator on a leaderboard."""

    label: str
    estimate: Estimate
    tied_above: bool
    tied_below: bool


@dataclass(frozen=True)
class Board:
    """One criterion's leaderboard. Parts are not compared with one another."""

    criterion: Criterion
    fit: Fit | None
    rows: list[Row]
    sentence: str

    @property
    def position(self) -> tuple[float, float, float] | None:
        """What being shown first adds, with its 95 % interval, in logits."""
        if self.fit is None or self.fit.position is None or self.fit.position_error is None:
            return None
        half = NORMAL_95 * self.fit.position_error
        return self.fit.position, self.fit.position - half, self.fit.position + half

    @property
    def parts(self) -> int:
        return len({row.estimate.component for row in self.rows})


def leaderboards(study: Study, *, named: bool) -> list[Board]:
    """Generators by criterion, best first; without names where the reader rates in the study."""
    fits = newest_fits(study)
    return [
        _board(criterion, fits.get((criterion.pk, Fit.Level.GENERATORS)), named) for criterion in criteria_of(study)
    ]


def _board(criterion: Criterion, fit: Fit | None, named: bool) -> Board:
    estimates = list(estimates_of(fit))
    labels = [str(one.generator) for one in estimates] if named else _hidden(criterion, estimates)
    overlaps = [_overlap(one, other) for one, other in itertools.pairwise(estimates)]
    rows = [
        Row(label, one, tied_above, tied_below)
        for label, one, tied_above, tied_below in zip(
            labels, estimates, [False, *overlaps], [*overlaps, False], strict=False
        )
    ]
    return Board(criterion, fit, rows, _sentence(rows))


def _hidden(criterion: Criterion, estimates: list[Estimate]) -> list[str]:
    """Numbers in place of names: the same on every criterion of a study, and in no order that could be guessed."""

    def secret(one: Estimate) -> str:
        return salted_hmac(f"salon.hidden.{criterion.study_id}", str(one.generator_id), algorithm="sha256").hexdigest()

    numbers = {one.pk: number for number, one in enumerate(sorted(estimates, key=secret), start=1)}
    return [f"Generator {numbers[one.pk]}" for one in estimates]


def _overlap(one: Estimate, other: Estimate) -> bool:
    return one.component == other.component and one.low <= other.high and other.low <= one.high


def _sentence(rows: list[Row]) -> str:
    """Who leads: everybody whose interval overlaps that of the first."""
    if not rows:
        return "Nothing to rank yet."
    if len({row.estimate.component for row in rows}) > 1:
        return "These generators were never compared with all of the others: each part stands alone."
    first = rows[0].estimate
    leaders = [row.label for row in rows if _overlap(first, row.estimate)]
    if len(leaders) == len(rows):
        return "Nobody leads yet: all intervals overlap."
    if len(leaders) == 1:
        return f"{leaders[0]} leads."
    if len(leaders) <= 3:
        return f"{', '.join(leaders[:-1])} and {leaders[-1]} lead; their intervals overlap."
    return f"{leaders[0]} and {len(leaders) - 1} others lead; their intervals overlap."


@dataclass(frozen=True)
class PanelRow:
    """How far a rater is."""

    name: str
    kind: str
    done: int
    seconds: float | None
    last: datetime | None


def panel_of(study: Study) -> list[PanelRow]:
    """Everybody who rates, with what they judged and their median time for it; the busiest first."""
    members = Rater.objects.filter(user__memberships__study=study, user__memberships__role="rater")
    at_work = Rater.objects.filter(assignments__study=study)
    here = Q(assignments__study=study, assignments__latest__kind=Submission.Kind.ANSWER)
    raters = (
        Rater.objects.filter(Q(pk__in=members.values("pk")) | Q(pk__in=at_work.values("pk")))
        .select_related("user")
        .annotate(done=Count("assignments", filter=here), last=Max("assignments__latest__at", filter=here))
    )
    seconds = _median_seconds(study)
    panel = [PanelRow(str(rater), rater.kind, rater.done, seconds.get(rater.pk), rater.last) for rater in raters]
    return sorted(panel, key=lambda row: (-row.done, row.name))


def _median_seconds(study: Study) -> dict[int, float]:
    rows = (
        Submission.objects.filter(study=study, latest_of__isnull=False, dwell_ms__isnull=False)
        .values_list("assignment__rater", "dwell_ms")
        .order_by()
    )
    times: dict[int, list[int]] = defaultdict(list)
    for rater, dwell in rows.iterator():
        times[rater].append(cast("int", dwell))
    return {rater: statistics.median(dwells) / 1000 for rater, dwells in times.items()}
