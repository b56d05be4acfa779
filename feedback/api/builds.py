"""Builds: releases that were asked for, how far they are, and what became of them."""

import uuid
from typing import Any

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api.permissions import within
from feedback.api.view import ApiView
from feedback.datasets.actions import cancel_build
from feedback.datasets.models import Build


class BuildSerializer(serializers.Serializer[Any]):
    """A request for a release, and how far it is."""

    id = serializers.UUIDField()
    url = serializers.URLField(help_text="Where to look again.")
    state = serializers.ChoiceField(Build.State.choices)
    stage = serializers.CharField(help_text="What it is at.")
    done = serializers.IntegerField(help_text="Steps of this stage that are behind it.")
    total = serializers.IntegerField(help_text="Steps of this stage; 0 is unknown.")
    seconds_left = serializers.IntegerField(allow_null=True, help_text="Of this stage at its rate so far.")
    reason = serializers.CharField(help_text="Why it failed, and the remedy.")
    release = serializers.UUIDField(allow_null=True, help_text="The release, when it is ready.")
    asked_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)


class OneBuild(ApiView):
    """A request for a release."""

    scopes = {"GET": "export", "DELETE": "export"}

    @extend_schema(responses=BuildSerializer)
    def get(self, request: Request, public_id: uuid.UUID) -> Response:
        """How far the build is, and its release when it is ready."""
        return Response(build_told(self._found(public_id), request))

    @extend_schema(responses={200: BuildSerializer})
    def delete(self, request: Request, public_id: uuid.UUID) -> Response:
        """Cancel the build; done already, nothing changes."""
        build = self._found(public_id)
        cancel_build(build=build, by=self.user)
        build.refresh_from_db()
        return Response(build_told(build, request))

    def _found(self, public_id: uuid.UUID) -> Build:
        build = within(Build.objects.select_related("release"), self.user).filter(public_id=public_id).first()
        if build is None:
            raise Http404
        return build


def build_told(build: Build, request: Request) -> dict[str, Any]:
    """The build as machines read it."""
    return {
        "id": str(build.public_id),
        "url": request.build_absolute_uri(reverse("api_build", args=[build.public_id])),
        "state": build.state,
        "stage": build.stage,
        "done": build.done,
        "total": build.total,
        "seconds_left": round(build.left.total_seconds()) if build.left is not None else None,
        "reason": build.reason,
        "release": str(build.release.public_id) if build.release else None,
        "asked_at": build.asked_at,
        "done_at": build.done_at,
    }
