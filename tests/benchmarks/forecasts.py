"""Forecasts before launch: the reliability that is promised, and what studies simulated apart reach.

The truth is the squared correlation, within prompts, of the scores with the strengths they were simulated from.
"""

from collections.abc import Iterator, Mapping
from statistics import NormalDist
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

import rankings
from feedback.results.planning.forecasts import Launch, outlook
from tests.benchmarks.measure import Row

STUDIES = 100
PRIOR_SD = 1.5
Z95 = NormalDist().inv_cdf(0.975)
SETTINGS: Mapping[Launch, int] = MappingProxyType(
    {
        Launch(works=20, prompts=6, spread=2.0): 3,
        Launch(works=8, prompts=15, spread=1.0): 5,
        Launch(works=5, prompts=25, spread=2.0): 4,
        Launch(works=3, prompts=60, spread=1.5): 4,
        Launch(works=60, spread=0.5): 6,
    }
)
"""What is launched, and which point of the forecast's curve is tried."""


def reached(launch: Launch, judgements: int, studies: int) -> NDArray[np.float64]:
    """What each of so many studies reaches, judged by three raters who follow the model: shape (studies,)."""
    return np.array([_one(launch, judgements, seed) for seed in range(studies)])


def _one(launch: Launch, judgements: int, seed: int) -> float:
    random = np.random.default_rng([seed, 5])
    values = launch.spread * random.normal(size=(launch.prompts, launch.works))
    of_prompt = np.arange(values.size).reshape(values.shape)
    each = np.bincount(np.arange(judgements) % launch.prompts, minlength=launch.prompts)
    drawn = [
        rankings.simulate.pairs(values[at], n, seed=seed * 1000 + at, raters=rankings.simulate.Raters.good(3))
        for at, n in enumerate(each)
    ]
    a, b = (np.concatenate([of_prompt[at][getattr(one, side)] for at, one in enumerate(drawn)]) for side in "ab")
    outcome = np.concatenate([one.outcome for one in drawn])
    scores = rankings.davidson(a, b, outcome, n_items=values.size, prior_sd=PRIOR_SD).values.reshape(values.shape)
    scores, truth = (table - table.mean(axis=1, keepdims=True) for table in (scores, values))
    return float((scores * truth).sum() ** 2 / (scores**2).sum() / (truth**2).sum())


def rows() -> Iterator[Row]:
    for launch, at in SETTINGS.items():
        judgements, expected = outlook(launch).curve[at]
        found = reached(launch, judgements, STUDIES)
        half = Z95 * found.std(ddof=1) / np.sqrt(STUDIES)
        yield Row(
            f"Forecast for {launch.works} works on {launch.prompts} prompts, spread {launch.spread:g}, {judgements:,} judgements",
            f"{expected:.3f}",
            f"{found.mean():.3f}",
            f"**{expected - found.mean():+.3f}**",
            f"{found.mean() - half:.3f}–{found.mean() + half:.3f}: 95 % of the mean",
            f"the true r² of {STUDIES} studies; the difference, not a ratio",
        )
