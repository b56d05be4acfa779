"""One way to write JSON: the same value is the same bytes, and one row is one line for every reader."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from math import isfinite
from typing import Any

import orjson

# Legal in JSON, but taken for the end of a line by `str.splitlines` and by YAML.
BREAKS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
UNPRINTABLE = BREAKS | {code: f"\\u{code:04x}" for code in [*range(0x7F, 0xA0), 0xFEFF, 0xFFFE, 0xFFFF]}
BROKEN = {chr(code).encode(): escaped.encode() for code, escaped in BREAKS.items()}
DECIMALS = 6


def line(row: Any) -> bytes:
    """The value as one line of compact UTF-8; keys stay in their order, NaN and Infinity raise ValueError."""
    if isinstance(row, dict) and float in map(type, row.values()):
        _must_be_finite(row.values())
    written = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    if not written.isascii() and any(sign in written for sign in BROKEN):
        for sign, escaped in BROKEN.items():
            written = written.replace(sign, escaped)
    return written


def _must_be_finite(values: Iterable[Any]) -> None:
    if any(isinstance(value, float) and not isfinite(value) for value in values):
        raise ValueError("There is no number for NaN or Infinity in JSON.")


def document(value: Any) -> bytes:
    """The value for people to read: indented, keys in their order."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return text.translate(BREAKS).encode() + b"\n"


def scalar(value: Any) -> str:
    """The value as a JSON scalar that every YAML reader takes for the same."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).translate(UNPRINTABLE)


def digest(value: Any) -> str:
    """The sha256 of the value's line."""
    return hashlib.sha256(line(value)).hexdigest()


def stable_id(kind: str, *parts: Any) -> str:
    """128 bits that are always the same for the same parts, and differ from kind to kind."""
    return digest([kind, *parts])[:32]


def moment(at: datetime) -> str:
    """UTC with six decimals, which no reader takes for anything but a string."""
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def marked(rater: uuid.UUID) -> str:
    """A rater's own id in a row on its way: it becomes a pseudonym when the row leaves."""
    return f"rater:{rater.hex}"
