"""Two scores of each generator side by side: with a rater, and without."""

from collections.abc import Sequence

from feedback.results.dashboard.charts.axis import Axis, tick_said, ticks
from feedback.results.dashboard.charts.canvas import Canvas, fitted, width_of
from feedback.results.dashboard.charts.picture import Picture
from feedback.results.dashboard.charts.table import Column, Table
from feedback.results.dashboard.words import signed

ROW, HEAD, FOOT = 30, 26, 24

type Pair = tuple[str, float, float | None]  # name, with, without


def dumbbell(pairs: Sequence[Pair], *, of: str) -> Picture:
    """The generators in their order with the rater, on the criterion `of`."""
    moved = max((pair for pair in pairs if pair[2] is not None), key=_distance, default=None)
    most = f"{moved[0]} moves most, by {signed(_moved(moved))}." if moved else "Nothing is left without them."
    return Picture(
        "without",
        f"{of}, with the rater and without",
        most,
        lambda width: _draw(pairs, width),
        lambda: _table(pairs, of),
        caption=f"{most} Strengths in log-odds.",
    )


def _distance(pair: Pair) -> float:
    return abs(_moved(pair))


def _moved(pair: Pair) -> float:
    return 0.0 if pair[2] is None else pair[2] - pair[1]


def _table(pairs: Sequence[Pair], of: str) -> Table:
    columns = [
        Column("Generator", "generator"),
        Column("With", "with", signed),
        Column("Without", "without", signed),
        Column("Moves by", "moves_by", signed),
    ]
    rows = [(*pair, None if pair[2] is None else _moved(pair)) for pair in pairs]
    return Table(f"{of}: strengths in log-odds with the rater’s judgements, and without", columns, rows)


def _draw(pairs: Sequence[Pair], width: float) -> Canvas:
    canvas = Canvas(width, HEAD + ROW * len(pairs) + FOOT)
    room = min(max([width_of(name) for name, *_ in pairs], default=0), 0.34 * width)
    reach = [value for _, *both in pairs for value in both if value is not None] or [0.0]
    margin = max(0.08 * (max(reach) - min(reach)), 0.05)
    axis = Axis(min(reach) - margin, max(reach) + margin, room + 18, width - 56)
    foot = HEAD + ROW * len(pairs)
    for tick in ticks(axis.low, axis.high, 4 if width < 400 else 7):
        canvas.line("grid", axis(tick), HEAD, axis(tick), foot)
        canvas.text("tick", axis(tick), foot + 16, tick_said(tick), "middle")
    _key(canvas, axis.start)
    for at, pair in enumerate(pairs):
        _row(canvas, axis, HEAD + ROW * (at + 0.5), pair, room)
    return canvas


def _key(canvas: Canvas, x: float) -> None:
    canvas.circle("hollow", x + 4, 10, 4)
    canvas.text("tick", x + 13, 14, "with")
    canvas.circle("dot", x + 54, 10, 4)
    canvas.text("tick", x + 63, 14, "without")
    canvas.text("tick", canvas.width, 14, "moves by", "end")


def _row(canvas: Canvas, axis: Axis, y: float, pair: Pair, room: float) -> None:
    name, whole, rest = pair
    canvas.text("name", 0, y + 4.5, fitted(name, room + 4))
    if rest is not None:
        canvas.line("whisker", axis(whole), y, axis(rest), y)
        canvas.circle("dot", axis(rest), y, 4.5)
        canvas.text("value", canvas.width, y + 4.5, signed(rest - whole), "end")
    canvas.circle("hollow", axis(whole), y, 4)
