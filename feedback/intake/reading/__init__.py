"""Reads a study from a folder, a zip or one JSONL, and either plans it whole or lists everything wrong with it."""

from collections.abc import Callable
from pathlib import Path

from feedback.intake.reading.plans import (
    DEFAULT_LIMITS,
    BadStudy,
    CriterionPlan,
    Fault,
    JudgementPlan,
    Limits,
    PromptPlan,
    StudyPlan,
    Warning_,
    WorkPlan,
)

__all__ = [
    "BadStudy",
    "CriterionPlan",
    "Fault",
    "JudgementPlan",
    "Limits",
    "PromptPlan",
    "StudyPlan",
    "Warning_",
    "WorkPlan",
    "read_study",
]


def read_study(
    path: Path,
    *,
    title: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    scratch: Path,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> StudyPlan:
    """Plan the study at `path`, with media encoded under `scratch`; raises BadStudy with every fault found."""
    raise NotImplementedError
