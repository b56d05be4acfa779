"""What one rater answered that the scores expect least."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from feedback.judging.models import Comparison, Entry, Judgement
from feedback.judging.qualification import KEYED
from feedback.people.models import Rater
from feedback.results.audit.disputes import NEITHER, ONE, OTHER, RAREST, expected_of
from feedback.results.audit.scores import fits_of_works
from feedback.results.models import Estimate, Fit
from feedback.studies.models import Criterion, Study

MOST, READ = 10, 5000  # answers told, of the newest that are looked through
EXPECTED = 0.5  # what is at least as likely contradicts nothing
type Placed = Mapping[int, tuple[float, int]]  # works with their strength and their part


@dataclass(frozen=True)
class Contradiction:
    """An answer with how likely it was by the scores; of a set, the mean over its pairs."""

    comparison: Comparison
    criterion: Criterion
    likely: float

    @property
    def percent(self) -> str:
        return f"{100 * self.likely:.0f}" if self.likely > RAREST else f"under {100 * RAREST:.0f}"


def contradictions_of(study: Study, rater: Rater) -> list[Contradiction]:
    """The rater's least expected answers, the least first, in a constant number of queries."""
    given = list(
        Judgement.objects.live()
        .answered()
        .filter(submission__study=study, submission__assignment__rater=rater, ranks__isnull=False)
        .exclude(submission__assignment__comparison__purpose__in=KEYED)
        .order_by("-submission")
        .values_list("submission__assignment__comparison", "criterion", "ranks")[:READ]
    )
    fits, works = fits_of_works(study), _works(study, rater)
    placed = _placed(study, rater, fits)
    found = [
        (_likely(works[comparison], ranks or (), placed[criterion], fits[criterion].tie or 0), comparison, criterion)
        for comparison, criterion, ranks in given
        if criterion in fits
    ]
    least = sorted(one for one in found if one[0] < EXPECTED)[:MOST]
    comparisons = Comparison.objects.select_related("prompt").in_bulk([comparison for _, comparison, _ in least])
    criteria = {criterion.pk: criterion for criterion in study.criteria.all()}
    return [Contradiction(comparisons[of], criteria[on], likely) for likely, of, on in least]


def _likely(works: Sequence[int], ranks: Sequence[int], placed: Placed, tie: float) -> float:
    """How likely the order of these works was; 1 where the scores compare none of them."""
    surprises = []
    for one, other in combinations(range(len(works)), 2):
        first, second = placed.get(works[one]), placed.get(works[other])
        if first and second and first[1] == second[1]:
            shares = expected_of(np.array(first[0] - second[0]), tie)
            verdict = ONE if ranks[one] < ranks[other] else OTHER if ranks[one] > ranks[other] else NEITHER
            surprises.append(-math.log(max(float(shares[verdict]), RAREST)))
    return math.exp(-sum(surprises) / len(surprises)) if surprises else 1.0


def _works(study: Study, rater: Rater) -> dict[int, list[int]]:
    """The works of each comparison that the rater had."""
    theirs = {"comparison__study": study, "comparison__assignments__rater": rater}
    works: dict[int, list[int]] = defaultdict(list)
    for comparison, work in Entry.objects.filter(**theirs).order_by("index").values_list("comparison", "work"):
        works[comparison].append(work)
    return works


def _placed(study: Study, rater: Rater, fits: Mapping[int, Fit]) -> Mapping[int, Placed]:
    """By criterion, the works that the rater had."""
    theirs = Entry.objects.filter(comparison__study=study, comparison__assignments__rater=rater).values("work")
    rows = Estimate.objects.filter(fit__in=fits.values(), work__in=theirs)
    placed: dict[int, dict[int, tuple[float, int]]] = defaultdict(dict)
    for criterion, work, value, part in rows.values_list("fit__criterion", "work", "value", "component"):
        placed[criterion][work] = value, part
    return placed
