"""The file format of GLB: a header, a chunk of JSON, a chunk of bytes."""

import json
import struct
from pathlib import Path
from typing import Any, NoReturn

from feedback.works.media.limits import MediaRefused, damaged

type Json = dict[str, Any]

_HEADER = struct.Struct("<4sII")
_CHUNK = struct.Struct("<I4s")
_MOST_JSON = 32 * 1024**2


def read(path: Path) -> tuple[Json, bytes]:
    """The document and the bytes it speaks of; raises MediaRefused if the lengths in the file do not add up."""
    data = path.read_bytes()
    if len(data) < _HEADER.size:
        raise damaged("GLB", "it ends within its header")
    _, version, length = _HEADER.unpack_from(data)
    if version != 2:
        raise MediaRefused(f"a GLB of version {version}", "export it as glTF 2.0")
    if length != len(data):
        raise damaged("GLB", f"it says it is {length:,} bytes long and is {len(data):,}")
    chunks: dict[bytes, bytes] = {}
    at = _HEADER.size
    while at + _CHUNK.size <= len(data):
        size, kind = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size
        if at + size > len(data):
            raise damaged("GLB", f"a chunk should be {at + size - len(data):,} bytes longer")
        chunks.setdefault(kind, data[at : at + size])
        at += size
    return _document(chunks.get(b"JSON", b"")), chunks.get(b"BIN\0", b"")


def _document(text: bytes) -> Json:
    if len(text) > _MOST_JSON:
        raise MediaRefused(f"a model described by {len(text):,} bytes of JSON", f"at most {_MOST_JSON:,} are taken")
    try:
        document = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise damaged("GLB", f"its JSON: {error}") from error
    if not isinstance(document, dict):
        raise damaged("GLB", "its JSON is no object")
    return document


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def written(document: Json, binary: bytes) -> bytes:
    """The file that says so: keys in order, no space between them."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    parts = [(b"JSON", text + b" " * (-len(text) % 4)), (b"BIN\0", binary + bytes(-len(binary) % 4))]
    body = b"".join(_CHUNK.pack(len(part), kind) + part for kind, part in parts if part)
    return _HEADER.pack(b"glTF", 2, _HEADER.size + len(body)) + body
