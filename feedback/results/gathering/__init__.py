"""From rows to columns: everything judged in a study, read in one moment by a constant number of queries."""

import numpy as np

from feedback.judging.models import Purpose
from feedback.results.gathering.asked import Asked
from feedback.results.gathering.columns import find
from feedback.results.gathering.given import Given, answers_on, raters_of, recognised_in, said_in
from feedback.results.sample import NOBODY, Ints, Sample
from feedback.snapshot import snapshot
from feedback.studies.criteria import criteria_of
from feedback.studies.models import Study


def gather(study: Study) -> Sample:
    """What counts at present, without the answers of raters who withdrew and without works that are withdrawn."""
    with snapshot():
        asked = Asked.of(study)
        given = Given.to(study, asked)
        raters, rater = raters_of(study, given)
        criteria = {one.slug: one.pk for one in criteria_of(study)}
        shown = given.seen(asked.works_at, blank=NOBODY)
        return Sample(
            slug=study.slug,
            prompts=asked.prompts,
            generators=asked.generators,
            works=asked.works,
            raters=raters,
            rater=rater,
            prompt=asked.works.prompt[shown[:, 0]],
            comparison=asked.same_works[given.comparison],
            purpose=asked.purpose[given.comparison],
            shown=shown,
            drawn=asked.purpose[given.comparison] != Purpose.IMPORTED,
            repeat_of=_repeat_of(asked, given, rater),
            at=given.at,
            dwell=given.dwell,
            rationale=said_in(study, given),
            criteria=answers_on(study, criteria, given),
            expected={slug: given.seen(asked.expected(slug), blank=0) for slug in criteria},
            recognised=recognised_in(study, given),
            asked=study.ranking,
        )


def _repeat_of(asked: Asked, given: Given, rater: Ints) -> Ints:
    """The row of the same rater's answer on the comparison that a hidden repeat asks again."""
    hidden = asked.purpose[given.comparison] == Purpose.REPEAT
    original = np.where(hidden, asked.repeats[given.comparison], NOBODY)
    width = len(asked.repeats) + 1
    first = rater * width + given.comparison
    order = np.argsort(first)
    at = find(first[order], np.where(original >= 0, rater * width + original, -1))
    return np.where(at >= 0, order[at], -1)
