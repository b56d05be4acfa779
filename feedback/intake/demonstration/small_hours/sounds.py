"""Short phrases, synthesised: in tune and in time, with jumps of loudness, in few steps, or with a tear in the tape."""

import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .manners import Manner

RATE = 44_100
PARTIALS = (1.0, 0.42, 0.2, 0.11, 0.06)
CRUSHED = 24  # steps of amplitude of a coarse manner
ROOM = ((0.031, 0.35), (0.047, 0.27), (0.083, 0.2), (0.127, 0.12))  # seconds, share: the echoes of a small room
FULL = 0.6

Array = NDArray[np.floating[Any]]
Phrase = Sequence[tuple[float, float]]  # (semitones above A3, seconds)

SOUNDS: dict[str, tuple[str, Phrase]] = {
    "home": ("Three notes that climb, hesitate, and come home.", ((0, 0.6), (4, 0.6), (7, 0.9), (5, 0.4), (0, 1.5))),
    "rain": ("Rain stops, and one drop is late.", ((12, 0.2), (9, 0.2), (12, 0.25), (7, 0.3), (4, 0.5), (-5, 1.6))),
}


def play(phrase: Phrase, manner: Manner, file: Path, *, seed: int) -> None:
    """Write the phrase as the generator would play it."""
    sound = _in_a_room(_melody(phrase, manner, np.random.default_rng(seed)))
    if manner.coarse:
        sound = np.round(sound * CRUSHED) / CRUSHED
    if manner.breaks:
        middle = len(sound) // 2
        sound = np.concatenate([sound[:middle], sound[middle + RATE // 9 :]])
    samples = np.clip(sound / np.abs(sound).max() * FULL, -1, 1)
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((samples * 32767).astype("<i2").tobytes())


def _melody(phrase: Phrase, manner: Manner, chance: np.random.Generator) -> Array:
    notes = []
    for semitones, seconds in phrase:
        time = np.arange(int(RATE * seconds)) / RATE
        detuned = semitones + 3 * manner.flicker * chance.uniform(-1, 1)
        pitch = 220 * 2 ** (detuned / 12)
        tone = sum(share * np.sin(2 * np.pi * pitch * (at + 1) * time) for at, share in enumerate(PARTIALS))
        envelope = np.minimum(time / 0.012, 1) * np.exp(-2.2 * time) * np.minimum((seconds - time) / 0.02, 1)
        loud = 1 + 2 * manner.flicker * chance.uniform(-1, 1)
        notes.append(tone * envelope * loud)
    return np.concatenate(notes)


def _in_a_room(dry: Array) -> Array:
    wet = np.concatenate([dry, np.zeros(RATE // 3)])
    for delay, share in ROOM:
        late = int(delay * RATE)
        wet[late : late + len(dry)] += share * dry
    return wet
