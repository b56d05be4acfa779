"""Files on their way in: begun with their checksum, sent in parts, gone on with after a cut."""

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api.actions import ElsewhereByNow, UploadRefused, add_part, begin_upload, forget_upload
from feedback.api.asking import Strict, said_in
from feedback.api.models import Upload
from feedback.api.parsing import Bytes, receive
from feedback.api.problems import MEDIA_TYPE, Problem, ProblemSerializer
from feedback.api.view import ApiView
from feedback.works.media.limits import DEFAULT_LIMITS

SHA256 = r"^[0-9a-f]{64}\Z"


class Begin(Strict):
    """What is going to be sent."""

    name = serializers.RegexField(
        r"^[^/\\\x00-\x1f]+\Z", max_length=200, help_text="Its name; only the ending is used."
    )
    bytes = serializers.IntegerField(min_value=1, max_value=DEFAULT_LIMITS.bytes)
    sha256 = serializers.RegexField(SHA256, help_text="Of all its bytes, in lower-case hex.")


class UploadSerializer(serializers.Serializer[Any]):
    """A file on its way in."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    received = serializers.IntegerField(help_text="Where the next part begins.")
    whole = serializers.BooleanField(help_text="Whether works may name it, by its sha256.")
    ends_at = serializers.DateTimeField(help_text="When it is forgotten.")


class Uploads(ApiView):
    """Files on their way in."""

    scopes = {"POST": "write"}

    @extend_schema(
        request=Begin, responses={200: UploadSerializer, 201: UploadSerializer, (409, MEDIA_TYPE): ProblemSerializer}
    )
    def post(self, request: Request) -> Response:
        """Begin to send a file. Begun before, it goes on where it was: `received` says where."""
        said = said_in(request, Begin)
        try:
            upload, new = begin_upload(user=self.user, name=said["name"], size=said["bytes"], sha256=said["sha256"])
        except UploadRefused as refused:
            raise Problem(409, refused.reason, remedy=refused.remedy) from None
        return Response(_told(upload), 201 if new else 200)


class OneUpload(ApiView):
    """A file on its way in."""

    scopes = {"GET": "write", "PATCH": "write", "DELETE": "write"}
    parser_classes = (Bytes,)

    @extend_schema(responses=UploadSerializer)
    def get(self, _request: Request, public_id: uuid.UUID) -> Response:
        """How much of the file is here."""
        return Response(_told(self._mine(public_id)))

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "Upload-Offset",
                OpenApiTypes.INT64,
                OpenApiParameter.HEADER,
                required=True,
                description="Where in the file the part begins: `received`.",
            )
        ],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: UploadSerializer, (409, MEDIA_TYPE): ProblemSerializer, (422, MEDIA_TYPE): ProblemSerializer},
    )
    def patch(self, request: Request, public_id: uuid.UUID) -> Response:
        """Send the next part. What arrived of a part that was cut off is kept; ask for `received` and go on there."""
        upload = self._mine(public_id)
        told = request.headers.get("Upload-Offset", "")
        if not (told.isascii() and told.isdigit() and len(told) < 19):
            raise Problem(400, "It must be a whole number of bytes.", where="header Upload-Offset")
        with receive(request, settings.API_PART) as (part, size):
            try:
                upload = add_part(upload=upload, offset=int(told), content=part, size=size)
            except ElsewhereByNow as elsewhere:
                raise Problem(
                    409,
                    f"The upload stands at {elsewhere.received}.",
                    where="header Upload-Offset",
                    remedy=f"Send the part that begins at {elsewhere.received}.",
                ) from None
            except UploadRefused as refused:
                raise Problem(422, refused.reason, remedy=refused.remedy) from None
        return Response(_told(upload))

    @extend_schema(responses={204: None})
    def delete(self, _request: Request, public_id: uuid.UUID) -> Response:
        """Forget what was sent of the file."""
        forget_upload(upload=self._mine(public_id))
        return Response(status=204)

    def _mine(self, public_id: uuid.UUID) -> Upload:
        upload = Upload.objects.filter(user=self.user, public_id=public_id).first()
        if upload is None:
            raise Http404
        return upload


def _told(upload: Upload) -> dict[str, Any]:
    return {
        "id": str(upload.public_id),
        "name": upload.name,
        "bytes": upload.bytes,
        "sha256": upload.sha256,
        "received": upload.received,
        "whole": upload.is_whole,
        "ends_at": upload.begun_at + settings.API_UPLOAD_LIFE,
    }
