"""What was said on one criterion, as preferences between two works each: what the measures read."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feedback.results.sample import ANSWERED, NOBODY, Answers, Ints, Sample
from rankings.checks import Flags

type Form = Literal["pair", "set", "rating"]

WITHIN_REACH = 16  # of a rater's works of one prompt, each score is set against so many that follow


@dataclass(frozen=True, eq=False)
class Preferences:
    """Two works each, and which of them was preferred: shape (p,) unless said otherwise.

    A set is every two of its works; so are the scores that a rater gave to the works of one prompt. Those from one set,
    or from one rater's scores of a prompt, are one `judgement` and hang together. `first_at` and `second_at` number the
    looks at a work from which they come, so that simulated looks hang together as the real ones do.
    """

    sample: Sample
    criterion: str
    form: Form
    first: Ints  # works, as they stood on the screen
    second: Ints
    answer: Ints  # 1 for the first, -1 for the second, 0 for a tie
    strength: Ints  # the same by how much, -3 to 3; the answer where no strength was asked
    rater: Ints
    judgement: Ints
    row: Ints  # of the sample
    first_at: Ints
    second_at: Ints

    def __len__(self) -> int:
        return len(self.first)

    @property
    def answers(self) -> Answers:
        return self.sample.criteria[self.criterion]

    @property
    def n_works(self) -> int:
        return len(self.sample.works.ids)

    @cached_property
    def levels(self) -> int:
        """How many grades of a preference were used: 1 or 3."""
        return 3 if len(self) and int(np.abs(self.strength).max()) > 1 else 1

    @cached_property
    def drawn(self) -> Flags:
        """Where chance drew which work stood first."""
        return np.asarray(self.sample.drawn[self.row] & (self.form != "rating"))

    @cached_property
    def uniform(self) -> Flags:
        """Where chance chose the works, whatever had been answered before."""
        return np.asarray(self.sample.purpose[self.row] == "uniform")

    @cached_property
    def imported(self) -> Flags:
        return np.asarray(self.sample.purpose[self.row] == "imported")

    @cached_property
    def cluster(self) -> Ints:
        """What hangs together: the pair of works, the set, or the works of a prompt that are rated."""
        if self.form == "pair":
            return self.unit
        return self.sample.comparison[self.row] if self.form == "set" else self.sample.prompt[self.row]

    @cached_property
    def _units(self) -> tuple[Ints, Ints]:
        low, high = np.minimum(self.first, self.second), np.maximum(self.first, self.second)
        _, start, number = np.unique(low * self.n_works + high, return_index=True, return_inverse=True)
        place = np.argsort(np.argsort(start))
        return place[number], np.sort(start)

    @property
    def unit(self) -> Ints:
        """The two works whichever way they stood, numbered as they came up."""
        return self._units[0]

    @property
    def seen_first(self) -> Ints:
        """The first preference between each two works, shape (n_units,)."""
        return self._units[1]

    @property
    def n_units(self) -> int:
        return len(self.seen_first)

    @cached_property
    def turned(self) -> Flags:
        """Where the works stood the other way round than when they first came up."""
        return np.asarray(self.first != self.first[self.seen_first][self.unit])

    @cached_property
    def sign(self) -> Ints:
        """The answer, as if the works had always stood as they first did."""
        return np.where(self.turned, -self.answer, self.answer)

    @cached_property
    def looks(self) -> tuple[int, Ints, Ints]:
        """How many looks there were, and the numbers of both of each two, without gaps."""
        known, number = np.unique(np.stack([self.first_at, self.second_at]), return_inverse=True)
        first, second = number.reshape(2, -1)
        return len(known), first, second

    @cached_property
    def once(self) -> Flags:
        """Each rater's first word on each two works."""
        kept = np.zeros(len(self), dtype=np.bool_)
        kept[np.unique(self.unit * len(self.sample.raters.ids) + self.rater, return_index=True)[1]] = True
        return kept

    def only(self, kept: Flags) -> "Preferences":
        """Those that are kept, in the same order."""
        columns = (getattr(self, name)[kept] for name in COLUMNS)
        return Preferences(self.sample, self.criterion, self.form, *columns)


COLUMNS = (
    *("first", "second", "answer", "strength", "rater"),
    *("judgement", "row", "first_at", "second_at"),
)


def preferences_of(sample: Sample, criterion: str) -> Preferences:
    """Every preference that counts in scores: by people who are not excluded, on real work."""
    answers = sample.criteria[criterion]
    rows = np.flatnonzero(sample.scored & (answers.outcome == ANSWERED))
    if np.isfinite(answers.score[rows]).any():
        return _from_scores(sample, criterion, rows[np.isfinite(answers.score[rows])])
    return _from_ranks(sample, criterion, rows)


def numbered(values: Ints) -> tuple[Ints, Ints]:
    """The distinct values in ascending order, and the place of each value among them; values are from 0."""
    seen = np.bincount(values.ravel()) > 0
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[values]


def _from_ranks(sample: Sample, criterion: str, rows: Ints) -> Preferences:
    """Every two works of each set, the earlier one on the screen first."""
    ranks, shown = sample.criteria[criterion].ranks[rows], sample.shown[rows]
    places = shown.shape[1]
    found = []
    for one, other in combinations(range(places), 2):
        both = np.flatnonzero(_told(sample, ranks[:, one], ranks[:, other], shown[:, other]))
        found.append((both, np.full(len(both), one), np.full(len(both), other)))
    at, i, j = (np.concatenate(column) for column in zip(*found, strict=True))
    if places > 2:
        order = np.argsort(at, kind="stable")
        at, i, j = at[order], i[order], j[order]
    answer = np.sign(ranks[at, j].astype(np.int64) - ranks[at, i])
    row = rows[at]
    strength = sample.criteria[criterion].strength[row].astype(np.int64)
    asked = (sample.size[row] == 2) & (np.sign(strength) == answer)
    return Preferences(
        sample,
        criterion,
        "set" if len(rows) and int(sample.size[rows].max()) > 2 else "pair",
        shown[at, i],
        shown[at, j],
        answer,
        np.where(asked, strength, answer),
        sample.rater[row],
        row,
        row,
        row * places + i,
        row * places + j,
    )


def _told(sample: Sample, rank: NDArray[np.int8], other: NDArray[np.int8], shown: Ints) -> Flags:
    """Where something was said of two works: nothing is of two that are neither the best nor the worst asked for."""
    placed = (rank > 0) & (other > 0) & (shown != NOBODY)
    return np.asarray(placed if sample.asked == "full" else placed & ((rank != other) | (sample.shown.shape[1] == 2)))


def _from_scores(sample: Sample, criterion: str, rows: Ints) -> Preferences:
    """Each score against those that the same rater gave to the next works of the prompt."""
    group = sample.rater[rows] * len(sample.prompts) + sample.prompt[rows]
    order = np.argsort(group, kind="stable")
    rows, group = rows[order], group[order]
    here, there = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for apart in range(1, min(WITHIN_REACH, len(rows) - 1) + 1):
        same = np.flatnonzero(group[apart:] == group[:-apart])
        here.append(same)
        there.append(same + apart)
    one, other = np.concatenate(here), np.concatenate(there)
    work = sample.shown[rows, 0]
    apart_works = work[one] != work[other]
    one, other = one[apart_works], other[apart_works]
    score = sample.criteria[criterion].score[rows]
    answer = np.sign(score[one] - score[other]).astype(np.int64)
    row = rows[one]
    return Preferences(
        *(sample, criterion, "rating", work[one], work[other], answer, answer),
        *(sample.rater[row], group[one], row, row, rows[other]),
    )
