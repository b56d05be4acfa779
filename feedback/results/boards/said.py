"""What counts in the scores of one criterion: who was placed where, as works and as their generators."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from feedback.results.sample import ANSWERED, NOBODY, Floats, Ints, Sample

type Flags = NDArray[np.bool_]
type Level = Literal["works", "generators"]


@dataclass(frozen=True, eq=False)
class Said:
    """Orders of works or of generators, shape (m,) or, behind the last of a set NOBODY and rank 0, (m, K).

    A rater's scores of the works of one prompt are that rater's order of them.
    """

    keys: Ints  # (n,) numbers in the sample
    items: Ints  # (m, K) indexes into keys, as they stood on the screen
    works: Ints  # (m, K) numbers of the works behind them
    ranks: Ints  # (m, K) 1 is best, equal is a tie
    row: Ints  # the submission in the sample; of scores, the first of them
    rater: Ints
    prompt: Ints
    drawn: Flags  # Salon drew the order on the screen, and what is left is all of it
    asked: str

    def __len__(self) -> int:
        return len(self.row)

    @cached_property
    def size(self) -> Ints:
        """How many each set holds."""
        return np.asarray((self.items != NOBODY).sum(axis=1))

    @property
    def are_pairs(self) -> bool:
        """Whether only two were ever judged together."""
        return bool((self.size == 2).all())

    @cached_property
    def judgements_of(self) -> Ints:
        """How many judgements each key appears in: (n,)."""
        return np.bincount(self.items[self.items != NOBODY], minlength=len(self.keys))

    def kept(self, rows: Flags) -> Self:
        """What the rows say that are True; keys that are in none of them are left out."""
        which = slice(None) if rows.all() else rows  # of all, nothing is copied
        kept = replace(
            self,
            items=self.items[which],
            works=self.works[which],
            ranks=self.ranks[which],
            row=self.row[which],
            rater=self.rater[which],
            prompt=self.prompt[which],
            drawn=self.drawn[which],
        )
        used = kept.judgements_of > 0
        number = np.append(np.cumsum(used) - 1, NOBODY)  # the last for NOBODY
        return replace(kept, keys=self.keys[used], items=number[kept.items])


def said_on(sample: Sample, slug: str, level: Level, among: Flags | None = None) -> Said:
    """Every answer on the criterion that counts, of the submissions in `among`, by default of `sample.scored`."""
    answers = sample.criteria[slug]
    counts = (sample.scored if among is None else among) & (answers.outcome == ANSWERED)
    if sample.shown.shape[1] == 1 or (np.isfinite(answers.score) & counts).any():
        said = _from_scores(sample, answers.score, counts & np.isfinite(answers.score))
    else:
        said = _from_ranks(sample, answers.ranks, counts)
    if level == "generators":
        said = _of_generators(said, sample.works.generator)
    return said.kept(_says_what_was_asked(said))


def _from_ranks(sample: Sample, ranks: NDArray[np.int8], counts: Flags) -> Said:
    row = np.flatnonzero(counts)
    works = np.where(ranks[row] > 0, sample.shown[row], NOBODY)
    return Said(
        keys=np.arange(len(sample.works.ids)),
        items=works,
        works=works,
        ranks=np.where(works == NOBODY, 0, ranks[row]).astype(np.int64),
        row=row,
        rater=sample.rater[row],
        prompt=sample.prompt[row],
        drawn=sample.drawn[row],
        asked=sample.asked,
    )


def _from_scores(sample: Sample, score: Floats, counts: Flags) -> Said:
    """The works of one prompt in the order of a rater's last scores of them."""
    row = np.flatnonzero(counts)
    key = (sample.rater[row] * len(sample.prompts) + sample.prompt[row]) * len(sample.works.ids) + sample.shown[row, 0]
    last = len(row) - 1 - np.unique(key[::-1], return_index=True)[1]
    row, key = row[last], key[last] // max(len(sample.works.ids), 1)
    order = np.lexsort((row, -score[row], key))
    row, key = row[order], key[order]
    sets, start, group, size = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    place = np.arange(len(row)) - start[group]
    works, ranks = np.full((2, len(sets), int(size.max(initial=1))), NOBODY)
    works[group, place] = sample.shown[row, 0]
    worse = np.cumsum((place == 0) | (np.diff(score[row], prepend=np.inf) != 0))
    ranks[:] = 0
    ranks[group, place] = worse - worse[start[group]] + 1
    first = np.minimum.reduceat(row, start) if len(row) else row
    nothing = np.zeros(len(sets), np.bool_)
    return Said(
        keys=np.arange(len(sample.works.ids)),
        items=works,
        works=works,
        ranks=ranks,
        row=first,
        rater=sample.rater[first],
        prompt=sample.prompt[first],
        drawn=nothing,
        asked="full",
    )


def _of_generators(said: Said, generator: Ints) -> Said:
    """Generators through their works. A set in which a generator stands twice says nothing clear and is left out."""
    items = np.where(said.works == NOBODY, NOBODY, generator[said.works])
    sorted_ = np.sort(items, axis=1)
    twice = ((sorted_[:, 1:] == sorted_[:, :-1]) & (sorted_[:, 1:] != NOBODY)).any(axis=1)
    whole = (items != NOBODY).sum(axis=1) == said.size
    made = replace(
        said,
        keys=np.arange(int(generator.max(initial=-1)) + 1),
        items=items,
        works=np.where(items == NOBODY, NOBODY, said.works),
        ranks=np.where(items == NOBODY, 0, said.ranks),
        drawn=said.drawn & whole,
    )
    return made.kept(~twice)


def _says_what_was_asked(said: Said) -> Flags:
    """Whether two are left, and of them the best, and the worst where it was asked for, stand alone."""
    there = said.items != NOBODY
    ranks = said.ranks
    enough = said.size > 1
    if said.asked == "full" or not len(said):
        return np.asarray(enough)
    high = np.where(there, ranks, np.iinfo(np.int64).max)
    best = (high == high.min(axis=1, keepdims=True)).sum(axis=1) == 1
    worst = (there & (ranks == ranks.max(axis=1, keepdims=True))).sum(axis=1) == 1
    return np.asarray(enough & best & (worst if said.asked == "best-worst" else True))
