"""What a row says of the rest of the study: criteria, prompts and works that must be there."""

from collections.abc import Collection, Mapping
from typing import Any

from feedback.intake.reading import rules
from feedback.intake.reading.documents import quoted
from feedback.intake.reading.findings import Findings
from feedback.intake.reading.rows import Known


class Mentions:
    """Reports what the rows of one file name and nobody knows; None stands for what could not be read."""

    def __init__(
        self,
        file: str,
        criteria: Collection[str] | None,
        prompts: Known | None,
        works: Known | None,
        findings: Findings,
    ) -> None:
        self._file = file
        self._criteria = criteria
        self._prompts = prompts
        self._works = works
        self._findings = findings

    def check(self, line: int, row: Mapping[str, Any]) -> None:
        """Report what this row names in vain."""
        prompt, works = row.get("prompt"), row.get("works", ())
        if self._criteria is not None and (criterion := row.get("criterion")) not in {None, "", *self._criteria}:
            near = rules.near(str(criterion), self._criteria)
            self._fault(line, "criterion", f"found {quoted(str(criterion))}, expected a criterion of the study{near}")
        if self._prompts is not None and prompt is not None and prompt not in self._prompts.lines:
            self._fault(line, "prompt", f"found {quoted(prompt)}, expected an id in prompts.jsonl")
        elif self._works is not None:
            self._check_works(line, prompt, works, self._works)

    def _check_works(self, line: int, prompt: str | None, works: Collection[str], known: Known) -> None:
        for work in works:
            if work not in known.lines:
                self._fault(line, "works", f"found {quoted(work)}, expected an id in works.jsonl")
            elif prompt is not None and (own := known.prompt_of.get(work, prompt)) != prompt:
                found = f"found {quoted(work)} of the prompt {quoted(own)}"
                self._fault(line, "works", f"{found}, expected works of {quoted(prompt)}")

    def _fault(self, line: int, field: str, message: str) -> None:
        self._findings.fault(self._file, line, field, message)
