"""Mixing: a batch is part chance, part what joins separated parts, part a method's choice."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from rankings.checks import Flags, Ints
from rankings.connection import joining_sets
from rankings.fitting.strengths import Strengths
from rankings.selection import doubt
from rankings.selection.batch import Batch, Chooser, Request, Room, fill, sets_of, shuffled
from rankings.selection.neighbours import Neighbours

type Method = Callable[[Ints], Chooser]


def by_chance_alone(asked: Request) -> Neighbours:
    """Return a chooser of sets by chance alone."""
    items = asked.some_of(np.flatnonzero(asked.left))
    return Neighbours(items, asked.groups, lambda: asked.random.random(asked.n_items), asked.random)


def mixed(
    strengths: Strengths, asked: Request, uniform_share: float, method: Method, pending: ArrayLike | None = None
) -> Batch:
    """Return uniform sets, sets that join parts, and sets of the method, drawn in this order.

    What chance chooses comes first, so that nothing that was chosen by score stands in its way. Where the method finds
    no more, the nearest in score that may still meet do.
    """
    room, size = asked.room(), asked.size
    known = sets_of(asked.n_items, "pending", pending).tolist()
    by_chance = fill(by_chance_alone(asked), room, asked.n_uniform(uniform_share), size)
    linking = links(strengths, asked, room, asked.n_sets - len(by_chance), known + by_chance)
    informed: list[list[int]] = []
    items = asked.some_of(np.flatnonzero(in_company(strengths) & (asked.left > 0)))
    if len(items):
        nearest = Neighbours(items, strengths.components, lambda: strengths.values, asked.random)
        for chooser in method(items), nearest:
            for members in known + by_chance + linking:
                chooser.learn(members)
            informed += fill(chooser, room, asked.n_sets - len(by_chance) - len(linking) - len(informed), size)
    return shuffled({"uniform": by_chance, "link": linking, "informed": informed}, size, asked.random)


def in_company(strengths: Strengths) -> Flags:
    """Return which items share their part with others."""
    return (np.bincount(strengths.components) > 1)[strengths.components]


def links(
    strengths: Strengths, asked: Request, room: Room, most: int, known: Sequence[Sequence[int]] = ()
) -> list[list[int]]:
    """Return up to so many sets that join what neither judgements nor the known sets join, and take them from the room.

    Groups stay apart: parts are joined within each of them.
    """
    if strengths.n_components == 1:
        return []
    labels = strengths.components.copy()
    for members in known:
        labels[np.isin(labels, labels[members])] = labels[members[0]]
    doubts = doubt.variances(strengths)
    items = asked.random.permutation(np.flatnonzero(room.left))
    items = items[np.argsort(asked.groups[items], kind="stable")]
    found: list[list[int]] = []
    for own in np.split(items, np.flatnonzero(np.diff(asked.groups[items])) + 1):
        parts = np.unique(labels[own], return_inverse=True)[1]
        for places in joining_sets(parts, doubts[own], asked.size) if len(own) else []:
            members = own[places].tolist()
            if len(found) < most and room.allows(members):
                room.take(members)
                found.append(members)
    return found
