"""Whether a container is as long as it says: its decoder would show what is there and keep silent about the rest."""

from collections.abc import Callable
from typing import IO

from feedback.works.media.limits import damaged

_OPEN_ENDED = frozenset({0, 0xFFFFFFFF})  # what a writer to a pipe leaves for a length it cannot go back to


def check_whole(handle: IO[bytes], name: str) -> None:
    """Raises MediaRefused for a file of the kind `name` that is shorter than its own headers say."""
    if name in _CHECKS:
        size = handle.seek(0, 2)
        handle.seek(0)
        problem = _CHECKS[name](handle, size)
        if problem:
            raise damaged(name, problem)


def _mp4(handle: IO[bytes], size: int) -> str:
    """Every box at the top is there in full, and among them the index."""
    at = 0
    indexed = False
    while at < size:
        handle.seek(at)
        head = handle.read(16)
        length = int.from_bytes(head[:4])
        if length == 1:
            length = int.from_bytes(head[8:16])
        elif length == 0:
            length = size - at
        if length < 8:
            break  # what follows the last box is none of the film's
        indexed = indexed or head[4:8] == b"moov"
        at += length
    return _short(at, size) or ("" if indexed else "its index is missing")


def _webm(handle: IO[bytes], size: int) -> str:
    """The header and the segment are there in full; that of a live stream may leave its length open."""
    for _ in range(2):
        _number(handle)
        length, width = _number(handle)
        length &= (1 << 7 * width) - 1
        if length == (1 << 7 * width) - 1:
            return ""
        end = handle.tell() + length
        if end > size:
            return _short(end, size)
        handle.seek(end)
    return ""


def _number(handle: IO[bytes]) -> tuple[int, int]:
    """A number of EBML with the mark of its width, and that width in bytes."""
    first = handle.read(1)
    width = 9 - first[0].bit_length() if first and first[0] else 1
    return int.from_bytes(first + handle.read(width - 1)), width


def _wav(handle: IO[bytes], size: int) -> str:
    """The chunk of samples is there in full."""
    handle.seek(12)
    while len(head := handle.read(8)) == 8:
        length = int.from_bytes(head[4:], "little")
        end = handle.tell() + length
        if head[:4] == b"data":
            return "" if length in _OPEN_ENDED else _short(end, size)
        handle.seek(end + (length & 1))
    return "its samples are missing"


def _ogg(handle: IO[bytes], size: int) -> str:
    """Every page is there in full, and the last one of each stream says that it is."""
    ended: dict[bytes, bool] = {}
    at = 0
    while at < size:
        handle.seek(at)
        head = handle.read(27)
        if len(head) < 27 or head[:4] != b"OggS":
            break
        ended[head[14:18]] = bool(head[5] & 4)
        at += 27 + head[26] + sum(handle.read(head[26]))
    return _short(at, size) or ("" if ended and all(ended.values()) else "its last page is missing")


def _short(end: int, size: int) -> str:
    return f"it should be {end - size:,} bytes longer" if end > size else ""


_CHECKS: dict[str, Callable[[IO[bytes], int], str]] = {"MP4": _mp4, "WebM": _webm, "WAV": _wav, "OGG": _ogg}
