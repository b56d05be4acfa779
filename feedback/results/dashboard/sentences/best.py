"""Who is best?"""

from collections.abc import Iterator, Sequence

from feedback.results.dashboard.facts import Facts, Json
from feedback.results.dashboard.sentences.answer import Answer
from feedback.results.dashboard.words import capital, counted, listed, share

MOST_NAMED = 3
MOVED = 0.5  # of a standard error: below it a change of score is not worth a sentence


def best(facts: Facts) -> Answer:
    """Who leads: the first of the board and all who cannot be told apart from it.

    Across parts that were never compared nobody leads; where all are tied nobody leads yet; up to three leaders are
    named, of more the first and their number.
    """
    rows = facts.rows
    if not rows:
        return Answer(("Nothing to rank yet.",), ("The first judgements put the generators on one scale.",))
    parts = len({row["component"] for row in rows})
    if parts > 1:
        headline = f"Nobody leads: {counted(parts)} parts were never compared."
        return Answer((headline,), ("Each part stands alone. Comparisons that join them make one board of them.",))
    return Answer((_headline(facts, rows),), tuple(_because(facts, rows)))


def leaders(rows: Sequence[Json]) -> Sequence[Json]:
    """The first, and with it all that may stand first: at 95 % none of the others is surely better."""
    return [row for at, row in enumerate(rows) if at == 0 or (row.get("rank") or row["group"])[0] == 1]


def _headline(facts: Facts, rows: Sequence[Json]) -> str:
    first = leaders(rows)
    named = [facts.names.generator(row["id"]) for row in first]
    if len(rows) == 1:
        return f"{named[0]} stands alone."
    if len(first) == len(rows):
        return "Nobody leads yet: none can be told apart."
    if len(first) == 1:
        return f"{named[0]} leads."
    if len(first) <= MOST_NAMED:
        return f"{listed(named)} lead; nobody can tell them apart."
    return f"{named[0]} and {counted(len(first) - 1)} others lead; nobody can tell them apart."


def _because(facts: Facts, rows: Sequence[Json]) -> Iterator[str]:
    yield from _beats(facts, rows)
    yield from _acceptable(facts, rows)
    yield from _net(facts, rows)
    yield from _moves(facts)


def _beats(facts: Facts, rows: Sequence[Json]) -> Iterator[str]:
    """The first against the best of those it leads; where it leads none, against the second."""
    beats = facts.part("best", "generators").get("beats")
    leading = {row["id"] for row in leaders(rows)}
    other = next((at for at, row in enumerate(rows) if row["id"] not in leading), 1)
    if not beats or len(rows) < 2 or beats[0][other] is None:
        return
    names = facts.names.generator(rows[0]["id"]), facts.names.generator(rows[other]["id"])
    yield f"{names[0]} beats {names[1]} {share(beats[0][other])} of the time."


def _acceptable(facts: Facts, rows: Sequence[Json]) -> Iterator[str]:
    """Who clears the line: those whose whole interval lies above it."""
    line = facts.part("best", "generators").get("line")
    if not line or line.get("value") is None:
        return
    above = sum(row["low"] > line["value"] for row in rows)
    below = sum(row["high"] < line["value"] for row in rows)
    clear = "clears" if above == 1 else "clear"
    ending = f", {counted(below)} {'lies' if below == 1 else 'lie'} below it" if below else ""
    who = capital(counted(above)) if above else "None"
    yield f"{who} of {counted(len(rows))} {clear} the line the panel called acceptable{ending}."


def _net(facts: Facts, rows: Sequence[Json]) -> Iterator[str]:
    """Said when the order changes net of what has nothing to do with the quality: who would be first, or that some move."""
    if any(row.get("net") is None for row in rows):
        return
    what = listed([one["name"] for one in facts.part("trust").get("confounders") or []]) or "confounders"
    ordered = sorted(rows, key=lambda row: -row["net"])
    if ordered[0]["id"] != rows[0]["id"]:
        yield f"Net of {what}, {facts.names.generator(ordered[0]['id'])} would stand first."
    elif any(abs(row["net"] - row["value"]) > MOVED * row["se"] for row in rows) and ordered != list(rows):
        yield f"Net of {what} the order changes below the first."


def _moves(facts: Facts) -> Iterator[str]:
    """The largest move since the fit that was compared with, when it is more than half a standard error."""
    changed = facts.part("best", "changed")
    moves = [move for move in changed.get("moves") or [] if abs(move.get("by") or 0) > MOVED * (move.get("se") or 0)]
    if not moves:
        return
    most = max(moves, key=lambda move: abs(move["by"]))
    way = "up" if most["by"] > 0 else "down"
    yield f"{facts.names.generator(most['id'])} went {way} most since the fit before, by {abs(most['by']):.2f}."
