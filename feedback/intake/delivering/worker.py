"""Reading what a browser has sent, in the background: a study is stored whole, or nothing is and the faults are told."""

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from feedback.intake.actions import Imported, StudyExists, store_study
from feedback.intake.delivering import actions
from feedback.intake.delivering.arranging import write_documents
from feedback.intake.delivering.folder import files_of, is_one_zip
from feedback.intake.models import STUDY_FILE, Delivery, uploads
from feedback.intake.reading import DEFAULT_LIMITS, BadStudy, Fault, LeftOut, read_study
from feedback.intake.reading.archive import unpack
from feedback.intake.reading.findings import Findings
from feedback.studies.access import can_lead
from feedback.works.actions import CollectionConflict

TELL_EVERY = 0.5  # seconds


def read(*, delivery_id: int) -> None:
    """Store the study of the delivery, as a draft that its lead opens; or keep what is wrong with it."""
    delivery = Delivery.objects.select_related("by").filter(pk=delivery_id, state=Delivery.State.READING).first()
    if delivery is None:
        return
    try:
        stored = _stored(delivery)
    except BadStudy as bad:
        actions.refuse(delivery=delivery, faults=[asdict(fault) for fault in _told(delivery, bad)])
    except (StudyExists, CollectionConflict) as conflict:
        actions.refuse(delivery=delivery, faults=[asdict(Fault("study.toml", None, "slug", str(conflict)))])
    else:
        if stored:
            imported, warnings = stored
            actions.settle(delivery=delivery, study=imported.study, warnings=warnings)


def _stored(delivery: Delivery) -> tuple[Imported, list[str]] | None:
    """What was stored, with what is worth knowing; None if there is first something to be arranged, or no more wish."""
    left_out = LeftOut() if delivery.leaves_out else None
    with tempfile.TemporaryDirectory(prefix="salon-delivery-") as name:
        scratch = Path(name)
        path = _laid_out(delivery, scratch / "delivered")
        if path.is_file():
            opened = scratch / "opened"
            path = _unpacked(path, opened)
            if not (path / STUDY_FILE).exists():
                actions.spread_out(delivery=delivery, folder=opened)
                return None
        tell = _teller(delivery)
        plan = read_study(path, scratch=scratch, encoded=False, left_out=left_out, on_progress=tell)
        if not Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.READING).exists():
            return None  # called off meanwhile
        imported = store_study(plan=plan, left_out=left_out, by=delivery.by, opens=False)
    if imported.unchanged and not can_lead(delivery.by, imported.study):
        raise StudyExists(f"A study {plan.slug!r} exists already. Give this one another `slug`.")
    return imported, [str(warning) for warning in plan.warnings]


def _laid_out(delivery: Delivery, folder: Path) -> Path:
    """The files as they lay where they came from, with the documents of a study that was arranged by hand."""
    folder.mkdir(parents=True)
    files = files_of(delivery)
    under = folder / "media" if delivery.arranged else folder
    tell = _teller(delivery)
    for number, file in enumerate(files, 1):
        target = under / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as whole:
            for name in file.parts:
                with uploads().open(name) as part:
                    shutil.copyfileobj(part, whole, 1 << 20)
        tell("gathering", number, len(files))
    if delivery.arranged:
        write_documents(delivery, folder)
        return folder
    if is_one_zip(files):
        return folder / files[0].path
    inner = list(folder.iterdir())
    return inner[0] if len(inner) == 1 and inner[0].is_dir() else folder


def _unpacked(path: Path, into: Path) -> Path:
    """The folder in a zip that was found to do no harm."""
    findings = Findings(DEFAULT_LIMITS)
    folder = unpack(path, into, findings)
    findings.settle()
    if folder is None:
        raise AssertionError("there is no folder, and no fault says why")
    return folder


def _teller(delivery: Delivery) -> Callable[[str, float, int], None]:
    """Hears how far the reading is, and tells it twice a second."""
    last = 0.0

    def tell(stage: str, done: float, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > TELL_EVERY:
            last = time.monotonic()
            actions.tell(delivery=delivery, stage=stage, done=done, total=total)

    return tell


def _told(delivery: Delivery, bad: BadStudy) -> list[Fault]:
    """The faults; of an arranged study they name its rows and not documents that nobody wrote."""
    if not delivery.arranged:
        return bad.faults
    works = delivery.arranged["works"]
    told = []
    for fault in bad.faults:
        row = works[fault.line - 1] if fault.file == "works.jsonl" and fault.line else None
        file = row["id"] if row else "the table"
        told.append(Fault(file, None, fault.field, fault.message))
    return told
