"""Looks at every media file that works name, and makes the derivatives that raters will see and hear."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path

from feedback.intake.reading.findings import Findings
from feedback.intake.reading.folder import MEDIA, Folder
from feedback.intake.reading.leaving import LeftOut
from feedback.intake.reading.plans import WorkPlan
from feedback.intake.reading.rows import ReadWork
from feedback.intake.reading.rules import Unfit
from feedback.works.media import Derivative, MediaInfo, MediaRefused, OnFraction, encode, glance, inspect

_TELL_EVERY = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class _Seen:
    """What came of looking at one file: what it is and its derivative, or why it was refused."""

    info: MediaInfo | None = None
    derivative: Derivative | None = None
    refused: MediaRefused | None = None


type _See = Callable[[Path, int, OnFraction], _Seen]


def read_media(
    works: Sequence[ReadWork],
    folder: Folder,
    name: str,
    findings: Findings,
    *,
    scratch: Path | None,
    left_out: LeftOut | None,
) -> list[WorkPlan]:
    """The works with their files inspected and, as long as nothing is wrong so far, encoded under `scratch`.

    Without `scratch` files are only glanced at, to be encoded later. A refused file is a fault, unless `left_out` is
    there to take its work.
    """
    paths = _found(works, folder, name, findings)
    seen = _look(list(dict.fromkeys(paths.values())), _seer(scratch, findings), findings)
    plans = []
    for work in works:
        if not work.file:
            plans.append(work.plan)
        elif work.line in paths:
            path = paths[work.line]
            found = seen[path]
            if found.info:
                medium, info, made = found.info.medium, found.info, found.derivative
                plans.append(replace(work.plan, medium=medium, original=path, info=info, derivative=made))
            elif found.refused and left_out is not None:
                left_out.add(work.plan, found.refused)
            else:
                findings.fault(name, work.line, "file", f"{work.file}: {found.refused}")
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


def _seer(scratch: Path | None, findings: Findings) -> _See:
    """How a file is looked at: to encode it, to find all its faults, or at its headers alone."""
    limits = findings.limits
    if scratch is None:
        return lambda path, _number, _tell: _Seen(glance(path, limits=limits.media))
    scratch.mkdir(parents=True, exist_ok=True)
    if findings.faults:
        return lambda path, _number, _tell: _Seen(inspect(path, limits=limits.media))

    def encoded(path: Path, number: int, tell: OnFraction) -> _Seen:
        destination = scratch / f"{number:06d}"
        made = encode(path, destination, long_side=limits.long_side, limits=limits.media, on_fraction=tell)
        return _Seen(made.original, made)

    return encoded


def _look(paths: Sequence[Path], see: _See, findings: Findings) -> dict[Path, _Seen]:
    """Each file once, on a few threads; the results do not depend on their timing."""
    fractions = dict.fromkeys(paths, 0.0)  # of every file how much is behind us, written by the thread that has it
    pool = ThreadPoolExecutor(findings.limits.threads)

    def run(path: Path, number: int) -> _Seen:
        try:
            return see(path, number, lambda fraction: fractions.__setitem__(path, fraction))
        except MediaRefused as refused:
            return _Seen(refused=refused)
        except OSError as error:
            return _Seen(refused=MediaRefused(f"it cannot be read ({error.strerror})", "copy it again"))
        finally:
            fractions[path] = 1.0

    try:
        pending = {path: pool.submit(run, path, number) for number, path in enumerate(paths)}
        _tell_until_done(pending.values(), fractions, findings)
        return {path: future.result() for path, future in pending.items()}
    finally:
        pool.shutdown(cancel_futures=True)


def _tell_until_done(pending: Iterable[Future[_Seen]], fractions: dict[Path, float], findings: Findings) -> None:
    """Tell how many files are done, those half-way for as much as is done of them."""
    left = set(pending)
    while left:
        _, left = wait(left, timeout=_TELL_EVERY, return_when="FIRST_COMPLETED")
        findings.progress("media", sum(fractions.values()), len(fractions))


def _warn_of_unused(used: set[Path], folder: Folder, name: str, findings: Findings) -> None:
    unused = [file for file in folder.media_names if (folder.root / MEDIA / file).resolve() not in used]
    if unused:
        some = ", ".join(unused[:3]) + (", …" if len(unused) > 3 else "")
        findings.warn(name, None, f"{len(unused)} under {MEDIA}/ that no work names: {some}")
