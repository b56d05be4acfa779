"""The one media recipe: what a file really is, and the clean derivative that raters see instead of it.

Recipe 1, the same for every file of a medium, so that no format, speed or loudness tells one maker from another:

- Image: sRGB, turned as its EXIF says, transparency laid on the neutral grey of the bench, the long side at most
  2048 px, WebP of quality 90 and nothing else in the file. Animations stay animations: every frame keeps its time
  (frames of 10 ms or less get the 100 ms that browsers give them) and all of them loop for ever.
- Video: WebM with VP9, upright, square pixels, even sides, the long one at most 1280 px, BT.709, a constant frame
  rate and a key frame every 12 frames; its sound as Opus, as long as the picture. With it a poster and a filmstrip.
- Audio: FLAC, 48 kHz, 16 bits with dither, one or two channels. Sound, a film's as well, is brought to -23 LUFS by one
  static gain, or as near as a true peak of -1 dBFS allows.
- Model: GLB written anew from what is drawn: meshes, materials, textures and skins, and nothing else.
"""

from dataclasses import asdict, replace
from pathlib import Path

from feedback.works.media import picture, solid, stream
from feedback.works.media.derivative import Derivative, Look, MediaInfo, Medium, OnFraction, checksum
from feedback.works.media.kinds import Kind, recognise
from feedback.works.media.limits import DEFAULT_LIMITS, MediaLimits, MediaRefused
from feedback.works.media.picture.recipe import LONG_SIDE

__all__ = [
    "LONG_SIDE",
    "RECIPE",
    "Derivative",
    "MediaInfo",
    "MediaLimits",
    "MediaRefused",
    "OnFraction",
    "encode",
    "glance",
    "inspect",
]

RECIPE = 1


def glance(path: Path, *, limits: MediaLimits = DEFAULT_LIMITS) -> MediaInfo:
    """Say what the file at `path` claims to be, by its headers alone: its size and its soundness are not yet known."""
    kind = _recognised(path, limits)
    medium: Medium
    match kind.family:
        case "picture":
            medium = picture.medium_of(path, kind, limits=limits)
        case "stream":
            medium = stream.medium_of(path, kind, limits=limits)
        case "solid":
            medium = "model"
    media_type = stream.typed(medium, kind) if kind.family == "stream" else kind.media_type
    return _info(path, Look(medium=medium, media_type=media_type))


def inspect(path: Path, *, limits: MediaLimits = DEFAULT_LIMITS) -> MediaInfo:
    """Say what the file at `path` is, having decoded all of it; raises MediaRefused for anything unfit to show."""
    kind = _recognised(path, limits)
    match kind.family:
        case "picture":
            seen = picture.look(path, kind, limits=limits)
        case "stream":
            seen = stream.look(path, kind, limits=limits)
        case "solid":
            seen = solid.look(path, limits=limits)
    return _info(path, seen)


def encode(
    path: Path,
    destination: Path,
    *,
    long_side: int = LONG_SIDE,
    limits: MediaLimits = DEFAULT_LIMITS,
    on_fraction: OnFraction | None = None,
) -> Derivative:
    """Write what raters see in place of `path` to `destination`, and its stills beside it; the bytes are repeatable.

    All of the file is decoded, so what `inspect` would refuse or say is refused, and said in `original`, here as well.
    `long_side` bounds pictures; films and textures have bounds of their own. `on_fraction` hears from 0 to 1 how far a
    film or sound is.
    """
    kind = _recognised(path, limits)
    match kind.family:
        case "picture":
            seen, made = picture.encode(path, kind, destination, long_side=long_side, limits=limits)
        case "stream":
            seen, made = stream.encode(path, kind, destination, limits=limits, on_fraction=on_fraction)
        case "solid":
            seen, made = solid.encode(path, destination, limits=limits)
    return replace(made, original=_info(path, seen))


def _info(path: Path, seen: Look) -> MediaInfo:
    return MediaInfo(**asdict(seen), sha256=checksum(path), bytes=path.stat().st_size)


def _recognised(path: Path, limits: MediaLimits) -> Kind:
    size = path.stat().st_size
    if size > limits.bytes:
        raise MediaRefused(f"a file of {size:,} bytes", f"at most {limits.bytes:,} are taken: make it smaller")
    with path.open("rb") as handle:
        return recognise(handle, path.suffix.lower())
