"""Rounds: how many judgements it takes to know the works' strengths, by rounds that ask what tells most and by chance.

Each run is a study of its own: 60 works of known strengths, judged in rounds of 60 pairs by raters who follow the model,
and fitted with the site's prior after each. What is counted are the judgements until the squared correlation of the
scores with the true strengths reaches the target, between two rounds by a straight line.
"""

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

import rankings
from feedback.results.planning.choosing import Met, Shape, choose
from feedback.studies.models import Study
from tests.benchmarks.measure import Row

WORKS, MOST_ROUNDS = 60, 60
PRIOR_SD = 1.5
TARGETS = {2.0: 0.9, 0.5: 0.6}  # the true r² to be reached, by the spread of the strengths in logits
RUNS = {2.0: 60, 0.5: 400}  # studies: works that hardly differ take many more to tell two ways apart
CHANCE = "chance"
NOTHING = np.empty((0, 2), np.int64)
Z95 = NormalDist().inv_cdf(0.975)


def judgements_until(target: float, spread: float, seed: int, selection: str, *, works: int = WORKS) -> float:
    """The judgements that one study takes; works, first round and what chance draws later hang on the seed alone."""
    random = np.random.default_rng([seed, 11])
    truth = random.normal(size=works)
    truth *= spread / truth.std()
    pairs, outcomes, r2 = NOTHING, np.empty(0, np.int64), [0.0]
    belief: list[rankings.Strengths] = []
    while r2[-1] < target and len(r2) <= MOST_ROUNDS:
        asked = _asked(pairs, belief, Shape(*_round(works, selection), selection, seed * 1000 + len(r2)))
        pairs = np.concatenate([pairs, asked])
        felt = truth[asked[:, 0]] - truth[asked[:, 1]] + random.logistic(size=len(asked))
        outcomes = np.concatenate([outcomes, np.where(felt > 0, 1, -1)])
        belief = [rankings.davidson(*pairs.T, outcomes, n_items=works, prior_sd=PRIOR_SD)]
        r2.append(float(np.corrcoef(belief[0].values, truth)[0, 1] ** 2))
    rounds = len(r2) - 2 + min(1.0, (target - r2[-2]) / (r2[-1] - r2[-2]))
    return works * rounds


def _round(works: int, selection: str) -> tuple[np.ndarray, int, int, float]:
    """Groups, sets, their size and the share of chance."""
    return np.zeros(works, np.int64), works, 2, 1.0 if selection == CHANCE else 0.2


def _asked(pairs: np.ndarray, belief: list[rankings.Strengths], shape: Shape) -> np.ndarray:
    met = Met(np.unique(np.sort(pairs, axis=1), axis=0), NOTHING, NOTHING)
    return np.array([members for members, _ in choose(shape, belief, met=met)])


def compared(spread: float, target: float, selections: tuple[str, ...], runs: int) -> dict[str, np.ndarray]:
    """Judgements of each run by each way of selecting, chance among them: shape (runs,)."""
    ways = (*selections, CHANCE)
    return {way: np.array([judgements_until(target, spread, seed, way) for seed in range(runs)]) for way in ways}


def ratio(ours: np.ndarray, chance: np.ndarray) -> tuple[float, float]:
    """The ratio of the means, and half of its 95 % interval, by how the runs differ."""
    value = float(ours.mean() / chance.mean())
    error = (ours - value * chance).std(ddof=1) / chance.mean() / np.sqrt(len(ours))
    return value, Z95 * float(error)


def rows() -> Iterator[Row]:
    selections = (Study.Selection.INFORMATION.value, Study.Selection.SWISS.value)
    for spread, target in TARGETS.items():
        found = compared(spread, target, selections, RUNS[spread])
        for way in selections:
            value, half = ratio(found[way], found[CHANCE])
            yield Row(
                f"Judgements to a true r² of {target:g} at spread {spread:g}, rounds by {way}",
                f"{found[way].mean():.0f}",
                f"{found[CHANCE].mean():.0f}",
                f"**{value:.2f}**",
                f"{value - half:.2f}–{value + half:.2f}: 95 % of the mean",
                f"pairs by chance alone; {RUNS[spread]} studies of {WORKS} works",
            )
