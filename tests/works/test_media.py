"""A media file is what its bytes are, and raters see a clean derivative of it or nothing."""

import hashlib
import io
import random
import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from feedback.works.media import MediaInfo, MediaLimits, MediaRefused, encode, inspect

SECRET = b"lamp-v2 by Aurora"
GREY = (0x76, 0x76, 0x76)


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def scene(width: int = 96, height: int = 64, mode: str = "RGB") -> Image.Image:
    """A smooth picture with no symmetry: red grows to the right, green downwards."""
    red = Image.linear_gradient("L").rotate(90).resize((width, height))
    green = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (red, green, Image.new("L", (width, height), 60))).convert(mode)


def frames(count: int = 3) -> list[Image.Image]:
    return [scene().rotate(30 * number) for number in range(count)]


def derived(path: Path) -> Image.Image:
    """The derivative of the file, opened."""
    destination = path.parent / "derivative.webp"
    encode(path, destination)
    return Image.open(destination)


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int], within: int = 6) -> bool:
    found = image.convert("RGB").getpixel(at)
    return all(abs(have - want) <= within for have, want in zip(found, colour, strict=True))


def refusal(path: Path, limits: MediaLimits = MediaLimits()) -> str:  # noqa: B008 - frozen
    with pytest.raises(MediaRefused) as refused:
        inspect(path, limits=limits)
    assert refused.value.reason
    assert refused.value.remedy
    return str(refused.value)


def png(width: int, height: int, *, data: bytes = b"", kind: int = 2, extra: bytes = b"") -> bytes:
    """A PNG of any size stated, whatever it holds."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">L", len(content)) + name + content + struct.pack(">L", zlib.crc32(name + content))

    header = chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


STILLS = {
    "a JPEG": ("a.jpg", "RGB", {"quality": 95}, "image/jpeg"),
    "a progressive JPEG": ("a.jpeg", "RGB", {"quality": 95, "progressive": True}, "image/jpeg"),
    "a grey JPEG": ("a.jpg", "L", {"quality": 95}, "image/jpeg"),
    "a CMYK JPEG": ("a.jpg", "CMYK", {"quality": 95}, "image/jpeg"),
    "a PNG": ("a.png", "RGB", {}, "image/png"),
    "a PNG with alpha": ("a.png", "RGBA", {}, "image/png"),
    "a grey PNG with alpha": ("a.png", "LA", {}, "image/png"),
    "a PNG of two colours": ("a.png", "1", {}, "image/png"),
    "a PNG with a palette": ("a.png", "P", {}, "image/png"),
    "a PNG of 16 bits": ("a.png", "I;16", {}, "image/png"),
    "a WebP": ("a.webp", "RGB", {"quality": 95}, "image/webp"),
    "a lossless WebP with alpha": ("a.webp", "RGBA", {"lossless": True}, "image/webp"),
    "a GIF of one frame": ("a.gif", "P", {}, "image/gif"),
    "a TIFF": ("a.tif", "RGB", {}, "image/tiff"),
    "a compressed CMYK TIFF": ("a.tiff", "CMYK", {"compression": "tiff_lzw"}, "image/tiff"),
    "an AVIF": ("a.avif", "RGB", {"quality": 95}, "image/avif"),
    "a name in capitals": ("A.JPG", "RGB", {}, "image/jpeg"),
    "a name without an ending": ("lantern", "RGB", {"format": "PNG"}, "image/png"),
    "an odd name": ("é #1 100% 🌅?.png", "RGB", {}, "image/png"),
}


@pytest.mark.parametrize(("name", "mode", "options", "media_type"), STILLS.values(), ids=STILLS)
def test_every_sensible_still_is_taken_and_becomes_plain_webp(tmp_path, name, mode, options, media_type):
    path = saved(tmp_path / name, scene(mode="RGB").convert(mode), **options)

    info = inspect(path)
    derivative = encode(path, tmp_path / "derivative.webp")

    data = (tmp_path / "derivative.webp").read_bytes()
    assert info == MediaInfo(
        medium="image",
        media_type=media_type,
        width=96,
        height=64,
        frames=1,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        bytes=path.stat().st_size,
    )
    assert derivative.original == info
    assert (derivative.media_type, derivative.width, derivative.height, derivative.frames) == ("image/webp", 96, 64, 1)
    assert (derivative.sha256, derivative.bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert data[:4] + data[8:16] == b"RIFFWEBPVP8 "


def write_heic(path: Path, picture: Image.Image, **options: object) -> Path:
    from pillow_heif import from_pillow

    from_pillow(picture).save(path, quality=95, **options)
    return path


def test_a_heic_is_taken_stands_upright_and_loses_its_metadata(tmp_path):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, SECRET.decode()
    path = write_heic(tmp_path / "a.heic", scene(), exif=exif.tobytes())
    assert SECRET in path.read_bytes()

    info = inspect(path)

    upright = scene().transpose(Image.Transpose.ROTATE_270)
    assert (info.medium, info.media_type, info.width, info.height) == ("image", "image/heic", 64, 96)
    with derived(path) as shown:
        assert shown.size == (64, 96)
        assert all(near(shown, (x, y), upright.getpixel((x, y)), within=12) for x in (5, 50) for y in (5, 90))
    assert SECRET not in (tmp_path / "derivative.webp").read_bytes()


def test_a_heic_of_several_takes_shows_the_first(tmp_path):
    from pillow_heif import from_pillow

    takes = from_pillow(scene())
    takes.add_from_pillow(Image.new("RGB", (96, 64), "navy"))
    takes.save(tmp_path / "a.heic", quality=95)

    assert (inspect(tmp_path / "a.heic").medium, inspect(tmp_path / "a.heic").frames) == ("image", 1)
    with derived(tmp_path / "a.heic") as shown:
        assert near(shown, (48, 32), scene().getpixel((48, 32)), within=12)


@pytest.mark.parametrize("missing", [1, 30, 200])
def test_a_heic_cut_short_is_refused(tmp_path, missing):
    path = write_heic(tmp_path / "a.heic", scene())
    path.write_bytes(path.read_bytes()[:-missing])

    assert "damaged" in refusal(path)


MOTIONS = {
    "a GIF": ("a.gif", "image/gif"),
    "a WebP": ("a.webp", "image/webp"),
    "an APNG": ("a.png", "image/png"),
    "an AVIF": ("a.avif", "image/avif"),
}


@pytest.mark.parametrize(("name", "media_type"), MOTIONS.values(), ids=MOTIONS)
def test_an_animation_stays_one_and_keeps_its_timing(tmp_path, name, media_type):
    first, *rest = frames(4)
    path = saved(tmp_path / name, first, save_all=True, append_images=rest, duration=[40, 80, 120, 200], loop=3)

    info = inspect(path)
    derivative = encode(path, tmp_path / "derivative.webp")

    assert (info.medium, info.media_type, info.frames) == ("motion", media_type, 4)
    assert derivative.frames == 4
    with Image.open(tmp_path / "derivative.webp") as moving:
        times = []
        for frame in range(4):
            moving.seek(frame)
            moving.load()
            times.append(moving.info["duration"])
        assert moving.info["loop"] == 0
    assert times == [40, 80, 120, 200]


def test_frames_in_too_great_a_hurry_get_the_time_that_browsers_give_them(tmp_path):
    first, *rest = frames(2)
    path = saved(tmp_path / "a.gif", first, save_all=True, append_images=rest, duration=[10, 20])

    with derived(path) as moving:
        moving.load()
        assert moving.info["duration"] == 100
        moving.seek(1)
        moving.load()
        assert moving.info["duration"] == 20


def test_the_picture_beside_an_apng_is_not_shown(tmp_path):
    first, *rest = frames(2)
    poster = Image.new("RGB", first.size, "red")
    path = saved(
        tmp_path / "a.png", poster, save_all=True, append_images=[first, *rest], default_image=True, duration=50
    )

    assert inspect(path).frames == 2
    with derived(path) as moving:
        assert not near(moving, (48, 32), (255, 0, 0), within=60)


def test_every_frame_of_an_animation_is_laid_on_grey(tmp_path):
    clear = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    dot = clear.copy()
    dot.paste((200, 40, 40, 255), (0, 0, 8, 8))
    path = saved(tmp_path / "a.webp", clear, save_all=True, append_images=[dot], duration=50, lossless=True)

    with derived(path) as moving:
        assert near(moving, (28, 28), GREY)
        moving.seek(1)
        assert near(moving, (28, 28), GREY)
        assert near(moving, (3, 3), (200, 40, 40), within=20)


@pytest.mark.parametrize("turn", range(1, 9))
def test_an_image_stands_upright_as_its_exif_says(tmp_path, turn):
    exif = Image.Exif()
    exif[0x0112] = turn
    path = saved(tmp_path / "a.jpg", scene(), exif=exif, quality=100, subsampling=0)
    with Image.open(path) as original:
        from PIL import ImageOps

        upright = ImageOps.exif_transpose(original)

    info = inspect(path)

    with derived(path) as shown:
        assert shown.size == upright.size == (info.width, info.height)
        assert all(near(shown, (x, y), upright.getpixel((x, y)), within=12) for x in (5, 50) for y in (5, 50))


def test_broken_exif_turns_nothing(tmp_path):
    path = saved(tmp_path / "a.jpg", scene(), exif=b"Exif\0\0II*\0\xff\xff\xff\xff broken")

    assert (inspect(path).width, inspect(path).height) == (96, 64)


def test_sixteen_bits_of_grey_are_scaled_and_not_cut(tmp_path):
    deep = Image.new("I;16", (60, 20))
    for x in range(60):
        for y in range(20):
            deep.putpixel((x, y), (0, 0x8080, 0xFFFF)[x // 20])
    path = saved(tmp_path / "a.png", deep)

    with derived(path) as shown:
        assert near(shown, (10, 10), (0, 0, 0), within=3)
        assert near(shown, (30, 10), (0x80, 0x80, 0x80), within=3)
        assert near(shown, (50, 10), (255, 255, 255), within=3)


def test_clear_grey_of_sixteen_bits_shows_the_surround(tmp_path):
    path = saved(tmp_path / "a.png", Image.new("I;16", (16, 16), 40_000), transparency=40_000)

    with derived(path) as shown:
        assert near(shown, (8, 8), GREY)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_laid_on_the_neutral_grey(tmp_path, mode):
    half = Image.new("RGBA", (64, 32), (255, 255, 255, 0))
    half.paste((255, 255, 255, 255), (32, 0, 64, 32))
    path = saved(tmp_path / "a.png", half.convert(mode))

    with derived(path) as shown:
        assert shown.mode == "RGB"
        assert near(shown, (8, 16), GREY)
        assert near(shown, (56, 16), (255, 255, 255))


def swapped_profile() -> bytes:
    """An RGB profile whose red and green primaries have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {
        bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * struct.unpack(">L", profile[128:132])[0], 12)
    }
    red, green = tags[b"rXYZ"] + 4, tags[b"gXYZ"] + 4
    profile[red : red + 8], profile[green : green + 8] = profile[green : green + 8], profile[red : red + 8]
    return bytes(profile)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_of_another_profile_are_brought_to_srgb(tmp_path, mode):
    path = saved(tmp_path / "a.png", Image.new(mode, (32, 32), "red"), icc_profile=swapped_profile())

    with derived(path) as shown:
        assert near(shown, (16, 16), (0, 255, 0), within=12)


@pytest.mark.parametrize("profile", [b"no profile at all", swapped_profile()])
def test_a_profile_that_does_not_fit_is_passed_over(tmp_path, profile):
    path = saved(tmp_path / "a.png", Image.new("L", (32, 32), 200), icc_profile=profile)

    with derived(path) as shown:
        assert near(shown, (16, 16), (200, 200, 200))


def test_a_large_image_is_fitted_and_a_small_one_left_as_it_is(tmp_path):
    large = saved(tmp_path / "large.png", Image.new("RGB", (3000, 1001)))
    tall = saved(tmp_path / "tall.png", Image.new("L", (1, 9000)))
    small = saved(tmp_path / "small.png", Image.new("RGB", (3, 2)))

    sizes = [(made.width, made.height) for made in (encode(path, tmp_path / "d") for path in (large, tall, small))]

    assert sizes == [(2048, 683), (1, 2048), (3, 2)]
    assert encode(large, tmp_path / "d", long_side=300).width == 300


def planted(tmp_path: Path) -> list[Path]:
    """Files that name their maker in every place that a file has for it."""
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = exif[0x8298] = SECRET.decode()
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", SECRET.decode())
    info.add_text("packed", SECRET.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{SECRET.decode()}</x:xmpmeta>")
    info.add(b"caBX", b"jumb" + SECRET)
    profile = swapped_profile() + SECRET
    everywhere = {"exif": exif, "xmp": b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>", "icc_profile": profile}
    moving = {"save_all": True, "append_images": frames()[1:], "duration": 50}
    still = scene()
    paths = [
        saved(tmp_path / "a.jpg", still, comment=SECRET, **everywhere),
        saved(tmp_path / "a.png", still, pnginfo=info, exif=exif, icc_profile=profile),
        saved(tmp_path / "b.png", still, pnginfo=info, **moving),
        saved(tmp_path / "a.webp", still, **everywhere),
        saved(tmp_path / "b.webp", still, **everywhere, **moving),
        saved(tmp_path / "a.gif", still, comment=SECRET),
        saved(tmp_path / "b.gif", still, comment=SECRET, **moving),
        saved(tmp_path / "a.tif", still, tiffinfo={270: SECRET.decode(), 305: SECRET.decode()}, icc_profile=profile),
        saved(tmp_path / "a.avif", still, **everywhere),
    ]
    for path in paths:
        path.write_bytes(path.read_bytes() + SECRET)
    return paths


def test_nothing_that_names_a_maker_reaches_the_derivative(tmp_path):
    for path in planted(tmp_path):
        inspect(path)
        encode(path, tmp_path / "derivative")

        original, data = path.read_bytes(), (tmp_path / "derivative").read_bytes()
        assert SECRET in original, path.name
        assert SECRET not in data, path.name
        assert not any(mark in data for mark in (b"EXIF", b"XMP ", b"ICCP", b"Aurora", b"lamp")), path.name
        with Image.open(tmp_path / "derivative") as shown:
            assert set(shown.info) <= {"loop", "background", "timestamp", "duration"}, path.name


def test_the_same_file_gives_the_same_bytes_however_it_is_run(tmp_path):
    paths = planted(tmp_path)

    def digests(run: int) -> list[str]:
        return [encode(path, tmp_path / f"{run}-{path.name}").sha256 for path in paths]

    alone = digests(0)

    with ThreadPoolExecutor(4) as pool:
        assert all(together == alone for together in pool.map(digests, range(1, 5)))


REFUSED = {
    "SVG named PNG": ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "ends in .png but the file is HTML, SVG or XML"),
    "SVG": ("a.svg", b'<?xml version="1.0"?><svg/>', "HTML, SVG or XML"),
    "HTML": ("a.html", b"\xef\xbb\xbf \n<!doctype html>", "HTML, SVG or XML"),
    "HTML in UTF-16": ("a.jpg", "<html>".encode("utf-16"), "HTML, SVG or XML"),
    "PNG named JPEG": ("a.jpg", png(1, 1, data=b"\0\0\0\0"), "wrong magic bytes: the name ends in .jpg but the file is PNG"),
    "PNG named HTML": ("a.html", png(1, 1, data=b"\0\0\0\0"), "wrong magic bytes"),
    "a zip": ("a.png", b"PK\x03\x04" + bytes(40), "a ZIP archive"),
    "gzip": ("a", b"\x1f\x8b\x08", "an archive"),
    "a tar": ("a", bytes(257) + b"ustar", "an archive"),
    "PDF": ("a.pdf", b"%PDF-1.7", "PDF"),
    "the name of a WAV alone": ("a.wav", b"RIFF\0\0\0\0WAVEfmt ", "damaged or truncated WAV"),
    "MP3 named WAV": ("a.wav", b"\xff\xfb\x90\x64", "ends in .wav but the file is MP3"),
    "an MP3 behind a tag, named PNG": ("a.png", b"ID3\3\0\0\0\0\0\2ab\xff\xfb\x90\x64", "the file is MP3"),
    "the name of an MP4 alone": ("a.mp4", b"\0\0\0\x10ftypisom\0\0\0\0", "damaged or truncated MP4"),
    "the name of a WebM alone": ("a.webm", b"\x1aE\xdf\xa3", "damaged or truncated WebM"),
    "the name of a HEIC alone": ("a.heic", b"\0\0\0\x14ftypheic\0\0\0\0heic", "HEIC"),
    "the name of a GLB alone": ("a.glb", b"glTF\x02", "damaged or truncated GLB"),
    "HEIC named MP4": ("a.mp4", b"\0\0\0\x14ftypheic\0\0\0\0heic", "ends in .mp4 but the file is HEIC"),
    "an MP4 named HEIC": ("a.heic", b"\0\0\0\x10ftypisom\0\0\0\0", "ends in .heic but the file is MP4"),
    "words named MP3": ("a.mp3", b"hello", "save it as WAV, FLAC, MP3"),
    "words named GLB": ("a.glb", b"hello", "export it as GLB"),
    "AVI": ("a.avi", b"RIFF\0\0\0\0AVI LIST", "save it as MP4, MOV or WebM"),
    "AIFF": ("a.aiff", b"FORM\0\0\0\0AIFFCOMM", "save it as WAV"),
    "MIDI": ("a.mid", b"MThd\0\0\0\6", "MIDI"),
    "OBJ": ("a.obj", b"# made by hand\nv 0 0 0\n", "export it as GLB"),
    "glTF in JSON": ("a.gltf", b'{"asset": {"version": "2.0"}}', "export it as GLB"),
    "BMP": ("a.bmp", b"BM\x46\0\0\0\0\0\0\0", "not taken here"),
    "a Git LFS pointer": ("a.png", b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    "words": ("a.png", b"hello", "ends in .png but the file is no kind of picture"),
    "nothing": ("a.png", b"", "an empty file"),
    "the name of a PNG alone": ("a.png", b"\x89PNG\r\n\x1a\n", "damaged or truncated PNG"),
    "an image without pixels": ("a.gif", b"GIF89a\0\0\0\0\0\0\0;", "GIF"),
    "a polyglot of GIF and script": ("a.gif", b"GIF89a/*<script>*/=alert(1)//", "GIF"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "word"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_image_is_refused_with_a_reason(tmp_path, name, data, word):
    (tmp_path / name).write_bytes(data)

    assert word in refusal(tmp_path / name)


def test_a_gif_that_is_html_as_well_shows_nothing_but_its_picture(tmp_path):
    path = saved(tmp_path / "a.gif", scene(), comment=b"<script>alert(1)</script>")
    path.write_bytes(path.read_bytes() + b"<html><script>alert(2)</script></html>")

    encode(path, tmp_path / "derivative")

    assert b"script" not in (tmp_path / "derivative").read_bytes()
    assert inspect(path).media_type == "image/gif"


@pytest.mark.parametrize(
    ("suffix", "moving"),
    [(suffix, False) for suffix in (".jpg", ".png", ".webp", ".gif", ".tif", ".avif")]
    + [(suffix, True) for suffix in (".png", ".webp", ".gif", ".avif")],
)
def test_a_file_cut_short_anywhere_is_refused(tmp_path, suffix, moving):
    still, *rest = frames()
    path = saved(tmp_path / f"a{suffix}", still, **({"save_all": True, "append_images": rest} if moving else {}))
    data = path.read_bytes()

    for missing in [*range(1, 30), *range(30, len(data), len(data) // 30)]:
        path.write_bytes(data[:-missing])
        with pytest.raises(MediaRefused):
            inspect(path)


def test_a_damaged_chunk_is_refused(tmp_path):
    path = saved(tmp_path / "a.png", scene())
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)

    assert "damaged" in refusal(path)


def test_random_damage_is_refused_or_harmless_but_never_an_accident(tmp_path):
    dice = random.Random(7)
    still, *rest = frames()
    kinds = [
        saved(tmp_path / f"a{suffix}", still.resize((24, 16)), **({"save_all": True, "append_images": [r.resize((24, 16)) for r in rest]} if suffix in {".gif", ".webp", ".png"} else {})).read_bytes()
        for suffix in (".jpg", ".png", ".webp", ".gif", ".tif", ".avif")
    ]  # fmt: skip
    path = tmp_path / "damaged"
    limits = MediaLimits(pixels=10_000)
    refused = 0

    for _ in range(500):
        data = bytearray(dice.choice(kinds))
        for _ in range(dice.choice([1, 3, 20])):
            data[dice.randrange(min(len(data), dice.choice([80, 100_000])))] = dice.randrange(256)
        path.write_bytes(data)
        try:
            inspect(path, limits=limits)
            encode(path, tmp_path / "derivative", limits=limits)
        except MediaRefused:
            refused += 1

    assert 200 < refused < 500


def huge(kind: str) -> bytes:
    """A few bytes that claim to be 60,000 by 60,000 pixels."""
    if kind == "png":
        return png(60_000, 60_000, data=b"")
    if kind == "gif":
        return (
            b"GIF89a"
            + struct.pack("<HHBBB", 60_000, 60_000, 0, 0, 0)
            + b","
            + struct.pack("<HHHHB", 0, 0, 60_000, 60_000, 0)
            + b"\x02\0;"
        )
    if kind == "webp":
        chunk = b"VP8X" + struct.pack("<L", 10) + bytes(4) + (16_382).to_bytes(3, "little") * 2
        return b"RIFF" + struct.pack("<L", len(chunk) + 4) + b"WEBP" + chunk
    image = io.BytesIO()
    scene().save(image, "JPEG")
    data = bytearray(image.getvalue())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 60_000, 60_000)
    return bytes(data)


@pytest.mark.parametrize("kind", ["png", "gif", "webp", "jpg"])
def test_a_bomb_is_refused_before_it_is_decoded(tmp_path, monkeypatch, kind):
    path = tmp_path / f"bomb.{kind}"
    path.write_bytes(huge(kind))
    decoded: list[ImageFile.ImageFile] = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded.append)

    reason = refusal(path)

    assert "50 megapixels" in reason
    with pytest.raises(MediaRefused, match="50 megapixels"):
        encode(path, tmp_path / "derivative")
    assert decoded == []


def test_fifty_megapixels_are_taken_and_one_row_more_is_not(tmp_path):
    limits = MediaLimits(pixels=100 * 50)
    fits, over = saved(tmp_path / "a.png", scene(100, 50)), saved(tmp_path / "b.png", scene(100, 51))

    assert inspect(fits, limits=limits).height == 50
    assert "100 × 51" in refusal(over, limits)
    assert MediaLimits().pixels == 50_000_000


def test_a_frame_that_grows_its_gif_beyond_the_limit_is_refused(tmp_path):
    first, *rest = frames(2)
    path = saved(tmp_path / "a.gif", first, save_all=True, append_images=rest)
    data = bytearray(path.read_bytes())
    frame = data.rindex(b",\0\0\0\0")
    data[frame + 5 : frame + 9] = struct.pack("<HH", 9_000, 9_000)
    path.write_bytes(data)

    assert "megapixels" in refusal(path)


def test_an_animation_is_limited_in_frames_and_in_all_its_pixels(tmp_path):
    first, *rest = frames(4)
    path = saved(tmp_path / "a.gif", first, save_all=True, append_images=rest)

    assert "4 frames" in refusal(path, MediaLimits(frames=3))
    assert "4 frames" in refusal(path, MediaLimits(motion_pixels=96 * 64 * 4 - 1))
    assert inspect(path, limits=MediaLimits(frames=4, motion_pixels=96 * 64 * 4)).frames == 4


def test_a_file_of_too_many_bytes_is_refused_unopened(tmp_path):
    path = saved(tmp_path / "a.png", scene())

    assert "at most 100 are taken" in refusal(path, MediaLimits(bytes=100))


@pytest.mark.parametrize("mode", ["F", "I"])
def test_samples_of_32_bits_are_refused(tmp_path, mode):
    path = saved(tmp_path / "a.tif", Image.new(mode, (8, 8)))

    assert "8 or 16 bits" in refusal(path)


def test_a_tiff_of_several_pages_is_refused(tmp_path):
    first, *rest = frames(2)
    path = saved(tmp_path / "a.tif", first, save_all=True, append_images=rest)

    assert "2 pages" in refusal(path)


def test_pillow_is_left_as_it_was_found(tmp_path):
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters), warnings.showwarning)
    path = saved(tmp_path / "a.tif", scene())
    bomb = tmp_path / "b.png"
    bomb.write_bytes(huge("png"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(inspect, [path] * 20))
    refusal(bomb)

    after = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters), warnings.showwarning)
    assert after == before
