"""Words as the documents write them."""

import re
from collections.abc import Iterable

from feedback.datasets.lines import UNPRINTABLE


def one_line(text: str) -> str:
    """Without breaks and doubled spaces."""
    return " ".join(text.split())


def markdown(text: str) -> str:
    """On one line, and taken for text by Markdown."""
    plain = one_line(text).translate(dict.fromkeys(UNPRINTABLE, " "))
    return re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", plain)


def named(names: Iterable[str]) -> str:
    """Names as code, one after another."""
    return ", ".join(f"`{name}`" for name in names)


def counted(number: int, what: str) -> str:
    """A number of things."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
