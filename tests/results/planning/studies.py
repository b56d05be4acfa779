"""Studies that go on in rounds, and panels that judge all that is open."""

from collections.abc import Mapping

import numpy as np

from feedback.intake.simulation import Simulated, simulate
from feedback.judging.actions import open_round
from feedback.studies.models import Study
from feedback.works.models import Work
from tests import make

CRITERIA = ("lighting", "narrative-arc")


def in_rounds(*, rater=None, criteria: tuple[str, ...] = CRITERIA, opened: bool = True, **settings) -> Study:
    """A study with what is told of it set before its first round is opened; without hidden checks unless told otherwise."""
    of_plan = {
        name: settings.pop(name) for name in ("works", "prompts", "overlap", "form", "set_size") if name in settings
    }
    study = make.study(criteria=criteria, rater=rater, **{"works": 8, "prompts": 2, "overlap": 1} | of_plan)
    study.rounds.all().delete()
    for name, value in ({"selection": "information", "repeat_share": 0, "gold_share": 0} | settings).items():
        setattr(study, name, value)
    study.save()
    if opened:
        open_round(study=study, seed=1)
    return study


def truth_of(study: Study, seed: int = 0) -> Mapping[tuple[str, str], float]:
    works = Work.objects.filter(collection__studies=study).order_by("pk").values_list("external_id", flat=True)
    drawn = np.random.default_rng(seed).normal(size=(len(works), len(CRITERIA)))
    return {(work, slug): float(drawn[at, of]) for at, work in enumerate(works) for of, slug in enumerate(CRITERIA)}


def judged(study: Study, *, raters: int = 4, seed: int = 0) -> Simulated:
    """Everything that is open is judged."""
    return simulate(study=study, raters=raters, judgements=100_000, seed=seed, truth=truth_of(study, seed))
