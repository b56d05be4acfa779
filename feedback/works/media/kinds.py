"""Which kind of file it is, by its magic bytes and never by its name alone, and which kinds are refused."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from PIL import ImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile


class MediaRefused(Exception):
    """A file is not shown: `reason` says what was found, `remedy` what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason = reason
        self.remedy = remedy
        super().__init__(reason, remedy)

    def __str__(self) -> str:
        return f"{self.reason}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    media_type: str
    signature: re.Pattern[bytes]
    suffixes: tuple[str, ...]
    opener: Callable[[IO[bytes]], ImageFile.ImageFile]
    is_whole: Callable[[IO[bytes]], None] | None = None


def _png_is_whole(handle: IO[bytes]) -> None:
    """Every chunk up to the last is there and matches its checksum; raises what Pillow raises."""
    handle.seek(0)
    PngImageFile(handle).verify()
    if len(handle.read(4)) < 4:
        raise OSError("it ends within its last chunk")


def _gif_is_whole(handle: IO[bytes]) -> None:
    """Every block up to the trailer is there: Pillow itself takes an early end for the last frame."""

    def skip_colours(flags: int) -> None:
        handle.seek(3 << ((flags & 7) + 1) if flags & 128 else 0, io.SEEK_CUR)

    def skip_blocks() -> None:
        while length := handle.read(1)[0]:
            handle.seek(length, io.SEEK_CUR)

    handle.seek(6)
    skip_colours(handle.read(7)[4])
    while (block := handle.read(1)) != b";":
        if block == b"!":
            handle.read(1)
            skip_blocks()
        elif block == b",":
            skip_colours(handle.read(9)[8])
            handle.read(1)
            skip_blocks()
        elif block != b"\0":
            raise OSError("it ends before its trailer")


def _signed(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


_KINDS = (
    Kind("JPEG", "image/jpeg", _signed(rb"\xff\xd8\xff"), (".jpg", ".jpeg", ".jpe", ".jfif"), JpegImageFile),
    Kind("PNG", "image/png", _signed(rb"\x89PNG\r\n\x1a\n"), (".png", ".apng"), PngImageFile, _png_is_whole),
    Kind("WebP", "image/webp", _signed(rb"RIFF.{4}WEBP"), (".webp",), WebPImageFile),
    Kind("GIF", "image/gif", _signed(rb"GIF8[79]a"), (".gif",), GifImageFile, _gif_is_whole),
    Kind("TIFF", "image/tiff", _signed(rb"II\*\0|MM\0\*"), (".tif", ".tiff"), TiffImageFile),
    Kind("AVIF", "image/avif", _signed(rb".{4}ftyp(?:.{4})?(?:.{4}){0,12}avi[fs]"), (".avif", ".avifs"), AvifImageFile),
)
_ACCEPTED = "save it as JPEG, PNG, WebP, GIF, TIFF or AVIF"
_UNPACK = "unpack it and name the picture itself"
_LATER = "images and silent animations are taken for now"
_REFUSED = (
    (_signed(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe(?:\s\0)*<\0|\xfe\xff(?:\0\s)*\0<"), "HTML, SVG or XML", "export it as PNG, or give the words in `text`"),
    (_signed(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)"), "a ZIP archive", _UNPACK),
    (_signed(rb"\x1f\x8b|BZh|7z\xbc\xaf\x27\x1c|Rar!|\xfd7zXZ\0|\x28\xb5\x2f\xfd|.{257}ustar"), "an archive", _UNPACK),
    (_signed(rb"%PDF-|%!PS"), "a PDF or PostScript document", "export the page as PNG"),
    (_signed(rb"RIFF.{4}WAVE|ID3|fLaC|OggS|MThd|FORM.{4}AIF|\xff[\xf2\xf3\xfa\xfb]"), "sound", _LATER),
    (_signed(rb".{4}ftyp(?:heic|heix|hevc|mif1)"), "a HEIC image", _ACCEPTED),
    (_signed(rb".{4}ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI |\0\0\x01\xba|FLV"), "a video", _LATER),
    (_signed(rb"glTF"), "a 3D model", _LATER),
    (_signed(rb"BM.{4}\0{4}|8BPS|v/1\x01|#\?RADIANCE|\0\0\0\x0cj[PX]|\xff\x0a|\0\0\0\x0cJXL |\0\0\x01\0"), "an image of a kind not taken here", _ACCEPTED),
    (_signed(rb"version https://git-lfs"), "a Git LFS pointer, not the file it stands for", "fetch the file itself with `git lfs pull`"),
)  # fmt: skip
_IMAGE_SUFFIXES = {suffix: kind.name for kind in _KINDS for suffix in kind.suffixes}
_OTHER_SUFFIXES = frozenset(
    {".html", ".htm", ".xhtml", ".svg", ".xml", ".pdf", ".zip", ".txt", ".json", ".js", ".mp4", ".mp3", ".bmp", ".heic"}
)


def recognise(head: bytes, suffix: str) -> Kind:
    """The kind of a file that begins with `head` and is named `….suffix`; a name that says otherwise is refused."""
    if not head:
        raise MediaRefused("an empty file", _ACCEPTED)
    kind = next((kind for kind in _KINDS if kind.signature.match(head)), None)
    if kind is None:
        what, remedy = next(
            ((what, remedy) for signature, what, remedy in _REFUSED if signature.match(head)),
            ("no kind of image known here", _ACCEPTED),
        )
    else:
        what, remedy = kind.name, "rename it or save it again"
    contradicted = _IMAGE_SUFFIXES.get(suffix, what) != what or (kind is not None and suffix in _OTHER_SUFFIXES)
    if contradicted:
        raise MediaRefused(f"wrong magic bytes: the name ends in {suffix} but the file is {what}", remedy)
    if kind is None:
        raise MediaRefused(f"the file is {what}", remedy)
    return kind
