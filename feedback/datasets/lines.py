"""One way to write JSON: the same value is the same bytes, and one row is one line for every reader."""

import hashlib
import json
from typing import Any

# Legal in JSON, but taken for the end of a line by `str.splitlines` and by YAML.
BREAKS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
UNPRINTABLE = BREAKS | {code: f"\\u{code:04x}" for code in [*range(0x7F, 0xA0), 0xFEFF, 0xFFFE, 0xFFFF]}
DECIMALS = 6
COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def line(row: Any) -> bytes:
    """The value as one line of compact UTF-8; keys stay in their order, NaN and Infinity raise ValueError."""
    text = COMPACT.encode(row)
    if not text.isascii():
        text = text.translate(BREAKS)
    return text.encode() + b"\n"


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
