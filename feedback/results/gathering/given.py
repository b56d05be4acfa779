"""What was given: the live submissions as raters saw the works, and what they said on each criterion."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from django.db.models import Exists, F, OuterRef
from numpy.typing import ArrayLike, NDArray

from feedback.judging.models import Assignment, Flag, Judgement, Rationale
from feedback.people.models import Rater
from feedback.results.gathering.asked import Asked
from feedback.results.gathering.columns import AT_ONCE, Epoch, Numbers, Small, Spelt, Table, dense, find, lists, table
from feedback.results.models import Exclusion
from feedback.results.sample import ANSWERED, CANNOT_JUDGE, NOBODY, NOT_ASKED, SKIPPED, Answers, Floats, Ints, Raters
from feedback.studies.models import Study

type Order = NDArray[np.int16]

OUTCOMES: Mapping[str, int] = {
    Judgement.Outcome.ANSWERED.value: ANSWERED,
    Judgement.Outcome.CANNOT_JUDGE.value: CANNOT_JUDGE,
    Judgement.Outcome.SKIPPED.value: SKIPPED,
}


@dataclass(frozen=True, eq=False)
class Given:
    """The live submissions in the order in which they came: shape (m,) each, unless said otherwise.

    `order` (m, K) holds the entries as they stood on the screen, -1 behind the last; the withdrawn are not among them.
    """

    ids: Ints
    comparison: Ints  # by number
    rater: Ints  # ids
    at: Floats
    dwell: Floats
    order: Order
    turned: NDArray[np.bool_]  # entry 0 was not shown first
    shortened: NDArray[np.bool_]  # a work that was shown is withdrawn

    @classmethod
    def to(cls, study: Study, asked: Asked) -> Self:
        """Those that say something still: of two works at least, or of one that was shown alone."""
        told, spellings = _submissions(study)
        told = told[np.lexsort((told["id"], told["at"]))]
        comparison = find(asked.ids, told["comparison"])
        order = lists(spellings, width=asked.works_at.shape[1], blank=-1).astype(np.int16)[told["order"]]
        gone = _seen(asked.works_at[comparison], order, blank=NOBODY) == NOBODY
        there, shown = (~gone).sum(axis=1), (order >= 0).sum(axis=1)
        left = _closed_up(np.where(gone, np.int16(-1), order))
        counts = there >= np.minimum(2, shown)
        return cls(
            ids=told["id"][counts],
            comparison=comparison[counts],
            rater=told["rater"][counts],
            at=told["at"][counts],
            dwell=told["dwell"][counts] / 1000,
            order=left[counts],
            turned=order[counts, 0] != 0,
            shortened=(there < shown)[counts],
        )

    def seen[T: np.generic](self, of_entries: NDArray[T], *, blank: int) -> NDArray[T]:
        """What holds of each comparison's entries, (n, K), as it stood on the screens, (m, K)."""
        return _seen(of_entries[self.comparison], self.order, blank=blank)

    @cached_property
    def _by_id(self) -> Ints:
        return np.argsort(self.ids)

    def rows(self, submissions: ArrayLike) -> Ints:
        """At which row each of the submissions stands, -1 where it does not count."""
        at = find(self.ids[self._by_id], submissions)
        return np.where(at >= 0, self._by_id[at], -1)


def _submissions(study: Study) -> tuple[Table, Numbers]:
    spellings = Numbers()
    rows = (
        Assignment.objects.filter(study=study)
        .answered()
        .values_list(
            "latest_id", "comparison_id", "rater_id", Epoch("latest__at"), "latest__dwell_ms", Spelt("shown_order")
        )
    )
    numbered = ((*row, spellings[order]) for *row, order in rows.iterator(AT_ONCE))
    columns = {"id": "i8", "comparison": "i8", "rater": "i8", "at": "f8", "dwell": "f8", "order": "i4"}
    return table(numbered, **columns), spellings


def _seen[T: np.generic](values: NDArray[T], order: Order, *, blank: int) -> NDArray[T]:
    """The values of the entries, (m, K), in the order given, `blank` behind its end."""
    turned = np.take_along_axis(values, np.maximum(order, 0), axis=1)
    turned[order < 0] = blank
    return turned


def _closed_up(order: Order) -> Order:
    """The same order without its holes."""
    holes = order < 0
    if not holes.any():
        return order
    return np.take_along_axis(order, np.argsort(holes, axis=1, kind="stable"), axis=1)


def raters_of(study: Study, given: Given) -> tuple[Raters, Ints]:
    """Whoever gave something that counts, and by number who gave what."""
    ids, rater = np.unique(given.rater, return_inverse=True)
    judged = Assignment.objects.filter(study=study, rater=OuterRef("pk"))
    told = Rater.objects.filter(Exists(judged)).order_by("id").values_list("id", "kind", "cohort")
    known = {one: (kind, cohort) for one, kind, cohort in told}
    kinds, said = zip(*(known[one] for one in ids.tolist()), strict=True) if len(ids) else ((), ())
    cohorts = tuple(sorted(set(said) - {""}))
    out = Exclusion.objects.filter(study=study, lifted_at__isnull=True).values_list("rater_id", flat=True)
    raters = Raters(
        ids=ids,
        kind=np.array(kinds, np.str_),
        cohort=np.array([cohorts.index(one) if one else NOBODY for one in said], np.int64),
        cohorts=cohorts,
        excluded=np.isin(ids, list(out)),
    )
    return raters, rater


def answers_on(study: Study, criteria: Mapping[str, int], given: Given) -> dict[str, Answers]:
    """What was said on each criterion; `criteria` are ids by slug."""
    told, ranks, acceptable = _judgements(criteria)
    told["submission"] = given.rows(told["submission"])
    told = told[told["submission"] >= 0]
    answers = {}
    for slug, criterion in criteria.items():
        said = told[told["criterion"] == criterion]
        answers[slug] = _answers(study, said, ranks, acceptable, given)
    return answers


def _judgements(criteria: Mapping[str, int]) -> tuple[Table, Numbers, Numbers]:
    """All judgements on these criteria, live or not, which saves the database a join."""
    ranks, acceptable = Numbers(), Numbers()
    rows = Judgement.objects.filter(criterion__in=criteria.values()).values_list(
        "submission_id",
        "criterion_id",
        "outcome",
        "strength",
        "score",
        Spelt("ranks"),
        Spelt("acceptable"),
    )
    numbered = (
        (submission, criterion, OUTCOMES[outcome], strength or 0, score, ranks[ranked], acceptable[accepted])
        for submission, criterion, outcome, strength, score, ranked, accepted in rows.iterator(AT_ONCE)
    )
    columns = {"submission": "i8", "criterion": "i4", "outcome": "i1", "strength": "i1", "score": "f8"}
    return table(numbered, **columns, ranks="i4", acceptable="i4"), ranks, acceptable


def _answers(study: Study, said: Table, ranks: Numbers, acceptable: Numbers, given: Given) -> Answers:
    shape, at = given.order.shape, said["submission"]
    outcome = np.full(shape[0], NOT_ASKED, np.int8)
    outcome[at] = said["outcome"]
    ranked, accepted = np.zeros(shape, np.int8), np.full(shape, -1, np.int8)
    order = given.order[at]
    ranked[at] = _seen(dense(lists(ranks, width=shape[1], blank=0))[said["ranks"]], order, blank=0)
    accepted[at] = _seen(lists(acceptable, width=shape[1], blank=-1)[said["acceptable"]], order, blank=-1)
    strength, score = np.zeros(shape[0], np.int8), np.full(shape[0], np.nan)
    strength[at] = np.where(given.turned[at], -said["strength"], said["strength"])
    score[at] = said["score"]
    ranked[given.shortened] = dense(ranked[given.shortened])  # among what is left the best is first again
    unclear = given.shortened & (outcome == ANSWERED) & ~_says_what_was_asked(ranked, study.ranking)
    outcome[unclear], ranked[unclear] = NOT_ASKED, 0
    return Answers(outcome=outcome, ranks=ranked, strength=strength, score=score, acceptable=accepted)


def _says_what_was_asked(ranks: Small, asked: str) -> NDArray[np.bool_]:
    """Whether the best, and the worst where it was asked for, stands alone."""
    alone = np.ones(len(ranks), np.bool_)
    if asked in {Study.Ranking.BEST, Study.Ranking.BEST_WORST}:
        alone &= (ranks == 1).sum(axis=1) == 1
    if asked == Study.Ranking.BEST_WORST:
        alone &= (ranks == ranks.max(axis=1, keepdims=True)).sum(axis=1) == 1
    return alone


def said_in(study: Study, given: Given) -> Ints:
    """The sentence that came with each submission: the same number for the same words."""
    words, rationale = Numbers(), np.full(len(given.ids), -1)
    rows = Rationale.objects.filter(submission__study=study).order_by("submission_id")
    told: Any = (
        (one, words[_plain(text)]) for one, text in rows.values_list("submission_id", "text").iterator(AT_ONCE)
    )
    said = table(told, submission="i8", words="i8")
    at = given.rows(said["submission"])
    rationale[at[at >= 0]] = said["words"][at >= 0]
    return rationale


def _plain(text: str) -> int:
    """The words without what copying changes; their hash, so that a million of them need no more room than numbers."""
    return hash(" ".join(text.casefold().split()))


def recognised_in(study: Study, given: Given) -> Ints:
    """The rows at which the rater told the lead to know a maker."""
    flags = Flag.objects.filter(assignment__study=study, reason=Flag.Reason.RECOGNISED)
    rows = given.rows(list(flags.values_list(F("assignment__latest_id"), flat=True)))
    return np.unique(rows[rows >= 0])
