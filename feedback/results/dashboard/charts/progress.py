"""How far each criterion is: judgements there are, and where the target is expected to be reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.results.dashboard.charts.axis import Axis, ticks
from feedback.results.dashboard.charts.canvas import Canvas, fitted, width_of
from feedback.results.dashboard.charts.picture import Picture
from feedback.results.dashboard.charts.table import Table
from feedback.results.dashboard.facts import Facts, Json
from feedback.results.dashboard.words import SPACE, coefficient, listed

ROW, TALL, FOOT, TOP = 34, 9, 24, 4
AHEAD = 1.15  # times as far as the farthest the picture looks
FARTHEST = 2.0  # times the expected number, beyond which an interval's end leaves the picture
SAID: Mapping[str, str] = {"done": "done", "never": "will not settle", "unknown": "too early"}


@dataclass(frozen=True)
class Way:
    """A criterion's judgements: `n` there are, `goal` expected in all, `soonest` and `latest` at its interval's ends."""

    name: str
    state: str
    said: str
    n: int
    goal: int | None = None
    soonest: int | None = None
    latest: int | None = None


def progress(facts: Facts, table: Table) -> Picture:
    """One line for each criterion, with the `table` of what they still take behind it."""
    ways = [_way(facts.names.criteria.get(slug, slug), told) for slug, told in facts.every.items()]
    target = coefficient(facts.target)
    ring = f" The ring: where {target} is expected, from the soonest to the latest." if _any(ways, "more") else ""
    dot = f" The dot: {target} is reached." if _any(ways, "done") else ""
    return Picture(
        "plan",
        "How far each criterion is",
        f"{listed([f'{way.name}: {way.said}' for way in ways])}.",
        lambda width: _draw(ways, width),
        lambda: table,
        caption=f"Judgements of each criterion so far, in grey.{ring}{dot}",
    )


def _any(ways: Sequence[Way], state: str) -> bool:
    return any(way.state == state for way in ways)


def _way(name: str, told: Json) -> Way:
    its = told.get("done") or {}
    n = int(((told.get("trust") or {}).get("reliability") or {}).get("n_all") or 0)
    state, more = its.get("state") or "unknown", its.get("more")
    if state != "more" or not more:
        return Way(name, state, SAID.get(state, "more"), n)
    soonest, latest = its.get("between") or (None, None)
    return Way(name, state, f"{more:,}{SPACE}more", n, n + more, soonest, latest)


def _draw(ways: Sequence[Way], width: float) -> Canvas:
    canvas = Canvas(width, TOP + ROW * len(ways) + FOOT)
    room = min(max([width_of(way.name) for way in ways], default=0), 0.34 * width)
    words = max([width_of(way.said, 12) for way in ways], default=0)
    axis = Axis(0, max([_farthest(way) for way in ways], default=0) or 1, room + 18, width - words - 14)
    foot = TOP + ROW * len(ways)
    for tick in ticks(0, axis.high, 5 if width > 400 else 2):
        canvas.line("grid", axis(tick), TOP, axis(tick), foot)
        canvas.text("tick", axis(tick), foot + 18, f"{tick:,.0f}", "middle")
    for at, way in enumerate(ways):
        _row(canvas, axis, TOP + ROW * (at + 0.5), way, room)
    return canvas


def _farthest(way: Way) -> float:
    goal = way.goal or way.n
    return AHEAD * max(goal, min(way.latest or 0, FARTHEST * goal))


def _row(canvas: Canvas, axis: Axis, y: float, way: Way, room: float) -> None:
    canvas.text("name", 0, y + 4.5, fitted(way.name, room + 4))
    canvas.text("value", canvas.width, y + 4.5, way.said, "end")
    canvas.box("bar", axis.start, y - TALL / 2, axis(way.n) - axis.start, TALL)
    if way.state == "done":
        canvas.circle("dot", axis(way.n), y, 4.5)
    elif way.state == "never":
        canvas.line("forecast", axis(way.n) + 4, y, axis.end, y)
    elif way.goal is not None:
        canvas.line("forecast", axis(way.n) + 4, y, axis(way.goal), y)
        if way.soonest is not None:
            end = axis.high if way.latest is None else min(way.latest, axis.high)
            canvas.line("whisker", axis(max(way.soonest, way.n)), y, axis(end), y)
        canvas.circle("goal", axis(way.goal), y, 5)
