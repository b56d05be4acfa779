"""Reads sound at one rate, in one or two channels, block by block."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from feedback.works.media.kinds import Kind
from feedback.works.media.limits import MediaLimits, MediaRefused, damaged
from feedback.works.media.stream.loudness import RATE, Loudness, Meter, Samples
from feedback.works.media.stream.opening import Streams, exact, opened, too_long

LAYOUTS = {1: "mono", 2: "stereo"}
_BLOCK = RATE  # samples handed on at a time
_SLACK = 0.1  # seconds by which a header may overstate: lossy codecs pad


def listen(sound: Iterable[Samples]) -> Loudness | None:
    """Measure a sound by hearing all of it; None if there is none."""
    meter = None
    for block in sound:
        meter = meter or Meter(len(block))
        meter.add(block)
    return meter.read() if meter else None


def sound_of(path: Path, kind: Kind, limits: MediaLimits) -> Iterator[Samples]:
    """The sound of a file; raises MediaRefused if it turns out too long, damaged or shorter than stated."""
    with opened(path, kind, limits) as streams:
        if streams.audio is None:
            raise MediaRefused(f"{kind.name} without sound", "save it again")
        stated = float((streams.audio.duration or 0) * exact(streams.audio.time_base))
        heard = 0
        for block in _gathered(_samples(_frames(streams, kind), _channels(streams))):
            heard += block.shape[1]
            if heard > limits.sound_seconds * RATE:
                raise too_long(heard / RATE, limits.sound_seconds)
            yield block
        if not heard:
            raise MediaRefused("a sound without samples", "save it again")
        if heard / RATE < stated - _SLACK:
            raise damaged(kind.name, f"{stated:.1f} s are announced and {heard / RATE:.1f} s are there")


def film_sound(path: Path, kind: Kind, limits: MediaLimits, start: Fraction, seconds: Fraction) -> Iterator[Samples]:
    """The sound of a film from `start` on, where its first frame is, and exactly as long as its picture."""
    with opened(path, kind, limits) as streams:
        if streams.audio is None:
            return
        frames = _frames(streams, kind)
        first = next(frames, None)
        if first is None:
            return
        begins = (first.pts or 0) * exact(first.time_base)
        channels = _channels(streams)
        parts = _samples(chain([first], frames), channels)
        yield from _gathered(_placed(parts, channels, round((begins - start) * RATE), round(seconds * RATE)))


def louder(block: Samples, gain: float) -> Samples:
    """The block with a gain in dB."""
    return block * np.float32(10 ** (gain / 20))


def _channels(streams: Streams) -> int:
    return min(2, streams.audio.codec_context.channels) if streams.audio else 0


def _frames(streams: Streams, kind: Kind) -> Iterator[AudioFrame]:
    for packet in streams.container.demux(streams.audio):
        for frame in packet.decode():
            if isinstance(frame, AudioFrame):
                if frame.is_corrupt:
                    raise damaged(kind.name, "a part of its sound cannot be decoded")
                yield frame


def _samples(frames: Iterable[AudioFrame], channels: int) -> Iterator[Samples]:
    resampler = AudioResampler(format="fltp", layout=LAYOUTS[channels], rate=RATE)
    for frame in chain(frames, [None]):
        for made in resampler.resample(frame):
            yield made.to_ndarray().astype(np.float32, copy=False)


def _placed(parts: Iterable[Samples], channels: int, offset: int, wanted: int) -> Iterator[Samples]:
    """`wanted` samples: the first so many of the parts, moved by `offset`, with silence where they have none."""
    skip = max(0, -offset)
    for part in chain(_silence(channels, min(offset, wanted)), parts):
        heard = part[:, skip : skip + wanted]
        skip = max(0, skip - part.shape[1])
        wanted -= heard.shape[1]
        yield heard
        if not wanted:
            return
    yield from _silence(channels, wanted)


def _silence(channels: int, samples: int) -> Iterator[Samples]:
    for at in range(0, samples, _BLOCK):
        yield np.zeros((channels, min(_BLOCK, samples - at)), np.float32)


def _gathered(parts: Iterable[Samples]) -> Iterator[Samples]:
    """The same samples in blocks worth computing with. What is no number counts as silence."""
    held: list[Samples] = []
    for part in parts:
        held.append(np.nan_to_num(part, nan=0.0, posinf=0.0, neginf=0.0))
        if sum(one.shape[1] for one in held) >= _BLOCK:
            yield np.concatenate(held, axis=1)
            held.clear()
    if any(one.shape[1] for one in held):
        yield np.concatenate(held, axis=1)
