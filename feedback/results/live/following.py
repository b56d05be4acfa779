"""What the worker keeps in memory of the studies that are being judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from feedback.results.actions import Moved, keep_live
from feedback.results.boards.said import Level, said_on
from feedback.results.gathering import gather
from feedback.results.live.news import OVERTAKEN, News, news_of, seen_lately
from feedback.results.live.track import StartAgainError, Track
from feedback.results.models import Estimate, Fit
from feedback.results.sample import Floats
from feedback.results.standings import decisions, newest_fits
from feedback.snapshot import snapshot
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study
from rankings.errors import RankingError

AT_ONCE = 4
"""Studies kept; of another all is read again at its next judgement."""

HARDLY = 5e-5
"""Logits: smaller moves are not stored."""

LEVELS: tuple[Level, ...] = ("works", "generators")


class Memory:
    """The strengths of one study as they are now: those of its newest fit, and what came since."""

    def __init__(self, study: Study) -> None:
        with snapshot():
            self.decided = _decided(study)
            self.seen = set(seen_lately(study))
            self.cutoff = max(self.seen, default=0)
            sample = gather(study)
            self.slugs = {criterion.pk: criterion.slug for criterion in criteria_of(study)}
        self.study = study
        self.tracks: dict[tuple[int, str], Track] = {
            (criterion, level): Track(sample, said_on(sample, slug, level), level)
            for criterion, slug in self.slugs.items()
            for level in LEVELS
        }
        self.fits: dict[tuple[int, str], Fitted] = {}
        self.is_stored = False

    def take_news(self) -> None:
        """Take in what was submitted since.

        Raises
        ------
        StartAgainError
            If more has happened than new judgements, or these cannot be taken in one by one.
        """
        with snapshot():
            if _decided(self.study) != self.decided:
                raise StartAgainError
            new = [one for one in seen_lately(self.study, after=self.cutoff) if one not in self.seen]
            news = news_of(self.study, new)
        for one in news:
            self._take(one)
        self.is_stored = self.is_stored and not new
        self.cutoff = max([self.cutoff, *new])
        self.seen = {one for one in (*self.seen, *new) if one > self.cutoff - OVERTAKEN}

    def _take(self, news: News) -> None:
        if any(work.withdrawn for work in news.works):
            raise StartAgainError
        for (criterion, _), track in self.tracks.items():
            if news.is_another:
                track.drop(news)
            if criterion in news.ranks:
                track.take(news, news.ranks[criterion])

    def store(self, newest: Mapping[tuple[int, str], Fit]) -> None:
        """Store how far the newest fits have moved, if there is anything new to say."""
        if self.is_stored and all(key in self.fits and self.fits[key].fit == fit for key, fit in newest.items()):
            return
        moved = [
            Moved(fit, len(self.tracks[key]), self._moves(key, fit))
            for key, fit in newest.items()
            if key in self.tracks
        ]
        keep_live(moved, cutoff=self.cutoff)
        self.is_stored = True

    def _moves(self, key: tuple[int, str], fit: Fit) -> dict[int, float]:
        """How far each strength lies from the fit's."""
        track = self.tracks[key]
        if key not in self.fits or self.fits[key].fit != fit or len(self.fits[key].ids) != len(track.at):
            self.fits[key] = Fitted.of(fit, list(track.at))
        fitted = self.fits[key]
        moves = track.values - fitted.values
        return {fitted.ids[at]: float(moves[at]) for at in np.flatnonzero(np.abs(moves) > HARDLY).tolist()}


@dataclass(frozen=True)
class Fitted:
    """A fit's values of the works or generators with these ids, NaN where it has none."""

    fit: Fit
    ids: list[int]
    values: Floats

    @classmethod
    def of(cls, fit: Fit, ids: list[int]) -> Self:
        column = "work_id" if fit.level == Fit.Level.WORKS else "generator_id"
        values = dict(Estimate.objects.filter(fit=fit).values_list(column, "value"))
        return cls(fit, ids, np.array([values.get(one, np.nan) for one in ids], np.float64))


class Following:
    """The studies whose judgements are followed, the last used kept."""

    def __init__(self) -> None:
        self.memories: dict[int, Memory] = {}

    def look(self, studies: Iterable[Study]) -> None:
        """Move what is shown of these studies by what was judged since; those without a fit wait for their first."""
        for study in studies:
            if can_be_followed(study) and (newest := newest_fits(study)):
                self._follow(study, newest)

    def _follow(self, study: Study, newest: Mapping[tuple[int, str], Fit]) -> None:
        memory = self.memories.pop(study.pk, None)
        try:
            memory = memory or Memory(study)
            memory.take_news()
        except StartAgainError:
            memory = Memory(study)
        except RankingError:  # such as a strength that runs away: the next fit says so to the lead
            return
        memory.store(newest)
        self.memories[study.pk] = memory
        while len(self.memories) > AT_ONCE:
            del self.memories[next(iter(self.memories))]


def can_be_followed(study: Study) -> bool:
    """Not where a new answer changes older ones, as scores do, or is a choice that `rankings.update` does not know."""
    return study.form != Study.Form.RATING and study.ranking != Study.Ranking.BEST


def _decided(study: Study) -> tuple[int, int]:
    counted = Study.objects.annotate(decided=decisions()).values_list("decided", "criteria_version").get(pk=study.pk)
    return counted[0], counted[1]
