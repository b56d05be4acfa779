"""The strengths of one level of one criterion, moved by each judgement."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np

import rankings
from feedback.results.boards.fitted import strengths_of
from feedback.results.boards.said import Level, Said
from feedback.results.live.news import News, Work
from feedback.results.sample import NOBODY, Floats, Ints, Sample
from feedback.studies.models import Study


class StartAgainError(Exception):
    """What the memory holds cannot be moved by the news: everything is read again."""


class Track:
    """Strengths by the ids of works or generators, and which rater judged which works in each judgement behind them."""

    def __init__(self, sample: Sample, said: Said, level: Level) -> None:
        ids = sample.works.ids if level == "works" else sample.generators
        self.level = level
        self.asked = said.asked
        self.at = {key: at for at, key in enumerate(ids[said.keys].tolist())}
        self.are_pairs = said.are_pairs
        self.strengths = strengths_of(said)
        works = np.where(said.works == NOBODY, NOBODY, sample.works.ids[said.works])
        self._rater: list[Ints] = [sample.raters.ids[said.rater]]
        self._works: list[Ints] = [np.sort(works, axis=1)]

    @property
    def values(self) -> Floats:
        """Aligned with `at`."""
        return np.zeros(0) if self.strengths is None else np.asarray(self.strengths.values, np.float64)

    def __len__(self) -> int:
        """How many judgements the strengths stand on."""
        return sum(map(len, self._rater))

    def take(self, news: News, ranks: Sequence[int]) -> bool:
        """Take in one more judgement; whether it says anything here.

        Raises
        ------
        StartAgainError
            If the strengths cannot take it by themselves.
        """
        told = [(self._key(work), rank) for work, rank in zip(news.works, ranks, strict=True)]
        placed = [(key, rank) for key, rank in told if key is not None]
        if len(placed) < 2 or len({key for key, _ in placed}) < len(placed) or not self._is_clear(placed):
            return False
        row = self._row(news)
        if self.strengths is None:
            raise StartAgainError
        items = [self.at.setdefault(key, len(self.at)) for key, _ in placed]
        self.strengths = self._moved(self.strengths, items, [rank for _, rank in placed], drawn=news.drawn)
        self._rater.append(np.array([news.rater]))
        self._works.append(row[None])
        return True

    def drop(self, news: News) -> None:
        """Fit again without what the rater said of these works before.

        Raises
        ------
        StartAgainError
            If that was the last judgement, or cannot be told from another.
        """
        if self.strengths is None:
            return
        self._rater, self._works = [np.concatenate(self._rater)], [np.concatenate(self._works)]
        gone = (self._rater[0] == news.rater) & (self._works[0] == self._row(news)).all(axis=1)
        if not gone.any():
            return
        if gone.sum() > 1 or gone.all():
            raise StartAgainError
        self.strengths = self.strengths.judgements.kept(~gone).fitted()
        self._rater, self._works = [self._rater[0][~gone]], [self._works[0][~gone]]

    def _key(self, work: Work) -> int | None:
        return work.id if self.level == "works" else work.generator

    def _row(self, news: News) -> Ints:
        """The works in order of size, as wide as those before."""
        works = sorted(work.id for work in news.works if self._key(work) is not None)
        width = self._works[0].shape[1]
        if len(works) > width:
            raise StartAgainError
        return np.array([NOBODY] * (width - len(works)) + works)

    def _is_clear(self, placed: Sequence[tuple[int, int]]) -> bool:
        """Whether the best and the worst stand alone, where those were asked for."""
        ranks = [rank for _, rank in placed]
        if self.asked == Study.Ranking.FULL:
            return True
        return ranks.count(min(ranks)) == ranks.count(max(ranks)) == 1

    def _moved(
        self, strengths: rankings.Strengths, items: Sequence[int], ranks: Sequence[int], *, drawn: bool
    ) -> rankings.Strengths:
        if self.are_pairs:
            return self._moved_by_pair(strengths, items, ranks, drawn=drawn)
        if self.asked == Study.Ranking.BEST_WORST:
            best, worst = (items[ranks.index(one(ranks))] for one in (min, max))
            return rankings.update(strengths, items, best, worst)
        by_rank = sorted(zip(ranks, items, strict=True))
        order = [[item for _, item in tied] for _, tied in groupby(by_rank, key=itemgetter(0))]
        return rankings.update(strengths, [tied[0] if len(tied) == 1 else tied for tied in order])

    def _moved_by_pair(
        self, strengths: rankings.Strengths, items: Sequence[int], ranks: Sequence[int], *, drawn: bool
    ) -> rankings.Strengths:
        if len(items) > 2 or (strengths.position is not None and not drawn):
            raise StartAgainError
        outcome = (ranks[0] < ranks[1]) - (ranks[0] > ranks[1])
        return rankings.update(strengths, *items, outcome, first_a=None if strengths.position is None else True)
