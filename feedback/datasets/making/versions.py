"""What a release changed: its version in its series, and what one since another holds of it."""

import gzip
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from feedback.datasets.making.gathering import Reading
from feedback.datasets.making.index import Entry, Fate, compare, entries_in
from feedback.datasets.making.spool import name_of
from feedback.datasets.models import Release, releases

FIRST = "1.0.0"


@dataclass(frozen=True)
class Version:
    """MAJOR where rows were removed or changed since the release before, MINOR where some came, else PATCH."""

    name: str
    before: Release | None
    changes: dict[str, int]


def version_after(before: Release | None, reading: Reading) -> Version:
    """The version of what was read as the successor of that release, or as the first of its series."""
    if before is None:
        return Version(FIRST, None, {})
    with earlier_entries(before) as earlier:
        fates = Counter(fate for fate, _ in compare(earlier, entries_in(reading.spooled.folder / "index")))
    major, minor, patch = map(int, before.version.split("."))
    if fates[Fate.REMOVED] or fates[Fate.CHANGED]:
        name = f"{major + 1}.0.0"
    elif fates[Fate.ADDED]:
        name = f"{major}.{minor + 1}.0"
    else:
        name = f"{major}.{minor}.{patch + 1}"
    return Version(name, before, {fate.value: fates[fate] for fate in (Fate.ADDED, Fate.CHANGED, Fate.REMOVED)})


@dataclass
class Difference:
    """What became of a release's rows: those of each pile that are new or changed, and those that are gone."""

    kept: dict[str, bytes] = field(default_factory=dict)
    rows: int = 0
    removed: list[Entry] = field(default_factory=list)


def difference(before: Release, reading: Reading) -> Difference:
    """What a release since that one holds."""
    found = Difference()
    marked = {pile.name: bytearray(pile.rows) for pile in reading.spooled.piles}
    with earlier_entries(before) as earlier:
        for fate, entry in compare(earlier, entries_in(reading.spooled.folder / "index")):
            if fate is Fate.REMOVED:
                found.removed.append(entry)
            elif fate is not Fate.KEPT:
                pile = marked[name_of(entry.pile)]
                pile[entry.first : entry.first + entry.rows] = b"\1" * entry.rows
                found.rows += entry.rows
    found.kept = {name: bytes(pile) for name, pile in marked.items()}
    return found


def write_index(reading: Reading, target: Path) -> None:
    """Keep the keys and hashes of what was read, in order, for those that come after."""
    with gzip.open(target, "wt", compresslevel=1, encoding="utf-8", newline="\n") as file:
        file.writelines(entry.line() for entry in entries_in(reading.spooled.folder / "index"))


@contextmanager
def earlier_entries(release: Release) -> Iterator[Iterator[Entry]]:
    """The index of a stored release, in order; one that has none is empty: all rows count as new."""
    if not release.index:
        yield iter(())
        return
    with releases().open(str(release.index.name)) as file, gzip.open(file) as packed:
        yield map(Entry.of, io.TextIOWrapper(packed, encoding="utf-8", newline="\n"))
