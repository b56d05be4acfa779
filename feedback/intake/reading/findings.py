"""Collects everything wrong and everything worth knowing while a study is read, in reading order."""

from collections.abc import Callable

from feedback.intake.reading.plans import BadStudy, Fault, Limits, Warning_

STUDY, PROMPTS, WORKS, JUDGEMENTS = "study.toml", "prompts.jsonl", "works.jsonl", "judgements.jsonl"
MARKS, KEYS, RATERS = "marks.jsonl", "keys.jsonl", "raters.jsonl"
_READING_ORDER = {name: place for place, name in enumerate((STUDY, PROMPTS, WORKS, JUDGEMENTS, RATERS, MARKS, KEYS))}

type Progress = Callable[[str, float, int], None]


class Findings:
    """One list of faults and one of warnings for the whole study."""

    def __init__(self, limits: Limits, on_progress: Progress | None = None) -> None:
        self.limits = limits
        self.faults: list[Fault] = []
        self._warnings: list[Warning_] = []
        self._on_progress = on_progress

    def fault(self, file: str, line: int | None, field: str, message: str) -> None:
        self.faults.append(Fault(file, line, field, message))

    def warn(self, file: str, line: int | None, message: str) -> None:
        self._warnings.append(Warning_(file, line, message))

    def progress(self, stage: str, done: float, total: int) -> None:
        if self._on_progress is not None:
            self._on_progress(stage, done, total)

    def warnings(self) -> tuple[Warning_, ...]:
        return tuple(sorted(self._warnings, key=_place))

    def settle(self) -> None:
        """Raise BadStudy if anything is wrong."""
        if self.faults:
            raise BadStudy(sorted(self.faults, key=_place), listed=self.limits.listed_faults)


def _place(found: Fault | Warning_) -> tuple[int, str, int]:
    return _READING_ORDER.get(found.file, len(_READING_ORDER)), found.file, found.line or 0
