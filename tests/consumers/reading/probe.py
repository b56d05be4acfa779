"""Does what was trained prefer what is truly better, on prompts it was not trained on?"""

import json
import math
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

SURE = 2  # standard errors


class Work(NamedTuple):
    """A work of a held-out prompt, with its strength on the criterion trained on."""

    prompt: str
    content: str
    truth: float


class Probe(NamedTuple):
    """How often the better of two works got the higher score."""

    right: int
    pairs: int

    @property
    def share(self) -> float:
        return self.right / self.pairs

    @property
    def error(self) -> float:
        """The standard error of the share if it were chance."""
        return 0.5 / math.sqrt(self.pairs)

    @property
    def beats_chance(self) -> bool:
        return self.share > 0.5 + SURE * self.error

    def __str__(self) -> str:
        return f"{self.share:.2f} of {self.pairs} held-out pairs (chance {0.5:.2f} ± {SURE * self.error:.2f})"


def held_out(folder: Path, study: str, criterion: str, prompts: Iterable[str]) -> list[list[Work]]:
    """The works of these prompts, told by their texts, with the truth that the raters were simulated from."""
    wanted: dict[str, list[Work]] = {prompt.strip(): [] for prompt in prompts}
    truth: list[dict[str, Any]] = json.loads((folder / f"{study}.truth.json").read_text())
    for work in truth:
        if work["prompt"] in wanted:
            wanted[work["prompt"]].append(Work(work["prompt"], work["content"], work["truth"][criterion]))
    assert all(wanted.values()), "prompts that are not of the study"
    return list(wanted.values())


def probe(groups: Iterable[list[Work]], score: Callable[[list[Work]], list[float]]) -> Probe:
    """All pairs within each group."""
    right = pairs = 0
    for works in groups:
        scored = list(zip(works, score(works), strict=True))
        for (one, score_of_one), (other, score_of_other) in combinations(scored, 2):
            if one.truth != other.truth:
                pairs += 1
                right += (score_of_one > score_of_other) == (one.truth > other.truth)
    return Probe(right, pairs)
