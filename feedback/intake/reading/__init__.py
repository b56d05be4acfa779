"""Reads a study from a folder, a zip or one JSONL, and either plans it whole or lists everything wrong with it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from feedback.intake.reading.archive import unpack
from feedback.intake.reading.checksum import digest
from feedback.intake.reading.criteria import DEFAULT_CRITERIA, check_examples, without_examples
from feedback.intake.reading.documents import quoted
from feedback.intake.reading.example import write_example
from feedback.intake.reading.findings import JUDGEMENTS, KEYS, MARKS, PROMPTS, RATERS, STUDY, WORKS, Findings
from feedback.intake.reading.folder import Folder
from feedback.intake.reading.keys import check_keys, read_keys
from feedback.intake.reading.leaving import LeftOut, LeftOutWork, adjusted, without
from feedback.intake.reading.marks import place_marks, read_marks
from feedback.intake.reading.media import read_media
from feedback.intake.reading.panel import read_raters
from feedback.intake.reading.past import read_judgements
from feedback.intake.reading.plans import (
    DEFAULT_LIMITS,
    BadStudy,
    CriterionPlan,
    Fault,
    JudgementPlan,
    KeyPlan,
    Limits,
    MarkPlan,
    PromptPlan,
    RaterPlan,
    StudyPlan,
    Warning_,
    WorkPlan,
)
from feedback.intake.reading.references import check_references, without_references
from feedback.intake.reading.rows import Known, ReadWork, read_prompts, read_works, read_works_with_prompts
from feedback.intake.reading.rules import Unfit
from feedback.intake.reading.settings import StudySettings, read_settings, settings_from_title

__all__ = [
    "DEFAULT_CRITERIA",
    "DEFAULT_LIMITS",
    "BadStudy",
    "CriterionPlan",
    "Fault",
    "JudgementPlan",
    "LeftOut",
    "LeftOutWork",
    "Limits",
    "PromptPlan",
    "StudyPlan",
    "Warning_",
    "WorkPlan",
    "read_study",
    "write_example",
]


type _Reader[Plan] = Callable[[Path, set[str] | None, Known | None, Known | None, Findings], list[Plan]]


@dataclass(frozen=True, slots=True)
class _Documents:
    """What the documents say; None stands for one that could not be read."""

    settings: StudySettings | None
    prompts: Sequence[PromptPlan]
    known_prompts: Known | None
    works: Sequence[ReadWork]
    judgements: Sequence[JudgementPlan] = ()
    marks: Sequence[MarkPlan] = ()
    keys: Sequence[KeyPlan] = ()
    raters: Sequence[RaterPlan] = ()


def read_study(
    path: Path,
    *,
    title: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    scratch: Path,
    encoded: bool = True,
    left_out: LeftOut | None = None,
    on_progress: Callable[[str, float, int], None] | None = None,
) -> StudyPlan:
    """Plan the study at `path`, with media encoded under `scratch`; raises BadStudy with every fault found.

    `path` is a folder, a zip, or one JSONL of works with their prompts inline, which needs a `title`; for the others
    a `title` stands in for their own. `scratch` is the caller's, to be kept until the study is stored and then removed.
    With `left_out`, works whose files are refused are left out and told there, with the rows that name them. Not
    `encoded`, files are only glanced at and marks not held against their works; both is for later.
    `on_progress` hears (stage, done, total) for the stages unpacking, prompts, works, judgements and media.
    """
    findings = Findings(limits, on_progress)
    if path.suffix.lower() == ".jsonl" and path.is_file():
        folder, works_name = Folder(path.parent), path.name
        read = _read_single(path, title, findings)
    else:
        folder, works_name = _open_folder(path, scratch, findings), WORKS
        read = _read_folder(folder, title, findings)
    destination = scratch / "derivatives" if encoded else None
    works = read_media(read.works, folder, works_name, findings, scratch=destination, left_out=left_out)
    findings.settle()
    if left_out is not None and left_out.works:
        read = _without(read, left_out, findings)
    if read.settings is None:
        raise AssertionError("settings are missing without a fault")
    pinned = tuple(read.marks)
    if encoded:
        pinned = place_marks(pinned, read.judgements, works, tags=read.settings.tags, findings=findings)
    if not works:
        findings.fault(works_name, None, "", "found no work whose file can be shown, expected at least one")
    check_keys(read.keys, read.settings, works, findings)
    check_references(read.prompts, works, read.known_prompts, findings)
    check_examples(read.settings.criteria, works, read.keys, findings)
    findings.settle()
    _warn_of_prompts(read, works, works_name, findings)
    plan = StudyPlan(
        **{name: getattr(read.settings, name) for name in StudySettings.__slots__},
        prompts=tuple(read.prompts),
        works=tuple(works),
        judgements=tuple(read.judgements),
        pinned=pinned,
        keys=tuple(read.keys),
        raters=tuple(read.raters),
        warnings=findings.warnings(),
        digest="",
    )
    return replace(plan, digest=digest(plan))


def _open_folder(path: Path, scratch: Path, findings: Findings) -> Folder:
    """The study's folder, unpacked first if it comes as a zip."""
    root: Path | None = path if path.is_dir() else None
    if path.is_file():
        with path.open("rb") as handle:
            packed = handle.read(2) == b"PK" or path.suffix.lower() == ".zip"
        if packed:
            root = unpack(path, scratch / "unpacked", findings)
        else:
            findings.fault(path.name, None, "", "found another kind of file, expected a folder, a zip or a .jsonl")
    elif root is None:
        findings.fault(path.name, None, "", "no such folder or file, expected a folder, a zip or a .jsonl")
    findings.settle()
    if root is None:
        raise AssertionError("there is no folder, and no fault says why")
    return Folder(root)


def _read_folder(folder: Folder, title: str | None, findings: Findings) -> _Documents:
    settings_path = _document(folder, STUDY, findings)
    settings = read_settings(settings_path, title, findings) if settings_path else None
    prompts: list[PromptPlan] = []
    known_prompts = known_works = None
    if prompts_path := _document(folder, PROMPTS, findings):
        prompts, known_prompts = read_prompts(prompts_path, findings)
        _expect_rows(known_prompts, PROMPTS, findings)
    works: list[ReadWork] = []
    if works_path := _document(folder, WORKS, findings):
        works, known_works = read_works(works_path, known_prompts, findings)
        _expect_rows(known_works, WORKS, findings)
    criteria = None if settings is None else {criterion.slug for criterion in settings.criteria}

    def rows[Plan](name: str, read: _Reader[Plan]) -> list[Plan]:
        path = _document(folder, name, findings, required=False)
        return read(path, criteria, known_prompts, known_works, findings) if path else []

    judgements = rows(JUDGEMENTS, read_judgements)
    raters_path = _document(folder, RATERS, findings, required=False)
    return _Documents(
        settings,
        prompts,
        known_prompts,
        works,
        judgements=judgements,
        marks=rows(MARKS, read_marks),
        keys=rows(KEYS, read_keys),
        raters=read_raters(raters_path, {one.rater for one in judgements}, findings) if raters_path else (),
    )


def _read_single(path: Path, title: str | None, findings: Findings) -> _Documents:
    settings = settings_from_title(title, path.name, findings)
    prompts, works, known_works = read_works_with_prompts(path, findings)
    _expect_rows(known_works, path.name, findings)
    return _Documents(settings, prompts, None, works)


def _document(folder: Folder, name: str, findings: Findings, *, required: bool = True) -> Path | None:
    try:
        path = folder.document(name)
    except Unfit as unfit:
        findings.fault(name, None, "", f"found {unfit}, expected a file in it")
        return None
    if path is None and required:
        findings.fault(name, None, "", "missing, expected beside the other files of the study")
    return path


def _expect_rows(known: Known, name: str, findings: Findings) -> None:
    if not known.lines and not any(fault.file == name for fault in findings.faults):
        findings.fault(name, None, "", "found no rows, expected at least one")


def _without(read: _Documents, left_out: LeftOut, findings: Findings) -> _Documents:
    """What the documents say of the works that are left in."""
    gone = {work.work for work in left_out.works}
    keys = without(read.keys, gone, KEYS, left_out.rows)
    settings = read.settings and adjusted(read.settings, keys, read.keys, findings)
    return replace(
        read,
        prompts=without_references(read.prompts, gone, read.known_prompts, findings),
        settings=settings and replace(settings, criteria=without_examples(settings.criteria, gone)),
        judgements=without(read.judgements, gone, JUDGEMENTS, left_out.rows),
        marks=without(read.marks, gone, MARKS, left_out.rows),
        keys=keys,
    )


def _warn_of_prompts(read: _Documents, works: Iterable[WorkPlan], works_name: str, findings: Findings) -> None:
    """Prompts that give nothing, or nothing sensible, to compare."""
    criteria = read.settings.criteria if read.settings else ()
    examples = {example.work for criterion in criteria for example in criterion.examples}
    media = defaultdict(list)
    for work in works:
        if work.id not in examples:
            media[work.prompt].append(work.medium)
    only_examples = {work.prompt for work in works} - media.keys()
    for prompt in read.prompts:
        if prompt.id in only_examples:
            continue
        found = media[prompt.id]
        line = read.known_prompts.lines[prompt.id] if read.known_prompts else None
        place = PROMPTS if read.known_prompts else works_name
        if len(found) < 2 and not (found and read.settings and read.settings.form == "rating"):
            count = "one work, which has nothing to be compared with" if found else "no works"
            findings.warn(place, line, f"the prompt {quoted(prompt.id)} has {count}")
        kinds = sorted(set(found) - {"absent"})
        if len(kinds) > 1:
            findings.warn(
                place, line, f"the works of the prompt {quoted(prompt.id)} are of unlike media: {', '.join(kinds)}"
            )
