"""Makes the films, sounds and models that the tests of media need, sound and broken ones."""

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

SECRET = "lamp-v2 by Aurora"
BITS = 8  # of a frame's number, drawn as black and white stripes

_SOUND_CODECS = {
    ".wav": ("wav", "pcm_s16le"), ".flac": ("flac", "flac"), ".mp3": ("mp3", "libmp3lame"), ".aac": ("adts", "aac"),
    ".ogg": ("ogg", "vorbis"), ".opus": ("ogg", "libopus"), ".m4a": ("ipod", "aac"), ".mp4": ("mp4", "aac"),
    ".weba": ("webm", "libopus"), ".mov": ("mov", "pcm_s16le"),
}  # fmt: skip
_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}
_FILM_CODECS = {
    ".mp4": ("mp4", "libx264", "aac"),
    ".mov": ("mov", "libx264", "pcm_s16le"),
    ".webm": ("webm", "libvpx-vp9", "libopus"),
    ".mkv": ("matroska", "libx264", "flac"),
}


def sine(
    seconds: float, *, hertz: float = 997, peak: float = 0.5, rate: int = 48_000, channels: int = 2
) -> NDArray[np.float32]:
    """The same sine in each channel."""
    wave = peak * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return np.tile(wave.astype(np.float32), (channels, 1))


def write_sound(path: Path, samples: NDArray[np.float32], *, rate: int = 48_000, codec: str = "", **tags: str) -> Path:
    """A sound file of the kind that its name says."""
    container_format, usual = _SOUND_CODECS[path.suffix]
    with av.open(str(path), "w", format=container_format) as container:
        container.metadata.update(tags)
        _put_sound(container, _sound_stream(container, samples, rate, codec or usual), samples)
    return path


def _sound_stream(container: Any, samples: NDArray[np.float32], rate: int, codec: str) -> Any:
    return container.add_stream(codec, rate=rate, layout=_LAYOUTS[len(samples)], options={"strict": "-2"})


def _put_sound(container: Any, stream: Any, samples: NDArray[np.float32]) -> None:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", _LAYOUTS[len(samples)])
    frame.sample_rate, frame.pts = stream.codec_context.sample_rate, 0
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def numbered(number: int, size: tuple[int, int] = (96, 64)) -> NDArray[np.uint8]:
    """A frame whose upper half says its number in stripes and whose lower half is orange."""
    width, height = size
    frame = np.full((height, width, 3), (230, 120, 30), np.uint8)
    for bit in range(BITS):
        left, right = width * bit // BITS, width * (bit + 1) // BITS
        frame[: height // 2, left:right] = 235 if number >> bit & 1 else 20
    return frame


def number_on(frame: NDArray[np.uint8]) -> int:
    """The number a frame says."""
    height, width = frame.shape[:2]
    middles = [width * (2 * bit + 1) // (2 * BITS) for bit in range(BITS)]
    return sum(1 << bit for bit, at in enumerate(middles) if frame[height // 4, at].mean() > 128)


def write_film(
    path: Path,
    frames: Iterable[NDArray[np.uint8]],
    *,
    rate: Fraction | int = 25,
    times: Sequence[int] | None = None,
    sound: NDArray[np.float32] | None = None,
    codec: str = "",
    options: Mapping[str, str] | None = None,
    **tags: str,
) -> Path:
    """A film of the kind that its name says; `times` are in frames of the rate, if they are not one after another."""
    container_format, usual, sound_codec = _FILM_CODECS[path.suffix]
    with av.open(str(path), "w", format=container_format, options=dict(options or {})) as container:
        container.metadata.update(tags)
        each = list(frames)
        stream = container.add_stream(codec or usual, rate=rate)
        stream.height, stream.width = each[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        heard = None if sound is None else _sound_stream(container, sound, 48_000, sound_codec)
        for number, pixels in enumerate(each):
            frame = av.VideoFrame.from_ndarray(pixels)
            frame.pts, frame.time_base = times[number] if times else number, 1 / Fraction(rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound is not None:
            _put_sound(container, heard, sound)
    return path


def turn_mp4(path: Path, degrees: int) -> None:
    """Write the turn into the track's matrix, as telephones do: clockwise, for players to apply."""
    cosine, sine_ = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    matrix = struct.pack(">9i", *(part << 16 for part in (cosine, sine_, 0, -sine_, cosine, 0, 0, 0)), 1 << 30)
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    data[at : at + 36] = matrix
    path.write_bytes(data)


def film_frames(path: Path) -> list[NDArray[np.uint8]]:
    """Every frame of a film, in RGB."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def sound_samples(path: Path) -> NDArray[np.float32]:
    """All samples of a sound, as they are in the file."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="fltp")
        frames = [made for frame in container.decode(audio=0) for made in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)


CUBE_CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)
CUBE_FACES = np.array(
    [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1], [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]],
    np.uint16,
)  # fmt: skip


def cube(corners: NDArray[np.float32] = CUBE_CORNERS, faces: NDArray[np.uint16] = CUBE_FACES) -> dict[str, Any]:
    """The document of a cube whose sides are 2 long; its bytes come from `cube_bytes`."""
    return {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": [0.8, 0.4, 0.1, 1], "roughnessFactor": 0.5}}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": len(corners), "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": faces.size, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": corners.nbytes},
            {"buffer": 0, "byteOffset": corners.nbytes, "byteLength": faces.nbytes},
        ],
        "buffers": [{"byteLength": corners.nbytes + faces.nbytes}],
    }


def cube_bytes(corners: NDArray[np.float32] = CUBE_CORNERS, faces: NDArray[np.uint16] = CUBE_FACES) -> bytes:
    return corners.tobytes() + faces.tobytes()


def write_glb(path: Path, document: Mapping[str, Any], binary: bytes = b"", *, length: int | None = None) -> Path:
    """A GLB of this document and these bytes; `length` is what its header says, if it is to lie."""
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    binary += bytes(-len(binary) % 4)
    body = struct.pack("<I4s", len(text), b"JSON") + text
    if binary:
        body += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    path.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(body) if length is None else length) + body)
    return path


def read_glb(path: Path) -> tuple[dict[str, Any], bytes]:
    """The document and bytes of a GLB."""
    data = path.read_bytes()
    length = struct.unpack_from("<I", data, 12)[0]
    return json.loads(data[20 : 20 + length]), data[28 + length :]
