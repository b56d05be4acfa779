"""Twins: two raters whose answers to the same questions agree in what the fit does not explain.

By chance alone their residuals are uncorrelated. Raters of one taste correlate too, so a correlation of `TOLERATED` is
allowed for; Fisher's z of the rest is normal with a variance of 1 / (n - 3).
"""

import numpy as np

from feedback.results.checks.finding import FAMILY, STUDY, Tried, beyond
from feedback.results.checks.reading import Reading
from feedback.results.checks.together import answers
from feedback.results.sample import Floats

FAULT = "twins"
TOLERATED = 0.4
ENOUGH = 12  # choices in common, over all criteria


def check(reading: Reading) -> list[Tried]:
    if not reading.pairs:
        return []
    table, weight = answers(reading)
    there = weight.copy()
    there.data = np.ones_like(there.data)
    n = (weight @ there.T).toarray()
    power: Floats = (table.power(2) @ there.T).toarray()  # of the row's rater, on what both judged
    with np.errstate(divide="ignore", invalid="ignore"):
        alike = np.nan_to_num((table @ table.T).toarray() / np.sqrt(power * power.T))
    one, other = np.nonzero(np.triu(n >= ENOUGH, 1))
    common, value = n[one, other], np.clip(alike[one, other], -0.9999, 0.9999)
    p = beyond((np.arctanh(value) - np.arctanh(TOLERATED)) * np.sqrt(common - 3))
    told = p <= FAMILY
    columns = (one[told], other[told], p[told], common[told].astype(np.int64), value[told])
    found = [
        Tried(FAULT, ("raters", (a, b)), None, q, {"common": k, "correlation": v})
        for a, b, q, k, v in zip(*(column.tolist() for column in columns), strict=True)
    ]
    apart = len(p) - len(found)
    return [*found, Tried(FAULT, STUDY, None, 1.0, {}, apart)] if apart else found
