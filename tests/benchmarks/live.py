"""A million judgements: what one more costs the worker, and what a refresh costs beside the fit alone."""

import uuid
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import rankings
from feedback.judging.actions import hand_out, submit
from feedback.results.actions import refresh, see
from feedback.results.boards.fitted import strengths_of
from feedback.results.boards.said import Level, Said, said_on
from feedback.results.live import Following
from feedback.results.standings import stale_studies
from feedback.studies.models import Study
from tests import make
from tests.benchmarks.large import large
from tests.benchmarks.measure import Row, beside, each

JUDGEMENTS, RUNS, REFRESHES = 1_000_000, 40, 3
LEVELS: tuple[Level, ...] = ("works", "generators")


def rows() -> Iterator[Row]:
    study = large(judgements=JUDGEMENTS)
    seen = see(study)
    said, made = (said_on(seen.sample, "lighting", level) for level in LEVELS)
    yield beside(
        f"Refresh of {JUDGEMENTS:,} judgements, {len(said.keys):,} works: read, all boards, checks and measures, stored",
        lambda: refresh(study=study),
        lambda: [_with_errors(one) for one in (said, made)],
        against="the engine's fit of works and of generators with standard errors, arrays in memory",
        tell=each(),
        runs=REFRESHES,
    )
    following = Following()
    following.look([study])
    fitted, pairs = strengths_of(said), cycle(said.items.tolist())
    yield beside(
        f"One more judgement after {JUDGEMENTS:,}: read, works and generators moved, stored",
        lambda: following.look([study]),
        lambda: _moved(fitted, next(pairs)),
        before=lambda: _judge(study),
        against="`rankings.update` of the works alone; the median, refits in between are dearer",
        tell=each(),
        runs=RUNS,
    )
    yield beside(
        f"A look for what is new, nothing being so, in a study of {JUDGEMENTS:,}",
        lambda: following.look(stale_studies()),
        lambda: Study.objects.get(pk=study.pk),
        against="one row read by its key",
        tell=each(),
        runs=RUNS,
    )


def _with_errors(said: Said) -> Any:
    strengths = strengths_of(said)
    assert strengths is not None, "nothing was said"
    return strengths.standard_errors


def _moved(fitted: Any, pair: list[int]) -> None:
    rankings.update(fitted, *pair, 1, first_a=None if fitted.position is None else True)


def _judge(study: Study) -> None:
    rater = make.make_rater(study, make.user("One more"))
    assignment = hand_out(study=study, rater=rater)
    assert assignment is not None, "the study has nothing left to hand out"
    submit(assignment=assignment, key=uuid.uuid4(), replaces=0, answers=make.answers(assignment))
