"""The bootstrap over patterns: units that were rated alike are exchangeable, so a resample is one multinomial draw."""

import operator
from collections.abc import Iterator
from typing import NamedTuple, Protocol

import numpy as np

from rankings.checks import Floats
from rankings.errors import RankingError

CELLS = 2**16  # patterns × rounds worked on at a time, so that they stay in the cache
TOPPING = 0.1  # of an average unit, added to every resample so that it is never without disagreement
ROUNDING = 1e-20  # squared relative error of one unit that is rounding alone
LOOSE = 0.5  # relative standard error of the chance disagreement above which it is hardly known
FEWEST = 5  # units that can be resampled: with four, intervals at 95 % cover 90 %


class Part(NamedTuple):
    """Disagreement under several weightings of the patterns.

    Attributes
    ----------
    total : float array, shape (n_rounds,)
        Summed over the units.
    slopes : float array, shape (n_patterns, n_rounds) or (n_patterns, 1)
        Derivative of the total by the weight of each pattern.
    """

    total: Floats
    slopes: Floats


class Sample(Protocol):
    """Judgements, as a measure of agreement sees them: the measure is one minus observed over chance disagreement."""

    @property
    def multiplicity(self) -> Floats:
        """Units of each pattern, shape (n_patterns,)."""

    def parts(self, weights: Floats) -> tuple[Part, Part]:
        """Return observed and chance disagreement for weights of shape (n_patterns, n_rounds).

        Chance is 0 only where nothing is observed either.
        """


def agreement(sample: Sample) -> float:
    """Return one minus observed over chance disagreement.

    Raises
    ------
    RankingError
        If there is no disagreement by chance either.
    """
    observed, chance = sample.parts(sample.multiplicity[:, None])
    if chance.total[0] <= 0:
        raise RankingError("all ratings are the same; agreement beyond chance is undefined without variation")
    return float(1 - observed.total[0] / chance.total[0])


def interval(sample: Sample, level: float, rounds: int, seed: int) -> tuple[float, float]:
    """Return the bootstrap-t interval for the agreement, studentised on the square root of observed over chance."""
    if not 0 < level < 1:
        raise RankingError(f"level must be between 0 and 1, not {level}")
    tail = int((1 - level) / 2 * (rounds + 1) + 1e-9)
    if tail < 1:
        raise RankingError(f"{rounds} rounds are too few for an interval at level {level:g}; take more rounds")
    _refuse_thin(sample)
    root, error = _roots(sample, sample.multiplicity[:, None])
    deviations = np.sort(np.concatenate([(roots - root) / errors for roots, errors in _rounds(sample, rounds, seed)]))
    extremes = np.array([deviations[tail - 1], deviations[-tail]])
    n_units = sample.multiplicity.sum()
    low, high = 1 - np.maximum(root - extremes * error * n_units / (n_units - 1), 0) ** 2
    return float(low), float(high)


def _refuse_thin(sample: Sample) -> None:
    """Refuse samples whose resamples would not show how sure the agreement is."""
    weights, n_units = sample.multiplicity[:, None], sample.multiplicity.sum()
    if n_units < FEWEST:
        raise RankingError(f"an interval takes {FEWEST} units or more (raters, for Kendall's W), not {n_units:.0f}")
    observed, chance = sample.parts(weights)
    if observed.total[0] <= 0:
        raise RankingError("nobody disagrees, which does not say how rare disagreement is; judge more units")
    if _variance(weights, chance.slopes / chance.total)[0] > LOOSE**2:
        raise RankingError(
            "almost all ratings are the same: many resamples would have no variation, for which agreement beyond "
            "chance is undefined; judge more units"
        )
    influence = observed.slopes / observed.total - chance.slopes / chance.total
    if _variance(weights, influence)[0] * n_units < ROUNDING:
        raise RankingError("all units agree alike, so that resampling them changes nothing; judge more units")


def _rounds(sample: Sample, rounds: int, seed: int) -> Iterator[tuple[Floats, Floats]]:
    """Draw as many units as there are, with replacement, again and again; yield the roots and their errors."""
    random = np.random.default_rng(operator.index(seed))
    n_units = sample.multiplicity.sum()
    shares = sample.multiplicity / n_units
    step = max(1, CELLS // len(shares))
    for start in range(0, rounds, step):
        draws = random.multinomial(int(n_units), shares, min(step, rounds - start))
        yield _roots(sample, draws.T + TOPPING * shares[:, None])


def _roots(sample: Sample, weights: Floats) -> tuple[Floats, Floats]:
    """Return the root of observed over chance for each round, and its standard error."""
    observed, chance = sample.parts(weights)
    roots = np.sqrt(observed.total / chance.total)
    influence = observed.slopes / observed.total - chance.slopes / chance.total
    return roots, roots / 2 * np.sqrt(_variance(weights, influence))


def _variance(weights: Floats, influence: Floats) -> Floats:
    """Return the variance of a sum over independent units, by the influence of each pattern."""
    centred = influence - (weights * influence).sum(axis=0) / weights.sum(axis=0)
    return (weights * centred**2).sum(axis=0)
