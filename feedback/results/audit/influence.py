"""What one rater does to the scores: how generators stand with the rater's judgements, and without."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from feedback.results.boards.fitted import strengths_of
from feedback.results.boards.said import Flags, said_on
from feedback.results.sample import Sample

DECIMALS = 6
type Told = dict[str, list[list[Any]]]
type Values = dict[int, float]


def influence_of(sample: Sample, raters: Iterable[int]) -> dict[int, Told]:
    """For each of the raters, by their numbers in the sample: by criterion [generator's id, with, without], the best first.

    Strengths are in logits, null where nothing is left. One who is excluded is put back for it; machines stay out.
    """
    whole = {slug: _values(sample, slug, sample.scored) for slug in sample.criteria}
    return {
        rater: {slug: _moved(sample, slug, rater, whole[slug]) for slug in sample.criteria}
        for rater in raters
        if sample.raters.kind[rater] != "machine"
    }


def _moved(sample: Sample, slug: str, rater: int, as_it_is: Values) -> list[list[Any]]:
    """The rater is in what the scores rest on, or is excluded: one of the two is the fit as it is."""
    theirs = ~np.isin(sample.purpose, ("gold", "training", "repeat")) & (sample.rater == rater)
    if sample.raters.excluded[rater]:
        whole, rest = _values(sample, slug, sample.scored | theirs), as_it_is
    else:
        whole, rest = as_it_is, _values(sample, slug, sample.scored & ~theirs)
    best_first = sorted(whole, key=lambda generator: -whole[generator])
    return [[int(sample.generators[one]), whole[one], rest.get(one)] for one in best_first]


def _values(sample: Sample, slug: str, among: Flags) -> Values:
    """By the generators' numbers in the sample."""
    said = said_on(sample, slug, "generators", among)
    strengths = strengths_of(said)
    if strengths is None:
        return {}
    return dict(zip(said.keys.tolist(), np.round(strengths.values, DECIMALS).tolist(), strict=True))
