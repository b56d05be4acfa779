"""How often each two raters agree, camp by camp: the darker, the more."""

import string
from collections import defaultdict
from collections.abc import Mapping, Sequence

from feedback.results.dashboard.camps import called, camps_of
from feedback.results.dashboard.charts.canvas import Canvas, fitted, width_of
from feedback.results.dashboard.charts.picture import NARROW, Picture
from feedback.results.dashboard.charts.table import Column, Table
from feedback.results.dashboard.facts import Facts, Json
from feedback.results.dashboard.words import share

HEAD, BETWEEN, LEGEND = 26, 10, 34
NAMED = 24  # pixels between camps that have their names above them
LEAST, MOST = 12.0, 26.0  # pixels from rater to rater: below, no name could be read
CHANCE = 0.5
LETTERS = string.ascii_uppercase + string.ascii_lowercase


def matrix(facts: Facts) -> Picture:
    """The raters in the order of their camps."""
    camps = camps_of(facts)
    told = in_camps(facts.part("differ", "matrix"), camps)
    above = dict(enumerate(called(facts))) | {None: "In no camp"} if len(camps) > 1 else {}
    raters: Sequence[int] = told.get("raters") or []
    names = [facts.names.rater(number) for number in raters]
    of = told["of"]
    spoken = f"{len(raters)} raters" + (f" of {of}" if of > len(raters) else "") + ", in the order of their camps."
    return Picture(
        "agreement",
        "How often two raters agree",
        spoken,
        lambda width: _draw(told, names, above, width),
        lambda: _table(told, names),
        may_scroll=True,
        caption="How often two raters agree on what both judged: the stronger the shade, the more often; blank where they had too little in common.",
    )


def in_camps(told: Json, camps: Sequence[Json]) -> Json:
    """The matrix with those of a camp together, and those of none at the end."""
    camp_of = {rater: number for number, camp in enumerate(camps) for rater in camp["raters"]}
    raters: Sequence[int] = told.get("raters") or []
    order = sorted(range(len(raters)), key=lambda at: camp_of.get(raters[at], len(camps)))
    return {
        "raters": [raters[at] for at in order],
        "agreement": [[told["agreement"][i][j] for j in order] for i in order],
        "n": [[told["n"][i][j] for j in order] for i in order],
        "camp": [camp_of.get(raters[at]) for at in order],
        "of": told.get("of") or len(raters),
    }


def letters(number: int) -> str:
    """A, B, … Z, a, b, …"""
    return LETTERS[number % len(LETTERS)]


def shade(agreement: float, low: float, high: float) -> float:
    """How dark: from a trace at the least to nearly all at the most of what is shown."""
    return 0.07 + 0.85 * (agreement - low) / (high - low) if high > low else 0.5


def _draw(told: Json, names: Sequence[str], above: Mapping[int | None, str], width: float) -> Canvas:
    """As wide as names need to be read: of many raters wider than was asked for. `above` each camp stands its name."""
    n = len(names)
    if not n:
        return Canvas(width / 2, 40)
    room = min(max(width_of(name, 12) for name in names), 110 if width > NARROW else 72) + 26
    camp = told["camp"]
    breaks = [at for at in range(1, n) if camp[at] != camp[at - 1]]
    cell = max(LEAST, min(MOST, (width - room - BETWEEN * len(breaks)) / n))
    starts = [at * cell + BETWEEN * sum(at >= one for one in breaks) for at in range(n)]
    between = NAMED if above else BETWEEN
    tops = [HEAD + at * cell + between * sum(at >= one for one in breaks) for at in range(n)]
    foot = tops[-1] + cell
    canvas = Canvas(max(room + starts[-1] + cell, 300), foot + LEGEND)
    low, high = _ends(told)
    gap = 2 if cell > 14 else 1
    for at in [0, *breaks] if above else []:
        canvas.text("tick", 0, tops[at] - 9, fitted(above[camp[at]], room - 6, 11))
    for i, name in enumerate(names):
        canvas.text("value", 0, tops[i] + cell / 2 + 4, fitted(name, room - 26, 12))
        canvas.text("tick", room - 8, tops[i] + cell / 2 + 4, letters(i), "end")
        canvas.text("tick", room + starts[i] + cell / 2, HEAD - 9, letters(i), "middle")
    for dark, places in _shaded(told["agreement"], low, high).items():
        squares = [(room + starts[j], tops[i]) for i, j in places]
        canvas.squares("cell", squares, cell - gap, dark)
    _legend(canvas, room, foot + 14, low, high)
    return canvas


def _shaded(agreement: Sequence[Sequence[float | None]], low: float, high: float) -> dict[float, list[tuple[int, int]]]:
    """The cells of each shade, in twenty steps."""
    shaded: dict[float, list[tuple[int, int]]] = defaultdict(list)
    for i, row in enumerate(agreement):
        for j, one in enumerate(row):
            if i != j and one is not None:
                shaded[round(20 * shade(one, low, high)) / 20].append((i, j))
    return shaded


def _ends(told: Json) -> tuple[float, float]:
    """The scale: from chance, or lower where somebody is, to the most that two agree."""
    seen = [one for row in told["agreement"] for one in row if one is not None]
    return min([CHANCE, *seen]), max([CHANCE, *seen])


def _legend(canvas: Canvas, x: float, y: float, low: float, high: float) -> None:
    """Five shades with both ends named."""
    words = share(low)
    canvas.text("tick", x, y + 10, words)
    start = x + width_of(words, 11) + 8
    for step in range(5):
        value = low + (high - low) * step / 4
        canvas.squares("cell", [(start + 16 * step, y)], 13, shade(value, low, high))
    canvas.text("tick", start + 86, y + 10, share(high))


def _table(told: Json, names: Sequence[str]) -> Table:
    """Each two once."""
    camp = told["camp"]
    rows = [
        (names[i], names[j], told["agreement"][i][j], told["n"][i][j], _same(camp[i], camp[j]))
        for i in range(len(names))
        for j in range(i + 1, len(names))
        if told["agreement"][i][j] is not None
    ]
    columns = [
        Column("Rater", "rater"),
        Column("and", "other"),
        Column("Agree", "agreement", share),
        Column("Judged by both", "n", "{:,}".format),
        Column("Camp", "camp"),
    ]
    return Table("How often two raters agree on what both judged, a tie for half", columns, rows)


def _same(one: int | None, other: int | None) -> str:
    if one is None or other is None:
        return "in none"
    return "the same" if one == other else "two"
