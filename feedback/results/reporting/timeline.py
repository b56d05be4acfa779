"""When each rater judged, and how long an answer took: a few numbers a rater, to be drawn as a line."""

from typing import Any

import numpy as np

from feedback.results.medians import medians
from feedback.results.sample import Floats, Sample

STEPS = 24

type Told = dict[str, Any]


def timelines(sample: Sample) -> list[Told]:
    """By rater's number: how many answers in each step of the study's time, and the median of seconds, None without any."""
    if not len(sample):
        return []
    began, ended = float(sample.at.min()), float(sample.at.max())
    step = max((ended - began) / STEPS, 1.0)
    cell = sample.rater * STEPS + np.minimum(((sample.at - began) / step).astype(np.int64), STEPS - 1)
    cells = len(sample.raters.ids) * STEPS
    counts = np.bincount(cell, minlength=cells).reshape(-1, STEPS)
    seconds = medians(sample.dwell, cell, cells).reshape(-1, STEPS)
    return [
        {"from": round(began), "step": round(step), "n": n.tolist(), "seconds": _rounded(taken)}
        for n, taken in zip(counts, seconds, strict=True)
    ]


def _rounded(seconds: Floats) -> list[float | None]:
    return [None if np.isnan(one) else round(one, 1) for one in seconds.tolist()]
