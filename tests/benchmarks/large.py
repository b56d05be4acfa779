"""A study as large as any: a million judgements, written row by row into the tables, which actions would take hours for."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max

from feedback.intake.actions import store_study
from feedback.judging.models import Assignment, Comparison, Entry, Judgement, Purpose, Round, Submission
from feedback.people.models import Rater
from feedback.rows import insert
from feedback.snapshot import learn_sizes
from feedback.studies.models import Study
from feedback.works.models import Work
from tests import make

MAKERS = 10
REPEATED = 0.05
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def large(*, judgements: int = 1_000_000, works: int = 10_000, raters: int = 500, slug: str = "") -> Study:
    """A study of pairs on one criterion: makers and works differ, raters differ in care, one answer in twenty is a repeat."""
    slug = slug or f"large-{judgements}"
    if found := Study.objects.filter(slug=slug).first():
        return found
    plan = make.plan(slug=slug, prompts=works // MAKERS, works=MAKERS, criteria=("lighting",), overlap=1)
    with transaction.atomic():
        study = store_study(plan=plan).study
        _judge(study, judgements, raters)
    learn_sizes(Work, Entry, Comparison, Assignment, Submission, Judgement)
    return study


def _judge(study: Study, judgements: int, raters: int) -> None:
    chance = np.random.default_rng(1)
    panel = Rater.objects.bulk_create(
        [Rater(kind="simulated", origin=study.slug, label=f"r{number}") for number in range(raters)]
    )
    hands = np.array([rater.pk for rater in panel])
    entries = np.array(
        Entry.objects.filter(comparison__study=study).order_by("comparison", "index").values_list("comparison", "work")
    )
    asked, works = entries[::2, 0], entries[:, 1].reshape(-1, 2)
    first_ones = int(judgements * (1 - REPEATED))
    number, rater = np.divmod(chance.permutation(len(asked) * raters)[:first_ones], raters)
    again = chance.choice(first_ones, judgements - first_ones, replace=False)
    repeats = _repeated(study, asked[number[again]], works[number[again]], hands[rater[again]])
    comparison = np.concatenate([asked[number], repeats])
    both = np.concatenate([works[number], works[number[again]]])
    hand = np.concatenate([rater, rater[again]])
    ranks = _answers(both, hand, raters, chance)
    _write(study, comparison, hands[hand], ranks, chance)


def _repeated(study: Study, originals: Any, works: Any, hands: Any) -> Any:
    """Comparisons that ask one rater again."""
    opened = Round.objects.create(study=study, purpose=Purpose.REPEAT, seed=1)
    ids = np.arange(len(originals)) + _next(Comparison)
    prompts = dict(Work.objects.filter(collection__studies=study).values_list("pk", "prompt_id"))
    _insert(
        Comparison,
        {"round": opened.pk, "study": study.pk, "purpose": "repeat", "turn": 0, "size": 2, "lesson": "", "cohort": ""}
        | {"places": 1, "places_taken": 1, "handed_out": 1},
        ("id", "prompt", "position", "repeats", "only_for"),
        (
            (one, prompts[pair[0]], at, original, hand)
            for at, (one, pair, original, hand) in enumerate(
                zip(ids.tolist(), works.tolist(), originals.tolist(), hands.tolist(), strict=True)
            )
        ),
    )
    placed = [
        (one, work, index)
        for one, pair in zip(ids.tolist(), works.tolist(), strict=True)
        for index, work in enumerate(pair)
    ]
    _insert(
        Entry, {}, ("id", "comparison", "work", "index"), ((_id, *row) for _id, row in enumerate(placed, _next(Entry)))
    )
    return ids


def _answers(works: Any, hand: Any, raters: int, chance: np.random.Generator) -> Any:
    """0 for the first entry, 1 for the other, 2 for neither."""
    spread = dict.fromkeys(np.unique(works).tolist())
    strength = np.zeros(max(spread) + 1)
    strength[list(spread)] = (
        chance.normal(0, 0.7, len(spread)) + np.linspace(-1, 1, MAKERS)[np.arange(len(spread)) % MAKERS]
    )
    care = chance.lognormal(0, 0.3, raters)[hand]
    lead = care * (strength[works[:, 0]] - strength[works[:, 1]]) + chance.logistic(size=len(works))
    return np.where(np.abs(lead) < 0.3, 2, np.where(lead > 0, 0, 1))


def _write(study: Study, comparison: Any, hands: Any, answers: Any, chance: np.random.Generator) -> None:
    n = len(comparison)
    assigned, submitted = _next(Assignment) + np.arange(n), _next(Submission) + np.arange(n)
    sides = chance.integers(0, 2, n)
    dwell = chance.lognormal(9, 0.5, n).astype(int)
    when = [BEGAN + timedelta(seconds=20 * at) for at in range(n)]
    stamps = [_moment(one) for one in when]
    criterion = study.criteria.get().pk
    ids = (_uuid(uuid.UUID(int=int(one))) for one in _distinct(chance, n))
    given = zip(
        assigned.tolist(),
        ids,
        comparison.tolist(),
        hands.tolist(),
        sides.tolist(),
        stamps,
        submitted.tolist(),
        strict=True,
    )
    _insert(
        Assignment,
        {"study": study.pk, "holds_place": True, "latest": None},
        ("id", "public_id", "comparison", "rater", "shown_order", "handed_out_at", "leased_until"),
        ((one, public, of, hand, ("[0, 1]", "[1, 0]")[side], at, at) for one, public, of, hand, side, at, _ in given),
    )
    keys = (_uuid(uuid.UUID(int=int(one))) for one in _distinct(chance, n))
    sent = zip(submitted.tolist(), keys, assigned.tolist(), stamps, dwell.tolist(), strict=True)
    _insert(
        Submission,
        {"study": study.pk, "number": 1, "kind": "answer", "seen": "[]", "device": None, "late": False, "extra": False},
        ("id", "key", "assignment", "at", "dwell_ms"),
        sent,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE judging_assignment SET latest_id = id + %s WHERE study_id = %s",
            [int(submitted[0] - assigned[0]), study.pk],
        )
    told = zip((_next(Judgement) + np.arange(n)).tolist(), submitted.tolist(), answers.tolist(), strict=True)
    _insert(
        Judgement,
        {"criterion": criterion, "outcome": "answered", "strength": None, "score": None, "acceptable": None},
        ("id", "submission", "ranks"),
        ((one, of, ("[1, 2]", "[2, 1]", "[1, 1]")[answer]) for one, of, answer in told),
    )


def _distinct(chance: np.random.Generator, n: int) -> Iterable[int]:
    high, low = chance.integers(0, 2**63, n), chance.integers(0, 2**63, n)
    return ((int(one) << 64) + int(other) for one, other in zip(high, low, strict=True))


def _uuid(one: uuid.UUID) -> Any:
    return one if connection.vendor == "postgresql" else one.hex


def _moment(one: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(one)


def _next(model: Any) -> int:
    return (model.objects.aggregate(last=Max("id"))["last"] or 0) + 1


def _insert(model: Any, same: dict[str, Any], names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """The rows, with what is the same in all of them."""
    constant = tuple(same.values())
    insert(model, (*names, *same), ((*row, *constant) for row in rows))
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(sql)
