"""Comparisons whose answer an expert gave: handed to every rater before real work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from feedback.judging.actions.opening import EVERYBODY, store
from feedback.judging.models import Comparison, Purpose, Round
from feedback.people.actions import record
from feedback.people.models import User
from feedback.studies.models import Study


@dataclass(frozen=True)
class Key:
    """An expert's answer: for each criterion's slug the rank of each work, and why; `gold` checks, else it teaches."""

    prompt: int
    ranks: Mapping[str, Mapping[int, int]]
    lesson: str
    gold: bool

    @property
    def works(self) -> list[int]:
        return sorted(next(iter(self.ranks.values())))


@transaction.atomic
def open_keys(*, study: Study, keys: Sequence[Key], by: User | None = None) -> int:
    """Store comparisons with their keys, training before gold, for every rater; the number stored.

    Call it before `open_round`: the queue goes by position, and these come first.
    """
    for purpose, gold in ((Purpose.TRAINING, False), (Purpose.GOLD, True)):
        chosen = [key for key in keys if key.gold == gold]
        if chosen:
            _open(study, purpose, chosen)
    if keys:
        record(by=by, action="open keys", subject=study, comparisons=len(keys))
    return len(keys)


def _open(study: Study, purpose: Purpose, keys: Sequence[Key]) -> None:
    opened = Round.objects.create(study=study, purpose=purpose, seed=0)
    start = Comparison.objects.filter(study=study).count()
    comparisons = [
        Comparison(
            round=opened,
            study=study,
            prompt_id=key.prompt,
            purpose=purpose,
            position=start + number,
            turn=number % len(key.works),
            size=len(key.works),
            places=EVERYBODY,
            expected={slug: [ranks[work] for work in key.works] for slug, ranks in key.ranks.items()},
            lesson=key.lesson,
        )
        for number, key in enumerate(keys)
    ]
    store(comparisons, [key.works for key in keys])
