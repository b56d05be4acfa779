"""Films and sounds: whatever has a duration."""

from pathlib import Path

from feedback.works.media.derivative import Derivative, Look, Medium, OnFraction
from feedback.works.media.kinds import Kind
from feedback.works.media.limits import MediaLimits
from feedback.works.media.stream import film, recording
from feedback.works.media.stream.opening import opened
from feedback.works.media.stream.sound import film_sound, listen, sound_of

__all__ = ["encode", "look", "medium_of", "typed"]


def look(path: Path, kind: Kind, *, limits: MediaLimits) -> Look:
    """What the container really holds, having decoded all of it."""
    if _is_film(path, kind, limits):
        seen = film.survey(path, kind, limits, _nobody)
        listen(film_sound(path, kind, limits, seen.start, seen.timing.seconds))
        return _film(seen, kind)
    listen(sound_of(path, kind, limits))
    return _sound(kind)


def medium_of(path: Path, kind: Kind, *, limits: MediaLimits) -> Medium:
    """Film or sound, by what the container says it holds."""
    return "video" if _is_film(path, kind, limits) else "audio"


def encode(
    path: Path, kind: Kind, destination: Path, *, limits: MediaLimits, on_fraction: OnFraction | None
) -> tuple[Look, Derivative]:
    """Write what raters see or hear in place of `path`."""
    tell = on_fraction or _nobody
    if _is_film(path, kind, limits):
        seen = film.survey(path, kind, limits, tell)
        return _film(seen, kind), film.encode(seen, path, kind, destination, limits=limits, tell=tell)
    return _sound(kind), recording.encode(path, kind, destination, limits, tell)


def _nobody(_fraction: float) -> None:
    """Nobody wants to hear how far it is."""


def _is_film(path: Path, kind: Kind, limits: MediaLimits) -> bool:
    """Whether there are pictures in it: an MP4 without them is sound."""
    with opened(path, kind, limits) as streams:
        return streams.video is not None


def _film(seen: film.Film, kind: Kind) -> Look:
    width, height = seen.size
    return Look(medium="video", media_type=typed("video", kind), width=width, height=height, frames=seen.frames)


def _sound(kind: Kind) -> Look:
    return Look(medium="audio", media_type=typed("audio", kind))


def typed(medium: str, kind: Kind) -> str:
    """The media type of a container that may hold either."""
    return f"{medium}/{kind.media_type.partition('/')[2]}"
