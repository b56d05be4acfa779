"""What is known of an original, and what raters see in its place."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

type Medium = Literal["image", "motion", "video", "audio", "model"]
type OnFraction = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an original is: its size as shown (turned upright), if it has one, and the number of its frames."""

    medium: Medium
    media_type: str
    width: int | None = None
    height: int | None = None
    frames: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaInfo(Look):
    """A look at an original, with its checksum and length in bytes."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivative:
    """What raters see in place of `original`; `facts` (JSON) are what a rater may know of it.

    A film brings two stills along: a poster, which is its first frame, and a strip of frames spread over its length.
    """

    original: MediaInfo | None = field(default=None, compare=False)
    media_type: str
    path: Path = field(compare=False)
    sha256: str
    bytes: int
    width: int | None = None
    height: int | None = None
    frames: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)
    poster: "Derivative | None" = None
    strip: "Derivative | None" = None


def checksum(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
