"""What the judgements of a study say about themselves: how far to trust them, where raters differ, when to stop."""

from dataclasses import dataclass

from feedback.results.measures import (
    agreement,
    camps,
    coverage,
    matrix,
    position,
    reliability,
    sensitivity,
    skips,
    stopping,
    taste,
    transitivity,
)
from feedback.results.measures.agreement import Agreement
from feedback.results.measures.camps import Camps
from feedback.results.measures.coverage import Coverage
from feedback.results.measures.marks import Marks
from feedback.results.measures.matrix import Matrix
from feedback.results.measures.model import Model
from feedback.results.measures.numbers import Json, told
from feedback.results.measures.position import Position
from feedback.results.measures.preferences import preferences_of
from feedback.results.measures.reliability import Trust
from feedback.results.measures.sensitivity import Sensitivity
from feedback.results.measures.skips import Skips
from feedback.results.measures.stopping import Stop
from feedback.results.measures.taste import Taste
from feedback.results.measures.transitivity import Transitivity
from feedback.results.sample import Sample

__all__ = ["Measures", "measure", "preferences_of"]

TARGET = 0.8  # reliability wanted for a release where the study names none


@dataclass(frozen=True, eq=False)
class Measures:
    """All measures of one criterion."""

    sample: Sample
    reliability: Trust
    position: Position
    transitivity: Transitivity
    coverage: Coverage
    skips: Skips
    sensitivity: Sensitivity
    agreement: Agreement
    matrix: Matrix
    taste: Taste
    camps: Camps
    cohorts: Camps
    stop: Stop
    marks: Marks | None

    def told(self) -> Json:
        """The report's `trust`, `differ` and `done`."""
        raters, generators = self.sample.raters.ids, self.sample.generators
        return {
            "trust": {
                "reliability": self.reliability.told(),
                "separation": self.reliability.told_separation(),
                **told(curve=self.reliability.curve, forecast=self.stop.forecast),
                "position": self.position.told(),
                "transitivity": self.transitivity.told(),
                "coverage": self.coverage.told(),
                "skips": self.skips.told(generators),
                "sensitivity": self.sensitivity.told(),
            },
            "differ": {
                **self.agreement.told(),
                "matrix": self.matrix.told(raters),
                **self.taste.told(),
                "camps": self.camps.told(raters),
                "cohorts": self.cohorts.told(raters),
                "marks": self.marks.told() if self.marks else None,
            },
            "done": self.stop.told(),
        }


def measure(
    sample: Sample,
    criterion: str,
    *,
    target: float | None = None,
    price_hour: float | None = None,
    marks: Marks | None = None,
) -> Measures | None:
    """Everything that the judgements on one criterion say about themselves; None where nothing was compared yet."""
    preferences = preferences_of(sample, criterion)
    if not len(preferences):
        return None
    model = Model.of(preferences)
    agreed = agreement.measure(preferences, model)
    wanted = TARGET if target is None else target
    trust = reliability.measure(preferences, wanted)
    own = taste.measure(preferences, model, agreed.pairwise)
    return Measures(
        sample=sample,
        reliability=trust,
        position=position.measure(preferences, model),
        transitivity=transitivity.measure(preferences, model),
        coverage=coverage.measure(preferences),
        skips=skips.measure(sample, criterion),
        sensitivity=sensitivity.measure(preferences),
        agreement=agreed,
        matrix=matrix.measure(preferences),
        taste=own,
        camps=camps.found(preferences),
        cohorts=camps.of_cohorts(preferences),
        stop=stopping.measure(preferences, trust, own, wanted, price_hour),
        marks=marks,
    )
