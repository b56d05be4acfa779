"""The reference of a prompt: a sound of its own that raters may hear beside those they judge."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from feedback.intake.reading.documents import quoted
from feedback.intake.reading.findings import PROMPTS, WORKS, Findings
from feedback.intake.reading.plans import PromptPlan, WorkPlan
from feedback.intake.reading.rows import Known


def check_references(
    prompts: Iterable[PromptPlan], works: Iterable[WorkPlan], known: Known | None, findings: Findings
) -> None:
    """Each must be a work of its prompt, and a sound."""
    by_id = {work.id: work for work in works}
    for prompt in prompts:
        if not prompt.reference:
            continue
        line = known.lines.get(prompt.id) if known else None
        work = by_id.get(prompt.reference)
        if found := _unfit(prompt, work):
            findings.fault(PROMPTS, line, "reference", found)
        elif work and not ({"show"} <= work.purposes and (work.licence or work.consent)):
            findings.warn(PROMPTS, line, f"the reference {quoted(work.id)} may not be shown, so nobody will hear it")


def _unfit(prompt: PromptPlan, work: WorkPlan | None) -> str:
    name = quoted(prompt.reference)
    if work is None:
        return f"found {name}, expected an id in {WORKS}"
    if work.prompt != prompt.id:
        return f"found {name} of the prompt {quoted(work.prompt)}, expected a work of {quoted(prompt.id)}"
    return "" if work.medium == "audio" else f"found {name}, which is of the medium {work.medium}, expected a sound"


def without_references(
    prompts: Sequence[PromptPlan], gone: Collection[str], known: Known | None, findings: Findings
) -> list[PromptPlan]:
    """The prompts; those whose reference is gone have none."""
    for prompt in prompts:
        if prompt.reference in gone:
            line = known.lines.get(prompt.id) if known else None
            findings.warn(
                PROMPTS, line, f"the reference {quoted(prompt.reference)} is left out, so nobody will hear it"
            )
    return [replace(prompt, reference="") if prompt.reference in gone else prompt for prompt in prompts]
