"""Which sets a round asks about: a share by chance alone, what joins separated parts, and what tells most."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.judging.models import Purpose
from feedback.studies.models import Study
from rankings import Strengths, selection

type Ints = NDArray[np.int64]
type Chosen = list[tuple[tuple[int, ...], str]]  # the items of each set, and why it is asked

PURPOSES = {"uniform": Purpose.UNIFORM, "link": Purpose.LINK, "informed": Purpose.INFORMATIVE}


@dataclass(frozen=True, eq=False)
class Shape:
    """What a round is to be: so many sets of `size`, of which a share by chance, from items that meet within groups."""

    groups: Ints  # (n,) the prompt of each item
    n_sets: int
    size: int
    uniform_share: float
    selection: str
    seed: int


@dataclass(frozen=True, eq=False)
class Met:
    """Sets that have met, shape (m, size) each.

    `ever` was asked before; `waiting` is still to be answered, once for every answer awaited; of `enough` as many raters
    are asked as there are.
    """

    ever: Ints
    waiting: Ints
    enough: Ints


def choose(shape: Shape, beliefs: Sequence[Strengths], *, met: Met) -> Chosen:
    """The sets of one round; fewer than asked for where no more can meet.

    The first are drawn by chance: from the seed, the items and their groups, and from nothing else. The others are
    chosen for each of `beliefs` in turn, one for each criterion, as if what is waiting were answered. What was asked
    before is asked again only where nothing new is left.
    """
    n_uniform = math.ceil(shape.uniform_share * shape.n_sets) if beliefs else shape.n_sets
    chosen = by_chance(shape, n_uniform)
    for barred in (met.ever, np.concatenate([met.waiting, met.enough])):
        for number, belief in enumerate(beliefs):
            wanted = (shape.n_sets - len(chosen)) // (len(beliefs) - number)
            if wanted > 0:
                chosen += _by_score(shape, belief, wanted, number, barred=barred, waiting=met.waiting, chosen=chosen)
    return chosen


def by_chance(shape: Shape, n_sets: int) -> Chosen:
    """Sets that the seed alone draws: every set of a group is as likely as any other, every item occurs about as often."""
    if len(shape.groups) < shape.size or n_sets < 1:
        return []
    batch = selection.uniform(len(shape.groups), n_sets, seed=shape.seed, size=shape.size, groups=shape.groups)
    return _told(batch)


def _by_score(
    shape: Shape, belief: Strengths, n_sets: int, number: int, *, barred: Ints, waiting: Ints, chosen: Chosen
) -> Chosen:
    taken = np.array([members for members, _ in chosen], dtype=np.int64).reshape(-1, shape.size)
    seen = np.concatenate([barred, taken])
    limits: selection.Limits = {"size": shape.size, "seen": seen, "groups": shape.groups}
    seed = shape.seed + 1 + number
    if shape.selection == Study.Selection.SWISS:
        return _told(selection.swiss(belief, n_sets, seed=seed, uniform_share=0, **limits))
    pending = np.concatenate([waiting, taken])
    return _told(selection.information_gain(belief, n_sets, seed=seed, uniform_share=0, pending=pending, **limits))


def _told(batch: selection.Batch) -> Chosen:
    return [
        (tuple(members), PURPOSES[why])
        for members, why in zip(batch.sets.tolist(), batch.purpose.tolist(), strict=True)
    ]
