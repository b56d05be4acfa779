"""Leaked identity: a generator that some raters favour, and others do not, beyond their taste for single works.

By rater and generator, residuals in the generator's favour are summed. Without a leak their squares over their variance
(the larger of the model's and the spread between prompts) add up to a chi-square with one degree of freedom per rater. Where raters said that they recognised a maker, the generators
shown are held against that too.
"""

import numpy as np
from scipy.special import chdtrc

from feedback.results.checks.finding import SMALLEST, Tried, at_least
from feedback.results.checks.pairs import by_cluster
from feedback.results.checks.reading import Reading
from feedback.results.sample import NOBODY, Floats, Ints, Sample

FAULT = "leaked identity"
FEWEST_RATERS = 4
IN_FAVOUR = 1.5  # errors of a rater who is named as favouring it
TOLERATED = 0.1  # by which a generator may be among the recognised more often than among those shown


def favours(reading: Reading) -> Floats:
    """Standardised favour of each rater for each generator, shape (n_raters, n_generators); NaN where unknown."""
    n_raters, n_prompts, n_generators = (
        reading.n_raters,
        len(reading.sample.prompts),
        len(reading.sample.generators),
    )
    made, keys, pushes, variances = reading.sample.works.generator, [], [], []
    for pairs in reading.pairs.values():
        for work, other, sign in ((pairs.a, pairs.b, 1.0), (pairs.b, pairs.a, -1.0)):
            told = (made[work] != NOBODY) & (made[work] != made[other])
            key = (pairs.rater * n_prompts + pairs.prompt) * n_generators + made[work]
            keys.append(key[told])
            pushes.append(sign * pairs.residual[told])
            variances.append((pairs.weight * pairs.variance)[told])
    shape = (n_raters, n_generators)
    if not keys:
        return np.full(shape, np.nan)
    at, (push, variance) = by_cluster(*(np.concatenate(column) for column in (keys, pushes, variances)))
    cell = at // (n_prompts * n_generators) * n_generators + at % n_generators
    total, model, spread = (np.bincount(cell, value, n_raters * n_generators) for value in (push, variance, push**2))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = (total / np.sqrt(np.maximum(model, spread))).reshape(shape)
    return found


def check(reading: Reading) -> list[Tried]:
    favour, tried = favours(reading), []
    recognised, p_recognised = _recognised(reading)
    for g in range(len(reading.sample.generators)):
        known = np.flatnonzero(np.isfinite(favour[:, g]))
        if len(known) < FEWEST_RATERS:
            continue
        total = float((favour[known, g] ** 2).sum())
        p = max(float(chdtrc(len(known), total)), SMALLEST)
        if recognised.any():
            p = min(2 * p, 2 * float(p_recognised[g]), 1.0)
        for_it = tuple(int(r) for r in known[favour[known, g] > IN_FAVOUR])
        says = {"raters": for_it, "excess": total / len(known), "recognised": int(recognised[g])}
        tried.append(Tried(FAULT, ("generator", (g,)), None, p, says))
    return tried


def _recognised(reading: Reading) -> tuple[Ints, Floats]:
    """By generator: rows with its work at which a maker was recognised; and the chance of as many, were it any of those shown."""
    sample, n_generators = reading.sample, len(reading.sample.generators)
    rows = sample.recognised[reading.rows[sample.recognised]]
    if not len(rows):
        return np.zeros(n_generators, np.int64), np.ones(n_generators)
    here, everywhere = _rows_with(sample, rows), _rows_with(sample, np.flatnonzero(reading.rows))
    share = np.minimum(everywhere / int(reading.rows.sum()) + TOLERATED, 1.0)
    return here, at_least(here, np.full(n_generators, len(rows)), share)


def _rows_with(sample: Sample, rows: Ints) -> Ints:
    """By generator: in how many of the rows a work of its stands."""
    shown = sample.shown[rows]
    made = np.where(shown == NOBODY, NOBODY, sample.works.generator[shown])
    return np.array([(made == g).any(axis=1).sum() for g in range(len(sample.generators))], np.int64)
