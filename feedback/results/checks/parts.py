"""Disconnected: works or generators between which no chain of judgements leads, so that nothing ranks one by the other.

A fact, not a test: its p-value is 0. A study that has only begun is not told so: among the works of a prompt, or the generators,
there must have been twice as many judgements as there are of them.
"""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from feedback.results.checks.finding import STUDY, Tried
from feedback.results.checks.reading import Reading
from feedback.results.sample import NOBODY, Ints

FAULT = "disconnected"
YOUNG = 2  # judgements for each work, below which a study has only begun


def check(reading: Reading) -> list[Tried]:
    return [one for slug in reading.pairs for one in _on(reading, slug)]


def _on(reading: Reading, slug: str) -> list[Tried]:
    pairs, works = reading.pairs[slug], reading.sample.works
    made_a, made_b = works.generator[pairs.a], works.generator[pairs.b]
    known = (made_a != NOBODY) & (made_b != NOBODY) & (made_a != made_b)
    generators = _labels(made_a[known], made_b[known], len(reading.sample.generators))
    labels = _labels(pairs.a, pairs.b, len(works.ids))
    there = np.flatnonzero(labels >= 0)
    n_prompts = len(reading.sample.prompts)
    part_and_prompt = np.unique(works.prompt[there] * len(labels) + labels[there])
    parts = np.bincount(part_and_prompt // len(labels), minlength=n_prompts)
    judged = np.bincount(pairs.prompt, minlength=n_prompts)
    split = np.flatnonzero((parts > 1) & (judged >= YOUNG * np.bincount(works.prompt[there], minlength=n_prompts)))
    tried = []
    if generators.max(initial=-1) > 0 and known.sum() >= YOUNG * (generators >= 0).sum():
        groups = tuple(tuple(int(g) for g in np.flatnonzero(generators == k)) for k in range(generators.max() + 1))
        tried.append(Tried(FAULT, STUDY, slug, 0.0, {"of": "generators", "parts": groups}))
    if len(split):
        tried.append(Tried(FAULT, STUDY, slug, 0.0, {"of": "works", "prompts": tuple(int(p) for p in split)}))
    return tried


def _labels(a: Ints, b: Ints, n: int) -> Ints:
    """The part of each, numbered from 0; NOBODY for what was never judged."""
    _, label = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(n, n)), directed=False)
    there = np.zeros(n, dtype=bool)
    there[a] = there[b] = True
    found = np.full(n, NOBODY)
    found[there] = np.unique(label[there], return_inverse=True)[1]
    return found
