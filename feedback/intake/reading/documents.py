"""Strict JSON lines and TOML: UTF-8 only, no duplicate keys, nothing a database or another reader would choke on."""

import codecs
import json
import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from feedback.intake.reading.findings import Findings

INTEGERS = range(-(2**63), 2**63)
_UTF_8 = "expected UTF-8"
_OTHER_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_TOKENS = re.compile(r'\\.|["\[\]{}]', re.DOTALL)
_SUSPECT = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
_TOML_BYTES = 1024**2
_PROGRESS_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a JSONL file; an unsound row has faults already and serves only to know its id."""

    line: int
    values: dict[str, Any]
    sound: bool


class _Twice:
    """Stands where a key came a second time."""


def read_rows(path: Path, name: str, findings: Findings) -> Iterator[Row]:
    """Each row of a JSONL file; blank lines are passed over, everything else that is not a row is a fault."""
    decoder = _Decoder()
    stage = name.removesuffix(".jsonl")
    with path.open("rb") as handle:
        total = _count_lines(handle)
        number = 0
        if (encoding := _other_encoding(handle)) is not None:
            findings.fault(name, None, "", f"found {encoding}, {_UTF_8}")
            return
        for number, line in _lines(handle, findings.limits.line_bytes):
            if line is None:
                findings.fault(
                    name, number, "", f"found a line over {findings.limits.line_bytes:,} bytes, expected less"
                )
            elif line.strip(b" \t\r\n"):
                row = _read_row(line, number, name, decoder, findings)
                if row is not None:
                    yield row
            if number % _PROGRESS_EVERY == 0:
                findings.progress(stage, number, total)
        findings.progress(stage, number, number)


def read_toml(path: Path, name: str, findings: Findings) -> dict[str, Any] | None:
    """The settings in a TOML file, or None when it cannot be read as one."""
    if path.stat().st_size > _TOML_BYTES:
        findings.fault(name, None, "", f"found over {_TOML_BYTES:,} bytes, expected less")
        return None
    with path.open("rb") as handle:
        if (encoding := _other_encoding(handle)) is not None:
            findings.fault(name, None, "", f"found {encoding}, {_UTF_8}")
            return None
        data = handle.read()
    try:
        text = data.decode("utf-8")
        values = tomllib.loads(text)
    except UnicodeDecodeError as error:
        findings.fault(name, data.count(b"\n", 0, error.start) + 1, "", _not_utf_8(data, error))
    except RecursionError:
        findings.fault(name, None, "", f"found nesting over {findings.limits.nesting} levels, expected less")
    except ValueError as error:  # TOMLDecodeError, and int()'s own limit on digits
        place = re.search(r"line (\d+)", str(error))
        findings.fault(name, int(place[1]) if place else text.count("\n") + 1, "", f"not TOML: {error}")
    else:
        faults = list(_unfit_values(values, ""))
        for field, message in faults:
            findings.fault(name, toml_line(text, field), field, message)
        return None if faults else values
    return None


def toml_line(text: str, field: str) -> int | None:
    """The line of a setting such as `title` or `criteria[1].slug`, or of its table's header when it is left out."""
    table, _, key = field.rpartition(".")
    setting = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""")
    criteria = examples = 0
    within, header_line, quote = "", None, ""
    for number, line in enumerate(text.split("\n"), 1):
        header = None if quote else re.match(r"\s*\[+\s*([\w.-]+)", line)
        if header is not None:
            within = header[1]
            if within == "criteria":
                within, criteria, examples = f"criteria[{criteria}]", criteria + 1, 0
            elif within == "criteria.examples":
                within, examples = f"criteria[{criteria - 1}].examples[{examples}]", examples + 1
            if within in {table, field}:
                header_line = header_line or number
        elif not quote and within == table and setting.match(line):
            return number
        for mark in re.findall(r'"""|\'\'\'', line if quote else line.partition("#")[0]):
            quote = "" if quote == mark else quote or mark
    return header_line


def nesting(text: str, most: int) -> int:
    """How deep brackets stand in each other outside strings, counted no further than one past `most`."""
    if text.count("[") + text.count("{") <= most:
        return 0
    depth = deepest = 0
    quoted = False
    for token in _TOKENS.finditer(text):
        mark = token[0]
        if mark == '"':
            quoted = not quoted
        elif not quoted and mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > most:
                break
        elif not quoted and mark in "]}":
            depth -= 1
    return deepest


class _Decoder:
    """json.loads that keeps note of what needs a second look, so that sound lines cost nothing extra."""

    def __init__(self) -> None:
        self._suspect = False
        self._json = json.JSONDecoder(
            object_pairs_hook=self._pairs,
            parse_constant=self._constant,
            parse_int=self._int,
            parse_float=self._float,
        )

    def decode(self, text: str) -> tuple[Any, bool]:
        """The value, and whether it must be searched for unfit parts."""
        self._suspect = _SUSPECT.search(text) is not None
        return self._json.decode(text), self._suspect

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        if len(values) < len(pairs):
            self._suspect = True
            seen: set[str] = set()
            for key, _value in pairs:
                if key in seen:
                    values[key] = _Twice()
                seen.add(key)
        return values

    def _constant(self, text: str) -> float:
        self._suspect = True
        return float(text)

    def _int(self, text: str) -> int:
        value = int(text) if len(text) <= 20 else INTEGERS.stop
        self._suspect = self._suspect or value not in INTEGERS
        return value

    def _float(self, text: str) -> float:
        value = float(text)
        self._suspect = self._suspect or math.isinf(value)
        return value


def _read_row(line: bytes, number: int, name: str, decoder: _Decoder, findings: Findings) -> Row | None:
    if b"\0" in line:
        findings.fault(name, number, "", "found a NUL byte, expected text")
        return None
    try:
        text = line.decode("utf-8")
        if nesting(text, findings.limits.nesting) > findings.limits.nesting:
            findings.fault(name, number, "", f"found nesting over {findings.limits.nesting} levels, expected less")
            return None
        value, suspect = decoder.decode(text)
    except UnicodeDecodeError as error:
        findings.fault(name, number, "", _not_utf_8(line, error))
        return None
    except json.JSONDecodeError as error:
        findings.fault(name, number, "", f"not JSON: {error.msg} at column {error.colno}, expected one object a line")
        return None
    if not isinstance(value, dict):
        findings.fault(name, number, "", f"found {kind_of(value)}, expected an object of keys and values")
        return None
    faults = list(_unfit_values(value, "")) if suspect else []
    for field, message in faults:
        findings.fault(name, number, field, message)
    return Row(number, value, not faults)


def _unfit_values(value: object, field: str) -> Iterator[tuple[str, str]]:
    """What no database column holds and no other JSON reader agrees on, with the field where it stands."""
    match value:
        case dict():
            for key, inner in value.items():
                inside = f"{field}.{key}" if field else str(key)
                yield from ((ascii(inside), message) for message in _unfit_text(key))
                yield from _unfit_values(inner, inside)
        case list():
            for index, inner in enumerate(value):
                yield from _unfit_values(inner, f"{field}[{index}]")
        case str():
            yield from ((field, message) for message in _unfit_text(value))
        case _Twice():
            yield field, "found the key twice, expected it once"
        case bool():
            pass
        case int() if value not in INTEGERS:
            yield field, "found a number beyond 64 bits, expected a smaller one or a string"
        case float() if not math.isfinite(value):
            yield field, "found NaN, Infinity or a number beyond 64 bits, expected a finite number"


def _unfit_text(text: str) -> Iterator[str]:
    if "\0" in text:
        yield "found a NUL (\\u0000), expected text"
    if any("\ud800" <= character <= "\udfff" for character in text):
        yield "found a lone surrogate (half of a \\ud83d\\ude00-like pair), expected whole characters"


def _lines(handle: IO[bytes], most: int) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines; None for one that is too long, which is never held in memory whole."""
    number = 0
    while line := handle.readline(most + 2):
        number += 1
        if len(line.rstrip(b"\r\n")) <= most and (line.endswith(b"\n") or len(line) < most + 2):
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = handle.readline(most)
        yield number, None


def _count_lines(handle: IO[bytes]) -> int:
    count = sum(chunk.count(b"\n") for chunk in iter(lambda: handle.read(1024**2), b""))
    handle.seek(0)
    return count


def _other_encoding(handle: IO[bytes]) -> str | None:
    """Names UTF-16 or UTF-32 if the file begins so; otherwise stands after the UTF-8 mark, if there is one."""
    head = handle.read(64)
    for mark, encoding in _OTHER_MARKS:
        if head.startswith(mark):
            return encoding
    pairs = len(head) // 2
    if pairs and (head[0::2].count(0) > pairs // 2 or head[1::2].count(0) > pairs // 2):
        return "UTF-16"
    handle.seek(len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0)
    return None


def _not_utf_8(data: bytes, error: UnicodeDecodeError) -> str:
    column = error.start - data.rfind(b"\n", 0, error.start)
    return f"found byte 0x{data[error.start]:02x} at column {column}, which is not UTF-8 (Latin-1?), {_UTF_8}"


def kind_of(value: object) -> str:
    """A value as a person would name it, short enough for one line."""
    match value:
        case None | bool() | int() | float():
            named = json.dumps(value)
        case str():
            named = quoted(value)
        case list():
            named = f"a list of {len(value)}"
        case dict():
            named = "an object"
        case _:
            named = f"a {type(value).__name__}"
    return named


def quoted(text: str) -> str:
    """The text in quotes, cut to sixty characters, with everything invisible spelled out."""
    shown = text if len(text) <= 60 else text[:57] + "…"
    return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown) + '"'
