"""From a sample to its boards: works within prompts, generators over prompts, cohort by cohort, and over all criteria."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import rankings
from feedback.results.boards.bands import Bands
from feedback.results.boards.board import Board
from feedback.results.boards.fitted import strengths_of
from feedback.results.boards.line import Line, line_of
from feedback.results.boards.net import net_of
from feedback.results.boards.overall import overall_of
from feedback.results.boards.said import Flags, Level, Said, said_on
from feedback.results.boards.spread import spreads_of
from feedback.results.sample import ANSWERED, NOBODY, Ints, Sample

LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Ranked:
    """One level of one criterion: what was said, its fit and its board; no fit where nothing was said."""

    said: Said
    strengths: rankings.Strengths | None
    board: Board | None


@dataclass(frozen=True, eq=False)
class Best:
    """One criterion."""

    works: Ranked
    generators: Ranked
    cohorts: Mapping[str, Board]

    def told(self, generators: Ints) -> dict[str, Any]:
        """As JSON; `generators` are ids by number."""
        board = self.generators.board
        return {
            "generators": board.told(generators) if board else None,
            "cohorts": {cohort: board.told(generators) for cohort, board in self.cohorts.items()},
        }


@dataclass(frozen=True, eq=False)
class Boards:
    """All boards of a study, criteria by slug; `overall` is None with fewer than two criteria that rank."""

    sample: Sample
    criteria: Mapping[str, Best]
    overall: Board | None

    def told(self) -> dict[str, Any]:
        """The part `best` of the report by criterion, and `overall` where there is one."""
        ids = self.sample.generators
        told = {slug: best.told(ids) for slug, best in self.criteria.items()}
        return told | ({"overall": {"generators": self.overall.told(ids), "cohorts": {}}} if self.overall else {})


def boards_of(sample: Sample) -> Boards:
    """Fit every criterion and say what holds of its rows at once."""
    criteria = {
        slug: Best(
            works=ranked(sample, slug, "works"),
            generators=ranked(sample, slug, "generators"),
            cohorts=_cohorts(sample, slug),
        )
        for slug in sample.criteria
    }
    fits = [best.generators for best in criteria.values()]
    told = [(one.said, one.strengths, one.board) for one in fits if one.strengths and one.board]
    return Boards(sample, criteria, overall_of(told) if len(told) > 1 else None)


def ranked(sample: Sample, slug: str, level: Level, among: Flags | None = None) -> Ranked:
    """The fit of one level on one criterion, of the submissions in `among`, by default of all that count."""
    said = said_on(sample, slug, level, among)
    strengths = strengths_of(said)
    if strengths is None:
        return Ranked(said, None, None)
    clusters = [said.rater] if level == "works" else [said.rater, said.prompt]
    bands = tuple(Bands(spread, LEVEL) for spread in spreads_of(strengths, clusters))
    generators = level == "generators"
    net = net_of(said, sample.works.covariates, strengths.components) if generators else None
    board = Board(
        keys=said.keys,
        judgements=said.judgements_of,
        part=strengths.components,
        bands=bands,
        tie=strengths.tie or 0.0,
        line=_line(sample, slug, said, strengths, among) if generators else None,
        net=net.values if net else None,
        confounders=net.confounders if net else (),
    )
    return Ranked(said, strengths, board)


def _cohorts(sample: Sample, slug: str) -> dict[str, Board]:
    """The generators as each cohort alone ranks them."""
    boards = {}
    for number, cohort in enumerate(sample.raters.cohorts):
        among = sample.scored & (sample.raters.cohort == number)[sample.rater]
        board = ranked(sample, slug, "generators", among).board
        if board:
            boards[cohort] = board
    return boards


def _line(sample: Sample, slug: str, said: Said, strengths: rankings.Strengths, among: Flags | None) -> Line | None:
    """Where generators come to be acceptable, from what was said of their works."""
    answers = sample.criteria[slug]
    if strengths.n_components > 1 or not (answers.acceptable >= 0).any():
        return None
    counts = sample.scored if among is None else among
    row = np.flatnonzero(counts & ((answers.outcome == ANSWERED) | (answers.acceptable >= 0).any(axis=1)))
    value = np.full(len(sample.generators) + 1, np.nan)  # the last for works that no generator made
    value[said.keys] = strengths.values
    shown = sample.shown[row]
    made = np.where(shown == NOBODY, NOBODY, sample.works.generator[shown])
    known = np.isfinite(value[made]) | (shown == NOBODY)
    whole = known.all(axis=1)
    return line_of(value[made[whole]], answers.acceptable[row[whole]], sample.rater[row[whole]])
