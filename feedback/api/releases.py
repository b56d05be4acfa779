"""Releases: asking for one, how far it is, and taking it away."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api.asking import OneOf, Rows, Strict, said_in
from feedback.api.builds import BuildSerializer, build_told
from feedback.api.paging import page_of, shape_of, told_as
from feedback.api.permissions import within
from feedback.api.problems import MEDIA_TYPE, Problem, ProblemSerializer
from feedback.api.view import BOTH, KEPT_BLIND, ApiView
from feedback.datasets.actions import ask_for_release, note_download
from feedback.datasets.asking import FORMATS, terms_for
from feedback.datasets.models import Release, ReleaseFile
from feedback.datasets.presets import PRESETS
from feedback.datasets.rows import VIEWS
from feedback.datasets.serving import MEDIA_TYPES, address_of, key_for, serve
from feedback.datasets.superseding import Superseded, superseded
from feedback.datasets.terms import DEFAULT_PURPOSE, LEAVES_FOR, MEDIA, SPLITTERS, ReleaseRefused
from feedback.people.models import User
from feedback.studies import access
from feedback.studies.models import Study

ALL_FORMATS = sorted({*FORMATS, *(name for preset in PRESETS.values() for name in preset.formats)})
GONE = {(410, MEDIA_TYPE): ProblemSerializer}
FILE_TYPES = sorted({name.partition(";")[0] for name in (*MEDIA_TYPES.values(), "application/octet-stream")})
RANGED = GONE | {304: None, 412: None, 416: None}


class ReleaseAsked(Strict):
    """What a release is to hold; what goes together is said in the page of presets."""

    studies = serializers.ListField(child=serializers.SlugField(max_length=100), min_length=1, max_length=100)
    views = serializers.ListField(child=OneOf(sorted(VIEWS)), required=False, max_length=20)
    preset = OneOf(sorted(PRESETS), required=False)
    format = OneOf(ALL_FORMATS, required=False, help_text="The preset's own, or jsonl, unless told.")
    criterion = serializers.SlugField(max_length=100, required=False, help_text="This one alone.")
    purpose = OneOf(LEAVES_FOR, default=DEFAULT_PURPOSE, help_text="Only works cleared for it leave.")
    split = OneOf(SPLITTERS, default=SPLITTERS[0])
    min_judgements = serializers.IntegerField(min_value=1, max_value=10_000, default=1)
    margin = serializers.BooleanField(default=False, help_text="Fitted on the training split alone.")
    rationales = serializers.BooleanField(default=False, help_text="Of raters who agreed to share them.")
    media = OneOf(MEDIA, required=False)
    since = serializers.UUIDField(required=False, help_text="A release whose rows need no repeating.")


class WhichReleases(Rows):
    """Which releases, and which page of them."""

    study = serializers.SlugField(max_length=100, required=False, help_text="Of this study alone.")


class ReleaseSerializer(serializers.Serializer[Any]):
    """A frozen, versioned set of files."""

    id = serializers.UUIDField()
    version = serializers.CharField(help_text="MAJOR.MINOR.PATCH in its series.")
    studies = serializers.ListField(child=serializers.CharField())
    terms = serializers.DictField(help_text="What was asked for.")
    rows = serializers.IntegerField()
    content_sha256 = serializers.CharField(help_text="Of its rows, whatever the format.")
    code_version = serializers.CharField()
    frozen_at = serializers.DateTimeField()
    archive = serializers.URLField(help_text="All its files in one zip.")
    archive_bytes = serializers.IntegerField()
    archive_sha256 = serializers.CharField()
    file_name = serializers.CharField()
    superseded_at = serializers.DateTimeField(allow_null=True, help_text="Since when it is served no more.")
    superseded_why = serializers.CharField(help_text="What was taken back, and what to take instead.")


class FileSerializer(serializers.Serializer[Any]):
    """A file of a release."""

    path = serializers.CharField()
    view = serializers.CharField()
    split = serializers.CharField()
    criterion = serializers.CharField()
    rows = serializers.IntegerField(allow_null=True)
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    url = serializers.URLField(
        allow_null=True,
        help_text="Opens it to whoever has this link, in your name, for a week; null where it is in the archive alone.",
    )


class Releases(ApiView):
    """The releases that you may have."""

    asks = {"GET": WhichReleases}
    scopes = {"GET": "read", "POST": "export"}
    spends = {"POST": "building"}

    @extend_schema(responses=shape_of(ReleaseSerializer))
    def get(self, request: Request) -> Response:
        """The releases that you may have, newest first; superseded ones say so."""
        releases = releases_for(self.user)
        if "study" in self.asked:
            releases = releases.filter(studies__slug=self.asked["study"])

        def told(page: list[Release]) -> list[dict[str, Any]]:
            gone = superseded(page)
            return [_told(one, gone.get(one.pk), request) for one in page]

        return Response(page_of(releases, self.asked, request, told, newest_first=True))

    @extend_schema(
        request=ReleaseAsked,
        responses={202: BuildSerializer, (422, MEDIA_TYPE): ProblemSerializer, (404, MEDIA_TYPE): ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Ask for a release; it is built in the background. Asked again while it is under way it is the same build."""
        said = said_in(request, ReleaseAsked)
        studies = _studies_named(self.user, said.pop("studies"))
        since = said.pop("since", None)
        earlier = releases_for(self.user).filter(public_id=since).first() if since else None
        if since and earlier is None:
            raise Problem(404, "There is no such release for you.", where="since")
        try:
            build = ask_for_release(terms=terms_for(studies=studies, since=earlier, **said), by=self.user)
        except ReleaseRefused as refused:
            raise Problem(422, str(refused), remedy="Ask for what there is.") from None
        told = build_told(build, request)
        return Response(told, 202, headers={"Location": told["url"]})


class OneRelease(ApiView):
    """A release."""

    @extend_schema(responses=ReleaseSerializer)
    def get(self, request: Request, public_id: uuid.UUID) -> Response:
        """The release: its terms, its size, and whether it is superseded."""
        release = _one(self.user, public_id)
        return Response(_told(release, superseded([release]).get(release.pk), request))


class ReleaseFiles(ApiView):
    """The files of a release."""

    asks = {"GET": Rows}
    scopes = {"GET": "export"}

    @extend_schema(responses={200: shape_of(FileSerializer)} | GONE)
    def get(self, request: Request, public_id: uuid.UUID) -> Response:
        """The files of the release with their checksums and links."""
        release = _served(self.user, public_id)
        key = key_for(release, self.user)
        files = ReleaseFile.objects.filter(release=release)

        def told(page: list[ReleaseFile]) -> list[dict[str, Any]]:
            return [_file(one, address_of(release, one.path, key=key)) for one in page]

        return Response(page_of(files, self.asked, request, told))


class OneReleaseFile(ApiView):
    """A file of a release."""

    scopes = {"GET": "export"}

    @extend_schema(
        parameters=[OpenApiParameter("path", OpenApiTypes.STR, OpenApiParameter.PATH, description="Of the file.")],
        responses={(status, *FILE_TYPES): OpenApiTypes.BINARY for status in (200, 206)} | RANGED,
    )
    def get(self, request: Request, public_id: uuid.UUID, path: str) -> HttpResponseBase:
        """The file: with its length and ETag, whole or by one range of bytes."""
        release = _served(self.user, public_id)
        file = release.files.filter(path=path, offset__isnull=False).first()
        if file is None:
            raise Http404
        return _handed_out(request, self.user, release, file)


class ReleaseArchive(ApiView):
    """All files of a release in one zip."""

    scopes = {"GET": "export"}

    @extend_schema(
        responses={(status, "application/zip"): OpenApiTypes.BINARY for status in (200, 206)} | RANGED,
    )
    def get(self, request: Request, public_id: uuid.UUID) -> HttpResponseBase:
        """The release as one zip: with its length and ETag, whole or by one range of bytes."""
        return _handed_out(request, self.user, _served(self.user, public_id))


def _handed_out(request: Request, user: User, release: Release, file: ReleaseFile | None = None) -> HttpResponseBase:
    """The bytes; taking them away from the first is noted."""
    response = serve(request._request, release, file)  # noqa: SLF001 - Django's own request
    begins = response.status_code == 200 or response.headers.get("Content-Range", "").startswith("bytes 0-")
    if begins and request.method == "GET":
        note_download(release=release, by=user)
    return response


def releases_for(user: User) -> "QuerySet[Release]":
    """The stored releases of which the user may have every study."""
    return within(Release.objects.stored(), user)


def _one(user: User, public_id: uuid.UUID) -> Release:
    release = releases_for(user).filter(public_id=public_id).first()
    if release is None:
        raise Http404
    return release


def _served(user: User, public_id: uuid.UUID) -> Release:
    release = _one(user, public_id)
    if gone := superseded([release]).get(release.pk):
        raise Problem(
            410, f"This release is superseded: {gone.why}.", remedy="Build it again: the new one holds the rest."
        )
    return release


def _studies_named(user: User, slugs: list[str]) -> list[Study]:
    studies = []
    for number, slug in enumerate(slugs):
        study = access.study_of_member(user, slug, *BOTH)
        if study is None:
            raise Problem(404, f"There is no study {slug!r} for you.", where=f"studies[{number}]")
        if not access.sees_names(user, study):
            raise Problem(403, KEPT_BLIND, where=f"studies[{number}]")
        studies.append(study)
    return studies


def _told(release: Release, gone: Superseded | None, request: Request) -> dict[str, Any]:
    same = ("version", "terms", "rows", "content_sha256", "code_version", "frozen_at", "archive_bytes")
    return {name: getattr(release, name) for name in (*same, "archive_sha256", "file_name")} | {
        "id": str(release.public_id),
        "studies": release.terms["studies"],
        "archive": request.build_absolute_uri(reverse("api_release_archive", args=[release.public_id])),
        "superseded_at": gone.at if gone else None,
        "superseded_why": gone.why if gone else "",
    }


def _file(file: ReleaseFile, url: str) -> dict[str, Any]:
    return told_as(FileSerializer, file, besides=["url"]) | {"url": url if file.offset is not None else None}
