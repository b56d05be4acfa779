"""Identical works: so little difference that ranking them ranks noise.

Each work's wins beyond its losses vary between works by chance as they vary between the raters of a work. If works
differed by `LEAST` logits (sd), the first would be larger by a factor that the judgements' information tells; the ratio
of the two over that factor is as a chi-square over its degrees of freedom, and the p-value is the chance of less. Where a
generator stands out, works are not alike, and nothing is tried.
"""

import numpy as np
from scipy.special import chdtr

from feedback.results.checks.finding import SMALLEST, STUDY, Tried
from feedback.results.checks.pairs import by_cluster, moments
from feedback.results.checks.reading import Reading
from feedback.results.checks.sides import lean
from feedback.results.sample import NOBODY, Floats

FAULT = "identical works"
LEAST = 0.5
ENOUGH = 20  # works beyond the first of each prompt
CLEARLY = 4.0
FEWEST_RATERS = 3  # of a work, on average: one alone cannot tell chance from difference


def check(reading: Reading) -> list[Tried]:
    total, _, growth = lean(reading)
    side = float(total.sum() / growth.sum()) if growth.sum() else 0.0
    tried, n_works = [], len(reading.sample.works.ids)
    for slug, pairs in reading.pairs.items():
        expected, variance = moments(np.full(len(pairs), side), reading.fits[slug].tie)
        push = pairs.weight * (pairs.answer - expected)
        work, rater = np.concatenate([pairs.a, pairs.b]), np.tile(pairs.rater, 2)
        keys, (won,) = by_cluster(rater * n_works + work, np.concatenate([push, -push]))
        between = np.bincount(keys % n_works, won, n_works)
        within = np.bincount(keys % n_works, won**2, n_works)
        known = np.bincount(work, np.tile(pairs.weight * variance, 2), n_works) / 2
        judged = np.flatnonzero(within)
        freedom = len(judged) - len(np.unique(reading.sample.works.prompt[judged]))
        if freedom < ENOUGH or len(keys) < FEWEST_RATERS * len(judged) or _a_generator_stands_out(reading, between):
            continue
        ratio = float((between[judged] ** 2).sum() / within[judged].sum())
        if_apart = 1 + LEAST**2 * float((known[judged] ** 2).sum() / within[judged].sum())
        p = max(float(chdtr(freedom, ratio / if_apart * freedom)), SMALLEST)
        tried.append(Tried(FAULT, STUDY, slug, p, {"ratio": ratio, "if_apart": if_apart, "least": LEAST}))
    return tried


def _a_generator_stands_out(reading: Reading, won: Floats) -> bool:
    """Whether the works of one win by more than `CLEARLY` errors, from work to work."""
    made = reading.sample.works.generator
    told = np.flatnonzero((won != 0) & (made != NOBODY))
    at, (total, squares, n) = by_cluster(made[told], won[told], won[told] ** 2, np.ones(len(told)))
    return bool((np.abs(total) > CLEARLY * np.sqrt(squares))[n > ENOUGH / 4].any()) and len(at) > 1
