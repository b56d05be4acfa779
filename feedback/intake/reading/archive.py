"""Unpacks a zip under the scratch folder, having looked for every known way in which a zip does harm."""

import shutil
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from feedback.intake.reading.documents import quoted
from feedback.intake.reading.findings import STUDY, Findings

_CHUNK = 1024**2
_SMALL = 64 * 1024  # the ratio says nothing about files this small
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")
_ARCHIVE_SUFFIXES = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst")
_NESTED = "found an archive within the zip, expected its files themselves"
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")


def unpack(path: Path, into: Path, findings: Findings) -> Path | None:
    """The folder that holds the study, unpacked; None, with faults, when the zip is not to be trusted."""
    name = path.name
    limits = findings.limits
    try:
        if (listing := _listing_bytes(path)) > limits.zip_entries * 1024:
            findings.fault(name, None, "", f"found a listing of {listing:,} bytes, {_at_most(limits.zip_entries)}")
            return None
        with _open(path) as archive:
            entries = [entry for entry in archive.infolist() if not _is_clutter(entry.filename)]
            faults = len(findings.faults)
            _check_listing(entries, path.stat().st_size, name, findings)
            if len(findings.faults) == faults:
                _extract(archive, entries, into, name, findings)
            return _study_folder(into) if len(findings.faults) == faults else None
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, RuntimeError, ValueError, OSError) as error:
        findings.fault(name, None, "", f"a damaged or truncated zip ({error}), expected one that opens")
        return None


def _open(path: Path) -> zipfile.ZipFile:
    """Names without the UTF-8 flag are UTF-8 all the same from some tools, and else the old DOS code page."""
    try:
        return zipfile.ZipFile(path, metadata_encoding="utf-8")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _listing_bytes(path: Path) -> int:
    """The size of the central directory as the end record states it, read before anything is built from it."""
    with path.open("rb") as handle:
        size = handle.seek(0, 2)
        handle.seek(max(0, size - _END.size - 65_535))
        tail = handle.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or at + _END.size > len(tail):
            raise zipfile.BadZipFile("it has no end record")
        stated = int(_END.unpack_from(tail, at)[5])
        locator = at - _LOCATOR_64.size
        if locator >= 0 and tail[locator : locator + 4] == b"PK\x06\x07":
            handle.seek(_LOCATOR_64.unpack_from(tail, locator)[2])
            end = handle.read(_END_64.size)
            stated = max(stated if stated != 2**32 - 1 else 0, int(_END_64.unpack(end)[8]))
        return stated


def _check_listing(entries: list[zipfile.ZipInfo], packed: int, name: str, findings: Findings) -> None:
    limits = findings.limits
    if len(entries) > limits.zip_entries:
        findings.fault(name, None, "", f"found {len(entries):,} entries, {_at_most(limits.zip_entries)}")
        return
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.zip_bytes:
        findings.fault(name, None, "", f"found {unpacked:,} bytes unpacked, {_at_most(limits.zip_bytes)}")
    if sum(entry.compress_size for entry in entries) > packed:
        findings.fault(name, None, "", "found entries that overlap, expected each to have its own bytes")
    seen: dict[str, str] = {}
    files = {_folded(entry.filename) for entry in entries if not entry.is_dir()}
    for entry in entries:
        folded = _folded(entry.filename)
        twin = seen.setdefault(folded, entry.orig_filename)
        for found in _entry_faults(entry, limits.zip_ratio):
            findings.fault(name, None, entry.filename, found)
        if twin is not entry.orig_filename:
            findings.fault(
                name, None, entry.filename, f"found {quoted(twin)} too, expected names that differ by more than case"
            )
        if any(str(parent) in files for parent in PurePosixPath(folded).parents):
            findings.fault(name, None, entry.filename, "found a file where its folder should be, expected one of them")


def _entry_faults(entry: zipfile.ZipInfo, ratio: int) -> Iterator[str]:
    parts = entry.orig_filename.strip("/").split("/")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if "\0" in entry.orig_filename or "\\" in entry.orig_filename:
        yield "found a NUL or a backslash in the name, expected forward slashes"
    if entry.filename.startswith("/") or (len(parts[0]) == 2 and parts[0][1] == ":"):
        yield "found an absolute path, expected one inside the zip"
    if ".." in parts:
        yield 'found ".." in the path, expected one inside the zip'
    if any(part in {"", "."} or len(part.encode("utf-8", "replace")) > 255 for part in parts) or len(parts) > 32:
        yield "found an empty or overlong name, expected up to 255 bytes and 32 folders deep"
    if entry.flag_bits & 0x1:
        yield "found an encrypted entry, expected a zip without a password"
    elif entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        yield f"found compression method {entry.compress_type}, expected deflate or none"
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        yield "found a link or a device, expected files and folders"
    if entry.filename.lower().endswith(_ARCHIVE_SUFFIXES):
        yield _NESTED
    if entry.file_size > _SMALL and entry.file_size > ratio * max(1, entry.compress_size):
        yield f"found a ratio of {entry.file_size // max(1, entry.compress_size):,}, expected at most {ratio}"


def _extract(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], into: Path, name: str, findings: Findings
) -> None:
    """Write the files; zipfile hands out no more of an entry than it states, and checks its checksum."""
    into.mkdir(parents=True)
    for done, entry in enumerate(entries, 1):
        target = into / entry.filename
        if entry.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as packed, target.open("xb") as file:
            shutil.copyfileobj(packed, file, _CHUNK)
        with target.open("rb") as file:
            if file.read(8).startswith(_ARCHIVES):
                findings.fault(name, None, entry.filename, _NESTED)
        findings.progress("unpacking", done, len(entries))


def _study_folder(into: Path) -> Path:
    """Where study.toml stands: at the top, or in the one folder that holds everything."""
    if (into / STUDY).exists():
        return into
    inner = list(into.iterdir())
    return inner[0] if len(inner) == 1 and inner[0].is_dir() else into


def _is_clutter(filename: str) -> bool:
    """What desktop systems add to a zip on their own."""
    return filename.startswith("__MACOSX/") or filename.rpartition("/")[2] in {".DS_Store", "Thumbs.db", "desktop.ini"}


def _folded(filename: str) -> str:
    return unicodedata.normalize("NFC", filename.rstrip("/")).casefold()


def _at_most(limit: int) -> str:
    return f"expected at most {limit:,}"
