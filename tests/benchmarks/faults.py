"""How often a planted fault is what is told first, and how often clean studies show any: `make bench ARGS=faults`."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from feedback.results import checks
from tests.benchmarks.measure import Row
from tests.results.panels import FAULTS, USUAL, Sizes, drawn

RUNS, CLEAN_RUNS = 100, 200

CLEAN = {
    "as above": USUAL,
    "taste twice as strong (sd 0.6)": replace(USUAL, taste=0.6),
    "a third of the judgements (50 each)": replace(USUAL, each=50),
    "sets of 4 (50 each)": replace(USUAL, shown=4, each=50),
}


@dataclass(frozen=True)
class Told:
    """What was told first of a study, and what it was said to explain."""

    first: str | None
    causes: tuple[str, ...]
    co_flags: tuple[str, ...]


def told(seed: int, fault: str | None, size: Sizes = USUAL) -> Told:
    """Draw a study and check it."""
    found = checks.findings(drawn(seed, fault, size))
    causes = tuple(one.fault for one in found if one.explained_by is None)
    return Told(causes[0] if causes else None, causes, found[0].co_flags if found else ())


def is_first(seed: int, fault: str, size: Sizes = USUAL) -> bool:
    """Whether the planted fault is what is told first."""
    return told(seed, fault, size).first == (FAULTS[fault].found_as or fault)


def rows() -> Iterator[Row]:
    """First the faults, then clean studies of several kinds."""
    for fault, planted in FAULTS.items():
        every = [told(seed, fault) for seed in range(RUNS)]
        name = planted.found_as or fault
        first = sum(one.first == name for one in every)
        beside = sum(any(other != name for other in one.causes) for one in every)
        flags = Counter(flag for one in every for flag in set(one.co_flags) - {name})
        co_flags = ", ".join(f"{flag} {n}" for flag, n in flags.most_common(4)) or "none"
        yield Row(
            f"{fault}: {planted.size}",
            f"first in {first} of {RUNS}",
            ratio=f"another cause beside it in {beside}",
            against=f"co-flags: {co_flags}",
        )
    for name, size in CLEAN.items():
        found = [one for one in (told(seed, None, size) for seed in range(10_000, 10_000 + CLEAN_RUNS)) if one.first]
        which = ", ".join(f"{fault} {n}" for fault, n in Counter(one.first for one in found).most_common(3)) or "none"
        yield Row(f"clean, {name}", f"anything in {len(found)} of {CLEAN_RUNS}", against=which)
