"""A zip is unpacked only when it is known to do no harm."""

import io
import stat
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from feedback.intake.reading import BadStudy, Limits, read_study, write_example


def zip_of(path: Path, entries: dict[str, bytes], *, under: str = "", method: int = zipfile.ZIP_DEFLATED) -> Path:
    """The example study as a zip, with these entries added or in place of its own."""
    example = path.parent / "example"
    if not example.exists():
        write_example(example)
    files = {file.name: file.read_bytes() for file in example.iterdir() if file.is_file()}
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", method) as archive:
        warnings.simplefilter("ignore", UserWarning)  # zipfile's own remark on names given twice
        for name, content in {**files, **entries}.items():
            archive.writestr(under + name, content)
    return path


def faults(path: Path, **options: object) -> list[str]:
    with pytest.raises(BadStudy) as bad:
        read_study(path, scratch=path.parent / "scratch", **options)  # type: ignore[arg-type]
    return [str(fault) for fault in bad.value.faults]


def patched(path: Path, old: bytes, new: bytes) -> Path:
    """The file with some bytes exchanged for as many others, wherever they stand."""
    assert len(old) == len(new)
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


@pytest.mark.parametrize("under", ["", "my study/"])
@pytest.mark.parametrize("suffix", [".zip", ".salon"])
def test_a_zip_is_read_like_its_folder(tmp_path, under, suffix):
    path = zip_of(tmp_path / f"study{suffix}", {}, under=under)

    plan = read_study(path, scratch=tmp_path / "scratch")

    assert plan.digest == read_study(tmp_path / "example", scratch=tmp_path / "other").digest


def test_what_desktops_add_to_a_zip_is_passed_over(tmp_path):
    path = zip_of(tmp_path / "study.zip", {})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._study.toml", b"PK\x03\x04")
        archive.writestr("media/.DS_Store", b"\0")

    plan = read_study(path, scratch=tmp_path / "scratch")

    assert plan.warnings == ()
    assert not (tmp_path / "scratch" / "unpacked" / "__MACOSX").exists()


HOSTILE = {
    "a path upwards": ("../evil.txt", '".." in the path'),
    "a path upwards from within": ("media/../../evil.txt", '".." in the path'),
    "an absolute path": ("/evil.txt", "absolute"),
    "a drive": ("C:/evil.txt", "absolute"),
    "a backslash": ("media\\..\\evil.txt", "backslash"),
    "an empty part": ("media//evil.txt", "empty"),
    "an overlong name": ("x" * 300, "overlong"),
    "a hundred folders": ("x/" * 100 + "evil.txt", "folders deep"),
    "a zip within": ("media/inner.zip", "archive within"),
    "names unlike only in case": ("STUDY.TOML", "more than case"),
    "a file where a folder is": ("study.toml/evil.txt", "folder should be"),
}


@pytest.mark.parametrize(("name", "word"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_is_refused_and_nothing_is_unpacked(tmp_path, name, word):
    path = zip_of(tmp_path / "study.zip", {name: b"evil"})

    found = faults(path)

    assert len(found) == 1
    assert found[0].startswith("study.zip ")
    assert word in found[0]
    assert not (tmp_path / "scratch").exists()
    assert not list(tmp_path.rglob("evil.txt"))


def test_an_archive_within_is_known_by_its_bytes(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a", b"a")
    path = zip_of(tmp_path / "study.zip", {"media/lantern.png": inner.getvalue()})

    assert "archive within" in faults(path)[0]


def test_a_name_twice_is_refused(tmp_path):
    path = zip_of(tmp_path / "study.zip", {"media/one.txt": b"1", "media/two.txt": b"2"})

    found = faults(patched(path, b"media/two.txt", b"media/one.txt"))

    assert found[0].startswith('study.zip media/one.txt: found "media/one.txt" too')


def test_a_nul_in_a_name_is_refused(tmp_path):
    path = zip_of(tmp_path / "study.zip", {"media/one_txt": b"1"})

    assert "NUL" in faults(patched(path, b"one_txt", b"one\0txt"))[0]


def test_a_link_is_refused(tmp_path):
    path = zip_of(tmp_path / "study.zip", {})
    link = zipfile.ZipInfo("media/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")

    assert "found a link or a device" in faults(path)[0]


def test_an_encrypted_entry_is_refused(tmp_path):
    path = zip_of(tmp_path / "study.zip", {})
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("works.jsonl")
    data = bytearray(path.read_bytes())
    data[entry.header_offset + 6] |= 1
    data[data.rindex(b"works.jsonl") - 46 + 8] |= 1
    path.write_bytes(data)

    assert "works.jsonl: found an encrypted entry" in faults(path)[0]


def test_an_uncommon_compression_is_refused(tmp_path):
    path = zip_of(tmp_path / "study.zip", {}, method=zipfile.ZIP_LZMA)

    assert "compression method 14" in faults(path)[0]


def test_a_bomb_is_refused_by_its_ratio(tmp_path):
    path = zip_of(tmp_path / "study.zip", {"media/zeros": bytes(10_000_000)})

    found = faults(path)

    assert "found a ratio of 1,0" in found[0]
    assert "at most 100" in found[0]


def test_a_bomb_that_lies_about_its_packed_size_is_refused(tmp_path):
    path = zip_of(tmp_path / "study.zip", {"media/zeros": bytes(10_000_000)})
    with zipfile.ZipFile(path) as archive:
        packed = archive.getinfo("media/zeros").compress_size

    found = faults(patched(path, struct.pack("<L", packed), struct.pack("<L", 1_000_000)))

    assert "found entries that overlap" in found[0]


def test_a_bomb_is_refused_by_what_it_unpacks_to(tmp_path):
    path = zip_of(tmp_path / "study.zip", {"media/a": bytes(60_000), "media/b": bytes(60_000)})

    assert "bytes unpacked, expected at most 100,000" in faults(path, limits=Limits(zip_bytes=100_000))[0]


def test_two_gibibytes_are_too_many_even_when_only_stated(tmp_path):
    path = zip_of(tmp_path / "study.zip", {"media/a": b"x" * 60_000})

    found = faults(patched(path, struct.pack("<L", 60_000), struct.pack("<L", 2**31 + 1)))

    assert "bytes unpacked, expected at most 2,147,483,648" in found[0]


def test_ten_thousand_and_one_entries_are_too_many(tmp_path):
    path = zip_of(
        tmp_path / "study.zip", {f"media/{number}": b"" for number in range(9_998)}, method=zipfile.ZIP_STORED
    )

    assert "found 10,001 entries" in faults(path)[0]


def test_a_listing_too_long_to_build_is_refused_before_it_is_built(tmp_path):
    path = zip_of(tmp_path / "study.zip", {"media/" + "x" * 200: b""})

    assert "found a listing of" in faults(path, limits=Limits(zip_entries=0))[0]


def test_entries_that_share_their_bytes_are_refused(tmp_path):
    path = zip_of(tmp_path / "study.zip", {"media/a": b"x" * 5_000, "media/b": b"y" * 5_000}, method=zipfile.ZIP_STORED)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        first, second = (struct.pack("<L", archive.getinfo(name).header_offset) for name in ("media/a", "media/b"))
    directory = data.rindex(b"media/b") - 46
    path.write_bytes(data[:directory] + data[directory:].replace(second, first, 1))

    assert "damaged" in faults(path)[0] or "overlap" in faults(path)[0]


@pytest.mark.parametrize("kept", [0.2, 0.9, 0.999])
def test_a_truncated_zip_is_refused(tmp_path, kept):
    path = zip_of(tmp_path / "study.zip", {})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])

    assert "damaged or truncated zip" in faults(path)[0]


def test_a_damaged_entry_is_refused(tmp_path):
    path = zip_of(tmp_path / "study.zip", {"media/lantern": b"a lantern"}, method=zipfile.ZIP_STORED)

    assert "CRC" in faults(patched(path, b"a lantern", b"a candle!"))[0]


def test_a_file_that_is_only_named_zip_is_refused(tmp_path):
    (tmp_path / "study.zip").write_bytes(b"<html>")

    assert "damaged or truncated zip" in faults(tmp_path / "study.zip")[0]


def test_names_in_utf_8_without_its_flag_are_understood(tmp_path):
    path = zip_of(tmp_path / "study.zip", {"media/läntern.txt": b""})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + offset + 1] &= ~0x08
    path.write_bytes(data)

    read_study(path, scratch=tmp_path / "scratch")

    assert (tmp_path / "scratch" / "unpacked" / "media" / "läntern.txt").exists()


def test_random_damage_never_goes_unnoticed_or_unnamed(tmp_path):
    path = zip_of(tmp_path / "study.zip", {})
    data = path.read_bytes()
    whole = read_study(path, scratch=tmp_path / "whole").digest

    for at in range(0, len(data), 17):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        try:
            digest = read_study(path, scratch=tmp_path / f"scratch-{at}").digest
        except BadStudy:
            continue
        assert digest == whole
