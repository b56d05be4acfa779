"""Fits: which model was run on which judgements, and what came out."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api.asking import OneOf, Rows
from feedback.api.paging import page_of, shape_of
from feedback.api.view import StudyView
from feedback.datasets.reading.leaving import Named
from feedback.results.models import Estimate, Fit

KEPT = ("level", "model", "settings", "code_version", "judgements", "tie", "position", "position_error", "fitted_at")


class WhichFits(Rows):
    """Which fits, and which page of them."""

    criterion = serializers.SlugField(max_length=100, required=False, help_text="Of this criterion alone.")
    level = OneOf(Fit.Level.choices, required=False, help_text="Of works or of generators alone.")


class FitSerializer(serializers.Serializer[Any]):
    """One run of a model on one criterion."""

    number = serializers.IntegerField()
    criterion = serializers.CharField()
    criterion_version = serializers.IntegerField()
    level = serializers.ChoiceField(Fit.Level.choices)
    model = serializers.CharField()
    settings = serializers.DictField()
    code_version = serializers.CharField()
    judgements = serializers.IntegerField(help_text="How many it saw.")
    tie = serializers.FloatField(allow_null=True)
    position = serializers.FloatField(allow_null=True, help_text="Logits added to the work shown first.")
    position_error = serializers.FloatField(allow_null=True)
    fitted_at = serializers.DateTimeField()


class EstimateSerializer(serializers.Serializer[Any]):
    """A strength in logits; compares with those of the same part alone."""

    work = serializers.CharField(allow_null=True)
    prompt = serializers.CharField(allow_null=True)
    generator = serializers.CharField(allow_null=True)
    version = serializers.CharField(allow_null=True, help_text="The generator's.")
    value = serializers.FloatField()
    standard_error = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    judgements = serializers.IntegerField()
    part = serializers.IntegerField()


class FitWithEstimates(FitSerializer):
    """One run of a model, and the strengths that came out."""

    estimates = EstimateSerializer(many=True)


class Fits(StudyView):
    """The fits of a study."""

    asks = {"GET": WhichFits}

    @extend_schema(responses=shape_of(FitSerializer))
    def get(self, request: Request, **_: Any) -> Response:
        """The fits of the study, newest first."""
        fits = Fit.objects.filter(study=self.study).select_related("criterion")
        if "criterion" in self.asked:
            fits = fits.filter(criterion__slug=self.asked["criterion"])
        if "level" in self.asked:
            fits = fits.filter(level=self.asked["level"])
        return Response(page_of(fits, self.asked, request, lambda page: map(_told, page), newest_first=True))


class OneFit(StudyView):
    """A fit."""

    @extend_schema(responses=FitWithEstimates)
    def get(self, _request: Request, number: int, **_: Any) -> Response:
        """The fit with its estimates, part by part and the best first."""
        fit = Fit.objects.filter(study=self.study, pk=number).select_related("criterion").first()
        if fit is None:
            raise Http404
        named = Named(self.study.collections.count())
        rows = fit.estimates.select_related("work__collection", "work__prompt", "generator")
        estimates = [_estimate(row, named) for row in rows.order_by("component", "-value", "pk")]
        return Response(_told(fit) | {"estimates": estimates})


def _told(fit: Fit) -> dict[str, Any]:
    about = {"number": fit.pk, "criterion": fit.criterion.slug, "criterion_version": fit.criterion.version}
    return about | {name: getattr(fit, name) for name in KEPT}


def _estimate(row: Estimate, named: Named) -> dict[str, Any]:
    work, generator = row.work, row.generator
    return {
        "work": named(work.collection.slug, work.external_id) if work else None,
        "prompt": named(work.collection.slug, work.prompt.external_id) if work else None,
        "generator": generator.name if generator else None,
        "version": generator.version if generator else None,
        "value": row.value,
        "standard_error": row.standard_error,
        "low": row.low,
        "high": row.high,
        "judgements": row.judgements,
        "part": row.component,
    }
