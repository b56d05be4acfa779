"""Texts as raters see them: without characters that no eye can see, in which a maker could sign.

What a release exports stays the original; marks are counted in it. `Shown` carries places from the one to the other.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

JOINERS = "\u200c\u200d"  # needed between letters of some scripts and within emoji
SELECTORS = "\ufe0e\ufe0f"  # text or emoji, after a sign that can be either
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # needed beside scripts from right to left
BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # invisible, though no format characters by their class
PREPENDED = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"  # format characters that can be seen
SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"  # shown as plain ones
PLAIN = str.maketrans(SPACES + "\r", " " * len(SPACES) + "\n")
LATIN, SIGNS, CJK = 0x2FF, 0x2000, 0x2E80


@dataclass(frozen=True)
class Shown:
    """A text as it is shown.

    Attributes
    ----------
    text : str
    kept : sequence of int
        For each shown character its place in the original, in code points.
    """

    text: str
    kept: Sequence[int]

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original behind a stretch that is shown; neither is empty."""
        return self.kept[start], self.kept[end - 1] + 1

    def to_shown(self, start: int, end: int) -> tuple[int, int]:
        """The shown stretch of a stretch of the original; a part that is not shown is left out."""
        return bisect_left(self.kept, start), bisect_right(self.kept, end - 1)


@lru_cache(maxsize=256)
def shown(text: str) -> Shown:
    """The text without what cannot be seen, its spaces plain and its lines ended as a browser ends them."""
    if text.isascii() and "\r" not in text:
        return Shown(text, range(len(text)))
    from_right = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)
    kept = [at for at, character in enumerate(text) if _is_seen(text, at, character, from_right=from_right)]
    return Shown("".join(text[at] for at in kept).translate(PLAIN), kept)


def _is_seen(text: str, at: int, character: str, *, from_right: bool) -> bool:
    before, after = ord(text[at - 1]) if at else 0, ord(text[at + 1]) if at + 1 < len(text) else 0
    if character == "\r":
        return after != ord("\n")
    if character in JOINERS:
        return before > LATIN and after > LATIN
    if character in SELECTORS:
        return before > SIGNS or chr(before) in "©®#*0123456789"
    if "\U000e0100" <= character <= "\U000e01ef":
        return before > CJK
    if character in DIRECTIONS:
        return from_right
    return character in PREPENDED or (unicodedata.category(character) != "Cf" and character not in BLANKS)
