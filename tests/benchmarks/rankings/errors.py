"""How far a result is from what it should be."""

import math
from collections.abc import Callable, Mapping

import numpy as np

from tests.benchmarks.rankings import optimum
from tests.benchmarks.rankings.judgements import Floats, Given

type Results = Mapping[str, Floats]
type Error = Callable[[Floats], float]
type Optimum = Callable[[Given, Floats], Floats]


def off_optimum(of: Optimum, given: Given, results: Results) -> Error:
    """The farthest value in logits; the optimum is sought from the first result that is one value an item."""
    n = int(given["n_items"])
    start = next((_values(result) for result in results.values() if len(_values(result)) == n), np.zeros(n))
    best = of(given, start)
    return lambda result: _farthest(_values(result), best)


def off_refit(_: Given, results: Results) -> Error:
    """The farthest value in logits from a fit that never saw what was taken out."""
    return lambda result: _farthest(_values(result), _values(results["ours.refit"]))


def off_truth(given: Given, _: Results) -> Error:
    """The root mean square in logits from the truth, each study on the scale that fits best; the mean of the studies."""
    truth = np.atleast_2d(given["truth"])
    truth = truth - truth.mean(axis=1, keepdims=True)

    def error(result: Floats) -> float:
        values = _values(result).reshape(truth.shape)
        values = values - values.mean(axis=1, keepdims=True)
        scale = (values * truth).sum(axis=1, keepdims=True) / (values**2).sum(axis=1, keepdims=True)
        return float(np.sqrt(((scale * values - truth) ** 2).mean(axis=1)).mean())

    return error


def off_alpha(level: str, given: Given, _: Results) -> Error:
    best = optimum.alpha(given, level)
    return lambda result: abs(float(result) - best)


def none(_: Given, __: Results) -> Error:
    """Where nothing is estimated."""
    return lambda _: math.nan


def _values(result: Floats) -> Floats:
    """Ours come with their standard errors."""
    values: Floats = np.atleast_2d(result)[0]
    return values


def _farthest(values: Floats, best: Floats) -> float:
    return float(abs(values - values.mean() - best + best.mean()).max())
