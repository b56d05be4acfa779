"""What a preset is: a view in the form of one consumer, word for word."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from feedback.datasets.columns import Column
from feedback.datasets.terms import Terms

type Values = dict[str, Any]

LINES = ("jsonl", "jsonl.gz", "parquet")
TEXT, IMAGE, VIDEO = frozenset({"text"}), frozenset({"image"}), frozenset({"video"})


def takes_all(_values: Values) -> str:
    """Nothing stays."""
    return ""


@dataclass(frozen=True)
class Preset:
    """A consumer's form of a view.

    `turn` makes the consumer's rows of one of the view's; `stays` says why there can be none, or nothing. `takes` are
    the media of works it can use, `formats` the files it reads, the first unless told otherwise. `reserved` are columns
    that would mislead it, `wants` is what it needs beside what its view wants, as in a view. Where it takes no margin,
    `margin` says why.
    """

    name: str
    view: str
    says: str
    columns: Callable[[Terms], tuple[Column, ...]]
    turn: Callable[[Values], Iterator[Values]]
    takes: frozenset[str]
    stays: Callable[[Values], str] = takes_all
    formats: tuple[str, ...] = LINES
    reserved: frozenset[str] = field(default_factory=frozenset)
    wants: frozenset[str] = field(default_factory=frozenset)
    margin: str = "it has no place for one"
