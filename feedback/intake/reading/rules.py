"""What one value may be: each rule says what it expects, and reads the value into its one stored form."""

import difflib
import math
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from feedback.intake.reading.documents import kind_of, quoted

# Letters and symbols that show nothing, beside the categories for spaces, controls and formats.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for start, stop in ((0x180B, 0x1810), (0xFE00, 0xFE10), (0xE0000, 0xE1000)) for code in range(start, stop)
}
_BLANK_CATEGORIES = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Unfit(Exception):
    """The value breaks its rule; the message says what was found."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is expected, in words, and the reading of it, which raises Unfit."""

    expected: str
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a document; `blank` is what stands for it when it is left out."""

    name: str
    rule: Rule
    required: bool = False
    blank: Any = ""


@dataclass(frozen=True, slots=True)
class Law:
    """What must hold between fields: `broken` tells what was found, or nothing; reported at the first field."""

    fields: tuple[str, ...]
    broken: Callable[[Mapping[str, Any]], str | None]
    expected: str


def read_fields(
    values: Mapping[str, Any], fields: Sequence[Field], laws: Sequence[Law], report: Callable[[str, str], None]
) -> dict[str, Any]:
    """The fields in their stored form; those that broke a rule are reported and left out."""
    read: dict[str, Any] = {}
    for field in fields:
        value = values.get(field.name)
        if value is None:
            if field.required:
                report(field.name, f"missing, expected {field.rule.expected}")
            else:
                read[field.name] = field.blank
            continue
        try:
            read[field.name] = field.rule.read(value)
        except Unfit as unfit:
            report(field.name, f"found {unfit}, expected {field.rule.expected}")
    for law in laws:
        if all(name in read for name in law.fields) and (found := law.broken(read)):
            report(law.fields[0], f"found {found}, expected {law.expected}")
    return read


def refuse_unknown(values: Mapping[str, Any], known: Collection[str], report: Callable[[str, str], None]) -> None:
    """Report every key that is not among the known ones."""
    for key in values:
        if key not in known:
            report(key, f"unknown key{near(key, known)}")


def near(word: str, words: Collection[str]) -> str:
    """`; did you mean …?` when a known word is close, else nothing."""
    close = difflib.get_close_matches(word.casefold(), words, n=1, cutoff=0.75)
    return f"; did you mean {quoted(close[0])}?" if close else ""


def is_visible(text: str) -> bool:
    """Whether anything in the text would leave a mark on a page."""
    if "!" <= text[:1] <= "~":
        return True
    return any(unicodedata.category(c) not in _BLANK_CATEGORIES and c not in _BLANK for c in text)


def text(most: int) -> Rule:
    """Prose, with its line ends made LF and nothing else changed."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise Unfit(kind_of(value))
        if len(value) > most:
            raise Unfit(f"{len(value):,} characters")
        if not is_visible(value):
            raise Unfit("a blank text" if not value.strip() else "only invisible characters")
        return value.replace("\r\n", "\n").replace("\r", "\n")

    return Rule(f"a text of 1 to {most:,} characters", read)


def note(most: int) -> Rule:
    """Optional prose: blank is the same as left out."""
    inner = text(most)

    def read(value: object) -> str:
        return "" if isinstance(value, str) and not is_visible(value) else str(inner.read(value))

    return Rule(f"a text of at most {most:,} characters", read)


def name(most: int) -> Rule:
    """One line that names somebody or something; kept as it is."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise Unfit(kind_of(value))
        if len(value) > most:
            raise Unfit(f"{len(value):,} characters")
        if not is_visible(value):
            raise Unfit("a blank string")
        if not value.isprintable() and any(unicodedata.category(c) == "Cc" for c in value):
            raise Unfit(f"control characters in {quoted(value)}")
        return value

    return Rule(f"a string of 1 to {most:,} characters on one line", read)


def optional_name(most: int) -> Rule:
    inner = name(most)

    def read(value: object) -> str:
        return "" if isinstance(value, str) and not is_visible(value) else str(inner.read(value))

    return Rule(f"a string of at most {most:,} characters on one line", read)


def slug(most: int) -> Rule:
    def read(value: object) -> str:
        if not isinstance(value, str) or len(value) > most or not _SLUG.fullmatch(value):
            raise Unfit(kind_of(value))
        return value

    return Rule(f"a slug: at most {most} lower-case letters, digits and single hyphens", read)


def one_of(*choices: str) -> Rule:
    def read(value: object) -> str:
        if value not in choices:
            raise Unfit(kind_of(value) + (near(value, choices) if isinstance(value, str) else ""))
        return str(value)

    return Rule(_or(choices), read)


def whole(low: int, high: int) -> Rule:
    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Unfit(kind_of(value))
        return value

    return Rule(f"a whole number from {low} to {high:,}", read)


def number() -> Rule:
    def read(value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise Unfit(kind_of(value))
        return float(value)

    return Rule("a number", read)


def moment() -> Rule:
    """A point in time, stored in UTC."""

    def read(value: object) -> datetime:
        if not isinstance(value, str):
            raise Unfit(kind_of(value))
        try:
            parsed = datetime.fromisoformat(value)
            if parsed.tzinfo is None:
                raise Unfit(f"{quoted(value)} without an offset from UTC")
            return parsed.astimezone(UTC)
        except (ValueError, OverflowError):
            raise Unfit(quoted(value)) from None

    return Rule("a time in ISO 8601 with its offset, such as 2026-05-04T09:30:00+02:00", read)


def list_of(item: Rule, *, least: int = 1) -> Rule:
    """A list read item by item into a tuple."""

    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Unfit(kind_of(value))
        if len(value) < least:
            raise Unfit("an empty list" if not value else f"a list of {len(value)}")
        return tuple(_each(item, index, inner) for index, inner in enumerate(value))

    return Rule(f"a list, each {item.expected}", read)


def _each(item: Rule, index: int, value: object) -> Any:
    try:
        return item.read(value)
    except Unfit as unfit:
        raise Unfit(f"{unfit} at place {index + 1}") from None


def yes_no_unknown() -> Rule:
    def read(value: object) -> bool | None:
        if value is not None and not isinstance(value, bool):
            raise Unfit(kind_of(value))
        return value

    return Rule("true, false or null", read)


def _or(choices: Sequence[str]) -> str:
    named = [quoted(choice) for choice in choices]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"
