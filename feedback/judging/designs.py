"""Which works are put side by side: plain combinatorics over one prompt's works."""

import math
import random
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import combinations, islice

ALL_PAIRS_UP_TO = 30
DEGREE = 6
EVENING_ROUNDS = 12
APART, LOOKED_AT = 4, 64  # places in the queue between two of a work; comparisons that are looked at for one


def pairs(works: Sequence[int], rng: random.Random) -> list[tuple[int, ...]]:
    """All pairs of up to 30 works, else a connected random design in which each work meets 6 others."""
    if len(works) <= ALL_PAIRS_UP_TO:
        return list(combinations(works, 2))
    return some_pairs(works, DEGREE // 2, rng)


def some_pairs(works: Sequence[int], rings: int, rng: random.Random) -> list[tuple[int, ...]]:
    """A connected random design in which each work stands in about two pairs a ring."""
    chosen: set[tuple[int, ...]] = set()
    for _ in range(rings):
        chosen.update(_ring(works, rng))
    return sorted(chosen)


def sets(works: Sequence[int], size: int, rng: random.Random) -> list[tuple[int, ...]]:
    """All sets of `size` while they are no more than all pairs of 30 works, else a connected random design.

    In the random design each work stands in about 6 sets; neighbouring sets share a work, so that all are connected.
    """
    size = min(size, len(works))
    if math.comb(len(works), size) <= math.comb(ALL_PAIRS_UP_TO, 2):
        return list(combinations(works, size))
    return some_sets(works, size, DEGREE, rng)


def some_sets(works: Sequence[int], size: int, chains: int, rng: random.Random) -> list[tuple[int, ...]]:
    """A connected random design in which each work stands in a set or two a chain; neighbouring sets share a work."""
    chosen: set[tuple[int, ...]] = set()
    for _ in range(chains):
        chosen.update(_chain(works, min(size, len(works)), rng))
    return sorted(chosen)


def turns(comparisons: Sequence[Sequence[int]], rng: random.Random) -> list[int]:
    """For each comparison the entry to show first, so that every work comes first about equally often.

    Drawn at random, then evened out: wherever another work of a comparison comes first more rarely, it takes the
    place. Even exchanges, half of the time, let a surplus wander until it meets a want.
    """
    drawn = [rng.randrange(len(works)) for works in comparisons]
    first = Counter(works[turn] for works, turn in zip(comparisons, drawn, strict=True))
    for _ in range(EVENING_ROUNDS):
        for at, works in enumerate(comparisons):
            leading, rarest = works[drawn[at]], min(works, key=first.__getitem__)
            surplus = first[leading] - first[rarest]
            if surplus > 1 or (surplus == 1 and rng.random() < 0.5):
                first[leading] -= 1
                first[rarest] += 1
                drawn[at] = works.index(rarest)
    return drawn


def spread(comparisons: Sequence[Sequence[int]], rng: random.Random) -> list[int]:
    """An order of the comparisons, by chance, in which every work rests as long as it can between two of them.

    Returns their indexes. Whoever goes through it alone sees no work twice in a row, until nothing else is left.
    """
    waiting = deque(rng.sample(range(len(comparisons)), len(comparisons)))
    order: list[int] = []
    last: dict[int, int] = {}

    def rested(at: int) -> int:
        return min(APART, *(len(order) - last.get(work, -APART) for work in comparisons[at]))

    while waiting:
        nearest = list(islice(waiting, LOOKED_AT))
        chosen = next((at for at in nearest if rested(at) == APART), None)
        chosen = max(nearest, key=rested) if chosen is None else chosen
        waiting.remove(chosen)
        last.update(dict.fromkeys(comparisons[chosen], len(order)))
        order.append(chosen)
    return order


def _ring(works: Sequence[int], rng: random.Random) -> Iterator[tuple[int, ...]]:
    order = rng.sample(works, len(works))
    for one, other in zip(order, [*order[1:], order[0]], strict=True):
        yield (min(one, other), max(one, other))


def _chain(works: Sequence[int], size: int, rng: random.Random) -> Iterator[tuple[int, ...]]:
    order = rng.sample(works, len(works))
    for start in range(0, len(order), size - 1):
        block = [order[(start + offset) % len(order)] for offset in range(size)]
        yield tuple(sorted(block))
