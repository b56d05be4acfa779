"""The meter reads what ITU-R BS.1770 and EBU Tech 3341 say it must."""

import numpy as np
import pytest

from feedback.works.media.stream.loudness import RATE, Meter
from tests.works.making import sine


def decibels(value: float) -> float:
    return 10 ** (value / 20)


def read(*parts: np.ndarray, block: int = 40_001):
    """What the meter reads of the parts one after another, given in blocks of an odd size."""
    sound = np.concatenate(parts, axis=1)
    meter = Meter(len(sound))
    for at in range(0, sound.shape[1], block):
        meter.add(sound[:, at : at + block])
    return meter.read()


def tone(seconds: float, level: float, hertz: float = 1_000, channels: int = 2) -> np.ndarray:
    return sine(seconds, hertz=hertz, peak=decibels(level), channels=channels)


def test_a_full_scale_sine_in_one_channel_reads_minus_3_01():
    left_only = np.concatenate([sine(5, peak=1.0, channels=1), np.zeros((1, 5 * RATE), np.float32)])

    assert read(left_only).integrated == pytest.approx(-3.01, abs=0.01)


@pytest.mark.parametrize(
    ("parts", "reading"),
    [
        ([(20, -23)], -23.0),
        ([(20, -33)], -33.0),
        ([(10, -36), (60, -23), (10, -36)], -23.0),
        ([(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23.0),
        ([(20, -26), (20.1, -20), (20, -26)], -23.0),
    ],
    ids=["1", "2", "3", "4", "5"],
)
def test_the_cases_of_ebu_tech_3341_read_as_they_must(parts, reading):
    assert read(*(tone(*part) for part in parts)).integrated == pytest.approx(reading, abs=0.1)


def test_a_single_channel_is_as_loud_as_the_same_in_two():
    assert read(tone(5, -20, channels=1)).integrated == pytest.approx(read(tone(5, -20)).integrated, abs=1e-6)


def test_the_reading_does_not_depend_on_the_blocks():
    noise = np.random.default_rng(1).normal(0, 0.1, (2, 3 * RATE)).astype(np.float32)

    readings = [read(noise, block=block) for block in (997, 48_000, 10**9)]

    assert readings[0].integrated == pytest.approx(readings[2].integrated, abs=1e-9)
    assert readings[0].true_peak == pytest.approx(readings[2].true_peak, abs=1e-6)
    assert all(np.array_equal(reading.peaks, readings[0].peaks) for reading in readings)


def test_silence_has_no_loudness_and_gets_no_gain():
    silence = read(np.zeros((2, RATE), np.float32))

    assert (silence.integrated, silence.gain) == (None, 0.0)
    assert set(silence.outline(1_000)) == {0}


def test_a_sound_shorter_than_a_block_is_measured_whole():
    assert read(tone(0.15, -23)).integrated == pytest.approx(-23.0, abs=0.5)


def test_the_true_peak_lies_between_the_samples():
    between = sine(1, hertz=RATE / 4, peak=1.0, channels=1)[:, :-1] * 0
    between[0] = np.sin(2 * np.pi * np.arange(between.shape[1]) / 4 + np.pi / 4)

    found = read(between)

    assert np.abs(between).max() == pytest.approx(decibels(-3.01), abs=1e-3)
    assert found.true_peak == pytest.approx(0.0, abs=0.3)


def test_the_gain_brings_every_sound_to_one_loudness_unless_its_peak_would_clip():
    loud, quiet = read(tone(5, -6)), read(tone(5, -50))
    clicks = np.zeros((2, 5 * RATE), np.float32)
    clicks[:, ::RATE] = 0.9

    assert loud.gain == pytest.approx(-17, abs=0.1)
    assert quiet.gain == pytest.approx(27, abs=0.1)
    assert read(clicks).true_peak + read(clicks).gain == pytest.approx(-1.0, abs=0.01)
    assert read(clicks).integrated + read(clicks).gain < -23
