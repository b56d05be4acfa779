"""What the page is made from, read from stored rows in a constant number of queries, however large the study is."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import orjson
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.crypto import salted_hmac

from feedback.people.models import Rater
from feedback.results.dashboard.charts.timeline import MOST_DRAWN
from feedback.results.dashboard.facts import OVERALL, Facts, Json, Names, facts_of
from feedback.results.dashboard.live import board_now, moved, with_board
from feedback.results.dashboard.sentences.faults import raters_of
from feedback.results.models import Fit, Report
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study
from feedback.works.models import Generator


@dataclass(frozen=True)
class Reading:
    """A report as it is stored, of one criterion, and the fit that has moved on since."""

    facts: Facts
    tabs: Sequence[tuple[str, str]]
    report: int | None
    made_at: datetime | None
    fit: Fit | None

    @property
    def judgements(self) -> int:
        """On which the board stands by now."""
        live = moved(self.fit) if self.fit else None
        return live.judgements if live else self.fit.judgements if self.fit else 0

    @property
    def version(self) -> str:
        """Changes whenever anything on the page would."""
        return f"{self.report or 0}-{stamp(self.fit)}"


def stamp(fit: Fit | None) -> str:
    """Changes whenever the fit's board would."""
    live = moved(fit) if fit else None
    return f"{fit.pk}.{live.cutoff if live else 0}" if fit else "0"


def read(study: Study, criterion: str, *, named: bool, everyone: bool = False) -> Reading:
    """What is stored of a criterion; of the first where it is not one of the study's.

    Raters have names where they stand out, or `everyone` of them.
    """
    report, made_at, told = newest_report(study)
    names = {one.slug: one.name for one in criteria_of(study)}
    if OVERALL in told["by"]:
        names[OVERALL] = "Overall"
    chosen = criterion if criterion in names else next(iter(names), "")
    fit = newest_fit(study, chosen)
    now = with_board(told, chosen, board_now(fit, _board(told, chosen)))
    unnamed = facts_of(now, chosen, Names(names), study.target)
    called = _names(study, unnamed, named=named, everyone=everyone)
    return Reading(replace(unnamed, names=called), list(names.items()), report, made_at, fit)


def newest_report(study: Study) -> tuple[int | None, datetime | None, Json]:
    """The newest report's key, when it was made, and what it tells; nothing where there is none yet."""
    text = Cast("told", TextField())
    row = Report.objects.filter(study=study).order_by("-id").values_list("pk", "made_at", text).first()
    return (row[0], row[1], orjson.loads(row[2])) if row else (None, None, {"by": {}})


def newest_fit(study: Study, criterion: str) -> Fit | None:
    """Of generators, on the criterion."""
    fits = Fit.objects.filter(study=study, criterion__slug=criterion, level=Fit.Level.GENERATORS)
    return fits.select_related("live").order_by("-id").first()


def versions(study: Study, criterion: str) -> str:
    """What `Reading.version` would be, without reading the rest."""
    report = Report.objects.filter(study=study).order_by("-id").values_list("pk", flat=True).first()
    return f"{report or 0}-{stamp(newest_fit(study, criterion))}"


def _board(told: Json, criterion: str) -> Json:
    return ((told["by"].get(criterion) or {}).get("best") or {}).get("generators") or {}


def _names(study: Study, facts: Facts, *, named: bool, everyone: bool) -> Names:
    """What the ids on the page are called; generators by number for who must not know them."""
    generators = {row["id"] for row in facts.rows}
    generators |= {node["id"] for node in facts.part("trust", "coverage").get("nodes") or []}
    generators |= {one["subject"]["generator"] for one in facts.findings if "generator" in (one.get("subject") or {})}
    raters = {row["rater"] for row in facts.raters} if everyone else _standing_out(facts)
    return Names(facts.names.criteria, called(study, generators, named=named), _raters(raters))


def _standing_out(facts: Facts) -> set[int]:
    """The raters on the page: in the matrix, with flags, machines, in a finding, or among the busiest."""
    raters = set(facts.part("differ", "matrix").get("raters") or [])
    raters |= {row["rater"] for row in facts.raters if row.get("flags")}
    raters |= {line["rater"] for line in facts.part("differ").get("machine") or []}
    raters |= {number for one in facts.findings for number in raters_of(one.get("subject") or {})}
    busiest = heapq.nlargest(MOST_DRAWN, facts.raters, key=lambda row: row.get("n") or 0)
    return raters | {row["rater"] for row in busiest}


def _raters(ids: Iterable[int]) -> dict[int, str]:
    return {pk: str(one) for pk, one in Rater.objects.select_related("user").in_bulk(ids).items()}


def called(study: Study, generators: Iterable[int], *, named: bool) -> dict[int, str]:
    """The generators by name, or by number for who must not know them."""
    if named:
        return {pk: str(one) for pk, one in Generator.objects.in_bulk(generators).items()}
    return hidden(study, generators)


def hidden(study: Study, generators: Iterable[int]) -> dict[int, str]:
    """Numbers in place of names, in no order that could be guessed."""

    def secret(pk: int) -> str:
        return salted_hmac(f"salon.hidden.{study.pk}", str(pk), algorithm="sha256").hexdigest()

    return {pk: f"Generator {number}" for number, pk in enumerate(sorted(generators, key=secret), start=1)}


def whole(study: Study, *, named: bool) -> tuple[Json | None, Names]:
    """The newest report as it is stored, and what its ids are called."""
    report, _, told = newest_report(study)
    if report is None:
        return None, Names({})
    boards = [(one.get("best") or {}).get("generators") or {} for one in told["by"].values()]
    generators = {row["id"] for board in boards for row in board.get("rows") or []}
    raters = {row["rater"] for row in told["raters"]}
    return told, Names({}, called(study, generators, named=named), _raters(raters))
