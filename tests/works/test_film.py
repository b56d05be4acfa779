"""Every kind of film becomes WebM at a constant rate, frame for frame, and says nothing of its maker."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from feedback.works.media import MediaLimits, MediaRefused, encode, inspect
from feedback.works.media.stream.loudness import RATE, Meter
from feedback.works.media.stream.timing import timing
from tests.works.making import (
    SECRET,
    film_frames,
    number_on,
    numbered,
    sine,
    sound_samples,
    turn_mp4,
    write_film,
)

KINDS = {".mp4": "video/mp4", ".mov": "video/mp4", ".webm": "video/webm", ".mkv": "video/webm"}


def counted(path: Path, frames: int = 30, **more) -> Path:
    """A film that counts its frames."""
    return write_film(path, map(numbered, range(frames)), **more)


def numbers(path: Path) -> list[int]:
    return [number_on(frame) for frame in film_frames(path)]


def refusal(path: Path, limits: MediaLimits = MediaLimits()) -> str:  # noqa: B008 - frozen
    with pytest.raises(MediaRefused) as refused:
        inspect(path, limits=limits)
    with pytest.raises(MediaRefused):
        encode(path, path.with_name("derivative"), limits=limits)
    return str(refused.value)


@pytest.mark.parametrize(("suffix", "media_type"), KINDS.items())
def test_every_sensible_film_is_taken_and_shows_the_same_frames(tmp_path, suffix, media_type):
    path = counted(tmp_path / f"a{suffix}", sound=sine(1.2))

    info, made = inspect(path), encode(path, tmp_path / "derivative")

    assert (info.medium, info.media_type, info.width, info.height, info.frames) == ("video", media_type, 96, 64, 30)
    assert made.original == info
    assert (made.media_type, made.width, made.height, made.frames) == ("video/webm", 96, 64, 30)
    assert numbers(made.path) == list(range(30))
    assert {name: made.facts[name] for name in ("duration", "frames", "rate", "sound")} == {
        "duration": 1.2,
        "frames": 30,
        "rate": "25/1",
        "sound": True,
    }


def test_the_derivative_is_vp9_in_bt709_with_a_key_frame_every_twelve(tmp_path):
    made = encode(counted(tmp_path / "a.mp4", sound=sine(1.2)), tmp_path / "derivative")

    with av.open(str(made.path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        codec = video.codec_context
        assert (codec.codec.id, audio.codec_context.codec.id) == (
            av.codec.Codec("vp9", "r").id,
            av.codec.Codec("opus", "r").id,
        )
        assert (codec.pix_fmt, codec.colorspace, codec.color_primaries, codec.color_trc) == ("yuv420p", 1, 1, 1)
        assert codec.color_range == 1
        keys = [number for number, packet in enumerate(container.demux(video)) if packet.is_keyframe]
    assert keys[:3] == [0, 12, 24]


RATES = {"24": Fraction(24), "NTSC": Fraction(30_000, 1_001), "film NTSC": Fraction(24_000, 1_001), "60": Fraction(60)}


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
@pytest.mark.parametrize("rate", RATES.values(), ids=RATES)
def test_the_rate_of_the_source_is_kept(tmp_path, suffix, rate):
    made = encode(counted(tmp_path / f"a{suffix}", 24, rate=rate), tmp_path / "derivative")

    assert made.facts["rate"] == f"{rate.numerator}/{rate.denominator}"
    assert numbers(made.path) == list(range(24))


def test_a_film_of_variable_rate_stutters_still_and_loses_no_frame(tmp_path):
    times = [0, 1, 2, 5, 6, 10, 11, 12]

    made = encode(counted(tmp_path / "a.mp4", 8, times=times), tmp_path / "derivative")

    assert numbers(made.path) == [0, 1, 2, 2, 2, 3, 4, 4, 4, 4, 5, 6, 7]
    assert (made.facts["rate"], made.facts["frames"], made.facts["duration"]) == ("25/1", 13, 0.52)


def test_times_that_a_clock_rounded_are_still_even():
    for rate in (*RATES.values(), Fraction(25), Fraction(30)):
        rounded = [Fraction(round(number * 1_000 / rate), 1_000) for number in range(200)]

        found = timing(rounded, Fraction(1, 1_000), None)

        assert (found.rate, found.shows) == (rate, (1,) * 200)


def test_above_the_top_rate_every_other_frame_is_dropped():
    found = timing([Fraction(number, 240) for number in range(240)], Fraction(1, 12_288), Fraction(240))

    assert (found.rate, found.frames) == (120, 121)
    assert all(one + other == 1 for one, other in zip(found.shows[1:-1:2], found.shows[2:-1:2], strict=True))


def test_a_single_frame_is_a_film(tmp_path):
    made = encode(counted(tmp_path / "a.mp4", 1), tmp_path / "derivative")

    assert (made.facts["frames"], made.facts["rate"], numbers(made.path)) == (1, "25/1", [0])


def test_a_large_film_is_fitted_and_an_odd_one_made_even(tmp_path):
    large = write_film(tmp_path / "a.mkv", [numbered(n, (1_600, 900)) for n in range(3)])
    odd = write_film(tmp_path / "b.webm", [numbered(n, (97, 65)) for n in range(3)], options={})

    sizes = [(made.width, made.height) for made in (encode(path, tmp_path / "derivative") for path in (large, odd))]

    assert sizes == [(1_280, 720), (96, 64)]
    assert (inspect(odd).width, inspect(odd).height) == (97, 65)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_film_stands_upright_as_its_matrix_says(tmp_path, degrees):
    path = counted(tmp_path / "a.mp4", 4)
    turn_mp4(path, degrees)

    info, made = inspect(path), encode(path, tmp_path / "derivative")

    upright = np.rot90(numbered(2), -degrees // 90)
    shown = film_frames(made.path)[2]
    assert (info.height, info.width) == (made.height, made.width) == upright.shape[:2] == shown.shape[:2]
    assert np.abs(shown.astype(int) - upright).mean() < 12


@pytest.mark.parametrize("height", [64, 720])
def test_colours_come_through_whatever_matrix_they_were_coded_in(tmp_path, height):
    colours = [(200, 40, 40), (40, 180, 60), (50, 60, 200), (128, 128, 128)]
    frame = np.repeat(np.array([colours], np.uint8), height, axis=0).repeat(32, axis=1)
    path = write_film(tmp_path / "a.webm", [frame] * 3)

    made = encode(path, tmp_path / "derivative")

    source, shown = (film_frames(one)[1].astype(int) for one in (path, made.path))
    poster = np.asarray(Image.open(made.poster.path)).astype(int)
    for at in range(16, 128, 32):
        if height < 720:
            assert np.abs(shown[height // 2, at] - source[height // 2, at]).max() <= 14
        assert np.abs(poster[height // 2, at] - shown[height // 2, at]).max() <= 14


def test_its_sound_is_as_long_as_its_picture_and_at_the_common_loudness(tmp_path):
    for name, seconds in (("long.mp4", 5), ("short.mp4", 1)):
        path = counted(tmp_path / name, 50, sound=sine(seconds, peak=0.02))

        made = encode(path, tmp_path / "derivative")

        samples = sound_samples(made.path)
        meter = Meter(2)
        meter.add(samples)
        assert samples.shape[1] / RATE == pytest.approx(2, abs=0.021)
        assert meter.read().integrated == pytest.approx(-23, abs=0.5)
        assert made.facts["gain"] > 10


def test_a_click_stays_with_its_frame(tmp_path):
    click = np.zeros((2, 2 * RATE), np.float32)
    click[:, RATE : RATE + 480] = sine(0.01, peak=0.9)
    for suffix in (".mp4", ".webm", ".mov"):
        made = encode(counted(tmp_path / f"a{suffix}", 50, sound=click), tmp_path / "derivative")

        loud = np.abs(sound_samples(made.path)[0])
        assert int((loud > loud.max() / 2).argmax()) / RATE == pytest.approx(1.0, abs=0.01), suffix


def test_sound_from_before_the_first_frame_is_not_heard(tmp_path):
    click = np.zeros((2, 2 * RATE), np.float32)
    click[:, RATE : RATE + 480] = sine(0.01, peak=0.9)
    path = counted(tmp_path / "a.webm", 40, times=range(10, 50), sound=click)

    made = encode(path, tmp_path / "derivative")

    loud = np.abs(sound_samples(made.path)[0])
    assert numbers(made.path) == list(range(40))
    assert int((loud > loud.max() / 2).argmax()) / RATE == pytest.approx(0.6, abs=0.01)


def test_a_silent_film_says_so(tmp_path):
    made = encode(counted(tmp_path / "a.mp4"), tmp_path / "derivative")

    assert (made.facts["sound"], made.facts["gain"]) == (False, 0.0)
    with av.open(str(made.path)) as container:
        assert len(container.streams) == 1


def test_the_poster_is_the_first_frame_and_the_strip_twelve_of_them(tmp_path):
    path = write_film(tmp_path / "a.mp4", (numbered(n, (320, 180)) for n in range(48)))

    made = encode(path, tmp_path / "derivative")

    poster, strip = (np.asarray(Image.open(one.path).convert("RGB")) for one in (made.poster, made.strip))
    assert (made.poster.media_type, made.strip.media_type) == ("image/webp", "image/webp")
    assert poster.shape[:2] == (180, 320)
    assert number_on(poster) == 0
    assert strip.shape[:2] == (90, 12 * 160)
    assert [number_on(strip[:, at : at + 160]) for at in range(0, 12 * 160, 160)] == list(range(2, 48, 4))


def test_the_same_content_gives_the_same_bytes_however_it_is_run(tmp_path):
    path = counted(tmp_path / "a.mp4", sound=sine(1.2))
    tagged = tmp_path / "b.mp4"
    counted(tagged, sound=sine(1.2), title=SECRET, artist=SECRET)

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda n: encode((path, tagged)[n % 2], tmp_path / f"derivative-{n}"), range(4)))

    assert path.read_bytes() != tagged.read_bytes()
    assert all(one == made[0] for one in made)


@pytest.mark.parametrize("suffix", KINDS)
def test_nothing_that_names_a_maker_reaches_the_derivative(tmp_path, suffix):
    path = counted(tmp_path / f"a{suffix}", sound=sine(1.2), title=SECRET, artist=SECRET, comment=SECRET)
    assert SECRET.encode() in path.read_bytes()

    made = encode(path, tmp_path / "derivative")

    for one in (made, made.poster, made.strip):
        data = one.path.read_bytes()
        assert not [mark for mark in (SECRET.encode(), b"Aurora", b"x264", b"Lavc", b"libvpx", b"ftyp") if mark in data]
    with av.open(str(made.path)) as container:
        told = [container.metadata, *(stream.metadata for stream in container.streams)]
    assert {key for tags in told for key in tags} <= {"encoder", "DURATION"}
    assert told[0] == {"encoder": "Lavf"}


@pytest.mark.parametrize("suffix", KINDS)
@pytest.mark.parametrize("kept", [0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_film_cut_short_is_refused(tmp_path, suffix, kept):
    path = counted(tmp_path / f"a{suffix}", sound=sine(1.2))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])

    assert refusal(path)


def test_a_film_with_its_index_in_front_is_refused_when_cut(tmp_path):
    path = counted(tmp_path / "a.mp4", options={"movflags": "faststart"})
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    path.write_bytes(data[:-200])

    assert "should be" in refusal(path)


def damaged(path: Path) -> Path:
    """A film whose frames hold nonsense in places."""
    data = bytearray(counted(path).read_bytes())
    start = data.index(b"mdat") + 4
    data[start + 900 : start + 1_600] = b"\xff" * 700
    path.write_bytes(data)
    return path


def test_a_damaged_film_is_refused(tmp_path):
    assert "damaged" in refusal(damaged(tmp_path / "a.mp4"))


def test_a_frame_that_libav_would_paint_over_is_refused(tmp_path):
    path = counted(tmp_path / "a.mp4")
    whole = path.read_bytes()
    start = whole.index(b"mdat") + 4
    painted = 0

    for at in range(start + 700, start + 1_300, 50):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :])
        with suppress(av.FFmpegError), av.open(str(path)) as container:
            if any(frame.is_corrupt for frame in container.decode(video=0)):
                painted += 1
                assert "damaged" in refusal(path)

    assert painted


@pytest.mark.parametrize("suffix", KINDS)
def test_random_damage_is_refused_or_harmless_but_never_an_accident(tmp_path, suffix):
    dice = random.Random(11)
    whole = counted(tmp_path / f"a{suffix}", 6, sound=sine(0.3)).read_bytes()
    path = tmp_path / f"damaged{suffix}"
    refused = 0

    for _ in range(40):
        data = bytearray(whole)
        for _ in range(dice.choice([1, 3, 20])):
            data[dice.randrange(dice.choice([400, len(data)]))] = dice.randrange(256)
        path.write_bytes(data)
        try:
            inspect(path, limits=MediaLimits(film_seconds=20, pixels=10_000))
        except MediaRefused:
            refused += 1

    assert refused


def test_a_film_of_no_frames_is_refused(tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width = stream.height = 64
        container.start_encoding()

    assert refusal(path)


def test_limits_hold_for_length_size_and_the_whole(tmp_path):
    path = counted(tmp_path / "a.mp4", 60)

    assert "at most 1 are taken" in refusal(path, MediaLimits(film_seconds=1))
    assert "96 × 64" in refusal(path, MediaLimits(pixels=96 * 64 - 1))
    assert "seconds or more" in refusal(path, MediaLimits(film_pixels=96 * 64 * 59))
    assert inspect(path, limits=MediaLimits(film_pixels=96 * 64 * 60, film_seconds=3)).frames == 60


def test_what_is_named_as_another_kind_is_refused(tmp_path):
    path = counted(tmp_path / "a.mp4", 3)

    assert "ends in .webm but the file is MP4" in refusal(path.rename(tmp_path / "a.webm"))


def test_libav_is_not_heard_of(tmp_path, capfd):
    broken, sound = damaged(tmp_path / "a.mp4"), counted(tmp_path / "b.mp4", sound=sine(1))
    capfd.readouterr()

    encode(sound, tmp_path / "derivative")
    refusal(broken)

    assert capfd.readouterr() == ("", "")


def test_a_three_second_clip_in_480p_takes_two_seconds_of_a_core_at_most(tmp_path):
    chance = np.random.default_rng(1)
    still = np.asarray(Image.fromarray(chance.integers(256, size=(12, 21, 3), dtype=np.uint8)).resize((854, 480)))
    path = write_film(tmp_path / "a.mp4", (np.roll(still, 3 * n, axis=1) for n in range(75)), sound=sine(3))

    before = time.process_time()
    encode(path, tmp_path / "derivative")

    assert time.process_time() - before < 2
