"""Prompts: the briefs that works answer."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api.asking import Rows, said_in
from feedback.api.bulk import AddedSerializer, ManyRows, adding, collection_of, rows_of
from feedback.api.paging import page_of, shape_of
from feedback.api.problems import MEDIA_TYPE, ProblemSerializer
from feedback.api.view import StudyView
from feedback.intake.additions import add_prompts
from feedback.studies import access
from feedback.works.models import Prompt


class WhichPrompts(Rows):
    """Which prompts, and which page of them."""

    id = serializers.CharField(max_length=200, required=False, help_text="The one of this id alone.")
    group = serializers.CharField(max_length=200, required=False, help_text="Those of this group alone.")


class PromptSerializer(serializers.Serializer[Any]):
    """A brief that a set of works answers."""

    id = serializers.CharField()
    collection = serializers.CharField()
    text = serializers.CharField()
    group = serializers.CharField(help_text="Prompts of a group stay in one split.")
    metadata = serializers.DictField()


class NewPrompt(serializers.Serializer[Any]):
    """A prompt as in `prompts.jsonl`; keys not named here are kept as metadata."""

    id = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=200_000)
    group = serializers.CharField(max_length=200, required=False, allow_null=True)


class NewPrompts(ManyRows):
    """Prompts to be added to a collection of the study."""

    prompts = rows_of(NewPrompt)


class Prompts(StudyView):
    """The prompts of a study."""

    asks = {"GET": WhichPrompts}
    scopes = {"GET": "read", "POST": "write"}
    roles = {"POST": (access.LEAD,)}

    @extend_schema(responses=shape_of(PromptSerializer))
    def get(self, request: Request, **_: Any) -> Response:
        """The prompts of the study, oldest first."""
        prompts = Prompt.objects.filter(collection__studies=self.study).select_related("collection")
        if "id" in self.asked:
            prompts = prompts.filter(external_id=self.asked["id"])
        if "group" in self.asked:
            prompts = prompts.filter(group=self.asked["group"])
        return Response(page_of(prompts, self.asked, request, lambda page: map(_told, page)))

    @extend_schema(
        request=NewPrompts,
        responses={200: AddedSerializer, (409, MEDIA_TYPE): ProblemSerializer, (422, MEDIA_TYPE): ProblemSerializer},
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Add prompts, all or none. Those that are there with the same text stay; another text is a 409."""
        said = said_in(request, NewPrompts)
        collection = collection_of(self.study, said.get("collection", ""))
        with adding("prompts") as scratch:
            added = add_prompts(
                study=self.study, collection=collection, rows=said["prompts"], scratch=scratch, by=self.user
            )
        return Response({"added": added.added, "unchanged": added.unchanged, "warnings": added.warnings})


def _told(prompt: Prompt) -> dict[str, Any]:
    return {
        "id": prompt.external_id,
        "collection": prompt.collection.slug,
        "text": prompt.text,
        "group": prompt.group,
        "metadata": prompt.metadata,
    }
