"""A rater's line of the report in figures, each with what it means."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from feedback.results.dashboard.words import SPACE, give_or_take, signed

NOT_KNOWN = "not known yet"


@dataclass(frozen=True)
class Figure:
    """What was measured, what came out, and how to read it."""

    name: str
    value: str
    meaning: str


def figures_of(line: Mapping[str, Any]) -> list[Figure]:
    """Every measure of the line, also those that are not known."""
    return [Figure(name, _told(line.get(key), write), meaning) for name, key, write, meaning in _MEASURES]


def influences_of(
    line: Mapping[str, Any], generators: Mapping[int, str]
) -> Iterator[tuple[str, list[tuple[str, float, float | None]]]]:
    """By criterion: each generator's name, its strength with the rater, and without."""
    for slug, rows in (line.get("without") or {}).items():
        yield (
            slug,
            [(generators.get(pk, f"Generator {pk}"), whole, rest) for pk, whole, rest in rows],
        )


def _told(value: Any, write: Callable[[Any], str]) -> str:
    unknown = value is None or (isinstance(value, list) and value[0] is None)
    return NOT_KNOWN if unknown else write(value)


def _of(told: tuple[int, int]) -> str:
    return f"{told[0]} of {told[1]}" if told[1] else "none asked"


def _between(told: tuple[float, float | None, float | None]) -> str:
    value, low, high = told
    return signed(value) if low is None or high is None else f"{signed(value)} ({signed(low)} to {signed(high)})"


type _Measure = tuple[str, str, Callable[[Any], str], str]
_MEASURES: tuple[_Measure, ...] = (
    ("Judged", "n", "{:,}".format, "comparisons"),
    ("Median time", "seconds", lambda told: f"{told:.1f}{SPACE}s", "for a comparison"),
    ("Side", "side", _between, "logits added to what is shown first; 0 where the side does not matter"),
    ("Infit", "infit", "{:.2f}".format, "1 is as noisy as the model expects; above 1.3 is noisier"),
    ("Outfit", "outfit", "{:.2f}".format, "the same, where single surprises weigh more"),
    (
        "Reliability",
        "reliability",
        lambda told: give_or_take(*told),
        "1 is the panel’s; below 0 the answers run backwards",
    ),
    ("With the others", "tau", lambda told: give_or_take(*told), "Kendall’s τ-b with the scores of everybody else"),
    ("Hidden checks", "gold", _of, "answered as the key has it"),
    ("Repeats", "repeats", _of, "answered as the first time, with the sides swapped"),
)
