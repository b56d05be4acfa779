"""When each rater worked, and how long an answer took them: bars for the number, a line for the time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from feedback.results.dashboard.charts.axis import Axis
from feedback.results.dashboard.charts.canvas import Canvas, fitted, width_of
from feedback.results.dashboard.charts.picture import Picture
from feedback.results.dashboard.charts.table import Column, Table
from feedback.results.dashboard.facts import Facts, Json

ROW, BARS, PACE, HEAD, FOOT = 44, 18, 14, 2, 22
MOST_DRAWN, FEWEST_DRAWN = 5, 3
TWO_DAYS = 172_800  # seconds


def timeline(facts: Facts, order: Sequence[int]) -> Picture:
    """The raters in this order, filled up to three by those who worked most, beside whom to read them."""
    timed = {row["rater"]: row for row in facts.raters if is_timed(row)}
    busiest = sorted(timed, key=lambda number: -(timed[number].get("n") or 0))
    numbers = [number for number in dict.fromkeys([*order, *busiest]) if number in timed]
    most = max(FEWEST_DRAWN, min(MOST_DRAWN, len(order) + 1))
    shown = [(facts.names.rater(number), timed[number]) for number in numbers[:most]]
    spoken = f"{len(shown)} of {len(timed)} raters, those who need help first."
    return Picture(
        "timeline",
        "When they worked, and how fast",
        spoken,
        lambda width: _draw(shown, width),
        lambda: _table(shown),
        caption="Bars: comparisons judged. Line: median seconds an answer, the last in figures.",
    )


def _table(shown: Sequence[tuple[str, Json]]) -> Table:
    rows = [
        (name, _moment(row["timeline"], at), n, seconds)
        for name, row in shown
        for at, (n, seconds) in enumerate(zip(row["timeline"]["n"], row["timeline"]["seconds"], strict=True))
        if n
    ]
    columns = [
        Column("Rater", "rater"),
        Column("From", "from"),
        Column("Judged", "n", "{:,}".format),
        Column("Median seconds", "seconds", "{:.0f}".format),
    ]
    return Table("What each rater judged in the course of time, and how long an answer took", columns, rows)


def is_timed(row: Json) -> bool:
    """Whether the work was spread over time: what was imported may all have one date."""
    told: Sequence[int] = (row.get("timeline") or {}).get("n") or []
    return sum(n > 0 for n in told) > 1


def _draw(shown: Sequence[tuple[str, Json]], width: float) -> Canvas:
    canvas = Canvas(width, HEAD + ROW * len(shown) + FOOT)
    longest = max([width_of(name) for name, _ in shown], default=0)
    left = min(max(longest + 14, 72.0), 0.32 * width)
    begin = min([row["timeline"]["from"] for _, row in shown], default=0)
    end = max([_end(row["timeline"]) for _, row in shown], default=1)
    across = Axis(begin, end, left, width - 44)
    for at, (name, row) in enumerate(shown):
        _row(canvas, across, HEAD + at * ROW, name, row)
    for moment, anchor in ((begin, "start"), (end, "end")):
        then = datetime.fromtimestamp(moment, tz=UTC)
        said = f"{then:%H:%M}" if end - begin < TWO_DAYS else f"{then.day} {then:%b}"
        canvas.text("tick", across(moment), HEAD + ROW * len(shown) + 16, said, anchor)
    return canvas


def _row(canvas: Canvas, across: Axis, top: float, name: str, row: Json) -> None:
    told = row["timeline"]
    base, most = top + PACE + BARS + 6, max([1, *told["n"]])
    canvas.text("name", 0, base - 4, fitted(name, across.start - 10))
    canvas.line("axis", across.start, base, across.end, base)
    wide = max(1.0, (across(told["from"] + told["step"]) - across(told["from"])) - 1)
    for at, n in enumerate(told["n"]):
        if n:
            tall = BARS * n / most
            canvas.box("bar", across(told["from"] + at * told["step"]), base - tall, wide, tall)
    _pace(canvas, across, base, told)


def _pace(canvas: Canvas, across: Axis, base: float, told: Json) -> None:
    """The median seconds on a scale of their own, the last said in figures."""
    seconds = [(at, one) for at, one in enumerate(told["seconds"]) if one is not None]
    if not seconds:
        return
    up = Axis(0, max(one for _, one in seconds) or 1, base - BARS - 3, base - BARS - 3 - PACE)
    middle = told["from"] + told["step"] / 2
    canvas.path("curve", [(across(middle + at * told["step"]), up(one)) for at, one in seconds])
    canvas.text("value", canvas.width, base - BARS - 4, f"{seconds[-1][1]:.0f} s", "end")


def _end(told: Json) -> float:
    return float(told["from"] + told["step"] * len(told["n"]))


def _moment(told: Json, at: int) -> str:
    return (datetime.fromtimestamp(told["from"], tz=UTC) + timedelta(seconds=at * told["step"])).isoformat(
        timespec="minutes"
    )
