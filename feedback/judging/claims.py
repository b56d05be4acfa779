"""Claims: what a mark states about a work in a small typed vocabulary, such as shadow_falls(left).

A claim has no truth here. It is read, put into one spelling, and set against other claims on the same work.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

LONGEST = 200
_CLAIM = re.compile(r"\s*([a-z_]{1,40})\s*\(([^()]*)\)\s*")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39}){0,4}")
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,3})?")
DIRECTIONS = ("left", "right", "up", "down", "front", "back")
BEATS = ("opening", "inciting_event", "rising_action", "turning_point", "climax", "resolution")


class NoClaim(ValueError):
    """It is not a claim of the vocabulary; the message says what would be."""


@dataclass(frozen=True)
class Kind:
    """A type of argument: what is expected, in words, and the reading of it, which gives None for anything else."""

    expected: str
    read: Callable[[str], str | None]


def _one_of(words: Sequence[str]) -> Callable[[str], str | None]:
    return lambda said: said if said in words else None


def _name(said: str) -> str | None:
    return said if _NAME.fullmatch(said) else None


def _count(said: str) -> str | None:
    return str(int(said)) if said.isdecimal() and said.isascii() and len(said) <= 4 else None


def _number(said: str) -> str | None:
    return f"{float(said):.3f}".rstrip("0").rstrip(".") if _NUMBER.fullmatch(said) else None


def _time(said: str) -> str | None:
    return said if re.fullmatch(r"t\d{1,3}", said) else _number(said.removesuffix("s"))


DIRECTION = Kind(f"one of {', '.join(DIRECTIONS)}", _one_of(DIRECTIONS))
BEAT = Kind(f"one of {', '.join(BEATS)}", _one_of(BEATS))
NAME = Kind("a name such as hand or hand.fingers", _name)
COUNT = Kind("a whole number", _count)
NUMBER = Kind("a number", _number)
TIME = Kind("a time in seconds, or t1, t2, …", _time)

PREDICATES: Mapping[str, tuple[Kind, ...]] = {
    "light_from": (DIRECTION,),
    "shadow_falls": (DIRECTION,),
    "count": (NAME, COUNT),
    "left_of": (NAME, NAME),
    "above": (NAME, NAME),
    "in_front_of": (NAME, NAME),
    "touches": (NAME, NAME),
    "same_identity": (TIME, TIME),
    "continuous": (NAME,),
    "beat": (BEAT,),
    "tempo": (NUMBER,),
}
_VISUAL = ("light_from", "shadow_falls", "count", "left_of", "above", "in_front_of", "touches")
_FILMED = ("same_identity", "continuous", "beat", "tempo")
SPEAKS_OF: Mapping[str, tuple[str, ...]] = {
    "image": _VISUAL,
    "motion": (*_VISUAL, *_FILMED),
    "video": (*_VISUAL, *_FILMED),
    "model": ("count", "left_of", "above", "in_front_of", "touches", "continuous"),
    "audio": ("same_identity", "continuous", "beat", "tempo"),
    "text": ("beat", "count", "continuous"),
}
_ONE_AT_A_TIME = ("light_from", "shadow_falls", "tempo")  # two of them about one work cannot both hold
_ORDERS = ("left_of", "above", "in_front_of")  # not of two things both ways round


@dataclass(frozen=True)
class Claim:
    """A predicate and its arguments, each in its one spelling."""

    predicate: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.predicate}({', '.join(self.arguments)})"

    def clashes_with(self, other: "Claim") -> bool:
        """Whether both cannot hold of one work."""
        if {self.predicate, other.predicate} == {"light_from", "shadow_falls"}:
            return self.arguments == other.arguments  # a shadow falls away from the light
        if self.predicate != other.predicate or self == other:
            return False
        if self.predicate == "count":
            return self.arguments[0] == other.arguments[0]
        if self.predicate in _ORDERS:
            return self.arguments == other.arguments[::-1]
        return self.predicate in _ONE_AT_A_TIME


def read_claim(text: str, medium: str = "") -> Claim:
    """The claim the text makes about a work of the medium; raises NoClaim."""
    known = SPEAKS_OF.get(medium, tuple(PREDICATES))
    parts = _CLAIM.fullmatch(text) if len(text) <= LONGEST else None
    if parts is None:
        raise NoClaim(f"a claim reads like {usage(known[0])}")
    predicate, said = parts[1], [one.strip() for one in parts[2].split(",")]
    if predicate not in known:
        raise NoClaim(f"there is no claim {predicate} here; there is {', '.join(map(usage, known))}")
    kinds = PREDICATES[predicate]
    if len(said) != len(kinds):
        raise NoClaim(f"{predicate} takes {len(kinds)}, as in {usage(predicate)}")
    arguments = [kind.read(one) for kind, one in zip(kinds, said, strict=True)]
    for kind, one, argument in zip(kinds, said, arguments, strict=True):
        if argument is None:
            raise NoClaim(f"{predicate} has “{one}” where {kind.expected} is expected")
    return Claim(predicate, tuple(argument for argument in arguments if argument is not None))


def usage(predicate: str) -> str:
    """How the predicate is written."""
    samples = {DIRECTION: "left", BEAT: "turning_point", NAME: "hand", COUNT: "5", NUMBER: "90", TIME: "t1"}
    return f"{predicate}({', '.join(samples[kind] for kind in PREDICATES[predicate])})"
