"""Looks at every media file that works name, and makes the derivatives that raters will see."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from feedback.intake.reading.findings import Findings
from feedback.intake.reading.folder import MEDIA, Folder
from feedback.intake.reading.plans import Limits, WorkPlan
from feedback.intake.reading.rows import ReadWork
from feedback.intake.reading.rules import Unfit
from feedback.works.media import Derivative, MediaInfo, MediaRefused, encode, inspect


@dataclass(frozen=True, slots=True)
class _Seen:
    """What came of looking at one file: what it is and its derivative, or why it was refused."""

    info: MediaInfo | None = None
    path: Path | None = None
    derivative: Derivative | None = None
    refused: str = ""


def read_media(
    works: Sequence[ReadWork], folder: Folder, scratch: Path, name: str, findings: Findings
) -> list[WorkPlan]:
    """The works with their files inspected and, as long as nothing is wrong so far, encoded under `scratch`."""
    paths = _found(works, folder, name, findings)
    scratch.mkdir(parents=True, exist_ok=True)
    seen = _look(dict.fromkeys(paths.values()), scratch, findings)
    plans = []
    for work in works:
        if not work.file:
            plans.append(work.plan)
        elif work.line in paths:
            path = paths[work.line]
            found = seen[path]
            if found.info is None:
                findings.fault(name, work.line, "file", f"{work.file}: {found.refused}")
                continue
            plans.append(
                replace(
                    work.plan,
                    medium=found.info.medium,
                    original=path,
                    info=found.info,
                    derivative_path=found.path,
                    derivative=found.derivative,
                )
            )
    _warn_of_unused(set(paths.values()), folder, name, findings)
    return plans


def _found(works: Sequence[ReadWork], folder: Folder, name: str, findings: Findings) -> dict[int, Path]:
    """Where the file of each row is, by the row's line."""
    paths = {}
    for work in works:
        if work.file:
            try:
                paths[work.line] = folder.media(work.file)
            except Unfit as unfit:
                findings.fault(name, work.line, "file", f"found {unfit}, expected a path to a file under {MEDIA}/")
    return paths


def _look(paths: Iterable[Path], scratch: Path, findings: Findings) -> dict[Path, _Seen]:
    """Each file once, on a few threads; the results do not depend on their timing."""
    paths = list(paths)
    encoding = not findings.faults
    seen: dict[Path, _Seen] = {}
    pool = ThreadPoolExecutor(findings.limits.threads)
    try:
        pending = [
            pool.submit(_see, path, scratch / f"{number:06d}.webp" if encoding else None, findings.limits)
            for number, path in enumerate(paths)
        ]
        for number, (path, future) in enumerate(zip(paths, pending, strict=True), 1):
            seen[path] = future.result()
            findings.progress("media", number, len(paths))
    finally:
        pool.shutdown(cancel_futures=True)
    return seen


def _see(path: Path, destination: Path | None, limits: Limits) -> _Seen:
    try:
        info = inspect(path, limits=limits.media)
    except MediaRefused as refused:
        return _Seen(refused=str(refused))
    except OSError as error:
        return _Seen(refused=f"it cannot be read ({error.strerror})")
    if destination is None:
        return _Seen(info)
    try:
        return _Seen(info, destination, encode(path, destination, long_side=limits.long_side, limits=limits.media))
    except MediaRefused as refused:
        return _Seen(refused=str(refused))


def _warn_of_unused(used: set[Path], folder: Folder, name: str, findings: Findings) -> None:
    unused = [file for file in folder.media_names if (folder.root / MEDIA / file).resolve() not in used]
    if unused:
        some = ", ".join(unused[:3]) + (", …" if len(unused) > 3 else "")
        findings.warn(name, None, f"{len(unused)} under {MEDIA}/ that no work names: {some}")
