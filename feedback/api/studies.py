"""Studies: those that the user leads or builds from."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api.asking import Rows
from feedback.api.paging import page_of, shape_of, told_as
from feedback.api.view import BOTH, ApiView, StudyView
from feedback.results.standings import as_json
from feedback.studies.models import Criterion, Membership, Study


class CriterionSerializer(serializers.Serializer[Any]):
    """A quality that works are judged by."""

    slug = serializers.CharField()
    version = serializers.IntegerField(help_text="Which wording.")
    name = serializers.CharField()
    definition = serializers.CharField()
    strong = serializers.CharField(help_text="What a strong work does.")
    weak = serializers.CharField(help_text="What a weak work does.")


class StudySerializer(serializers.Serializer[Any]):
    """One question put to a panel."""

    slug = serializers.CharField()
    title = serializers.CharField()
    brief = serializers.CharField()
    form = serializers.ChoiceField(Study.Form.choices)
    set_size = serializers.IntegerField()
    scale = serializers.ChoiceField(Study.Scale.choices)
    ranking = serializers.ChoiceField(Study.Ranking.choices)
    overlap = serializers.IntegerField(help_text="How many raters judge each comparison.")
    state = serializers.ChoiceField(["draft", "open", "closed"])
    opened_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    criteria = CriterionSerializer(many=True)
    roles = serializers.ListField(child=serializers.CharField(), help_text="What you are in it.")


class Studies(ApiView):
    """The studies that you lead or build from."""

    asks = {"GET": Rows}

    @extend_schema(responses=shape_of(StudySerializer))
    def get(self, request: Request) -> Response:
        """The studies that you lead or build from."""
        mine = Membership.objects.filter(study=OuterRef("pk"), user=self.user, role__in=BOTH)
        studies = Study.objects.filter(Exists(mine)).prefetch_related(*_with(self.user.pk))
        return Response(page_of(studies, self.asked, request, _told))


class OneStudy(StudyView):
    """A study."""

    names = False

    @extend_schema(responses=StudySerializer)
    def get(self, _request: Request, **_: Any) -> Response:
        """The study, its criteria and what you are in it."""
        found = Study.objects.prefetch_related(*_with(self.user.pk)).get(pk=self.study.pk)
        return Response(next(iter(_told([found]))))


class Standings(StudyView):
    """The newest fits by name."""

    @extend_schema(responses={200: {"type": "object", "required": ["study", "criteria"], "additionalProperties": True}})
    def get(self, _request: Request, **_: Any) -> Response:
        """The newest fits of the study, as `manage.py fit --json` prints them."""
        return Response(as_json(self.study))


def _with(user: int) -> "tuple[Prefetch[Any], Prefetch[Any]]":
    return (
        Prefetch("criteria", Criterion.objects.order_by("position", "id"), to_attr="qualities"),
        Prefetch("memberships", Membership.objects.filter(user=user).order_by("role"), to_attr="parts"),
    )


def _told(studies: list[Any]) -> Iterable[dict[str, Any]]:
    for study in studies:
        roles = [membership.role for membership in study.parts]
        told = told_as(StudySerializer, study, besides=("criteria", "roles"))
        yield told | {"criteria": [told_as(CriterionSerializer, one) for one in study.qualities], "roles": roles}
