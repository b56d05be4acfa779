"""What a work's owner permits and on what ground: the syntax of licences, and the purposes."""

import re

from feedback.intake.reading.documents import kind_of, quoted
from feedback.intake.reading.rules import Rule, Unfit, is_visible, list_of, one_of

PURPOSES = ("show", "export", "train-reward-model", "train-generator", "commercial")

_ID = r"[A-Za-z0-9][A-Za-z0-9.\-]*"
_LICENCE = re.compile(rf"(?:DocumentRef-{_ID}:)?LicenseRef-{_ID}|{_ID}\+?")
_WORD = re.compile(r"[()]|[^\s()]+")
_NO_LICENCE = frozenset({"none", "noassertion", "unknown", "unlicensed", "na", "n-a", "tbd", "todo"})


def licence(most: int) -> Rule:
    """An SPDX expression; blank is the same as left out, and a word for "none stated" is no licence."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise Unfit(kind_of(value))
        if not is_visible(value):
            return ""
        if value.strip().casefold() in _NO_LICENCE:
            raise Unfit(f"{quoted(value)}, which states no licence: leave the field out")
        if len(value) > most or not _is_expression(value):
            raise Unfit(quoted(value))
        return " ".join(value.split())

    return Rule('an SPDX expression, such as "CC-BY-4.0" or "MIT OR Apache-2.0", or "LicenseRef-…"', read)


def purposes() -> Rule:
    inner = list_of(one_of(*PURPOSES), least=0)
    return Rule(inner.expected, lambda value: frozenset(inner.read(value)))


def _is_expression(value: str) -> bool:
    """Whether identifiers, AND, OR, WITH and brackets stand as SPDX lets them."""
    wanted = True  # an identifier or an opening bracket
    depth = 0
    after_with = False
    for word in _WORD.findall(value):
        if wanted:
            if word == "(" and not after_with:
                depth += 1
                continue
            if word in {"AND", "OR", "WITH", "(", ")"} or not _LICENCE.fullmatch(word):
                return False
            wanted = False
        elif word == ")" and depth:
            depth -= 1
            after_with = False
        elif word in {"AND", "OR"} or (word == "WITH" and not after_with):
            wanted, after_with = True, word == "WITH"
        else:
            return False
    return not wanted and depth == 0
