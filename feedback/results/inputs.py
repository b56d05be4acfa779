"""From rows to arrays: what the judgements on one criterion say about works and about generators."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from feedback.judging.models import Entry, Judgement, Purpose
from feedback.studies.models import Criterion, Study

NOT_SCORED = (Purpose.TRAINING, Purpose.GOLD)


@dataclass(frozen=True)
class Item:
    """A work as the engine meets it."""

    work: int
    generator: int | None
    prompt: int


@dataclass(frozen=True)
class Told:
    """One judgement: items of one prompt and their ranks, 1 = best, equal = tie.

    `first` says which item was shown first, where Salon drew the order; an imported order may follow the answer.
    """

    items: tuple[Item, ...]
    ranks: tuple[int, ...]
    prompt: int
    first: int | None = None


@dataclass(frozen=True)
class Orders:
    """Judgements ready for `rankings`: `sets` hold indexes into `keys` (ids of works or of generators).

    `firsts` hold the place in the set of what was shown first, or None.
    """

    keys: list[int]
    sets: list[list[int]]
    ranks: list[list[int]]
    prompts: list[int]
    firsts: list[int | None]

    @property
    def are_pairs(self) -> bool:
        """Whether only two works were ever judged together."""
        return all(len(members) == 2 for members in self.sets)

    @property
    def judgements_of(self) -> dict[int, int]:
        """How many judgements each key appears in."""
        counts: dict[int, int] = defaultdict(int)
        for members in self.sets:
            for member in members:
                counts[self.keys[member]] += 1
        return counts


def items_of(study: Study) -> dict[int, list[Item]]:
    """The works of each comparison, by comparison id, in the order of the entries."""
    rows = (
        Entry.objects.filter(comparison__study=study)
        .order_by("comparison_id", "index")
        .values_list("comparison_id", "work_id", "work__generator_id", "work__prompt_id")
    )
    items: dict[int, list[Item]] = defaultdict(list)
    for comparison, work, generator, prompt in rows.iterator():
        items[comparison].append(Item(work, generator, prompt))
    return items


def told_on(criterion: Criterion, items: dict[int, list[Item]]) -> list[Told]:
    """Every live, answered judgement on the criterion."""
    if criterion.study.form == Study.Form.RATING:
        return list(_from_scores(criterion, items))
    rows = (
        Judgement.objects.live()
        .on(criterion)
        .answered()
        .filter(ranks__isnull=False)
        .exclude(submission__assignment__comparison__purpose__in=NOT_SCORED)
        .order_by("submission_id")
        .values_list(
            "submission__assignment__comparison_id",
            "ranks",
            "submission__assignment__shown_order",
            "submission__assignment__comparison__purpose",
        )
    )
    return [
        Told(
            tuple(items[comparison]),
            tuple(cast("list[int]", ranks)),
            items[comparison][0].prompt,
            None if purpose == Purpose.IMPORTED else shown[0],
        )
        for comparison, ranks, shown, purpose in rows.iterator()
    ]


def _from_scores(criterion: Criterion, items: dict[int, list[Item]]) -> Iterator[Told]:
    """A rater's scores of the works of one prompt, read as that rater's order of them."""
    rows = (
        Judgement.objects.live()
        .on(criterion)
        .answered()
        .filter(score__isnull=False)
        .exclude(submission__assignment__comparison__purpose__in=NOT_SCORED)
        .order_by("submission_id")
        .values_list("submission__assignment__rater_id", "submission__assignment__comparison_id", "score")
    )
    scored: dict[tuple[int, int], dict[Item, float]] = defaultdict(dict)
    for rater, comparison, score in rows.iterator():
        item = items[comparison][0]
        scored[rater, item.prompt][item] = cast("float", score)
    for (_, prompt), scores in scored.items():
        if len(scores) > 1:
            best_first = sorted(set(scores.values()), reverse=True)
            yield Told(tuple(scores), tuple(best_first.index(score) + 1 for score in scores.values()), prompt)


def orders_of_works(told: Iterable[Told]) -> Orders:
    return _orders([([item.work for item in one.items], one.ranks, one.prompt, one.first) for one in told])


def orders_of_generators(told: Iterable[Told]) -> Orders:
    """Generators through their works. A set in which a generator stands twice says nothing clear and is left out."""
    rows = []
    for one in told:
        made = [(item.generator, rank) for item, rank in zip(one.items, one.ranks, strict=True) if item.generator]
        generators = [generator for generator, _ in made]
        if len(generators) > 1 and len(set(generators)) == len(generators):
            whole = len(made) == len(one.items)
            rows.append((generators, [rank for _, rank in made], one.prompt, one.first if whole else None))
    return _orders(rows)


def _orders(rows: Sequence[tuple[Sequence[int], Sequence[int], int, int | None]]) -> Orders:
    keys = sorted({key for members, *_ in rows for key in members})
    index = {key: at for at, key in enumerate(keys)}
    return Orders(
        keys=keys,
        sets=[[index[key] for key in members] for members, *_ in rows],
        ranks=[list(ranks) for _, ranks, _, _ in rows],
        prompts=[prompt for _, _, prompt, _ in rows],
        firsts=[first for *_, first in rows],
    )
