"""Which kind of file it is, by its magic bytes and never by its name alone, and which kinds are refused."""

import re
from dataclasses import dataclass
from typing import IO, Literal

from feedback.works.media.limits import MediaRefused


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file, and who decodes it."""

    name: str
    media_type: str
    family: Literal["picture", "stream", "solid"]
    signature: re.Pattern[bytes]
    suffixes: tuple[str, ...]


def _signed(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


def _branded(pattern: bytes) -> re.Pattern[bytes]:
    """ISO media with one of these brands, be it the major or a compatible one."""
    return _signed(rb".{4}ftyp(?:.{4})?(?:.{4}){0,12}(?:" + pattern + b")")


_KINDS = (
    Kind("JPEG", "image/jpeg", "picture", _signed(rb"\xff\xd8\xff"), (".jpg", ".jpeg", ".jpe", ".jfif")),
    Kind("PNG", "image/png", "picture", _signed(rb"\x89PNG\r\n\x1a\n"), (".png", ".apng")),
    Kind("WebP", "image/webp", "picture", _signed(rb"RIFF.{4}WEBP"), (".webp",)),
    Kind("GIF", "image/gif", "picture", _signed(rb"GIF8[79]a"), (".gif",)),
    Kind("TIFF", "image/tiff", "picture", _signed(rb"II\*\0|MM\0\*"), (".tif", ".tiff")),
    Kind("AVIF", "image/avif", "picture", _branded(rb"avi[fs]"), (".avif", ".avifs")),
    Kind("HEIC", "image/heic", "picture", _branded(rb"hei[cx]|mif1"), (".heic", ".heif", ".hif")),
    Kind("MP4", "video/mp4", "stream", _signed(rb".{4}(?:ftyp|moov|mdat|wide)"), (".mp4", ".m4v", ".mov", ".qt", ".m4a", ".m4b")),
    Kind("WebM", "video/webm", "stream", _signed(rb"\x1aE\xdf\xa3"), (".webm", ".mkv", ".weba", ".mka")),
    Kind("WAV", "audio/wav", "stream", _signed(rb"R(?:IFF|F64).{4}WAVE"), (".wav", ".wave")),
    Kind("FLAC", "audio/flac", "stream", _signed(rb"fLaC"), (".flac",)),
    Kind("OGG", "audio/ogg", "stream", _signed(rb"OggS"), (".ogg", ".oga", ".opus", ".ogv")),
    Kind("MP3", "audio/mpeg", "stream", _signed(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"), (".mp3",)),
    Kind("AAC", "audio/aac", "stream", _signed(rb"\xff[\xf0\xf1\xf8\xf9]"), (".aac",)),
    Kind("GLB", "model/gltf-binary", "solid", _signed(rb"glTF"), (".glb",)),
)  # fmt: skip
_PICTURE = "save it as JPEG, PNG, WebP, GIF, TIFF, AVIF or HEIC"
_FILM = "save it as MP4, MOV or WebM"
_SOUND = "save it as WAV, FLAC, MP3, OGG or AAC"
_SOLID = "export it as GLB, the single-file form of glTF 2.0"
_REMEDIES = {"image": _PICTURE, "video": _FILM, "audio": _SOUND, "model": _SOLID}
_UNPACK = "unpack it and name the work's own file"
_REFUSED = (
    (_signed(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe(?:\s\0)*<\0|\xfe\xff(?:\0\s)*\0<"), "HTML, SVG or XML", "export it as PNG, or give the words in `text`"),
    (_signed(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)"), "a ZIP archive", _UNPACK),
    (_signed(rb"\x1f\x8b|BZh|7z\xbc\xaf\x27\x1c|Rar!|\xfd7zXZ\0|\x28\xb5\x2f\xfd|.{257}ustar"), "an archive", _UNPACK),
    (_signed(rb"%PDF-|%!PS"), "a PDF or PostScript document", "export the page as PNG"),
    (_signed(rb"MThd"), "MIDI, notes without a sound", f"render it and {_SOUND}"),
    (_signed(rb"FORM.{4}AIF"), "an AIFF sound", _SOUND),
    (_signed(rb"RIFF.{4}AVI |\0\0\x01\xba|FLV|\x30\x26\xb2\x75"), "a film of a kind not taken here", _FILM),
    (_signed(rb"BM.{4}\0{4}|8BPS|v/1\x01|#\?RADIANCE|\0\0\0\x0cj[PX]|\xff\x0a|\0\0\0\x0cJXL |\0\0\x01\0"), "an image of a kind not taken here", _PICTURE),
    (_signed(rb"ply\r?\n|Kaydara FBX|solid "), "a 3D model of a kind not taken here", _SOLID),
    (_signed(rb"version https://git-lfs"), "a Git LFS pointer, not the file it stands for", "fetch the file itself with `git lfs pull`"),
)  # fmt: skip
_SUFFIXES = {suffix: kind.name for kind in _KINDS for suffix in kind.suffixes}
_DOCUMENTS = frozenset({".html", ".htm", ".xhtml", ".svg", ".xml", ".pdf", ".zip", ".txt", ".json", ".js", ".bmp"})
_SOLIDS = frozenset({".obj", ".stl", ".ply", ".fbx", ".gltf", ".dae", ".usd", ".usda", ".usdz", ".blend", ".3ds"})


def recognise(handle: IO[bytes], suffix: str) -> Kind:
    """The kind of an opened file that is named `….suffix`; a name that says otherwise is refused."""
    head = _head(handle)
    if not head:
        raise MediaRefused("an empty file", "save or copy it again")
    kind = next((kind for kind in _KINDS if kind.signature.match(head)), None)
    what, remedy = (kind.name, "rename it or save it again") if kind else _refused(head, suffix)
    contradicted = _SUFFIXES.get(suffix, what) != what or (kind is not None and suffix in _DOCUMENTS)
    if contradicted:
        raise MediaRefused(f"wrong magic bytes: the name ends in {suffix} but the file is {what}", remedy)
    if kind is None:
        raise MediaRefused(f"the file is {what}", remedy)
    return kind


def _refused(head: bytes, suffix: str) -> tuple[str, str]:
    """What a file of no kind taken here is, and what to do about it."""
    for signature, what, remedy in _REFUSED:
        if signature.match(head):
            return what, remedy
    if suffix in _SOLIDS:
        return f"a 3D model of a kind not taken here ({suffix})", _SOLID
    meant = next((kind.media_type.partition("/")[0] for kind in _KINDS if suffix in kind.suffixes), "image")
    return "no kind of picture, film, sound or model known here", _REMEDIES[meant]


def _head(handle: IO[bytes]) -> bytes:
    """The first bytes of the content; ID3 tags, which may stand before MP3, AAC and FLAC, are passed over."""
    at = 0
    handle.seek(0)
    while (head := handle.read(512)).startswith(b"ID3") and len(head) >= 10:
        length = 0
        for byte in head[6:10]:
            length = length << 7 | byte & 127
        at += 10 + length
        handle.seek(at)
    return head
