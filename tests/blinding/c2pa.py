"""Content credentials (C2PA): a manifest in JUMBF boxes that names the generator, and files that carry one."""

from pathlib import Path
from zlib import crc32

STORE, MANIFEST, CLAIM = (kind + "00110010800000aa00389b71" for kind in ("63327061", "63326d61", "6332636c"))
UUID_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def manifest(generator: str) -> bytes:
    """A manifest store whose one claim says by what the work was made."""
    claim = _jumb(CLAIM, "c2pa.claim", _box(b"cbor", b"\xa1" + _text("claim_generator") + _text(generator)))
    return _jumb(STORE, "c2pa", _jumb(MANIFEST, "urn:c2pa:0f3c9d52", claim))


def put(path: Path, store: bytes) -> None:
    """Write the manifest store into a JPEG, a PNG or an MP4, where its format has a place for it."""
    data = path.read_bytes()
    path.write_bytes({".jpg": _in_jpeg, ".png": _in_png, ".mp4": _in_mp4}[path.suffix](data, store))


def store_in(data: bytes) -> bytes:
    """The manifest store that a file carries; empty if there is none."""
    at = data.find(b"jumb") - 4
    return data[at : at + int.from_bytes(data[at : at + 4])] if at >= 0 else b""


def in_webp(data: bytes, store: bytes) -> bytes:
    """The WebP with the store in a chunk of its own."""
    chunk = b"C2PA" + len(store).to_bytes(4, "little") + store + bytes(len(store) % 2)
    return data[:4] + (len(data) + len(chunk) - 8).to_bytes(4, "little") + data[8:] + chunk


def _in_jpeg(data: bytes, store: bytes) -> bytes:
    """In a segment APP11, behind the start of the image."""
    payload = b"JP" + (1).to_bytes(2) + (1).to_bytes(4) + store
    return data[:2] + b"\xff\xeb" + (len(payload) + 2).to_bytes(2) + payload + data[2:]


def _in_png(data: bytes, store: bytes) -> bytes:
    """In a chunk caBX, behind the header."""
    chunk = b"caBX" + store
    header = 8 + 25
    return data[:header] + len(store).to_bytes(4) + chunk + crc32(chunk).to_bytes(4) + data[header:]


def _in_mp4(data: bytes, store: bytes) -> bytes:
    """In a uuid box, behind all others, so that no offset changes."""
    return data + _box(b"uuid", UUID_BOX + bytes(4) + b"manifest\0" + bytes(8) + store)


def _jumb(kind: str, label: str, content: bytes) -> bytes:
    description = bytes.fromhex(kind) + b"\x03" + label.encode() + b"\0"
    return _box(b"jumb", _box(b"jumd", description) + content)


def _box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + kind + content


def _text(text: str) -> bytes:
    """A text of under 256 bytes in CBOR."""
    raw = text.encode()
    return (bytes([0x60 + len(raw)]) if len(raw) < 24 else bytes([0x78, len(raw)])) + raw
