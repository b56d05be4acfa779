"""Opening rounds: comparisons put into the queue together."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Sum

from feedback.judging import designs
from feedback.judging.models import Comparison, Entry, Purpose, Round
from feedback.people.actions import record
from feedback.people.models import User
from feedback.studies.models import Membership, Study
from feedback.works.models import Work

EVERYBODY = 1_000_000  # places, so that no rater ever finds one taken
PLANNED = (Purpose.UNIFORM, Purpose.INFORMATIVE, Purpose.LINK)


class Overtaken(Exception):
    """Another round was opened since this one was planned."""


@dataclass(frozen=True)
class Question:
    """Works of one prompt to be put side by side, and why; `repeats` is the comparison that asked the same before."""

    prompt: int
    works: tuple[int, ...]
    purpose: str
    repeats: int | None = None


@transaction.atomic
def open_round(*, study: Study, seed: int, by: User | None = None) -> Round:
    """Ask about every prompt of the study, by chance alone.

    A study that asks everything at once has all pairs or sets of its cleared works, or a connected random design; one
    that goes on in rounds has a first round in which every work occurs about as often and those of a prompt hang together.
    """
    rng = random.Random(seed)  # noqa: S311 - a design to be repeated, not a secret
    prompts = _works_by_prompt(study)
    n_works = sum(map(len, prompts.values()))
    questions = [
        Question(prompt, tuple(works), Purpose.UNIFORM)
        for prompt, candidates in prompts.items()
        for chosen in _design(study, candidates, n_works, rng)
        for works in [rng.sample(chosen, len(chosen))]
    ]
    return open_questions(study=study, questions=questions, seed=seed, purpose=Purpose.UNIFORM, by=by)


@transaction.atomic
def open_questions(
    *,
    study: Study,
    questions: Sequence[Question],
    seed: int,
    purpose: str,
    after: int | None = None,
    by: User | None = None,
) -> Round:
    """Open a round of these questions, in an order and with first sides drawn from the seed.

    `after` is the newest round that the plan knew of; Overtaken where there is a newer one by now.
    """
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    if after is not None and study.rounds.filter(pk__gt=after, purpose__in=PLANNED).exists():
        raise Overtaken
    rng = random.Random(seed)  # noqa: S311 - a design to be repeated, not a secret
    order = designs.spread([question.works for question in questions], rng)
    chosen = [questions[at] for at in order]
    turns = designs.turns([question.works for question in chosen], rng)
    opened = Round.objects.create(study=study, purpose=purpose, seed=seed)
    start, places = _next_position(study), places_of(study)
    comparisons = [
        Comparison(
            round=opened,
            study=study,
            prompt_id=question.prompt,
            purpose=question.purpose,
            position=start + number,
            turn=turn,
            size=len(question.works),
            repeats_id=question.repeats,
            places=places,
        )
        for number, (question, turn) in enumerate(zip(chosen, turns, strict=True))
    ]
    store(comparisons, [question.works for question in chosen])
    keep_quota(study=study)
    record(by=by, action="open round", subject=study, seed=seed, comparisons=len(comparisons))
    return opened


def store(comparisons: Sequence[Comparison], works: Iterable[Sequence[int]]) -> None:
    """Write new comparisons with the works of each, the first at index 0."""
    Comparison.objects.bulk_create(comparisons, batch_size=1000)
    Entry.objects.bulk_create(
        [
            Entry(comparison=comparison, work_id=work, index=index)
            for comparison, members in zip(comparisons, works, strict=True)
            for index, work in enumerate(members)
        ],
        batch_size=1000,
    )


def _next_position(study: Study) -> int:
    last: int | None = study.comparisons.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def places_of(study: Study) -> int:
    """How many raters each comparison of the study is for; at least as many as its cohorts are to send."""
    if not study.everyone_judges_all:
        wanted: int = sum(study.cohort_places.values())
        return max(study.overlap, wanted)
    if study.most_judgements is None:
        return EVERYBODY
    return max(1, Membership.objects.filter(study=study, role=Membership.Role.RATER).count())


@transaction.atomic
def keep_quota(*, study: Study) -> None:
    """Let the queue hold no more places than the study may still have judged; those at its end go first.

    Safe to repeat, and to be called after the quota or the overlap was changed.
    """
    if study.most_judgements is None:
        return
    asked = study.comparisons.filter(purpose__in=PLANNED, repeats=None).select_for_update(of=("self",)).order_by("pk")
    wanted = places_of(study)
    taken: int = study.comparisons.exclude(purpose=Purpose.IMPORTED).aggregate(sum=Sum("places_taken"))["sum"] or 0
    left = max(0, study.most_judgements - taken)
    changed = []
    for row in sorted(asked, key=lambda row: row.position):
        more = min(left, max(0, wanted - row.places_taken))
        left -= more
        if row.places != row.places_taken + more:
            row.places = row.places_taken + more
            changed.append(row)
    Comparison.objects.bulk_update(changed, ["places"], batch_size=500)


def _works_by_prompt(study: Study) -> dict[int, list[int]]:
    grouped: dict[int, list[int]] = {}
    for prompt, work in works_to_ask(study):
        grouped.setdefault(prompt, []).append(work)
    return grouped


def works_to_ask(study: Study) -> Iterable[tuple[int, int]]:
    """Prompt and work of all that raters may be asked about, always in the same order."""
    return (
        Work.objects.cleared("show")
        .filter(collection__studies=study)
        .exclude(medium=Work.Medium.ABSENT)
        .exclude(examples__criterion__study=study)
        .order_by("prompt__external_id", "external_id")
        .values_list("prompt_id", "id")
    )


def _design(study: Study, works: list[int], n_works: int, rng: random.Random) -> list[tuple[int, ...]]:
    if study.form == Study.Form.RATING:
        return [(work,) for work in works]
    if len(works) < 2:
        return []
    pairs = study.form == Study.Form.PAIR
    if study.selection == Study.Selection.ONCE:
        return designs.pairs(works, rng) if pairs else designs.sets(works, study.set_size, rng)
    passes = max(1, round(round_size(study, n_works) * study.set_size / n_works / 2))
    return designs.some_pairs(works, passes, rng) if pairs else designs.some_sets(works, study.set_size, passes, rng)


def round_size(study: Study, n_works: int) -> int:
    """Comparisons in a round: what the lead says, else so many that each work stands in about two."""
    return study.round_size or max(1, round(2 * n_works / study.set_size))
