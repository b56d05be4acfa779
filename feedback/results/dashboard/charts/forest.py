"""Strengths with their simultaneous intervals, bars that join what cannot be told apart, and the acceptability line."""

from collections.abc import Sequence

from feedback.results.dashboard.charts.axis import Axis, tick_said, ticks
from feedback.results.dashboard.charts.canvas import Canvas, fitted, width_of
from feedback.results.dashboard.charts.picture import Picture
from feedback.results.dashboard.charts.table import Column, Table
from feedback.results.dashboard.facts import Json
from feedback.results.dashboard.words import share, signed

ROW, TIGHT, HEAD, FOOT, GAP = 32, 22, 24, 26, 18
MANY = 14  # rows, above which they stand tight
LANE = 4  # pixels from tie bar to tie bar
MOST_DRAWN = 40


def forest(board: Json, labels: Sequence[str], *, name: str, title: str, what: str) -> Picture:
    """A board of `what`, one label for each row."""
    rows: Sequence[Json] = board.get("rows") or []
    first = f"{labels[0]} stands first at {signed(rows[0]['value'])}, " if rows else ""
    spoken = f"{first}{len(rows)} {what} in all; the numbers are in the table."
    return Picture(
        name,
        title,
        spoken,
        lambda width: _draw(board, rows[:MOST_DRAWN], labels, width),
        lambda: _table(board, labels, what),
        caption=_caption(board),
    )


def _caption(board: Json) -> str:
    kind = "simultaneous 95 % intervals" if board.get("simultaneous") else "95 % intervals"
    joined = " A bar at the left joins those that nothing tells apart." if ties(board.get("rows") or []) else ""
    return f"Strength in log-odds, with {kind}.{joined}"


def ties(rows: Sequence[Json]) -> list[tuple[int, int]]:
    """The longest runs of rows of which no two can be told apart, none inside another.

    A row's group is the run round it that nothing tells apart from that row, counted in places of its part; others of the
    group may well be told apart from one another.
    """
    starts: dict[int, int] = {}
    for at, row in enumerate(rows):
        starts.setdefault(row["component"], at)
    firsts = [starts[row["component"]] + row["group"][0] - 1 for row in rows]
    runs: list[tuple[int, int]] = []
    for start in range(len(rows)):
        end = start
        while end + 1 < len(rows) and firsts[end + 1] <= start:
            end += 1
        if end > start and (not runs or end > runs[-1][1]):
            runs.append((start, end))
    return runs


def _draw(board: Json, rows: Sequence[Json], labels: Sequence[str], width: float) -> Canvas:
    breaks = [at for at in range(1, len(rows)) if rows[at]["component"] != rows[at - 1]["component"]]
    height = ROW if len(rows) <= MANY else TIGHT
    tops = [HEAD + at * height + GAP * sum(at >= one for one in breaks) for at in range(len(rows))]
    foot = (tops[-1] if tops else HEAD) + height
    more = len(board["rows"]) - len(rows) if rows else 0
    canvas = Canvas(width, foot + FOOT + (18 if more else 0))
    if more:
        canvas.text("note", 0, foot + FOOT + 12, f"and {more} more, in the table")
    lanes = _lanes(rows)
    names = 10 + LANE * max([lane for _, _, lane in lanes], default=0)
    room = min(max([width_of(label) for label in labels[: len(rows)]], default=0), 0.32 * width)
    axis = _axis(board, rows, names + room + 22, width - 56)
    _grid(canvas, axis, foot, 4 if width < 400 else 7)
    for start, end, lane in lanes:
        canvas.line("tie", 2 + LANE * lane, tops[start] + 3, 2 + LANE * lane, tops[end] + height - 3)
    _acceptable(canvas, board, axis, foot)
    if any(row.get("net") is not None for row in rows):
        canvas.circle("hollow", names + 4, HEAD - 14, 3.5)
        canvas.text("tick", names + 13, HEAD - 10, "net of confounders")
    for row, label, top in zip(rows, labels, tops, strict=False):
        middle = top + height / 2
        canvas.text("name", names, middle + 4.5, fitted(label, room + 4))
        canvas.line("whisker", axis(row["low"]), middle, axis(row["high"]), middle)
        if row.get("net") is not None:
            canvas.circle("hollow", axis(row["net"]), middle, 3.5)
        canvas.circle("dot", axis(row["value"]), middle, 4.5)
        canvas.text("value", width, middle + 4.5, signed(row["value"]), "end")
    return canvas


def _axis(board: Json, rows: Sequence[Json], start: float, end: float) -> Axis:
    """Wide enough for every interval, net score and the line."""
    line = (board.get("line") or {}).get("value")
    reach = [bound for row in rows for bound in (row["low"], row["high"], row.get("net")) if bound is not None]
    reach += [line] if line is not None else []
    low, high = min(reach, default=-1.0), max(reach, default=1.0)
    room = max(0.05 * (high - low), 0.05)
    return Axis(low - room, high + room, start, end)


def _grid(canvas: Canvas, axis: Axis, foot: float, most: int) -> None:
    for tick in ticks(axis.low, axis.high, most):
        canvas.line("grid", axis(tick), HEAD - 4, axis(tick), foot + 4)
        canvas.text("tick", axis(tick), foot + 20, tick_said(tick), "middle")


def _acceptable(canvas: Canvas, board: Json, axis: Axis, foot: float) -> None:
    line = board.get("line") or {}
    if line.get("value") is None:
        return
    at = axis(line["value"])
    if line.get("low") is not None and line.get("high") is not None:
        canvas.box("band", axis(line["low"]), HEAD - 4, axis(line["high"]) - axis(line["low"]), foot - HEAD + 8)
    canvas.line("line", at, HEAD - 12, at, foot + 4)
    left = at + width_of("acceptable") + 6 > axis.end
    canvas.text("note", at - 6 if left else at + 6, HEAD - 10, "acceptable", "end" if left else "start")


def _lanes(rows: Sequence[Json]) -> list[tuple[int, int, int]]:
    """Bars beside one another where they would run into each other."""
    ends: list[int] = []
    laid = []
    for start, end in ties(rows):
        lane = next((at for at, last in enumerate(ends) if last < start), len(ends))
        ends[lane : lane + 1] = [end]
        laid.append((start, end, lane))
    return laid


def _table(board: Json, labels: Sequence[str], what: str) -> Table:
    columns = [
        Column(what.capitalize().rstrip("s"), "name"),
        Column("Strength", "value", signed),
        Column("From", "low", signed),
        Column("To", "high", signed),
        Column("Standard error", "standard_error", lambda value: f"{value:.2f}"),
        Column("Rank from", "rank_from", str),
        Column("to", "rank_to", str),
        Column("Net of confounders", "net", signed),
        Column("Acceptable", "acceptable", share),
        Column("Judgements", "judgements", "{:,}".format),
        Column("Part", "part", str),
    ]
    rows = [
        (
            label,
            row["value"],
            row["low"],
            row["high"],
            row["se"],
            *(row.get("rank") or (None, None)),
            row.get("net"),
            row.get("acceptable"),
            row.get("judgements"),
            row["component"] + 1,
        )
        for row, label in zip(board.get("rows") or [], labels, strict=True)
    ]
    kind = "simultaneous 95 % intervals" if board.get("simultaneous") else "95 % intervals, each for itself"
    return Table(f"Strengths in logits with {kind}, best first", columns, rows)
