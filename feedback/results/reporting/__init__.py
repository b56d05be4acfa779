"""The report of a study: everything its lead's page tells, each part computed once, as plain JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from feedback.results import checks, machines
from feedback.results.audit.influence import influence_of
from feedback.results.boards import Best, Boards, ranked
from feedback.results.checks import RaterLine
from feedback.results.measures import Measures, measure
from feedback.results.measures.marks import Marks
from feedback.results.measures.numbers import told as plain
from feedback.results.reporting.timeline import timelines
from feedback.results.sample import ANSWERED, Sample

VERSION = 1
MOST_WITHOUT = 20  # raters of whom it is told what the scores are without them
NOTHING = "Nothing was compared on this criterion yet."

type Told = dict[str, Any]


def report_of(
    sample: Sample,
    boards: Boards,
    *,
    target: float,
    price_hour: float | None = None,
    marks: Mapping[str, Marks] | None = None,
    changed: Mapping[str, Told] | None = None,
) -> Told:
    """All of it; `marks` and `changed` are by criterion. The same sample makes the same report, to the last digit."""
    by: dict[str, Told] = {}
    for slug in sample.criteria:
        measured = measure(sample, slug, target=target, price_hour=price_hour, marks=(marks or {}).get(slug))
        by[slug] = _criterion(sample, slug, measured, boards.criteria[slug], target)
    for slug, best in boards.told().items():
        by.setdefault(slug, {})["best"] = best | {"changed": (changed or {}).get(slug)}
    checked = checks.checked(sample)
    return plain(
        version=VERSION,
        counts=_counts(sample),
        criteria=list(sample.criteria),
        findings=[finding.told(sample) for finding in checked.findings],
        raters=_raters(sample, checked.raters),
        by=by,
    )


def _counts(sample: Sample) -> Told:
    """How much there is; raters are those whose judgements count."""
    counted = (sample.raters.kind != "machine") & ~sample.raters.excluded
    return {
        "submissions": len(sample),
        "judgements": sum(int((said.outcome == ANSWERED).sum()) for said in sample.criteria.values()),
        "raters": int(counted.sum()),
        "machines": int((sample.raters.kind == "machine").sum()),
        "excluded": int(sample.raters.excluded.sum()),
        "works": len(sample.works.ids),
        "prompts": len(sample.prompts),
        "generators": len(sample.generators),
    }


def _criterion(sample: Sample, slug: str, measured: Measures | None, best: Best, target: float) -> Told:
    if measured is None:
        return {
            "trust": {"why": NOTHING},
            "differ": {"why": NOTHING},
            "done": {"target": target, "state": "unknown", "why": "unmeasured", "text": NOTHING},
        }
    told = measured.told()
    board = best.generators.board
    told["differ"]["machine"] = [one.told() for one in machines.measure(sample, slug)]
    told["trust"]["confounders"] = [one.told() for one in board.confounders] if board else []
    for group, camp in zip(measured.camps.groups, told["differ"]["camps"], strict=False):
        own = ranked(sample, slug, "generators", sample.scored & np.isin(sample.rater, group)).board
        camp["board"] = own.told(sample.generators) if own else None
    return told


def _raters(sample: Sample, raters: Sequence[RaterLine]) -> list[Told]:
    """Their lines, with when they judged, and what the scores are without those who are flagged or excluded."""
    times = timelines(sample)
    doubted = sorted((line for line in raters if line.flags), key=lambda line: min(flag.p for flag in line.flags))
    shown = {line.rater for line in doubted[:MOST_WITHOUT]} | set(np.flatnonzero(sample.raters.excluded).tolist())
    without = influence_of(sample, sorted(shown))
    return [line.told(sample) | {"timeline": times[line.rater], "without": without.get(line.rater)} for line in raters]
