"""What was sent, seen as a folder."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from feedback.intake.models import DeliveredFile, Delivery, uploads

LONGEST_TEXT = 20_000  # bytes


def files_of(delivery: Delivery) -> list[DeliveredFile]:
    """The files by path."""
    return list(delivery.files.all())


def is_one_zip(files: Sequence[DeliveredFile]) -> bool:
    return len(files) == 1 and files[0].is_zip


def brings_documents(files: Sequence[DeliveredFile]) -> bool:
    """Whether the files say themselves what study they are, so that nothing has to be arranged."""
    return any(file.is_study_file for file in files)


def without_top(paths: Sequence[str]) -> dict[str, str]:
    """The paths, each without the one folder that holds folders alone: that one says nothing of its files."""
    parts = {path: PurePosixPath(path).parts for path in paths}
    tops = {whole[0] if len(whole) > 2 else "" for whole in parts.values()}
    if len(tops) == 1 and "" not in tops:
        return {path: str(PurePosixPath(*whole[1:])) for path, whole in parts.items()}
    return {path: path for path in paths}


def text_of(file: DeliveredFile) -> str:
    """The beginning of a text file, as far as a prompt may be long."""
    parts = []
    for name in file.parts:
        with uploads().open(name) as part:
            parts.append(part.read(LONGEST_TEXT))
    return b"".join(parts)[:LONGEST_TEXT].decode("utf-8-sig", "replace").strip()
