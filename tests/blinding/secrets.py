"""What must never reach a rater, in every dress it could come in."""

import base64
import hashlib
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote, quote_plus

import numpy as np

SHORTEST = 8  # bytes; what is shorter would be met by chance
LONG_WORD = 9  # letters; every word as long in a secret is telling by itself


@dataclass(frozen=True)
class Secret:
    """Something about a work or its maker, and of what kind."""

    kind: str
    value: str


@dataclass(frozen=True)
class Needle:
    """The bytes to look for, where upper and lower case count or not."""

    secret: Secret
    encoding: str
    sought: bytes
    any_case: bool


def spellings(value: str) -> set[str]:
    """The value and its telling words, as they are, in lower and in upper case, and as in a slug."""
    words = {word for word in re.findall(r"[^\W_]+", value) if len(word) >= LONG_WORD}
    slugs = {mark.join(re.findall(r"[^\W_]+", value)) for mark in "-_"}
    told = {value, *words, *slugs}
    return {spelling for one in told for spelling in (one, one.lower(), one.upper()) if len(one) >= SHORTEST}


def dressed(spelling: str) -> Iterator[tuple[str, bytes, bool]]:
    """Encoding, bytes, and whether case is all the same in it."""
    raw = spelling.encode()
    yield "plain", raw, True
    yield "html", html.escape(spelling).encode(), True
    yield "json", json.dumps(spelling)[1:-1].encode(), True
    yield "url", quote(spelling, safe="").encode(), True
    yield "url path", quote(spelling).encode(), True
    yield "form", quote_plus(spelling).encode(), True
    yield "utf-16-le", spelling.encode("utf-16-le"), True
    yield "utf-16-be", spelling.encode("utf-16-be"), True
    yield "hex", raw.hex().encode(), True
    for name, text in base64_of(raw):
        yield name, text, False
    for digest in ("md5", "sha1", "sha256"):
        yield digest, hashlib.new(digest, raw).hexdigest().encode(), True


def base64_of(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """What stays the same of `raw` inside longer base64, at each of the three places it can begin."""
    for before, (alphabet, encode) in product(
        range(3), (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode))
    ):
        text = encode(bytes(before) + raw).rstrip(b"=")
        touched_after = (before + len(raw)) % 3 != 0
        yield f"{alphabet}+{before}", text[(0, 2, 3)[before] : len(text) - touched_after]


def digests(kind: str, content: bytes) -> list[Secret]:
    """The checksums of a content, by which it could be looked up."""
    return [Secret(kind, hashlib.new(name, content).hexdigest()) for name in ("md5", "sha1", "sha256")]


def needles(secret: Secret) -> Iterator[Needle]:
    """Every way the secret could be written."""
    for spelling in spellings(secret.value):
        for encoding, sought, any_case in dressed(spelling):
            yield Needle(secret, encoding, sought.lower() if any_case else sought, any_case)
    if re.fullmatch(r"(?:[0-9a-f]{2}){16,32}", secret.value):
        yield Needle(secret, "cut short", secret.value[:16].encode(), any_case=True)
        for name, text in base64_of(bytes.fromhex(secret.value)):
            yield Needle(secret, f"digest {name}", text, any_case=False)


class Index:
    """Finds any of many needles in one pass, by the eight bytes each begins with."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._by_start: dict[bool, dict[int, list[Needle]]] = {True: defaultdict(list), False: defaultdict(list)}
        self.size = 0
        for needle in {needle for secret in secrets for needle in needles(secret)}:
            if len(needle.sought) < SHORTEST:
                raise ValueError(f"{needle} is too short to be looked for")
            self._by_start[needle.any_case][int.from_bytes(needle.sought[:8], "little")].append(needle)
            self.size += 1
        self._starts = {any_case: np.array(sorted(known), np.uint64) for any_case, known in self._by_start.items()}

    def find(self, text: bytes) -> set[Needle]:
        """The needles that are in the text."""
        return self._find(text, any_case=False) | self._find(text.lower(), any_case=True)

    def _find(self, text: bytes, *, any_case: bool) -> set[Needle]:
        if len(text) < SHORTEST or not len(self._starts[any_case]):
            return set()
        letters = np.frombuffer(text, np.uint8).astype(np.uint64)
        count = len(text) - 7
        windows = np.zeros(count, np.uint64)
        for at in range(8):
            windows |= letters[at : at + count] << np.uint64(8 * at)
        places = np.searchsorted(self._starts[any_case], windows).clip(max=len(self._starts[any_case]) - 1)
        hits = np.flatnonzero(self._starts[any_case][places] == windows)
        return {
            needle
            for at in hits.tolist()
            for needle in self._by_start[any_case][int(windows[at])]
            if text.startswith(needle.sought, at)
        }
