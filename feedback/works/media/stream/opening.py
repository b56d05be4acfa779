"""Opens a film or sound by the one container its bytes name, within limits, and turns PyAV's errors into ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.codec.context import CodecContext
from av.container import InputContainer
from av.rational import AVRational
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from feedback.works.media.kinds import Kind
from feedback.works.media.limits import MediaLimits, MediaRefused, damaged
from feedback.works.media.picture.decoding import check_size
from feedback.works.media.stream.wholeness import check_whole

av.logging.set_level(None)  # what libav would say of a damaged file, MediaRefused says

_FORMATS = {
    "MP4": "mov", "WebM": "matroska", "WAV": "wav", "FLAC": "flac", "MP3": "mp3", "OGG": "ogg", "AAC": "aac",
}  # fmt: skip
_SOUND_NAMES = frozenset({".m4a", ".m4b", ".weba", ".mka", ".oga", ".opus"})
_FILM_CODECS = frozenset({"h264", "hevc", "vp8", "libvpx-vp9", "vp9", "av1", "libdav1d", "mpeg4", "prores", "mjpeg"})
_SOUND_CODECS = frozenset({"flac", "alac", "aac", "mp3", "mp3float", "vorbis", "libvorbis", "opus", "libopus"})
_HDR = {16: "PQ", 18: "HLG"}


@dataclass(frozen=True, slots=True)
class Streams:
    """An opened container with its picture, if it is a film, and its sound, if it has any: the first of each."""

    container: InputContainer
    video: VideoStream | None
    audio: AudioStream | None


@contextmanager
def opened(path: Path, kind: Kind, limits: MediaLimits) -> Iterator[Streams]:
    """The streams to show and to hear, checked on their headers; PyAV's errors become ours."""
    with path.open("rb") as handle:
        check_whole(handle, kind.name)
    options = {"protocol_whitelist": "file"}
    try:
        with av.open(f"file:{path.resolve()}", "r", format=_FORMATS[kind.name], options=options) as container:
            yield _checked(container, path, kind, limits)
    except (av.FFmpegError, ValueError, OverflowError, MemoryError) as error:
        raise damaged(kind.name, getattr(error, "strerror", None) or error) from error


def _checked(container: InputContainer, path: Path, kind: Kind, limits: MediaLimits) -> Streams:
    films = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    video = next(iter(films), None)
    audio = next(iter(container.streams.audio), None)
    if video is None and audio is None:
        raise MediaRefused(f"{kind.name} with neither pictures nor sound", "save it again")
    if video is not None and path.suffix.lower() in _SOUND_NAMES:
        raise MediaRefused(f"the name ends in {path.suffix} but the file holds a film", "rename it or save it again")
    most = limits.sound_seconds if video is None else limits.film_seconds
    if container.duration and container.duration > (most + 1) * av.time_base:
        raise too_long(container.duration / av.time_base, most)
    if video is not None:
        _check_film(video, limits)
    if audio is not None:
        _check_sound(audio)
    return Streams(container, video, audio)


def _check_film(video: VideoStream, limits: MediaLimits) -> None:
    codec = video.codec_context
    if (name := _name(codec)) not in _FILM_CODECS:
        raise MediaRefused(f"a film coded as {name}", "save it with H.264, HEVC, VP9 or AV1")
    if codec.color_trc in _HDR:
        raise MediaRefused(f"a film of high dynamic range ({_HDR[codec.color_trc]})", "export it in BT.709 (SDR)")
    check_size((video.width, video.height), limits)


def _check_sound(audio: AudioStream) -> None:
    codec = audio.codec_context
    if (name := _name(codec)) not in _SOUND_CODECS and not name.startswith("pcm_"):
        raise MediaRefused(f"sound coded as {name}", "save it as PCM, FLAC, MP3, Opus, Vorbis or AAC")
    if not 1 <= codec.channels <= 16 or not 4_000 <= codec.sample_rate <= 768_000:
        raise MediaRefused(f"sound of {codec.channels} channels at {codec.sample_rate} Hz", "save it in stereo, 48 kHz")


def _name(codec: CodecContext | None) -> str:
    """The codec's name; PyAV has no codec for a stream that nothing here can decode."""
    return codec.name if codec else "nothing known here"


def too_long(seconds: float, most: int) -> MediaRefused:
    return MediaRefused(f"{seconds:,.0f} seconds or more", f"at most {most:,} are taken: cut it shorter")


def exact(rational: AVRational | None) -> Fraction:
    """A number of libav's; nought where it has none."""
    return Fraction(rational.numerator, rational.denominator) if rational and rational.denominator else Fraction(0)


def shown_size(frame: VideoFrame, shape: Fraction) -> tuple[int, int]:
    """How large a frame is when shown: its pixels, of this shape, made square, and turned upright."""
    width = max(1, round(frame.width * shape))
    return (frame.height, width) if frame.rotation % 180 else (width, frame.height)
