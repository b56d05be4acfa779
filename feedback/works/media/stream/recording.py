"""The sound raters hear: FLAC at one loudness, and nothing else in the file."""

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from feedback.works.media.derivative import Derivative, OnFraction, checksum
from feedback.works.media.kinds import Kind
from feedback.works.media.limits import MediaLimits, MediaRefused
from feedback.works.media.stream.loudness import RATE, Loudness, Samples
from feedback.works.media.stream.sound import LAYOUTS, listen, louder, sound_of

PEAKS = 1_000
_TOP = 2**15 - 1  # 16 bits for all: dithered they hold 93 dB, and more would tell which original had more
_DITHER_SEED = 0


def encode(path: Path, kind: Kind, destination: Path, limits: MediaLimits, tell: OnFraction) -> Derivative:
    """Write the sound of `path` as FLAC. It is read twice, to measure and to write: no sound is held whole."""
    loudness = listen(sound_of(path, kind, limits))
    if loudness is None:
        raise MediaRefused("a sound without samples", "save it again")
    _write(sound_of(path, kind, limits), loudness, destination, tell)
    return Derivative(
        media_type="audio/flac",
        path=destination,
        sha256=checksum(destination),
        bytes=destination.stat().st_size,
        facts={
            "duration": round(loudness.samples / RATE, 6),
            "rate": RATE,
            "channels": loudness.channels,
            "peaks": loudness.outline(PEAKS),
            "gain": loudness.gain,
        },
    )


def _write(sound: Iterable[Samples], loudness: Loudness, destination: Path, tell: OnFraction) -> None:
    chance = np.random.default_rng(_DITHER_SEED)
    layout = LAYOUTS[loudness.channels]
    with av.open(str(destination), "w", format="flac", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("flac", rate=RATE, layout=layout, format="s16")
        written = 0
        for block in sound:
            frame = AudioFrame.from_ndarray(_dithered(louder(block, loudness.gain), chance), "s16", layout)
            frame.sample_rate, frame.pts = RATE, written
            written += block.shape[1]
            container.mux(stream.encode(frame))
            tell(written / loudness.samples)
        container.mux(stream.encode(None))


def _dithered(block: Samples, chance: np.random.Generator) -> NDArray[np.int16]:
    """Rounded after triangular noise of one step, interleaved as FLAC takes it; how it comes in blocks is no matter."""
    turned = block.T
    noise = chance.random((*turned.shape, 2), np.float32)
    steps = turned * _TOP + noise[..., 0] - noise[..., 1]
    return np.clip(np.rint(steps), -_TOP - 1, _TOP).astype(np.int16).reshape(1, -1)
