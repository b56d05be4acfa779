"""Strengths with the names of their items, as a table, JSON or CSV."""

import csv
import io
import json
import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from rankings.files.judgements import Judgements
from rankings.files.layouts import Told
from rankings.fitting.strengths import Strengths
from rankings.panel.raters import RaterStrengths

type Form = Literal["table", "json", "csv"]


class ItemLine(NamedTuple):
    """An item's line: strength, error and interval in logits; 1 is the best rank in its part, and the first part."""

    part: int
    rank: int
    item: str
    strength: float
    error: float
    low: float
    high: float
    best_rank: int
    worst_rank: int


class RaterLine(NamedTuple):
    """A rater's line: how many times as large as others he sees differences, and the logit he adds to what is first."""

    rater: str
    judgements: int
    reliability: float
    reliability_error: float
    side: float
    side_error: float


def report(judgements: Judgements[Told], model: str, strengths: Strengths, *, level: float, form: Form) -> str:
    """Return the strengths of all items, part after part, strongest first."""
    return WRITERS[form](judgements, model, strengths, level)


def _lines(items: list[str], strengths: Strengths, level: float) -> list[ItemLine]:
    order = np.lexsort((-strengths.values.round(9), strengths.components))  # equals stay in their order
    part = strengths.components[order]
    first = np.flatnonzero(np.diff(part, prepend=-1))
    columns = (
        (part + 1).tolist(),
        (np.arange(len(order)) - first[part] + 1).tolist(),
        [items[item] for item in order],
        strengths.values[order].tolist(),
        strengths.standard_errors[order].tolist(),
        *strengths.interval(level)[order].T.tolist(),
        *strengths.rank_interval(level)[order].T.tolist(),
    )
    return [ItemLine(*cells) for cells in zip(*columns, strict=True)]


def _table(judgements: Judgements[Told], model: str, strengths: Strengths, level: float) -> str:
    lines = _lines(judgements.items, strengths, level)
    width = max(4, *(len(line.item) for line in lines))
    n_parts = strengths.n_components
    prior = "no prior" if strengths.prior_sd is None else f"prior sd {strengths.prior_sd:g}"
    mean = "mean zero" if n_parts == 1 else f"mean zero in each of {n_parts} parts, which are not comparable"
    text = [
        f"{model}: {len(judgements):,} judgements of {len(lines):,} items",
        f"logits, {mean}; {prior}; {strengths.covariance} errors",
        "",
        f"{'part  ' * (n_parts > 1)}rank  {'item':{width}}  strength   error  {f'{100 * level:g} % interval':>16}  ranks",
    ]
    for line in lines:
        part = f"{line.part:4d}  " if n_parts > 1 else ""
        interval, ranks = f"{line.low:z.2f} to {line.high:z.2f}", f"{line.best_rank} to {line.worst_rank}"
        text.append(
            f"{part}{line.rank:4d}  {line.item:{width}}  {line.strength:z8.3f}  {line.error:6.3f}  {interval:>16}  {ranks}"
        )
    return "\n".join([*text, *_shared(strengths), *_raters(judgements, strengths)])


def _shared(strengths: Strengths) -> list[str]:
    """Return lines on what all items share."""
    text = [""]
    if strengths.tie is not None:
        text.append(f"tie nu {strengths.tie:.3f}")
    if strengths.cut_points is not None:
        text.append("cut-points " + ", ".join(f"{cut:.3f}" for cut in strengths.cut_points))
    if strengths.position is not None:
        text.append(f"shown first {strengths.position:+.3f} logits, error {strengths.position_error:.3f}")
    return text if len(text) > 1 else []


def _raters(judgements: Judgements[Told], strengths: Strengths) -> list[str]:
    """Return lines on what the model learnt of each rater, if it did."""
    raters = _by_rater(judgements, strengths)
    width = max([5, *(len(rater.rater) for rater in raters)])
    lines = [
        f"{rater.rater:{width}}  {rater.judgements:10,}  {rater.reliability:z11.3f}  {rater.reliability_error:6.3f}"
        f"  {rater.side:z6.3f}  {rater.side_error:6.3f}"
        for rater in raters
    ]
    head = f"{'rater':{width}}  judgements  reliability   error    side   error"
    return ["", head, *lines] if lines else []


def _by_rater(judgements: Judgements[Told], strengths: Strengths) -> list[RaterLine]:
    if not isinstance(strengths, RaterStrengths):
        return []
    told = strengths.raters
    columns = (told.n_judgements, told.reliability, told.reliability_error, told.side, told.side_error)
    names = [judgements.names["rater"][rater] for rater in told.rater]
    return [RaterLine(*cells) for cells in zip(names, *(column.tolist() for column in columns), strict=True)]


def _json(judgements: Judgements[Told], model: str, strengths: Strengths, level: float) -> str:
    cuts = strengths.cut_points
    told = {
        "model": model,
        "judgements": len(judgements),
        "scale": "logits, mean zero in each part",
        "level": level,
        "covariance": strengths.covariance,
        "prior_sd": strengths.prior_sd,
        "log_likelihood": strengths.log_likelihood,
        "tie": strengths.tie,
        "tie_error": strengths.tie_error,
        "position": strengths.position,
        "position_error": strengths.position_error,
        "cut_points": None if cuts is None else [_finite(cut) for cut in cuts.tolist()],
        "items": [_finite_of(line) for line in _lines(judgements.items, strengths, level)],
        "raters": [_finite_of(rater) for rater in _by_rater(judgements, strengths)],
    }
    return json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False)


def _finite_of(line: ItemLine | RaterLine) -> dict[str, str | float | None]:
    """Return a line for JSON, which knows no infinity."""
    return {name: _finite(value) for name, value in line._asdict().items()}


def _finite[Value: (str, float)](value: Value) -> Value | None:
    return None if isinstance(value, float) and math.isinf(value) else value


def _csv(judgements: Judgements[Told], model: str, strengths: Strengths, level: float) -> str:  # noqa: ARG001 a line for each item has no room for it
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(ItemLine._fields)
    writer.writerows(_lines(judgements.items, strengths, level))
    return text.getvalue().rstrip("\n")


WRITERS: dict[Form, Callable[[Judgements[Told], str, Strengths, float], str]] = {
    "table": _table,
    "json": _json,
    "csv": _csv,
}
