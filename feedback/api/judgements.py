"""Judgements as they were given, page by page or all of them as one stream of lines."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter
from typing import IO, Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.crypto import salted_hmac
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api.actions import note_reading
from feedback.api.asking import OneOf, Rows, Strict, said_in
from feedback.api.machines import MachineJudgements, TakenSerializer, taken
from feedback.api.paging import page_of, shape_of
from feedback.api.problems import MEDIA_TYPE, Problem, ProblemSerializer
from feedback.api.view import StudyView
from feedback.datasets.lines import line, moment, stable_id
from feedback.datasets.reading.leaving import Named
from feedback.judging.models import Entry, Judgement
from feedback.people.models import Rater
from feedback.snapshot import snapshot
from feedback.studies import access
from feedback.studies.models import Study

AT_ONCE = 2_000
CHUNK = 1 << 16
COMPARISON = "submission__assignment__comparison"
FIELDS = (
    COMPARISON,
    "criterion__slug",
    "criterion__version",
    "outcome",
    "ranks",
    "strength",
    "score",
    "acceptable",
    "submission__assignment__public_id",
    "submission__assignment__shown_order",
    "submission__assignment__rater__public_id",
    "submission__assignment__rater__kind",
    f"{COMPARISON}__purpose",
    f"{COMPARISON}__prompt__collection__slug",
    f"{COMPARISON}__prompt__external_id",
    "submission__at",
    "submission__number",
    "submission__dwell_ms",
    "submission__late",
    "submission__extra",
)


class Which(Strict):
    """Which judgements."""

    criterion = serializers.SlugField(max_length=100, required=False, help_text="On this criterion alone.")
    outcome = OneOf(Judgement.Outcome.choices, required=False, help_text="With this outcome alone.")


class WhichRows(Which, Rows):
    """Which judgements, and which page of them."""


class JudgementSerializer(serializers.Serializer[Any]):
    """One answer on one criterion; everything in the order in which the works were shown."""

    judgement_id = serializers.CharField(help_text="The same as in releases.")
    prompt = serializers.CharField()
    works = serializers.ListField(child=serializers.CharField(), help_text="In the order shown.")
    criterion = serializers.CharField()
    criterion_version = serializers.IntegerField()
    outcome = serializers.ChoiceField(Judgement.Outcome.choices)
    ranks = serializers.ListField(
        child=serializers.IntegerField(), allow_null=True, help_text="Aligned with `works`; 1 is best, equal is a tie."
    )
    strength = serializers.IntegerField(allow_null=True, help_text="-3 to 3: positive favours the first of `works`.")
    score = serializers.FloatField(allow_null=True)
    acceptable = serializers.ListField(
        child=serializers.BooleanField(allow_null=True), allow_null=True, help_text="Aligned with `works`."
    )
    rater = serializers.CharField(help_text="A pseudonym that holds within this study's API alone.")
    rater_kind = serializers.ChoiceField(Rater.Kind.choices)
    purpose = serializers.CharField(help_text="Why it was asked.")
    judged_at = serializers.DateTimeField()
    number = serializers.IntegerField(help_text="Which submission of the rater on this comparison it is.")
    dwell_ms = serializers.IntegerField(allow_null=True)
    late = serializers.BooleanField()
    extra = serializers.BooleanField()


class Judgements(StudyView):
    """The live judgements of a study, oldest first."""

    asks = {"GET": WhichRows}
    scopes = {"GET": "export", "POST": "write"}
    roles = {"POST": (access.LEAD,)}

    @extend_schema(responses=shape_of(JudgementSerializer))
    def get(self, request: Request, **_: Any) -> Response:
        """The live judgements of the study, in the order of their arrival."""
        rows = _chosen(self.study, self.asked)

        def told(page: list[Judgement]) -> list[dict[str, Any]]:
            values = Judgement.objects.filter(pk__in=[row.pk for row in page]).order_by("pk").values_list(*FIELDS)
            found = list(values)
            works = dict(_works(self.study, Entry.objects.filter(comparison__in={one[0] for one in found})))
            teller = Teller(self.study)
            return [teller.told(one, works[one[0]]) for one in found]

        return Response(page_of(rows.only("pk"), self.asked, request, told))

    @extend_schema(
        request=MachineJudgements,
        responses={200: TakenSerializer, (409, MEDIA_TYPE): ProblemSerializer, (422, MEDIA_TYPE): ProblemSerializer},
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Add what a machine judged, all or none, checked as an import checks it; it counts in no score.

        A machine answers on a set of works once, on all its criteria together. The same request may be sent again;
        told otherwise it is a 409.
        """
        said = said_in(request, MachineJudgements)
        return Response(taken(self.study, said, by=self.user))


class JudgementLines(StudyView):
    """The live judgements of a study as JSON lines."""

    asks = {"GET": Which}
    scopes = {"GET": "export"}
    spends = {"GET": "streaming"}

    @extend_schema(responses={(200, "application/x-ndjson"): OpenApiTypes.STR})
    def get(self, request: Request, **_: Any) -> HttpResponseBase:
        """All live judgements of the study as they stand at one moment, one JSON object a line, comparison by comparison.

        Content-Length is told beforehand: a stream that was cut off is not taken for whole.
        """
        note_reading(study=self.study, by=self.user, what="judgements")
        with ExitStack() as closing:
            spooled = closing.enter_context(tempfile.TemporaryFile())
            with snapshot():
                count = sum(1 for row in lines_of(self.study, self.asked) if spooled.write(line(row)))
            closing.pop_all()  # whoever sends it closes it
        return _sent(request, spooled, count)


class Spooled:
    """A file that was written for one answer: read to its end or given up, it is closed."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        with self.file:
            while chunk := self.file.read(CHUNK):
                yield chunk

    def close(self) -> None:
        self.file.close()


def _sent(request: Request, spooled: IO[bytes], count: int) -> HttpResponseBase:
    headers = {"Content-Length": str(spooled.tell()), "X-Rows": str(count)}
    spooled.seek(0)
    if request.method == "HEAD":
        spooled.close()
        return HttpResponse(content_type="application/x-ndjson", headers=headers)
    return StreamingHttpResponse(Spooled(spooled), content_type="application/x-ndjson", headers=headers)


def lines_of(study: Study, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The judgements, in three queries and little memory whatever their number: entries are read along with them."""
    teller = Teller(study)
    told = _chosen(study, asked).order_by(COMPARISON, "submission", "criterion__position", "criterion")
    works = _works(study, Entry.objects.filter(comparison__study=study))
    for comparison, rows in groupby(told.values_list(*FIELDS).iterator(AT_ONCE), key=itemgetter(0)):
        shown = next(ids for of, ids in works if of == comparison)
        for row in rows:
            yield teller.told(row, shown)


def _chosen(study: Study, asked: dict[str, Any]) -> "QuerySet[Judgement]":
    rows = Judgement.objects.live().filter(submission__study=study)
    if criterion := asked.get("criterion"):
        if not study.criteria.filter(slug=criterion).exists():
            known = ", ".join(study.criteria.order_by("position").values_list("slug", flat=True))
            raise Problem(400, f"The study has no such criterion. It has: {known}.", where="query parameter criterion")
        rows = rows.filter(criterion__slug=criterion)
    if outcome := asked.get("outcome"):
        rows = rows.filter(outcome=outcome)
    return rows


def _works(study: Study, entries: "QuerySet[Entry]") -> Iterator[tuple[int, list[str]]]:
    """Each comparison with the names of its works, in the order of the entries."""
    named = Named(study.collections.count())
    rows = entries.order_by("comparison", "index").values_list(
        "comparison", "work__collection__slug", "work__external_id"
    )
    for comparison, of in groupby(rows.iterator(AT_ONCE), key=itemgetter(0)):
        yield comparison, [named(collection, work) for _, collection, work in of]


class Teller:
    """Tells judgements of one study, its raters under names that hold here alone."""

    def __init__(self, study: Study) -> None:
        self.named = Named(study.collections.count())
        self.key = f"salon.api.raters {study.pk}"
        self.raters: dict[Any, str] = {}

    def told(self, row: tuple[Any, ...], works: list[str]) -> dict[str, Any]:
        _, criterion, version, outcome, ranks, strength, score, acceptable, assignment, order, rater, *rest = row
        kind, purpose, collection, prompt, at, number, dwell_ms, late, extra = rest
        return {
            "judgement_id": stable_id("judgement", assignment.hex, number, criterion, version),
            "prompt": self.named(collection, prompt),
            "works": _in(order, works),
            "criterion": criterion,
            "criterion_version": version,
            "outcome": outcome,
            "ranks": _in(order, ranks),
            "strength": -strength if strength and order[0] != 0 else strength,
            "score": score,
            "acceptable": _in(order, acceptable),
            "rater": self._pseudonym(rater.hex),
            "rater_kind": kind,
            "purpose": purpose,
            "judged_at": moment(at),
            "number": number,
            "dwell_ms": dwell_ms,
            "late": late,
            "extra": extra,
        }

    def _pseudonym(self, rater: str) -> str:
        if rater not in self.raters:
            self.raters[rater] = salted_hmac(self.key, rater, algorithm="sha256").hexdigest()[:32]
        return self.raters[rater]


def _in(order: list[int], values: Iterable[Any] | None) -> list[Any] | None:
    """The values turned from the order of the entries to that shown."""
    if values is None:
        return None
    listed = list(values)
    return [listed[index] for index in order]
