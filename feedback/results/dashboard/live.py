"""The leaderboard as it stands this second, in the shape the report gives boards: the newest fit, and its moves since."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from feedback.results.dashboard.facts import Json
from feedback.results.models import Estimate, Fit, Live

AS_TOLD = ("group", "rank", "net", "acceptable")


def board_now(fit: Fit | None, board: Json) -> Json:
    """The report's board with the fit's strengths, moved as far as the judgements since have moved them.

    Ranks and net scores are the report's; a generator that it does not know has none. Where the order has changed, rows
    are joined that overlap, until the next report tells them apart by their differences.
    """
    if fit is None:
        return board
    told: dict[int | None, Json] = {row["id"]: row for row in board.get("rows") or []}
    live = moved(fit)
    moves = live.moves if live else {}
    rows = [_row(one, moves.get(str(one.generator_id), 0.0), told) for one in fit.estimates.all()]
    rows.sort(key=lambda row: (row["component"], -row["value"], row["id"]))
    if [row["id"] for row in rows] != list(told):
        rows = grouped(rows)
    return {"line": None, "simultaneous": True, **board, "rows": rows, "beats": _reordered(board, rows)}


def moved(fit: Fit) -> Live | None:
    """How far the fit has moved since it was made."""
    return getattr(fit, "live", None)


def _row(one: Estimate, move: float, told: Mapping[int | None, Json]) -> dict[str, Any]:
    before = told.get(one.generator_id) or {}
    row = {key: before.get(key) for key in AS_TOLD} | {
        "id": one.generator_id,
        "value": one.value + move,
        "se": one.standard_error,
        "low": one.low + move,
        "high": one.high + move,
        "judgements": one.judgements,
        "component": one.component,
    }
    if before.get("net") is not None:
        row["net"] = one.value + move + before["net"] - before["value"]
    return row


def grouped(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in order, joined where their intervals overlap."""
    joined = []
    for _, part in itertools.groupby(rows, key=lambda row: row["component"]):
        of = list(part)
        for at, row in enumerate(of):
            first, last = at, at
            while first and of[first - 1]["low"] <= row["high"]:
                first -= 1
            while last + 1 < len(of) and of[last + 1]["high"] >= row["low"]:
                last += 1
            places = [first + 1, last + 1]
            joined.append(row | {"group": places, "rank": places})
    return joined


def _reordered(board: Json, rows: Sequence[Json]) -> list[list[float | None]] | None:
    """The report's chances in the order of the rows; None where one of them is new."""
    beats, places = board.get("beats"), {row["id"]: at for at, row in enumerate(board.get("rows") or [])}
    if not beats or any(row["id"] not in places for row in rows):
        return None
    order = [places[row["id"]] for row in rows]
    return [[beats[i][j] for j in order] for i in order]


def with_board(told: Json, criterion: str, board: Json) -> Json:
    """The report with this board in the place of its own."""
    here = dict(told["by"].get(criterion) or {})
    here["best"] = {**(here.get("best") or {}), "generators": board}
    return {**told, "by": {**told["by"], criterion: here}}
