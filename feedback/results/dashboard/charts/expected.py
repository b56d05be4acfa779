"""The reliability to be expected of judgements that are not there yet."""

from collections.abc import Sequence

from feedback.results.dashboard.charts.axis import Axis, ticks
from feedback.results.dashboard.charts.canvas import Canvas, width_of
from feedback.results.dashboard.charts.picture import Picture
from feedback.results.dashboard.charts.table import Column, Table
from feedback.results.dashboard.words import coefficient

TOP, PLOT, FOOT, LEFT = 14, 170, 28, 34
AHEAD = 2.0  # times as far as the goal the picture looks

type Point = tuple[int, float, float]  # judgements, reliability, its standard deviation between studies


def expected(points: Sequence[Point], target: float, goal: int | None) -> Picture:
    """What so many judgements come to, and where the target is met."""
    reached = f"{coefficient(target)} after {goal:,} judgements." if goal else f"{coefficient(target)} is not reached."
    return Picture(
        "expected",
        "Reliability to be expected",
        reached,
        lambda width: _draw(points, target, goal, width),
        lambda: _table(points),
        caption="Reliability expected of so many judgements. Grey: where 19 of 20 such studies lie. Dashed: what is wanted.",
    )


def _table(points: Sequence[Point]) -> Table:
    columns = [
        Column("Judgements", "judgements", "{:,}".format),
        Column("Reliability", "reliability", coefficient),
        Column("From", "low", coefficient),
        Column("To", "high", coefficient),
    ]
    return Table(
        "What so many judgements are expected to come to", columns, [(n, r, *ends(r, sd)) for n, r, sd in points]
    )


def ends(reliability: float, sd: float) -> tuple[float, float]:
    """Between which 19 of 20 studies lie."""
    return max(reliability - 2 * sd, 0.0), min(reliability + 2 * sd, 1.0)


def _draw(points: Sequence[Point], target: float, goal: int | None, width: float) -> Canvas:
    canvas = Canvas(width, TOP + PLOT + FOOT)
    across, up = Axis(0, AHEAD * goal if goal else points[-1][0], LEFT, width - 14), Axis(0, 1, TOP + PLOT, TOP)
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1) if width > 400 else (0, 0.5, 1):
        canvas.line("grid", LEFT, up(tick), width, up(tick))
        canvas.text("tick", LEFT - 8, up(tick) + 4, f"{tick:.1f}", "end")
    for tick in ticks(0, across.high, 6 if width > 400 else 3):
        canvas.text("tick", across(tick), TOP + PLOT + 20, f"{tick:,.0f}", "middle")
    canvas.line("target", LEFT, up(target), width, up(target))
    inside = [(0, 0.0, 0.0), *_until(points, across.high)]
    rims = [(n, *ends(reliability, sd)) for n, reliability, sd in inside]
    around = [(across(n), up(high)) for n, _, high in rims] + [(across(n), up(low)) for n, low, _ in reversed(rims)]
    canvas.path("band", around, closed=True)
    canvas.path("curve", [(across(n), up(reliability)) for n, reliability, _ in inside])
    if goal:
        words = f"{goal:,} judgements"
        canvas.circle("goal", across(goal), up(target), 5)
        canvas.text("note", min(across(goal) + 10, width - width_of(words)), up(target) + 24, words)
    return canvas


def _until(points: Sequence[Point], end: float) -> Sequence[Point]:
    """Those on the picture, and where the line leaves it."""
    inside = [point for point in points if point[0] <= end]
    after = next((point for point in points if point[0] > end), None)
    if after is None or not inside:
        return inside
    before = inside[-1]
    way = (end - before[0]) / (after[0] - before[0])
    last = [b + way * (a - b) for b, a in zip(before, after, strict=True)]
    return [*inside, (round(last[0]), last[1], last[2])]
