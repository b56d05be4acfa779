"""Reliability against judgements: where it came from, where it stands today, and where it is going."""

from collections.abc import Sequence
from typing import Any

from feedback.results.dashboard.charts.axis import Axis, ticks
from feedback.results.dashboard.charts.canvas import Canvas, width_of
from feedback.results.dashboard.charts.picture import Picture
from feedback.results.dashboard.charts.table import Column, Table
from feedback.results.dashboard.facts import Facts, Json
from feedback.results.dashboard.words import SPACE, coefficient, give_or_take

TOP, PLOT, FOOT, LEFT = 30, 170, 28, 34
AHEAD = 1.6  # times as far as today the picture looks, or to the goal


def curve(facts: Facts) -> Picture:
    """The audit stratum's reliability after so many judgements."""
    trust = facts.part("trust")
    points = [tuple(point) for point in trust.get("curve") or []]
    ahead = [tuple(point) for point in trust.get("forecast") or []]
    told = facts.part("trust", "reliability")
    spoken = "Not known yet."
    if told.get("value") is not None:
        spoken = (
            f"{give_or_take(told['value'], told.get('low'), told.get('high'))} today, after "
            f"{told.get('n_all') or 0:,} judgements; {coefficient(facts.target)} is wanted."
        )
    return Picture(
        "reliability",
        "Reliability against judgements",
        spoken,
        lambda width: _draw(facts, points, ahead, width),
        lambda: _table(points, ahead),
        caption=f"{_of(facts)}eliability of the scores against judgements, with its 95 % interval. Dashed: what is wanted.",
    )


def _of(facts: Facts) -> str:
    """Which criterion, where there are several: the answer beside it speaks of all of them."""
    return f"{facts.names.criteria.get(facts.criterion, facts.criterion)}: r" if len(facts.every) > 1 else "R"


def _table(points: Sequence[Any], ahead: Sequence[Any]) -> Table:
    return Table(
        "Reliability on the audit stratum after so many judgements, with its 95 % interval",
        [
            Column("When", "kind"),
            Column("Judgements", "judgements", "{:,.0f}".format),
            Column("Reliability", "reliability", coefficient),
            Column("From", "low", coefficient),
            Column("To", "high", coefficient),
        ],
        [("seen", *point) for point in points] + [("forecast", *point, None, None) for point in ahead],
    )


def _draw(facts: Facts, points: Sequence[Any], ahead: Sequence[Any], width: float) -> Canvas:
    canvas = Canvas(width, TOP + PLOT + FOOT)
    today = max([point[0] for point in points], default=0)
    goal = today + 1.4 * (facts.part("done").get("more") or 0)
    last = min(max([today, *[point[0] for point in ahead]]), max(AHEAD * today, goal)) or 1
    ahead = [point for point in ahead if point[0] <= last]
    across, up = Axis(0, last, LEFT, width - 14), Axis(0, 1, TOP + PLOT, TOP)
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1) if width > 400 else (0, 0.5, 1):
        canvas.line("grid", LEFT, up(tick), width, up(tick))
        canvas.text("tick", LEFT - 8, up(tick) + 4, f"{tick:.1f}", "end")
    for tick in ticks(0, last, 6 if width > 400 else 3):
        canvas.text("tick", across(tick), TOP + PLOT + 20, f"{tick:,.0f}", "middle")
    canvas.line("target", LEFT, up(facts.target), width, up(facts.target))
    if points:
        band = [(across(n), up(min(1, high))) for n, _, _, high in points]
        band += [(across(n), up(max(0, low))) for n, _, low, _ in reversed(points)]
        canvas.path("band", band, closed=True)
        canvas.path("curve", [(across(n), up(min(1, max(0, value)))) for n, value, _, _ in points])
        _today(canvas, across(today), f"today, {today:,.0f} judgements")
    if ahead:
        canvas.path("forecast", [(across(n), up(value)) for n, value in ahead])
        _goal(canvas, facts, today, across, up)
    return canvas


def _today(canvas: Canvas, x: float, words: str) -> None:
    canvas.line("line", x, TOP - 6, x, TOP + PLOT)
    on_left = x > width_of(words) + LEFT
    canvas.text("note", x - 6 if on_left else x + 6, TOP - 10, words, "end" if on_left else "start")


def _goal(canvas: Canvas, facts: Facts, today: float, across: Axis, up: Axis) -> None:
    """Where the forecast meets the target, said in judgements from now."""
    told: Json = facts.part("done")
    if told.get("state") != "more" or not told.get("more"):
        return
    x, y = across(min(today + told["more"], across.high)), up(facts.target)
    words = f"{coefficient(facts.target)} after {told['more']:,}{SPACE}more"
    canvas.circle("goal", x, y, 5)
    at_edge = x + 12 + width_of(words) > canvas.width
    canvas.text("note", canvas.width if at_edge else x + 10, y + 24, words, "end" if at_edge else "start")
