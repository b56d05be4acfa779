"""Every kind of sound becomes FLAC at one loudness, and says nothing of its maker."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest

from feedback.works.media import MediaLimits, MediaRefused, encode, inspect
from feedback.works.media.stream.loudness import RATE, Meter
from tests.works.making import SECRET, numbered, sine, sound_samples, write_film, write_sound

KINDS = {
    ".wav": "audio/wav", ".flac": "audio/flac", ".mp3": "audio/mpeg", ".aac": "audio/aac", ".ogg": "audio/ogg",
    ".opus": "audio/ogg", ".m4a": "audio/mp4", ".mp4": "audio/mp4", ".weba": "audio/webm", ".mov": "audio/mp4",
}  # fmt: skip


def loudness(samples: np.ndarray) -> float:
    meter = Meter(len(samples))
    meter.add(samples)
    reading = meter.read().integrated
    assert reading is not None
    return reading


def refusal(path: Path, limits: MediaLimits = MediaLimits()) -> str:  # noqa: B008 - frozen
    with pytest.raises(MediaRefused) as refused:
        inspect(path, limits=limits)
    with pytest.raises(MediaRefused):
        encode(path, path.with_name("derivative"), limits=limits)
    return str(refused.value)


@pytest.mark.parametrize(("suffix", "media_type"), KINDS.items())
def test_every_sensible_sound_is_taken_and_becomes_flac_at_one_loudness(tmp_path, suffix, media_type):
    path = write_sound(tmp_path / f"a{suffix}", sine(3, peak=0.9))

    info, made = inspect(path), encode(path, tmp_path / "derivative")

    samples = sound_samples(made.path)
    assert (info.medium, info.media_type, info.width, info.height) == ("audio", media_type, None, None)
    assert made.original == info
    assert (made.media_type, made.poster, made.strip) == ("audio/flac", None, None)
    assert made.path.read_bytes()[:4] == b"fLaC"
    assert (made.facts["rate"], made.facts["channels"]) == (48_000, 2)
    assert made.facts["duration"] == pytest.approx(samples.shape[1] / RATE) == pytest.approx(3, abs=0.05)
    assert loudness(samples) == pytest.approx(-23, abs=0.1)
    assert made.facts["gain"] == pytest.approx(-22, abs=0.5)


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (44_100, 2), (96_000, 2), (48_000, 6)])
def test_every_rate_and_number_of_channels_is_brought_to_what_is_played(tmp_path, rate, channels):
    path = write_sound(tmp_path / "a.flac", sine(2, hertz=440, rate=rate, channels=channels), rate=rate)

    made = encode(path, tmp_path / "derivative")

    with av.open(str(made.path)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.codec_context.sample_rate) == ("flac", RATE)
        assert stream.codec_context.channels == made.facts["channels"] == min(2, channels)
        assert stream.codec_context.format.name == "s16"
    spectrum = np.abs(np.fft.rfft(sound_samples(made.path)[0][:RATE]))
    assert int(spectrum.argmax()) == 440


def test_the_samples_of_a_sound_are_its_own_but_for_the_gain_and_the_dither(tmp_path):
    noise = np.random.default_rng(3).normal(0, 0.05, (2, 2 * RATE)).astype(np.float32)
    path = write_sound(tmp_path / "a.flac", noise)

    made = encode(path, tmp_path / "derivative")

    wanted = sound_samples(path) * 10 ** (made.facts["gain"] / 20)
    assert np.abs(sound_samples(made.path) - wanted).max() < 2.0 / 2**15


def test_peaks_outline_the_sound_as_it_is_played(tmp_path):
    swelling = sine(4, peak=1.0) * np.linspace(0, 1, 4 * RATE, dtype=np.float32)
    made = encode(write_sound(tmp_path / "a.flac", swelling), tmp_path / "derivative")

    peaks = made.facts["peaks"]

    assert len(peaks) == 1_000
    assert all(0 <= peak <= 255 for peak in peaks)
    assert np.all(np.diff(np.convolve(peaks, np.ones(20), "valid")) >= -1)
    assert peaks[-1] == pytest.approx(255 * np.abs(sound_samples(made.path)).max(), abs=2)


def test_the_same_content_gives_the_same_bytes_whatever_held_it(tmp_path):
    samples = np.round(sine(2) * 2**15) / 2**15
    paths = [write_sound(tmp_path / name, samples, artist=SECRET) for name in ("a.wav", "b.flac", "c.mov")]

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda n: encode(paths[n % 3], tmp_path / f"derivative-{n}"), range(6)))

    assert len({one.sha256 for one in made}) == 1
    assert all(one == made[0] for one in made)


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a", ".weba"])
def test_nothing_that_names_a_maker_reaches_the_derivative(tmp_path, suffix):
    path = write_sound(tmp_path / f"a{suffix}", sine(1), title=SECRET, artist=SECRET, comment=SECRET)
    assert SECRET.encode() in path.read_bytes()

    data = encode(path, tmp_path / "derivative").path.read_bytes()

    assert not [mark for mark in (SECRET.encode(), b"Aurora", b"encoder", b"LAME", b"ID3", b"Lavc") if mark in data]
    with av.open(str(tmp_path / "derivative")) as container:
        assert {**container.metadata, **container.streams.audio[0].metadata} == {}


def test_a_cover_makes_no_film_of_a_sound(tmp_path):
    path = write_sound(tmp_path / "a.mp3", sine(1))
    cover = b"\x89PNG\r\n\x1a\n" + bytes(64)
    frame = b"\0image/png\0\3\0" + cover
    tag = b"APIC" + len(frame).to_bytes(4) + b"\0\0" + frame
    size = bytes([len(tag) >> 21 & 127, len(tag) >> 14 & 127, len(tag) >> 7 & 127, len(tag) & 127])
    path.write_bytes(b"ID3\3\0\0" + size + tag + path.read_bytes())

    assert inspect(path).medium == "audio"


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".aac", ".ogg", ".opus", ".m4a", ".weba", ".mov"])
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.7, 0.99])
def test_a_sound_cut_short_is_refused(tmp_path, suffix, kept):
    path = write_sound(tmp_path / f"a{suffix}", sine(2))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])

    assert refusal(path)


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.9])
def test_an_mp3_shorter_than_its_header_says_is_refused(tmp_path, kept):
    path = write_sound(tmp_path / "a.mp3", sine(4))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])

    assert "announced" in refusal(path)


@pytest.mark.parametrize("suffix", KINDS)
def test_random_damage_is_refused_or_harmless_but_never_an_accident(tmp_path, suffix):
    dice = random.Random(5)
    whole = write_sound(tmp_path / f"a{suffix}", sine(0.5)).read_bytes()
    path = tmp_path / f"damaged{suffix}"
    refused = 0

    for _ in range(60):
        data = bytearray(whole)
        for _ in range(dice.choice([1, 3, 20])):
            data[dice.randrange(dice.choice([200, len(data)]))] = dice.randrange(256)
        path.write_bytes(data)
        try:
            inspect(path, limits=MediaLimits(sound_seconds=20))
        except MediaRefused:
            refused += 1

    assert refused


def test_a_sound_longer_than_allowed_is_refused(tmp_path):
    path = write_sound(tmp_path / "a.flac", sine(3))
    endless = tmp_path / "b.flac"
    endless.write_bytes(bytearray(path.read_bytes()))
    data = bytearray(path.read_bytes())
    data[21] &= 0xF0
    data[22:26] = bytes(4)  # the number of samples is left open, as by a live recorder
    endless.write_bytes(data)

    assert "at most 1 are taken" in refusal(path, MediaLimits(sound_seconds=1))
    assert "at most 1 are taken" in refusal(endless, MediaLimits(sound_seconds=1))
    assert inspect(path, limits=MediaLimits(sound_seconds=3)).medium == "audio"


def test_a_film_named_as_a_sound_is_refused(tmp_path):
    path = write_film(tmp_path / "a.mp4", [numbered(n) for n in range(3)])

    assert "holds a film" in refusal(path.rename(tmp_path / "a.m4a"))


def test_a_sound_that_is_no_number_is_played_as_silence(tmp_path):
    samples = sine(2)
    samples[:, 1_000:2_000] = np.nan
    path = write_sound(tmp_path / "a.wav", samples, codec="pcm_f32le")

    made = encode(path, tmp_path / "derivative")

    assert np.abs(sound_samples(made.path)[:, 1_010:1_990]).max() < 1e-3
    assert loudness(sound_samples(made.path)) == pytest.approx(-23, abs=0.1)
