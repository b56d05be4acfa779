"""How strong works are within a split, fitted to the judgements of that split alone."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from feedback.datasets.lines import DECIMALS
from feedback.datasets.reading.chapters import NOT_FOR_TRAINING, Chapter, Judged
from feedback.datasets.reading.leaving import Works
from feedback.datasets.reading.splits import SPLITS
from feedback.judging.models import Judgement, Purpose
from feedback.results.scale import Compared, Scale
from feedback.studies.models import Criterion, Study


class Strengths:
    """The fits of a study: one for each criterion and split."""

    def __init__(
        self,
        study: Study,
        criteria: Iterable[Criterion],
        works: Works,
        uncounted: Container[int],
        raters: Mapping[int, int],
    ) -> None:
        self.study = study
        self.raters = raters  # numbers from 0, the same on every database
        self.uncounted = uncounted
        self.criteria = {criterion.pk: criterion for criterion in criteria}
        self.known = works.known
        in_order = sorted(works.known, key=lambda work: works.known[work].external)
        self.places = {work: place for place, work in enumerate(in_order)}
        self.compared: dict[tuple[int, str], Compared] = {}
        self.scales: dict[tuple[int, str], Scale | None] = {}

    def read(self, chapters: Iterable[Chapter]) -> None:
        """Fit what the chapters say."""
        for chapter in chapters:
            for told in sorted(chapter.judgements, key=lambda one: self._order(chapter, one)):
                self._take(chapter, told)
        self.scales = {key: compared.scale() for key, compared in self.compared.items()}
        self.compared.clear()

    def _order(self, chapter: Chapter, told: Judged) -> tuple[object, ...]:
        """Sums come out alike to the last digit when what is summed comes in one order, whatever the database."""
        works = chapter.comparisons[told.comparison][1]
        strength = told.strength or 0
        return [self.places[work] for work in works], told.ranks or (), told.order[0], self.raters[told.hand], strength

    def _take(self, chapter: Chapter, told: Judged) -> None:
        """Take in a judgement for what it says of works that may leave, as if the others had never been in it."""
        purpose, works = chapter.comparisons[told.comparison]
        if (
            purpose in NOT_FOR_TRAINING
            or told.hand in self.uncounted
            or told.outcome != Judgement.Outcome.ANSWERED
            or told.criterion not in self.criteria
        ):
            return
        left = [(work, rank) for work, rank in zip(works, told.ranks or (), strict=False) if self.known[work].cleared]
        if len(left) < 2:
            return
        drawn = purpose != Purpose.IMPORTED and len(left) == len(works)
        compared = self.compared.setdefault((told.criterion, chapter.split), Compared(self.study))
        compared.add(
            [self.places[work] for work, _ in left],
            [rank for _, rank in left],
            told.order[0] if drawn else None,
            rater=self.raters[told.hand],
            strength=told.strength,
        )

    def margin(self, criterion: int, split: str, chosen: int, rejected: int) -> dict[str, float | None]:
        """How much stronger the chosen work is, in logits, and the standard error; null where nothing joins them."""
        scale = self.scales.get((criterion, split))
        found = scale.difference(self.places[chosen], self.places[rejected]) if scale else None
        value, error = (round(one, DECIMALS) for one in found) if found else (None, None)
        return {"margin": value, "margin_se": error}

    def probability(self, criterion: int, split: str, one: int, other: int) -> float | None:
        """The probability that a judgement prefers the one work to the other; null where nothing joins them."""
        scale = self.scales.get((criterion, split))
        found = scale.probability(self.places[one], self.places[other]) if scale else None
        return None if found is None else round(found, DECIMALS)

    def told(self) -> list[dict[str, Any]]:
        """For the manifest."""
        return [
            {"study": self.study.slug, "criterion": criterion.slug, "version": criterion.version, "split": split}
            | scale.told()
            for criterion in self.criteria.values()
            for split in SPLITS
            if (scale := self.scales.get((criterion.pk, split)))
        ]
