"""Works: what is judged, who made it and what it may be used for. Their content leaves in releases alone."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api.actions import content_of, forget_upload
from feedback.api.asking import OneOf, Rows, said_in
from feedback.api.bulk import AddedSerializer, ManyRows, adding, collection_of, rows_of
from feedback.api.models import Upload
from feedback.api.paging import page_of, shape_of
from feedback.api.problems import MEDIA_TYPE, Problem, ProblemSerializer
from feedback.api.uploads import SHA256
from feedback.api.view import StudyView
from feedback.intake.additions import add_works
from feedback.intake.reading.folder import MEDIA
from feedback.people.models import User
from feedback.studies import access
from feedback.works.models import PURPOSES, Clearance, Work

FILTERS = {
    "id": "external_id",
    "prompt": "prompt__external_id",
    "generator": "generator__name",
    "medium": "medium",
    "sha256": "sha256",
}
MOST_FILES = 50  # of one request: they are decoded and encoded while it waits


class WhichWorks(Rows):
    """Which works, and which page of them."""

    id = serializers.CharField(max_length=200, required=False, help_text="Those of this id alone.")
    prompt = serializers.CharField(max_length=200, required=False, help_text="Those that answer this prompt alone.")
    generator = serializers.CharField(
        max_length=200, required=False, help_text="Those by generators of this name alone."
    )
    medium = OneOf(Work.Medium.choices, required=False, help_text="Those of this medium alone.")
    sha256 = serializers.RegexField(SHA256, required=False, help_text="Those of this content alone.")


class WorkSerializer(serializers.Serializer[Any]):
    """A work, who made it and what it may be used for."""

    id = serializers.CharField()
    collection = serializers.CharField()
    prompt = serializers.CharField()
    generator = serializers.CharField(help_text="Blank where a person made it.")
    generator_version = serializers.CharField()
    maker = serializers.CharField(help_text="Blank where a generator made it.")
    medium = serializers.ChoiceField(Work.Medium.choices)
    sha256 = serializers.CharField(help_text="Of the original content; blank where it is absent.")
    licence = serializers.CharField()
    consent = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of the row, and none of the class
    purposes = serializers.ListField(
        child=serializers.ChoiceField(PURPOSES), help_text="What it may be used for today."
    )
    metadata = serializers.DictField()


class NewWork(serializers.Serializer[Any]):
    """A work as in `works.jsonl`, its file named by checksum; keys not named here are kept as metadata."""

    id = serializers.CharField(max_length=200)
    prompt = serializers.CharField(max_length=200, help_text="The id of a prompt in the collection.")
    generator = serializers.CharField(max_length=200, required=False, help_text="This or `maker`.")
    generator_version = serializers.CharField(max_length=200, required=False)
    maker = serializers.CharField(max_length=200, required=False)
    text = serializers.CharField(max_length=200_000, required=False, help_text="This, `file` or `content`.")
    file = serializers.RegexField(SHA256, required=False, help_text="The sha256 of a whole upload of yours.")
    content = serializers.ChoiceField(["absent"], required=False)
    licence = serializers.CharField(max_length=200, required=False, help_text="An SPDX expression.")
    consent = serializers.CharField(max_length=2_000, required=False)
    source = serializers.CharField(max_length=2_000, required=False)  # type: ignore[assignment]  # likewise
    purposes = serializers.ListField(child=serializers.ChoiceField(PURPOSES), required=False)


class NewWorks(ManyRows):
    """Works to be added to a collection of the study."""

    works = rows_of(NewWork)


class Works(StudyView):
    """The works of a study."""

    asks = {"GET": WhichWorks}
    scopes = {"GET": "read", "POST": "write"}
    roles = {"POST": (access.LEAD,)}

    @extend_schema(responses=shape_of(WorkSerializer))
    def get(self, request: Request, **_: Any) -> Response:
        """The works of the study, oldest first."""
        works = Work.objects.filter(collection__studies=self.study)
        for name, column in FILTERS.items():
            if name in self.asked:
                works = works.filter((column, self.asked[name]))
        related = works.select_related("collection", "prompt", "generator")
        standing = Prefetch("clearances", Clearance.objects.live(), to_attr="standing")
        return Response(page_of(related.prefetch_related(standing), self.asked, request, lambda page: map(_told, page)))

    @extend_schema(
        request=NewWorks,
        responses={200: AddedSerializer, (409, MEDIA_TYPE): ProblemSerializer, (422, MEDIA_TYPE): ProblemSerializer},
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Add works, all or none, checked as an import checks them.

        Works that are there with the same content, maker and rights stay, so that the same request may be sent again;
        told otherwise of the same id is a 409.
        """
        said = said_in(request, NewWorks)
        collection = collection_of(self.study, said.get("collection", ""))
        uploads = _uploads_named(self.user, said["works"])
        with adding("works") as scratch:
            added = add_works(
                study=self.study,
                collection=collection,
                rows=said["works"],
                files=_laid_out(uploads, scratch),
                scratch=scratch,
                by=self.user,
            )
        for upload in uploads:
            forget_upload(upload=upload)
        return Response({"added": added.added, "unchanged": added.unchanged, "warnings": added.warnings})


def _uploads_named(user: User, rows: Sequence[dict[str, Any]]) -> list[Upload]:
    """The whole uploads that the rows name."""
    named = {row["file"] for row in rows if isinstance(row.get("file"), str)}
    if len(named) > MOST_FILES:
        raise Problem(
            422, f"{len(named)} files are named.", where="works", remedy=f"Name at most {MOST_FILES} in one request."
        )
    return [one for one in Upload.objects.filter(user=user, sha256__in=named).order_by("pk") if one.is_whole]


def _laid_out(uploads: Iterable[Upload], scratch: Path) -> dict[str, str]:
    """The uploads as files under the media folder; their names by checksum."""
    (scratch / MEDIA).mkdir()
    names = {}
    for upload in uploads:
        names[upload.sha256] = f"{upload.sha256}{Path(upload.name).suffix.lower()}"
        with (scratch / MEDIA / names[upload.sha256]).open("wb") as file:
            file.writelines(content_of(upload))
    return names


def _told(work: Any) -> dict[str, Any]:
    clearance = work.standing[0] if work.standing else None
    return {
        "id": work.external_id,
        "collection": work.collection.slug,
        "prompt": work.prompt.external_id,
        "generator": work.generator.name if work.generator else "",
        "generator_version": work.generator.version if work.generator else "",
        "maker": work.maker,
        "medium": work.medium,
        "sha256": work.sha256,
        "licence": clearance.licence if clearance else "",
        "consent": clearance.consent if clearance else "",
        "source": clearance.source if clearance else "",
        "purposes": [one for one in PURPOSES if clearance and not clearance.lacks(one)],
        "metadata": work.metadata,
    }
