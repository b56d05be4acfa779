"""Short films of light, computed frame by frame: with a steady hand, flickering, stepping, or torn half-way."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from .manners import Manner

WIDTH, HEIGHT, RATE, SECONDS = 432, 288, 24, 2.5
FRAMES = int(RATE * SECONDS)
BITS = 4_000_000  # per second: enough that what is seen is the film's own fault
STEPS = 6  # of a coarse manner

Array = NDArray[np.floating[Any]]

_Y, _X = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
_X = (_X - WIDTH / 2) / HEIGHT
_Y = (_Y - HEIGHT / 2) / HEIGHT


def candle(time: float) -> Array:
    """A flame that leans and rights itself over a table, from dusk to dark; linear light, (height, width, 3)."""
    lean = 0.05 * np.sin(2.1 * time) * np.exp(-0.4 * time)
    flame = np.exp(-(((_X - lean * (0.1 - _Y)) / 0.035) ** 2) - ((_Y + 0.06) / 0.11) ** 2)
    glow = 0.5 / (1 + 9 * ((_X - lean) ** 2 + (_Y + 0.04) ** 2)) * (0.75 + 0.25 * np.cos(0.9 * time))
    wax = (np.abs(_X) < 0.045) & (_Y > 0.06) & (_Y < 0.3)
    table = np.clip((_Y - 0.3) * 30, 0, 1) * (0.25 + glow)
    warm = np.stack([glow, 0.62 * glow, 0.3 * glow], axis=-1) * 0.55
    warm += flame[..., None] * np.array([2.2, 1.5, 0.6], np.float32)
    warm += (wax * (0.35 + glow))[..., None] * np.array([0.9, 0.8, 0.62], np.float32)
    lit: Array = warm + table[..., None] * np.array([0.3, 0.18, 0.1], np.float32)
    return lit


def crossing(time: float) -> Array:
    """A boat that crosses the moon's path on the water, and the path that closes behind it."""
    boat = -0.55 + 0.45 * time
    sky = _Y < 0
    moon = (_X - 0.12) ** 2 + (_Y + 0.28) ** 2 < 0.05**2
    ripple = 0.5 + 0.5 * np.sin(90 * _Y / (0.4 + np.abs(_Y)) + 4 * time + 6 * np.sin(3 * _X))
    path = np.exp(-(((_X - 0.12) / (0.04 + 0.25 * np.clip(_Y, 0, 1))) ** 2)) * ripple
    wake = np.exp(-(((_Y - 0.08) / 0.05) ** 2)) * np.clip((boat - _X) * 4, 0, 1)
    light = np.where(sky, 0.06 + 0.05 * (_Y + 0.5), 0.05 + 0.8 * path * (1 - 0.8 * wake))
    hull = (np.abs(_X - boat) < 0.11 - 0.6 * np.clip(_Y - 0.03, 0, 1)) & (_Y > 0.03) & (_Y < 0.09)
    sail = (boat < _X) & (_X - boat < 0.5 * (_Y + 0.2)) & (_Y > -0.2) & (_Y < 0.02)
    light = np.where(hull, 0.01, np.where(sail, 0.22, np.where(moon, 1.6, light)))
    return light[..., None] * np.array([0.82, 0.92, 1.1], np.float32)


FILMS: dict[str, tuple[str, Callable[[float], Array]]] = {
    "candle": ("A candle burns down while somebody does not come.", candle),
    "crossing": ("A boat crosses the moon's path, and the path closes behind it.", crossing),
}


def shoot(scene: Callable[[float], Array], manner: Manner, file: Path, *, seed: int) -> None:
    """Write the film as the generator would make it."""
    chance = np.random.default_rng(seed)
    with av.open(str(file), "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = WIDTH, HEIGHT, "yuv420p", BITS
        stream.time_base = Fraction(1, RATE)
        for number in range(FRAMES):
            picture = _developed(_frame(scene, manner, number, chance))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


def _frame(scene: Callable[[float], Array], manner: Manner, number: int, chance: np.random.Generator) -> Array:
    if manner.coarse:
        number -= number % STEPS
    time = number / RATE
    if manner.breaks and number > FRAMES // 2:
        time += 0.8
    return scene(time) * np.float32(1 + manner.flicker * chance.uniform(-1, 1))


def _developed(light: Array) -> NDArray[np.uint8]:
    """Linear light as 8-bit sRGB."""
    tones = 1.055 * np.clip(light, 1e-6, 1) ** (1 / 2.4) - 0.055
    return np.ascontiguousarray(np.clip(np.rint(tones * 255), 0, 255).astype(np.uint8))
