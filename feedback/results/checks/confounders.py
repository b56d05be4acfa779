"""Confounders: works that score higher because they are longer, louder or larger, within one generator and prompt.

Strengths are regressed on the covariate with an effect for each prompt and each generator, so that a generator that is
better and longer does not show; Student's t of the slope.
"""

import numpy as np
from scipy.special import stdtr

from feedback.results.checks.finding import SMALLEST, Tried
from feedback.results.checks.reading import Reading
from feedback.results.sample import Floats, Ints

FAULT = "confounder"
ENOUGH = 15  # degrees of freedom
SWEEPS = 50


def check(reading: Reading) -> list[Tried]:
    works, tried = reading.sample.works, []
    for slug, pairs in reading.pairs.items():
        value = reading.fits[slug].value
        judged = np.bincount(np.concatenate([pairs.a, pairs.b]), minlength=len(value)) > 0
        for name, covariate in works.covariates.items():
            told = np.flatnonzero(judged & np.isfinite(covariate))
            slope = _slope(value[told], covariate[told], works.prompt[told], works.generator[told])
            if slope:
                estimate, error, freedom = slope
                p = max(2 * float(stdtr(freedom, -abs(estimate / error))), SMALLEST)
                says = {"logits_per_sd": estimate, "error": error, "n": len(told)}
                tried.append(Tried(FAULT, ("covariate", (list(works.covariates).index(name),)), slug, p, says))
    return tried


def _slope(value: Floats, covariate: Floats, prompt: Ints, generator: Ints) -> tuple[float, float, int] | None:
    """Logits per sd of the covariate, its error and degrees of freedom; None where too little varies."""
    freedom = len(value) - len(np.unique(prompt)) - len(np.unique(generator))
    if freedom < ENOUGH:
        return None
    y, x = (_net(column, prompt, generator) for column in (value, covariate))
    power = float(x @ x)
    if power < 1e-9 * float(covariate @ covariate) or power == 0:
        return None
    slope = float(x @ y) / power
    error = np.sqrt(float(((y - slope * x) ** 2).sum()) / freedom / power)
    sd = float(covariate.std())
    return slope * sd, float(error) * sd, freedom


def _net(column: Floats, prompt: Ints, generator: Ints) -> Floats:
    """What is left of a column when every prompt and every generator has a mean of 0 (by turns, which converges)."""
    groups = [np.unique(of, return_inverse=True)[1] for of in (prompt, generator)]
    sizes = [np.bincount(group) for group in groups]
    for _ in range(SWEEPS):
        before = column
        for group, size in zip(groups, sizes, strict=True):
            column = column - (np.bincount(group, column) / size)[group]
        if np.abs(column - before).max() < 1e-9:
            break
    return column
