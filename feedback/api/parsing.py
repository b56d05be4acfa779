"""Bodies, read with a limit on their size and depth before anything is made of them."""

import codecs
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO, Any

from django.conf import settings
from django.http.request import UnreadablePostError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from feedback.api.problems import Problem
from feedback.intake.reading.documents import nesting

NESTING = 32
CHUNK = 1 << 16


class StrictJSON(BaseParser):
    """One JSON document in UTF-8, without keys given twice and without numbers that JSON does not have."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], *_: Any, **_more: Any) -> Any:
        text = _text(read_at_most(stream, settings.API_BODY))
        if nesting(text, NESTING) > NESTING:
            raise Problem(400, f"The body nests deeper than {NESTING} levels.")
        try:
            return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_short)
        except json.JSONDecodeError as error:
            raise Problem(
                400, f"The body is not JSON: {error.msg}.", where=f"line {error.lineno}, column {error.colno}"
            ) from None


class JSONWhateverIsAccepted(DefaultContentNegotiation):
    """There is one representation, so Accept chooses nothing."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:  # noqa: ARG002 - REST framework's signature
        return renderers[0], renderers[0].media_type


class Bytes(BaseParser):
    """A part of a file, left unread for the view to stream."""

    media_type = "application/octet-stream"

    def parse(self, stream: IO[bytes], *_: Any, **_more: Any) -> Any:
        return stream


def read_at_most(stream: IO[bytes], most: int) -> bytes:
    """All of the stream, or a 413 as soon as it proves longer."""
    body = stream.read(most + 1)
    if len(body) > most:
        raise _too_large(most)
    return body


def _text(body: bytes) -> str:
    try:
        return body.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise Problem(400, "The body is not UTF-8.", where=f"byte {error.start}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Problem(400, "A key stands twice in one object.", where=twice[:100])
    return values


def _no_constant(text: str) -> float:
    raise Problem(400, f"{text} is not a number in JSON.")


def _short(text: str) -> int:
    if len(text) > 20:
        raise Problem(400, "A number is beyond 64 bits.", remedy="Send it as a string.")
    return int(text)


@contextmanager
def receive(request: Request, most: int) -> Iterator[tuple[IO[bytes], int]]:
    """The body on disk with its size, also where the connection was cut before its end; a 413 if it is longer."""
    body: Any = request.data  # what `Bytes` passed on; an empty mapping where there is no body
    with tempfile.TemporaryFile() as file:
        with suppress(UnreadablePostError, ConnectionError):
            while not isinstance(body, Mapping) and (chunk := body.read(CHUNK)):
                file.write(chunk)
                if file.tell() > most:
                    raise _too_large(most)
        size = file.tell()
        file.seek(0)
        yield file, size


def _too_large(most: int) -> Problem:
    return Problem(413, f"The body is over {most:,} bytes.", remedy="Send it in several requests.")
