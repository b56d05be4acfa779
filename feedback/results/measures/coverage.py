"""Coverage: what was compared with what, and whether all of it hangs together."""

from dataclasses import dataclass

import numpy as np

import rankings
from feedback.results.measures.numbers import Json, told
from feedback.results.measures.preferences import Preferences
from feedback.results.sample import NOBODY, Ints, Sample


@dataclass(frozen=True, eq=False)
class Graph:
    """Generators and how often two of them were compared on the same prompt."""

    nodes: Ints  # (n,) by number
    judgements: Ints  # (n,)
    part: Ints  # (n,)
    edges: Ints  # (e, 3): two of the nodes' numbers, and how often
    lambda2: float | None  # of the part that hangs together most loosely, in judgements


@dataclass(frozen=True, eq=False)
class Coverage:
    sample: Sample
    graph: Graph | None
    least: int  # judgements of the least judged work
    median: float
    judged: int
    unjudged: int
    split: Ints  # prompts whose judged works fall into parts that nothing joins

    @property
    def parts(self) -> int:
        """How many parts there are without a common scale: of the generators, or of the works of a prompt."""
        if self.graph is None:
            return 1 + len(self.split)
        return int(self.graph.part.max()) + 1

    def told(self) -> Json:
        graph, ids = self.graph, self.sample.generators
        nodes, edges = [], []
        if graph:
            columns = (ids[graph.nodes], graph.judgements, graph.part)
            nodes = [dict(zip(("id", "judgements", "part"), row, strict=True)) for row in zip(*columns, strict=True)]
            edges = [(ids[a], ids[b], n) for a, b, n in graph.edges]
        works = told(
            judged=self.judged,
            unjudged=self.unjudged,
            least=self.least,
            median=self.median,
            split=self.sample.prompts[self.split],
        )
        lambda2 = graph and graph.lambda2
        return told(parts=self.parts, least=self.least, lambda2=lambda2, edges=edges, nodes=nodes, works=works)


def measure(preferences: Preferences) -> Coverage:
    sample = preferences.sample
    works, n = sample.works, preferences.n_works
    each = np.bincount(np.concatenate([preferences.first, preferences.second]), minlength=n)
    seen = each > 0
    shown = _shown(preferences, n)
    split = np.zeros(0, dtype=np.int64)
    if len(preferences):
        part = rankings.components(n, np.column_stack([preferences.first, preferences.second]))
        pairs = np.unique(np.stack([works.prompt[seen], part[seen]]), axis=1)
        split = np.flatnonzero(np.bincount(pairs[0]) > 1)
    return Coverage(
        sample,
        _graph(preferences),
        int(shown[seen].min()) if seen.any() else 0,
        float(np.median(shown[seen])) if seen.any() else 0.0,
        int(seen.sum()),
        int((~seen).sum()),
        split,
    )


def _shown(preferences: Preferences, n_works: int) -> Ints:
    """In how many judgements each work is."""
    looks, which = np.unique(np.concatenate([preferences.first_at, preferences.second_at]), return_index=True)
    works = np.concatenate([preferences.first, preferences.second])[which]
    return np.asarray(np.bincount(works, minlength=n_works)) if len(looks) else np.zeros(n_works, dtype=np.int64)


def _graph(preferences: Preferences) -> Graph | None:
    """None where fewer than two generators were compared."""
    makers = preferences.sample.works.generator
    a, b = makers[preferences.first], makers[preferences.second]
    apart = (a != NOBODY) & (b != NOBODY) & (a != b)
    if not apart.any():
        return None
    low, high = np.minimum(a, b)[apart], np.maximum(a, b)[apart]
    size = len(preferences.sample.generators)
    key, times = np.unique(low * size + high, return_counts=True)
    ends = np.stack([key // size, key % size], axis=1)
    nodes, place = np.unique(ends, return_inverse=True)
    pairs = place.reshape(ends.shape)
    judgements = np.bincount(pairs.ravel(), np.repeat(times, 2)).astype(np.int64)
    return Graph(
        nodes,
        judgements,
        rankings.components(len(nodes), pairs),
        np.column_stack([ends, times]),
        float(rankings.connection.algebraic_connectivity(len(nodes), pairs, times.astype(float)).min()),
    )
