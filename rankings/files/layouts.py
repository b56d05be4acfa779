"""Layouts: the columns in which files hold judgements, and how their rows become arrays."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from rankings.checks import Ints
from rankings.files.rows import Rows, name_of, shown

SIDES = {
    **dict.fromkeys(("1", "1.0", "a", "model_a", "left"), 1),
    **dict.fromkeys(("0", "0.0", "tie", "tie (bothbad)", "both_bad"), 0),
    **dict.fromkeys(("-1", "-1.0", "b", "model_b", "right"), -1),
}
"""How files say which side was better."""

UNKNOWN = 2
"""What no side is."""

FORMS = {"ranking": 'a>b=c or ["a", ["b", "c"]]', "works": '["a", "b"]', "set": 'a|b|c or ["a", "b", "c"]'}
"""How files write sets."""

MOST_GRADES = 100
"""A scale with more on a side is something else, such as a score."""


class Pairs(NamedTuple):
    """Answers to pairs.

    Attributes
    ----------
    a, b : int arrays, shape (n_judgements,)
    strength : int array, shape (n_judgements,)
        Above 0 where `a` was better, 0 for a tie.
    """

    a: Ints
    b: Ints
    strength: Ints


class Ranked(NamedTuple):
    """Orders of sets.

    Attributes
    ----------
    items, ranks : int arrays, shape (n_entries,)
        Set after set; 1 is best.
    sizes : int array, shape (n_judgements,)
    """

    items: Ints
    ranks: Ints
    sizes: Ints


class Chosen(NamedTuple):
    """The best and the worst of sets.

    Attributes
    ----------
    items : int array, shape (n_entries,)
        Set after set.
    sizes, best, worst : int arrays, shape (n_judgements,)
    """

    items: Ints
    sizes: Ints
    best: Ints
    worst: Ints


class Rated(NamedTuple):
    """Ratings of units, the items, by raters.

    Attributes
    ----------
    unit, rater : int arrays, shape (n_ratings,)
    rating : int array, shape (n_ratings,)
        Numbers of what was said.
    """

    unit: Ints
    rater: Ints
    rating: Ints


type Told = Pairs | Ranked | Chosen


class Layout[T](NamedTuple):
    """One way in which files hold judgements, and the arrays they become.

    Attributes
    ----------
    columns : dict
        The column of each role that is needed, if it is not named otherwise.
    take : callable
        Turns rows into arrays.
    model : str
        What fits them unless another model is asked for.
    optional : tuple of str
        Roles that are read if the file has a column of that name.
    """

    columns: dict[str, str]
    take: Callable[[Rows], T]
    model: str = ""
    optional: tuple[str, ...] = ()


def _choices(rows: Rows) -> Pairs:
    winner, loser = rows.sides("winner", "loser")
    return Pairs(winner, loser, np.ones_like(winner))


def _outcomes(rows: Rows) -> Pairs:
    said = rows.ids("outcome", "outcome")
    side = np.array([SIDES.get(text.lower(), UNKNOWN) for text in rows.names["outcome"].all()])[said]
    if (side == UNKNOWN).any():
        row = int(np.argmax(side == UNKNOWN))
        must = "write a, tie or b, or 1, 0, -1; names of winners go with columns winner,loser"
        rows.refuse(row, f"outcome is {shown(rows.cells['outcome'][row])}; {must}")
    return Pairs(*rows.sides("a", "b"), side)


def _grades(rows: Rows) -> Pairs:
    strength = rows.numbers(
        "strength",
        lambda values: (values == np.rint(values)) & (np.abs(values) <= MOST_GRADES),
        "write a whole number, above 0 where a is better, below where b is",
    )
    return Pairs(*rows.sides("a", "b"), strength.astype(np.int64))


def _rankings(rows: Rows) -> Ranked:
    """Take ``a>b=c`` or JSON ``["a", ["b", "c"]]``: best first, a nested group is a tie."""
    orders = [_order(cell) for cell in rows.cells["ranking"]]
    members = [[name for group in groups for name in group] for groups in orders]
    _check_sets(rows, "ranking", members)
    ranks = [rank for groups in orders for rank, group in enumerate(groups, 1) for _ in group]
    return Ranked(_flat(rows, members), np.array(ranks), _sizes(members))


def _ranks(rows: Rows) -> Ranked:
    """Take works beside their ranks, as a release of judgements holds them."""
    members = [_members(cell) for cell in rows.cells["works"]]
    _check_sets(rows, "works", members)
    places = [_decoded(cell) for cell in rows.cells["ranks"]]
    for row, (works, ranks) in enumerate(zip(members, places, strict=True)):
        if not isinstance(ranks, list) or [type(rank) for rank in ranks] != [int] * len(works) or min(ranks) < 1:
            must = "write a list with the rank of each work, 1 for the best, or leave the line out"
            rows.refuse(row, f"ranks is {shown(ranks)}; {must}")
    return Ranked(_flat(rows, members), np.concatenate(places), _sizes(members))


def _best_worst(rows: Rows) -> Chosen:
    members, best, worst = [_members(cell) for cell in rows.cells["set"]], rows.texts("best"), rows.texts("worst")
    _check_sets(rows, "set", members)
    for row, (names, top, bottom) in enumerate(zip(members, best, worst, strict=True)):
        if top == bottom or not {top, bottom} <= set(names):
            rows.refuse(row, f"best {shown(top)} and worst {shown(bottom)} must be two of the set")
    return Chosen(_flat(rows, members), _sizes(members), rows.ids("best"), rows.ids("worst"))


def _ratings(rows: Rows) -> Rated:
    return Rated(rows.ids("unit"), rows.ids("rater", "rater"), rows.ids("rating", "rating"))


def details(rows: Rows, told: object) -> dict[str, Any]:
    """Return what else the rows say about their judgements, each of shape (n_judgements,)."""
    found: dict[str, Any] = {role: rows.ids(role, role) for role in ("rater", "prompt") if role in rows.cells}
    if "weight" in rows.cells:
        found["weight"] = rows.numbers("weight", lambda values: values > 0, "weights are finite and above 0")
    if "top" in rows.cells:
        must = "write how many of the best places were ranked, 1 or more"
        found["top"] = rows.numbers("top", lambda values: (values >= 1) & (values == np.rint(values)), must).astype(int)
    if "first" in rows.cells and isinstance(told, Pairs):
        first = rows.ids("first")
        neither = (first != told.a) & (first != told.b)
        if neither.any():
            row = int(np.argmax(neither))
            must = "name the one of the two items that was shown first"
            rows.refuse(row, f"first is {shown(rows.cells['first'][row])}; {must}")
        found["first"] = first == told.a
    return found


def _order(cell: Any) -> list[list[str]]:
    """Return the groups of a ranking, best first, or nothing."""
    match _decoded(cell):
        case str(text):
            return [[name.strip() for name in group.split("=")] for group in text.split(">")]
        case list(groups):
            return [list(map(name_of, group if isinstance(group, list) else [group])) for group in groups]
    return []


def _members(cell: Any) -> list[str]:
    """Return the names of a set, or nothing; a work may be an object that holds its name."""
    match _decoded(cell):
        case str(text):
            return [name.strip() for name in text.split("|")]
        case list(names):
            return [name_of(name.get("work") if isinstance(name, dict) else name) for name in names]
    return []


def _decoded(cell: Any) -> Any:
    """Return what a cell of CSV holds as JSON, if it holds a list."""
    if isinstance(cell, str) and cell.lstrip().startswith("["):
        try:
            return json.loads(cell)
        except json.JSONDecodeError:
            return None
    return cell


def _check_sets(rows: Rows, role: str, sets: list[list[str]]) -> None:
    """Refuse a set without two names, or with one twice."""
    for row, names in enumerate(sets):
        if len(names) < 2 or "" in names:
            rows.refuse(row, f"{role} is {shown(rows.cells[role][row])}; write two names or more, as {FORMS[role]}")
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            rows.refuse(row, f"{role} holds {shown(twice)} twice; each item has one place")


def _flat(rows: Rows, sets: list[list[str]]) -> Ints:
    return rows.names["item"].ids([name for names in sets for name in names])


def _sizes(sets: list[list[str]]) -> Ints:
    return np.fromiter(map(len, sets), np.int64, len(sets))


WHO = ("rater", "prompt", "weight")

JUDGEMENTS: tuple[Layout[Told], ...] = (
    Layout({"ranking": "ranking"}, _rankings, "plackett-luce", (*WHO, "top")),
    Layout({"works": "works", "ranks": "ranks"}, _ranks, "plackett-luce", (*WHO, "top")),
    Layout({"set": "set", "best": "best", "worst": "worst"}, _best_worst, "best-worst", WHO),
    Layout({"a": "a", "b": "b", "strength": "strength"}, _grades, "graded", (*WHO, "first")),
    Layout({"a": "a", "b": "b", "outcome": "outcome"}, _outcomes, "davidson", (*WHO, "first")),
    Layout({"a": "model_a", "b": "model_b", "outcome": "winner"}, _outcomes, "davidson", (*WHO, "first")),
    Layout({"winner": "winner", "loser": "loser"}, _choices, "bradley-terry", (*WHO, "first")),
)
"""Layouts of judgements; the first that a file has is read."""

RATINGS = (Layout({"rater": "rater", "unit": "unit", "rating": "rating"}, _ratings),)
"""Layouts of ratings."""
