"""Parts of a file's items that no judgement joins, and the pairs that would join them."""

import json

import numpy as np

from rankings.checks import Ints
from rankings.connection import joining_pairs
from rankings.files.judgements import Judgements
from rankings.files.layouts import Pairs, Told
from rankings.fitting.links import components

SHOWN = 8
"""Names of a part that a table shows."""


def parts(judgements: Judgements[Told], *, form: str = "table") -> str:
    """Tell which items hang together, most judged first, and the fewest pairs that would join all.

    Parameters
    ----------
    judgements : Judgements
    form : "table" or "json"

    Returns
    -------
    str
    """
    pairs = _compared(judgements.told)
    labels = components(len(judgements.items), pairs)
    judged = np.bincount(pairs.ravel(), minlength=len(labels))
    order = np.lexsort((-judged, labels))
    groups = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    named = [[judgements.items[item] for item in group] for group in sorted(groups, key=len, reverse=True)]
    joins = [[judgements.items[item] for item in pair] for pair in joining_pairs(len(labels), pairs)]
    if form == "json":
        return json.dumps({"parts": named, "joins": joins}, indent=1, ensure_ascii=False)
    lines = [f"{len(judgements):,} judgements of {len(labels):,} items", "", "part   items"]
    lines += [f"{number:4d} {len(names):7,}  {_some(names)}" for number, names in enumerate(named, 1)]
    if joins:
        lines += ["", "Judgements of these pairs would join them; ask for several of each:"]
        lines += [f"  {a}  –  {b}" for a, b in joins]
    return "\n".join(lines)


def _compared(told: Told) -> Ints:
    """Return pairs of items that judgements join, shape (n_pairs, 2): of a set, each item and the next."""
    if isinstance(told, Pairs):
        return np.column_stack([told.a, told.b])
    inside = np.ones(len(told.items), dtype=np.bool_)
    inside[np.cumsum(told.sizes) - told.sizes] = False
    later = np.flatnonzero(inside)
    return np.column_stack([told.items[later - 1], told.items[later]])


def _some(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + ", …" * (len(names) > SHOWN)
