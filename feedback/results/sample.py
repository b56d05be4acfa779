"""Everything the judgements of a study say, as columns: what every check and every measure reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]

ANSWERED, CANNOT_JUDGE, SKIPPED, NOT_ASKED = 0, 1, 2, -1
NOBODY = -1  # no work at this place, no generator, no cohort


@dataclass(frozen=True, eq=False)
class Works:
    """Works by number: shape (n_works,) each."""

    ids: Ints
    prompt: Ints  # index into `Sample.prompts`
    generator: Ints  # index into `Sample.generators`, NOBODY where a person made it
    covariates: Mapping[str, Floats]  # such as log length, log duration, loudness, log pixels; NaN where unknown


@dataclass(frozen=True, eq=False)
class Raters:
    """Raters by number: shape (n_raters,) each."""

    ids: Ints
    kind: NDArray[np.str_]  # person, simulated, machine
    cohort: Ints  # index into `cohorts`, NOBODY where none is said
    cohorts: tuple[str, ...]
    excluded: NDArray[np.bool_]  # by the lead: their judgements count in no score


@dataclass(frozen=True, eq=False)
class Answers:
    """What was answered on one criterion, aligned with the submissions and with the works as they stood on the screen.

    `ranks` (m, K) are 1 for the best, equal for a tie, 0 where there is no work or no answer; `strength` (m,) is signed,
    positive for the work shown first, 0 where none was asked; `score` (m,) is NaN but for ratings; `acceptable` (m, K)
    is 1, 0, or -1 where nothing was said.
    """

    outcome: NDArray[np.int8]  # (m,) ANSWERED, CANNOT_JUDGE, SKIPPED or NOT_ASKED
    ranks: NDArray[np.int8]
    strength: NDArray[np.int8]
    score: Floats
    acceptable: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Sample:
    """The live submissions of a study, ordered by when they came: shape (m,) each, unless said otherwise.

    `shown` (m, K) holds works as they stood on the screen, first to last, NOBODY behind the last. `drawn` is true where
    Salon drew that order by chance; an imported order may follow the answer. `repeat_of` is the row of the same rater's
    first answer on the same works, -1 elsewhere. `recognised` holds the rows at which the rater knew a maker. `asked` is
    what was asked of a set: its full order, its best, or best-worst. Works that are withdrawn are nowhere in it.
    """

    slug: str
    prompts: Ints  # (n_prompts,) ids
    generators: Ints  # (n_generators,) ids
    works: Works
    raters: Raters
    rater: Ints
    prompt: Ints
    comparison: Ints  # the same number for the same works, whichever way they stood
    purpose: NDArray[np.str_]  # uniform, informative, link, gold, repeat, training, imported
    shown: Ints
    drawn: NDArray[np.bool_]
    repeat_of: Ints
    at: Floats  # seconds since 1970
    dwell: Floats  # seconds, NaN where unknown
    rationale: NDArray[np.int64]  # equal numbers for equal words, -1 without
    criteria: Mapping[str, Answers]  # by slug, in the study's order
    expected: Mapping[str, NDArray[np.int8]]  # by slug (m, K): the expert's ranks, 0 where there is no key
    recognised: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    asked: str = "full"

    def __len__(self) -> int:
        return len(self.rater)

    @cached_property
    def scored(self) -> NDArray[np.bool_]:
        """Which submissions count in scores: real work by people who are not excluded."""
        real = ~np.isin(self.purpose, ("gold", "training", "repeat"))
        counted = (self.raters.kind != "machine") & ~self.raters.excluded
        return np.asarray(real & counted[self.rater])

    @cached_property
    def size(self) -> Ints:
        """How many works each submission shows."""
        return np.asarray((self.shown != NOBODY).sum(axis=1))
