"""JSON as browsers send it in one field of a form: read strictly, so that every database stores what was sent."""

import json
from typing import Any

INTEGERS = range(-(2**53), 2**53 + 1)  # what a browser's numbers hold exactly


class Unreadable(ValueError):
    """It is not JSON that can be stored; the message says what is wrong with it."""


def read_json(text: str) -> Any:
    """The value; raises Unreadable for NaN, numbers no browser holds, NULs and half characters."""
    try:
        value = json.loads(text, parse_constant=_constant, parse_int=_integer, parse_float=_float)
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"it is not JSON: {error.msg} at character {error.pos + 1}") from None
    if "\\u" in text:
        _check_text(json.dumps(value, ensure_ascii=False))
    return value


def _constant(text: str) -> float:
    raise Unreadable(f"{text} is no number")


def _integer(text: str) -> int:
    if len(text) > 20 or int(text) not in INTEGERS:
        raise Unreadable("it holds a number beyond 2^53")
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    if abs(value) > INTEGERS.stop:
        raise Unreadable("it holds a number beyond 2^53")
    return value


def _check_text(text: str) -> None:
    if "\\u0000" in text.replace("\\\\", ""):
        raise Unreadable("it holds a NUL")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Unreadable("it holds half a character")
