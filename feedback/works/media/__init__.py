"""The one media recipe: what a file really is, and the clean derivative that raters see instead of it.

Recipe 1: sRGB, turned as its EXIF says, transparency laid on the neutral grey of the bench, the long side at most
2048 px, WebP of quality 90 and nothing else in the file. Animations stay animations: every frame keeps its time
(frames of 10 ms or less get the 100 ms that browsers give them) and all of them loop for ever, so that neither the
speed nor the number of rounds tells one maker from another.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from feedback.works.media.decoding import DEFAULT_LIMITS, MediaLimits, opened, shown, turn_of, turned
from feedback.works.media.kinds import MediaRefused
from feedback.works.media.recipe import LONG_SIDE, RECIPE, Derivative, encode

__all__ = ["LONG_SIDE", "RECIPE", "Derivative", "MediaInfo", "MediaLimits", "MediaRefused", "encode", "inspect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaInfo:
    """What an original is: its size as shown (EXIF turn applied), the number of frames, its checksum."""

    medium: Literal["image", "motion"]
    media_type: str
    width: int
    height: int
    frames: int
    sha256: str
    bytes: int


def inspect(path: Path, *, limits: MediaLimits = DEFAULT_LIMITS) -> MediaInfo:
    """Say what the file at `path` is, having decoded all of it; raises MediaRefused for anything unfit to show."""
    with opened(path, limits) as (kind, image, frames):
        for _ in shown(image, frames, limits):
            pass
        width, height = turned(image.size, turn_of(image))
    with path.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    return MediaInfo(
        medium="motion" if len(frames) > 1 else "image",
        media_type=kind.media_type,
        width=width,
        height=height,
        frames=len(frames),
        sha256=sha256,
        bytes=path.stat().st_size,
    )
