"""The site's fit of thirty thousand judgements, and the models of `rankings` alone."""

import json
from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np
from django.db import connection

import rankings
from feedback.judging.models import Judgement
from feedback.results.actions import fit
from feedback.studies.models import Study
from tests.benchmarks.measure import Row, beside, each
from tests.benchmarks.studies import judged

JUDGEMENTS = 30_000
BARE = """SELECT a.comparison_id, j.ranks FROM judging_judgement j JOIN judging_submission s ON s.id = j.submission_id
JOIN judging_assignment a ON a.latest_id = s.id WHERE s.study_id = %s"""


def rows() -> Iterator[Row]:
    study = Study.objects.filter(slug=f"judged-{JUDGEMENTS}").first() or judged(JUDGEMENTS)
    count = Judgement.objects.filter(submission__study=study).count()
    yield beside(
        f"Fit of {count:,} judgements, {study.criteria.count()} criteria, works and generators",
        lambda: fit(study=study),
        lambda: _bare_loop(study),
        against="a cursor over the same judgements, json.loads of the ranks, np.bincount",
        tell=each(),
        runs=5,
    )
    yield _davidson()
    yield from _plackett_luce()


def _bare_loop(study: Study) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [study.pk])
        told = [(comparison, json.loads(ranks)) for comparison, ranks in cursor]
    np.bincount([comparison for comparison, _ in told], [ranks[0] for _, ranks in told])


def _davidson() -> Row:
    items, n = 1_000, 100_000
    pairs = rankings.simulate_pairs(_strengths(items), n, seed=1, tie=0.5)
    keys = pairs.a * items + pairs.b
    return beside(
        f"`rankings.davidson`, {items:,} items, {n:,} pairs",
        lambda: rankings.davidson(pairs.a, pairs.b, pairs.outcome),
        lambda: np.sort(keys),
        against="np.sort of the pairs' keys",
        tell=each(),
        runs=5,
    )


def _plackett_luce() -> Iterator[Row]:
    items, size, n = 200, 5, 20_000
    orders = rankings.simulate_orders(_strengths(items), size, n, seed=1)
    what = f"`rankings.plackett_luce`, {items} items, {n:,} rankings of {size}"

    def ours() -> None:
        rankings.plackett_luce(orders)

    yield beside(what, ours, lambda: np.sort(orders.items), against="np.sort of the items", tell=each(), runs=5)
    if find_spec("choix"):
        import choix  # type: ignore[import-not-found]

        best_first = [members[np.argsort(ranks)].tolist() for members, ranks in orders]
        yield beside(
            what,
            ours,
            lambda: choix.ilsr_rankings(items, best_first),
            against="choix.ilsr_rankings, which gives no errors",
            tell=each(),
            runs=3,
        )


def _strengths(items: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.random.default_rng(1).normal(size=items)
