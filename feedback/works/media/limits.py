"""How large a media file may be, and how one that is unfit to show is refused."""

from dataclasses import dataclass


class MediaRefused(Exception):
    """A file is not shown: `reason` says what was found, `remedy` what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason = reason
        self.remedy = remedy
        super().__init__(reason, remedy)

    def __str__(self) -> str:
        return f"{self.reason}; {self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLimits:
    """How large a media file may be.

    `pixels` holds for one picture or frame; an animation's frames are counted together in `motion_pixels`, a film's in
    `film_pixels`. `solid_bytes` are those of a model's arrays once unpacked.
    """

    pixels: int = 50_000_000
    frames: int = 2_000
    motion_pixels: int = 500_000_000
    bytes: int = 512 * 1024**2
    film_seconds: int = 600
    film_pixels: int = 75_000_000_000  # ten minutes of 1920 × 1080 at 60 frames a second
    sound_seconds: int = 1_800
    triangles: int = 2_000_000
    nodes: int = 10_000
    solid_bytes: int = 256 * 1024**2


DEFAULT_LIMITS = MediaLimits()


def damaged(name: str, error: BaseException | str) -> MediaRefused:
    """The refusal of a file that its decoder could not read to the end."""
    detail = str(error).partition("\n")[0][:120] or type(error).__name__
    return MediaRefused(f"a damaged or truncated {name} ({detail})", "save or copy it again")
