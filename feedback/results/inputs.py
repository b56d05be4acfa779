"""Judgements gathered one by one, as lists ready for `rankings`; boards have theirs as columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedback.studies.models import Study


@dataclass(frozen=True)
class Told:
    """One judgement: works and their ranks, 1 = best, equal = tie.

    `first` says which was shown first, where Salon drew the order; an imported order may follow the answer.
    """

    works: tuple[int, ...]
    ranks: tuple[int, ...]
    first: int | None = None


@dataclass(frozen=True)
class Orders:
    """Judgements as indexes into `keys`, ids of works; `asked` is what the study asked of its sets.

    `firsts` hold the place in the set of what was shown first, or None.
    """

    keys: list[int]
    sets: list[list[int]]
    ranks: list[list[int]]
    firsts: list[int | None]
    asked: str = Study.Ranking.FULL

    @property
    def are_pairs(self) -> bool:
        """Whether only two works were ever judged together."""
        return all(len(members) == 2 for members in self.sets)


def orders_of_works(told: Iterable[Told], asked: str = Study.Ranking.FULL) -> Orders:
    """Those that say what was asked."""
    rows = [one for one in told if _says_what_was_asked(one.ranks, asked)]
    keys = sorted({work for one in rows for work in one.works})
    index = {key: at for at, key in enumerate(keys)}
    return Orders(
        keys=keys,
        sets=[[index[work] for work in one.works] for one in rows],
        ranks=[list(one.ranks) for one in rows],
        firsts=[one.first for one in rows],
        asked=asked,
    )


def _says_what_was_asked(ranks: Sequence[int], asked: str) -> bool:
    """Whether the best, and the worst where it was asked for, stands alone in what is left of the set."""
    best, worst = ranks.count(min(ranks)) == 1, ranks.count(max(ranks)) == 1
    return {Study.Ranking.BEST: best, Study.Ranking.BEST_WORST: best and worst}.get(Study.Ranking(asked), True)
