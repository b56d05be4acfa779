"""Opens a picture with the one decoder its bytes ask for, within limits, and turns Pillow's errors into ours."""

import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from types import TracebackType
from typing import IO

from PIL import Image, ImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifImageFile

from feedback.works.media.kinds import Kind
from feedback.works.media.limits import MediaLimits, MediaRefused, damaged
from feedback.works.media.picture.wholeness import CHECKS

_DECODERS: dict[str, Callable[[IO[bytes]], ImageFile.ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WebP": WebPImageFile,
    "GIF": GifImageFile,
    "TIFF": TiffImageFile,
    "AVIF": AvifImageFile,
    "HEIC": HeifImageFile,
}
_MODES = frozenset(
    {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "I;16", "I;16B", "I;16L", "I;16N"}
)
# What Pillow's decoders raise on damaged bytes; UnidentifiedImageError is an OSError.
_DAMAGE = (
    OSError, SyntaxError, ValueError, LookupError, EOFError, TypeError, AttributeError, ArithmeticError, RuntimeError,
    AssertionError, MemoryError, struct.error, zlib.error,
)  # fmt: skip


class _WarningsAside:
    """Keeps Pillow's warnings from the log while any thread decodes, and puts the filters back after the last.

    Sizes are checked here before anything is decoded, and remarks on metadata are moot: it is dropped.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._filters = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._filters = warnings.catch_warnings()
                self._filters.__enter__()
                warnings.simplefilter("ignore")
            self._inside += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._filters.__exit__(kind, error, trace)


_warnings_aside = _WarningsAside()


@contextmanager
def opened(handle: IO[bytes], kind: Kind, limits: MediaLimits) -> Iterator[tuple[ImageFile.ImageFile, list[int]]]:
    """The picture as its decoder sees it, with the frames to show; Pillow's errors become ours."""
    decoder = _DECODERS[kind.name]
    with _warnings_aside:
        try:
            handle.seek(0)
            image = decoder(handle)
            frames = _frames(kind, image, limits)
            if kind.name in CHECKS:
                CHECKS[kind.name](handle)
                handle.seek(0)
                image = decoder(handle)
            yield image, frames
        except Image.DecompressionBombError as error:
            raise MediaRefused("an image far too large to decode", _smaller(limits)) from error
        except _DAMAGE as error:
            raise damaged(kind.name, error) from error


def _frames(kind: Kind, image: ImageFile.ImageFile, limits: MediaLimits) -> list[int]:
    """The frames to show, after checking on the header alone that decoding them is within the limits."""
    check_size(image.size, limits)
    if image.mode not in _MODES:
        raise MediaRefused(f"{kind.name} with samples of mode {image.mode}", "save it with 8 or 16 bits, RGB or grey")
    count = int(getattr(image, "n_frames", 1))
    if kind.name == "HEIC":
        return [image.tell()]  # the primary one: the others are takes of the same moment
    if kind.name == "TIFF" and count > 1:
        raise MediaRefused(f"a TIFF of {count} pages", "save the page to be judged on its own")
    if count > limits.frames or (count > 1 and count * image.width * image.height > limits.motion_pixels):
        raise MediaRefused(
            f"an animation of {count:,} frames of {image.width} × {image.height}",
            f"at most {limits.frames:,} frames and {limits.motion_pixels / 1e6:,g} megapixels in all are taken",
        )
    return list(range(1 if image.info.get("default_image") else 0, count))


def check_size(size: tuple[int, int], limits: MediaLimits) -> None:
    """Raises MediaRefused for a picture or frame of no pixels, or of too many."""
    width, height = size
    if width < 1 or height < 1:
        raise MediaRefused("an image without pixels", "save it again")
    if width * height > limits.pixels:
        raise MediaRefused(f"{width} × {height} is {width * height:,} pixels", _smaller(limits))


def _smaller(limits: MediaLimits) -> str:
    return f"at most {limits.pixels:,} ({limits.pixels / 1e6:g} megapixels) are taken: scale it down"


def shown(image: ImageFile.ImageFile, frames: list[int], limits: MediaLimits) -> Iterator[int]:
    """Each frame in turn, decoded; a frame may enlarge the image, so its size is checked again."""
    for frame in frames:
        image.seek(frame)
        check_size(image.size, limits)
        image.load()
        yield frame


def turn_of(image: Image.Image) -> int:
    """How the image must be turned to stand upright; unreadable EXIF turns nothing, as in every viewer."""
    try:
        return int(image.getexif().get(0x0112, 1))
    except _DAMAGE:
        return 1


def turned(size: tuple[int, int], turn: int) -> tuple[int, int]:
    return (size[1], size[0]) if turn in {5, 6, 7, 8} else size
