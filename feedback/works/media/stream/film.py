"""The film raters see: WebM at a constant rate, with a poster and a strip of frames, and nothing else in the files."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.video.frame import VideoFrame
from PIL import Image

from feedback.works.media.derivative import Derivative, OnFraction, checksum
from feedback.works.media.kinds import Kind
from feedback.works.media.limits import MediaLimits, MediaRefused, damaged
from feedback.works.media.picture.recipe import fitted, still
from feedback.works.media.stream.frames import Planes, picture_of, planes_of
from feedback.works.media.stream.opening import exact, opened, shown_size, too_long
from feedback.works.media.stream.sound import film_sound, listen
from feedback.works.media.stream.timing import Timing, timing
from feedback.works.media.stream.webm import WebM

LONG_SIDE = 1280
STRIP_FRAMES = 12
STRIP_HEIGHT = 90
_SURVEY = 0.15  # of the time that a film takes, to decode it for the first time
_WIDEST = 16_383 // STRIP_FRAMES  # WebP holds no more


@dataclass(frozen=True, slots=True)
class Film:
    """A film that was decoded once: its size when shown, when its first frame is due, its frames and their timing."""

    size: tuple[int, int]
    start: Fraction
    frames: int
    timing: Timing


def survey(path: Path, kind: Kind, limits: MediaLimits, tell: OnFraction) -> Film:
    """Decode every frame, and learn what can only be learnt so."""
    with opened(path, kind, limits) as streams:
        if streams.video is None:
            raise MediaRefused(f"{kind.name} without pictures", "save it again")
        stated = exact(streams.video.average_rate) or None
        tick = exact(streams.video.time_base)
        announced = (streams.video.duration or 0) * tick
        shape = exact(streams.video.sample_aspect_ratio) or Fraction(1)
    times: list[Fraction] = []
    size = (0, 0)
    for frame in frames_of(path, kind, limits):
        size = size if times else shown_size(frame, shape)
        times.append(_time(frame, kind))
        tell(_SURVEY * _share(times[-1] - times[0], announced))
    if not times:
        raise MediaRefused("a film of no frames", "save it again")
    found = timing(times, tick, stated)
    if found.seconds < announced * Fraction(9, 10) - Fraction(1, 2):
        raise damaged(kind.name, f"{float(announced):.1f} s are announced and {float(found.seconds):.1f} s are there")
    return Film(size, times[0], len(times), found)


def frames_of(path: Path, kind: Kind, limits: MediaLimits) -> Iterator[VideoFrame]:
    """Every frame as it was coded, in the order shown; raises MediaRefused if one is damaged or passes a limit."""
    size = None
    start = None
    pixels = 0
    with opened(path, kind, limits) as streams:
        for packet in streams.container.demux(streams.video):
            for frame in packet.decode():
                if not isinstance(frame, VideoFrame) or frame.is_corrupt:
                    raise damaged(kind.name, "a frame cannot be decoded")
                size = size or (frame.width, frame.height)
                if (frame.width, frame.height) != size:
                    raise MediaRefused("a film whose frames change their size", "save it at one size")
                start = _time(frame, kind) if start is None else start
                pixels += frame.width * frame.height
                if pixels > limits.film_pixels or _time(frame, kind) - start > limits.film_seconds:
                    raise too_long(float(_time(frame, kind) - start), limits.film_seconds)
                yield frame


def encode(
    film: Film, path: Path, kind: Kind, destination: Path, *, limits: MediaLimits, tell: OnFraction
) -> Derivative:
    """Write the film of `path` as WebM, its poster and strip beside it; no film is held whole."""
    size = _even(fitted(film.size, LONG_SIDE))
    loudness = listen(film_sound(path, kind, limits, film.start, film.timing.seconds))
    sound = film_sound(path, kind, limits, film.start, film.timing.seconds)
    strip = _Strip(film.timing.frames, size)
    with WebM(destination, film.timing.rate, size, loudness, sound) as webm:
        for frame, shows in zip(frames_of(path, kind, limits), film.timing.shows, strict=True):
            planes = planes_of(frame, size)
            for _ in range(shows):
                strip.see(webm.frames, planes)
                webm.show(planes)
            tell(_SURVEY + (1 - _SURVEY) * webm.frames / film.timing.frames)
    return Derivative(
        media_type="video/webm",
        path=destination,
        width=size[0],
        height=size[1],
        frames=film.timing.frames,
        sha256=checksum(destination),
        bytes=destination.stat().st_size,
        facts={
            "duration": round(float(film.timing.seconds), 6),
            "frames": film.timing.frames,
            "rate": f"{film.timing.rate.numerator}/{film.timing.rate.denominator}",
            "sound": loudness is not None,
            "gain": loudness.gain if loudness else 0.0,
        },
        poster=still(strip.first, destination.with_name(f"{destination.name}.poster")),
        strip=still(strip.picture, destination.with_name(f"{destination.name}.strip")),
    )


class _Strip:
    """Frames spread evenly over a film, side by side, and the first one whole."""

    def __init__(self, frames: int, size: tuple[int, int]) -> None:
        width = min(_WIDEST, max(1, round(STRIP_HEIGHT * size[0] / size[1])))
        self._cell = (width, STRIP_HEIGHT)
        self._at = [frames * (2 * cell + 1) // (2 * STRIP_FRAMES) for cell in range(STRIP_FRAMES)]
        self.picture = Image.new("RGB", (width * STRIP_FRAMES, STRIP_HEIGHT))
        self.first = Image.new("RGB", size)

    def see(self, number: int, planes: Planes) -> None:
        cells = [cell for cell, at in enumerate(self._at) if at == number]
        if number and not cells:
            return
        picture = picture_of(planes)
        if not number:
            self.first = picture
        small = picture.resize(self._cell, Image.Resampling.LANCZOS)
        for cell in cells:
            self.picture.paste(small, (cell * self._cell[0], 0))


def _time(frame: VideoFrame, kind: Kind) -> Fraction:
    if frame.pts is None or frame.time_base is None:
        raise damaged(kind.name, "a frame without a time")
    return frame.pts * exact(frame.time_base)


def _share(part: Fraction, whole: Fraction) -> float:
    """How much of what was announced is behind us; what was not announced is nought."""
    return min(1.0, float(part / whole)) if whole else 0.0


def _even(size: tuple[int, int]) -> tuple[int, int]:
    return max(2, round(size[0] / 2) * 2), max(2, round(size[1] / 2) * 2)
