"""Studies of text works with judgements brought along, for what reads all of a study."""

import random
from collections.abc import Iterator
from itertools import combinations

from feedback.intake.reading.plans import JudgementPlan, WorkPlan
from feedback.studies.models import Study
from tests import make

MAKERS, RATERS = 4, 3
OF_A_PROMPT = len(make.CRITERIA) * RATERS * MAKERS * (MAKERS - 1) // 2
STORY = "The lamp was lit before the boat came in, and nobody asked by whom. " * 10


def judged(judgements: int) -> Study:
    """A study in which three raters have judged all pairs of four makers' works, about `judgements` in all."""
    prompts = [f"p{number}" for number in range(1, judgements // OF_A_PROMPT + 1)]
    return make.study(
        slug=f"judged-{judgements}",
        prompts=len(prompts),
        each=[_work(prompt, maker) for prompt in prompts for maker in range(MAKERS)],
        judgements=tuple(_judgements(prompts)),
    )


def _work(prompt: str, maker: int) -> WorkPlan:
    return make.work(f"{prompt}-{maker}", prompt, text=f"{prompt}, told by {maker}. {STORY}")


def _judgements(prompts: list[str]) -> Iterator[JudgementPlan]:
    """Later makers are better; a tenth are ties."""
    chance = random.Random(1)
    for prompt in prompts:
        for one, other in combinations(range(MAKERS), 2):
            for rater in range(RATERS):
                for criterion in make.CRITERIA:
                    first = chance.choices(((1, 1), (1, 2), (2, 1)), (1, 3, 3 + other - one))[0]
                    works = (f"{prompt}-{one}", f"{prompt}-{other}")
                    yield JudgementPlan(
                        line=1, rater=f"r{rater}", prompt=prompt, works=works, criterion=criterion, ranks=first
                    )
