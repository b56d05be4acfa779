"""Writes WebM: VP9 and, if there is sound, Opus; the same input gives the same bytes."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream

from feedback.works.media.stream.frames import Planes, frame_of
from feedback.works.media.stream.loudness import RATE, Loudness, Samples
from feedback.works.media.stream.sound import LAYOUTS, louder

KEY_FRAME_EVERY = 12
_VP9 = {"crf": "22", "b": "0", "deadline": "realtime", "cpu-used": "6"}  # six times as fast as "good", 15 % larger
_OPUS_RATE = 96_000  # bits per second and channel
_CONTAINER = {"fflags": "+bitexact", "cues_to_front": "1"}


class WebM:
    """A film being written, frame by frame; its sound goes in beside them."""

    def __init__(
        self, path: Path, rate: Fraction, size: tuple[int, int], loudness: Loudness | None, sound: Iterator[Samples]
    ) -> None:
        self.frames = 0
        self._rate = rate
        self._sound = sound
        self._loudness = loudness
        self._heard = 0
        self._container = av.open(str(path), "w", format="webm", options=_CONTAINER)
        self._video = self._picture_stream(rate, size)
        self._audio = self._sound_stream(loudness) if loudness else None

    def _picture_stream(self, rate: Fraction, size: tuple[int, int]) -> VideoStream:
        stream = self._container.add_stream("libvpx-vp9", rate=rate, options=_VP9)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.gop_size = KEY_FRAME_EVERY
        codec = stream.codec_context
        codec.thread_count = 1  # films are made side by side
        codec.color_range, codec.colorspace = ColorRange.MPEG, Colorspace.ITU709
        codec.color_primaries, codec.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        return stream

    def _sound_stream(self, loudness: Loudness) -> AudioStream:
        stream = self._container.add_stream("libopus", rate=RATE, layout=LAYOUTS[loudness.channels])
        stream.bit_rate = _OPUS_RATE * loudness.channels
        return stream

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._hear_until(None)
                self._container.mux(self._video.encode(None))
                if self._audio:
                    self._container.mux(self._audio.encode(None))
        finally:
            self._container.close()

    def show(self, planes: Planes) -> None:
        """Add a frame, and the sound up to it first, so that both lie side by side in the file."""
        self._hear_until(self.frames / self._rate)
        frame = frame_of(planes)
        frame.pts, frame.time_base = self.frames, 1 / self._rate
        self.frames += 1
        self._container.mux(self._video.encode(frame))

    def _hear_until(self, seconds: Fraction | None) -> None:
        """Add sound up to that time, or to its end."""
        if self._audio is None or self._loudness is None:
            return
        while seconds is None or self._heard <= seconds * RATE:
            block = next(self._sound, None)
            if block is None:
                return
            samples = np.ascontiguousarray(louder(block, self._loudness.gain))
            frame = AudioFrame.from_ndarray(samples, "fltp", LAYOUTS[self._loudness.channels])
            frame.sample_rate, frame.pts, frame.time_base = RATE, self._heard, Fraction(1, RATE)
            self._heard += block.shape[1]
            self._container.mux(self._audio.encode(frame))
