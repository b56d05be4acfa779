"""Samples of pairs drawn from known strengths, without a database."""

from dataclasses import replace

import numpy as np

from feedback.results.sample import NOBODY, Answers, Raters, Sample, Works

RANKS = np.array([[1, 2], [1, 1], [2, 1]], np.int8)  # by answer: the first, neither, the second


def drawn(
    strengths,
    *,
    seed,
    prompts=10,
    raters=12,
    judgements=600,
    criteria=("lighting",),
    taste=0.0,
    of_prompts=0.0,
    length=0.0,
    cohorts=(),
    liking=None,
    line=None,
    tie=0.5,
    position=0.2,
):
    """Pairs of generators' works, one work of each for each prompt.

    `strengths` are by criterion (dict) or the same on all; `taste` is the sd of raters' own likings of generators,
    `of_prompts` that of works about their generators; `length` what one unit of the covariate adds, which the later
    generators have more of; `liking` (cohorts, generators) is added for raters of each cohort; below `line` works are
    called bad.
    """
    chance = np.random.default_rng(seed)
    by_criterion = strengths if isinstance(strengths, dict) else dict.fromkeys(criteria, strengths)
    n = len(next(iter(by_criterion.values())))
    generator, prompt = np.tile(np.arange(n), prompts), np.repeat(np.arange(prompts), n)
    lengths = chance.normal(0, 1, n * prompts) + 0.3 * generator
    works_own = chance.normal(0, of_prompts, n * prompts) + length * lengths
    likings = chance.normal(0, taste, (raters, n))
    cohort = np.arange(raters) % len(cohorts) if cohorts else np.full(raters, NOBODY)
    if liking is not None:
        likings = likings + np.asarray(liking)[cohort]
    asked, rater = chance.integers(prompts, size=judgements), chance.integers(raters, size=judgements)
    one = chance.integers(n, size=judgements)
    pair = np.column_stack([one, (one + chance.integers(1, n, size=judgements)) % n])
    shown = asked[:, None] * n + pair
    answers = {}
    for slug, values in by_criterion.items():
        worth = np.asarray(values)[pair] + likings[rater[:, None], pair] + works_own[shown]
        answers[slug] = _answers(chance, worth, tie, position, line)
    return Sample(
        slug="drawn",
        prompts=np.arange(prompts) + 100,
        generators=np.arange(n) + 10,
        works=Works(np.arange(n * prompts) + 1000, prompt, generator, {"length": lengths} if length else {}),
        raters=Raters(np.arange(raters), np.full(raters, "person"), cohort, tuple(cohorts), np.zeros(raters, np.bool_)),
        rater=rater,
        prompt=asked,
        comparison=np.arange(judgements),
        purpose=np.full(judgements, "uniform"),
        shown=shown,
        drawn=np.ones(judgements, np.bool_),
        repeat_of=np.full(judgements, -1),
        at=np.arange(float(judgements)),
        dwell=np.full(judgements, 5.0),
        rationale=np.full(judgements, -1),
        criteria=answers,
        expected={},
    )


def _answers(chance, worth, tie, position, line):
    half = (worth[:, 0] - worth[:, 1] + position) / 2
    odds = np.column_stack([np.exp(half), np.full(len(half), tie), np.exp(-half)])
    answer = (chance.random((len(half), 1)) > (odds / odds.sum(axis=1, keepdims=True)).cumsum(axis=1)).sum(axis=1)
    acceptable = np.full(worth.shape, -1, np.int8)
    if line is not None:
        good = chance.random(worth.shape) < 1 / (1 + np.exp(line - worth))
        acceptable[~good.any(axis=1)] = 0
    nothing = np.zeros(len(half), np.int8)
    return Answers(nothing, RANKS[answer], nothing, np.full(len(half), np.nan), acceptable)


def without_rows(sample, gone):
    """The sample as if these submissions had never been made."""
    left = ~gone
    columns = ("rater", "prompt", "comparison", "purpose", "shown", "drawn", "repeat_of", "at", "dwell", "rationale")
    answers = {
        slug: Answers(*(getattr(said, name)[left] for name in ("outcome", "ranks", "strength", "score", "acceptable")))
        for slug, said in sample.criteria.items()
    }
    return replace(sample, criteria=answers, **{name: getattr(sample, name)[left] for name in columns})


def with_raters(sample, **columns):
    return replace(sample, raters=replace(sample.raters, **columns))
