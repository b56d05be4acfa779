"""How many judgements a reward model needs: chosen, graded, heard by rater and freed of the side, or by majority vote."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

import rankings
from feedback.results.fitting import strengths_by_reliability
from rankings import selection, simulate
from tests.benchmarks.measure import Row

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

PROMPTS, WORKS, FEATURES = 60, 5, 12
SPREAD, POSITION, CUTS = 1.5, 0.3, (0.5, 1.5, 3.0)  # of the works' strengths, of the side, of the grades: in logits
PANEL = (
    simulate.Raters.good(16) + simulate.Raters.reversed(1) + simulate.Raters.always_first(1) + simulate.Raters.random(2)
)
VOTES = 3  # on each pair, in the common way
ROUND = PROMPTS * WORKS // 2
SIZES = (150, 300, 600, 900, 1500, 2400, 3600)
PANELS = 50
REACHED = (0.90, 0.95)
PROMPT_OF = np.repeat(np.arange(PROMPTS), WORKS)


class World(NamedTuple):
    """Works with known features and true strengths, and pairs of works that nobody has judged."""

    features: Floats
    values: Floats
    unseen: Floats
    first_is_better: NDArray[np.bool_]


class Judged(NamedTuple):
    """Pairs, how strongly the first of each was preferred, whether it was shown first, and by whom it was judged."""

    pairs: Ints
    strength: Ints
    first: NDArray[np.bool_]
    rater: Ints

    def followed_by(self, other: "Judged") -> "Judged":
        return Judged(
            np.concatenate([self.pairs, other.pairs]),
            np.concatenate([self.strength, other.strength]),
            np.concatenate([self.first, other.first]),
            np.concatenate([self.rater, other.rater]),
        )


def world(seed: int) -> World:
    """Works and held-out pairs whose strength is linear in their features."""
    random = np.random.default_rng(seed)
    features, taste = random.normal(size=(PROMPTS * WORKS, FEATURES)), random.normal(size=FEATURES)
    taste *= SPREAD / np.linalg.norm(taste)
    unseen = random.normal(size=(4000, FEATURES)) - random.normal(size=(4000, FEATURES))
    return World(features, features @ taste, unseen, unseen @ taste > 0)


def judge(values: Floats, pairs: Ints, rater: Ints, seed: int) -> Judged:
    """The panel's graded judgements, each by the rater named."""
    random = np.random.default_rng(seed)
    first = random.random(len(pairs)) < 0.5
    towards_first = POSITION + PANEL.side[rater]
    felt = PANEL.reliability[rater] * (values[pairs[:, 0]] - values[pairs[:, 1]]) + random.logistic(size=len(pairs))
    cuts = np.concatenate([-np.flip(CUTS), CUTS])
    strength = np.searchsorted(cuts, felt + np.where(first, towards_first, -towards_first)) - len(CUTS)
    return Judged(pairs, strength, first, rater)


def trained(apart: Floats, share: Floats) -> Floats:
    """A reward model: weights of the features, by logistic regression on the shares, with a weak prior."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        reward = apart @ weights
        wrong = expit(reward) - share
        return float(
            (np.logaddexp(0, reward) - share * reward).sum() + weights @ weights / 2
        ), apart.T @ wrong + weights

    found: Floats = minimize(loss, np.zeros(apart.shape[1]), jac=True, method="L-BFGS-B").x
    return found


def common(of: World, seed: int) -> Iterator[Floats]:
    """Pairs by chance, three votes each, the majority's side; ties and undecided pairs are dropped."""
    random = np.random.default_rng(seed)
    pairs = selection.uniform(len(of.values), SIZES[-1] // VOTES, seed=seed, groups=PROMPT_OF, at_most=SIZES[-1]).sets
    raters = np.argsort(random.random((len(pairs), len(PANEL))), axis=1)[:, :VOTES]
    votes = [np.sign(judge(of.values, pairs, raters[:, vote], seed + vote).strength) for vote in range(VOTES)]
    majority = np.sign(np.sum(votes, axis=0))
    for size in SIZES:
        decided = np.flatnonzero(majority[: size // VOTES])
        a, b = pairs[decided].T
        yield trained(of.features[a] - of.features[b], (majority[decided] > 0).astype(float))


def ours(of: World, seed: int) -> Iterator[Floats]:
    """Rounds chosen by what they tell, a fifth of each by chance; graded; soft labels as a release gives them."""
    told: Judged | None = None
    for size in SIZES:
        while told is None or len(told.pairs) < size:
            turn = 0 if told is None else len(told.pairs)
            pairs = _round(of, told, min(ROUND, size - turn), seed + turn)
            judged = judge(of.values, pairs, (turn + np.arange(len(pairs))) % len(PANEL), seed + turn)
            told = judged if told is None else told.followed_by(judged)
        a, b = told.pairs.T
        values = _fitted(told, len(of.values)).values
        yield trained(of.features[a] - of.features[b], expit(values[a] - values[b]))


def _round(of: World, told: Judged | None, size: int, seed: int) -> Ints:
    if told is None:
        return selection.uniform(len(of.values), size, seed=seed, groups=PROMPT_OF, at_most=size).sets
    return selection.order_gain(_fitted(told, len(of.values)), size, seed=seed, groups=PROMPT_OF, at_most=size).sets


def _fitted(told: Judged, n_items: int) -> rankings.Strengths:
    a, b = told.pairs.T
    return strengths_by_reliability(a, b, told.strength, told.rater, n_items=n_items, first_a=told.first, graded=True)


def needed(accuracy: Floats, wanted: float) -> Floats:
    """Judgements at which each row of accuracies, shape (m, sizes), first reaches what is wanted; infinite if never."""
    sizes = np.log(SIZES)
    reached = accuracy >= wanted
    at = np.argmax(reached, axis=1)
    before, rows = np.maximum(at - 1, 0), np.arange(len(accuracy))
    step = np.where(at > before, accuracy[rows, at] - accuracy[rows, before], 1.0)
    share = np.where(at > before, (wanted - accuracy[rows, before]) / step, 1.0)
    return np.where(reached.any(axis=1), np.exp(sizes[before] + share * (sizes[at] - sizes[before])), np.inf)


def learnt(way: Callable[[World, int], Iterator[Floats]]) -> Floats:
    """Held-out accuracy after each number of judgements, one row for each panel."""
    rows = []
    for panel in range(PANELS):
        of = world(panel)
        models = way(of, 1_000_003 * panel)
        rows.append([np.mean((of.unseen @ weights > 0) == of.first_is_better) for weights in models])
    return np.array(rows)


def rows() -> Iterator[Row]:
    """The ratio of judgements at the mean accuracy of all panels, with the interval of a bootstrap over panels."""
    mine, theirs = learnt(ours), learnt(common)
    draws = np.random.default_rng(1).integers(PANELS, size=(2000, PANELS))
    for wanted in REACHED:
        own, other = (needed(found.mean(axis=0)[None], wanted)[0] for found in (mine, theirs))
        never = not np.isfinite(other)  # then the ratio to the most that was tried is told, which is too high
        fewest = np.minimum(needed(theirs[draws].mean(axis=1), wanted), SIZES[-1])
        low, high = np.quantile(needed(mine[draws].mean(axis=1), wanted) / fewest, [0.025, 0.975])
        yield Row(
            what=f"Judgements until a reward model is right on {wanted:.0%} of pairs it has not seen ({PANELS} panels)",
            ours=f"{own:,.0f}",
            floor=f"not with {SIZES[-1]:,}" if never else f"{other:,.0f}",
            ratio=f"**{'below ' if never else ''}{own / min(other, SIZES[-1]):.2f}**",
            spread=f"{low:.2f}–{high:.2f}",
            against="uniform pairs, three votes each, majority, ties dropped; the same panel, one in five of it poor",
        )
