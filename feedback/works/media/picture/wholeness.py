"""Whether a picture's file ends where it should, for the decoders that would not say."""

import io
from collections.abc import Callable
from typing import IO

from PIL.PngImagePlugin import PngImageFile


def _png(handle: IO[bytes]) -> None:
    """Every chunk up to the last is there and matches its checksum; raises what Pillow raises."""
    handle.seek(0)
    PngImageFile(handle).verify()
    if len(handle.read(4)) < 4:
        raise OSError("it ends within its last chunk")


def _gif(handle: IO[bytes]) -> None:
    """Every block up to the trailer is there: Pillow itself takes an early end for the last frame."""

    def skip_colours(flags: int) -> None:
        handle.seek(3 << ((flags & 7) + 1) if flags & 128 else 0, io.SEEK_CUR)

    def skip_blocks() -> None:
        while length := handle.read(1)[0]:
            handle.seek(length, io.SEEK_CUR)

    handle.seek(6)
    skip_colours(handle.read(7)[4])
    while (block := handle.read(1)) != b";":
        if block == b"!":
            handle.read(1)
            skip_blocks()
        elif block == b",":
            skip_colours(handle.read(9)[8])
            handle.read(1)
            skip_blocks()
        elif block != b"\0":
            raise OSError("it ends before its trailer")


CHECKS: dict[str, Callable[[IO[bytes]], None]] = {"PNG": _png, "GIF": _gif}
