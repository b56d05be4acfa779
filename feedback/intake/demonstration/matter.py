"""What things are made of: colour or pattern, polish, glass and glow."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float32]  # points and directions are (3, n), one row per axis
type Colour = tuple[float, float, float]
type Pattern = Callable[[Array], Array]  # local points (3, n) → colours (3, n)


@dataclass(frozen=True, slots=True, eq=False)
class Matter:
    """How a surface answers light; colours are linear."""

    colour: Colour | Pattern
    gloss: float = 0.0  # reflectance when seen straight on
    rough: float = 0.35  # how far a highlight spreads, in radians
    mirrors: bool = False  # reflections of other things are traced
    glass: Colour | None = None  # how much light of each colour one unit of glass lets through
    glow: float = 0.0  # of a lamp, when the light of the scene comes from it

    def paint(self, points: Array) -> Array:
        """The colours at these local points."""
        if callable(self.colour):
            return self.colour(points)
        return np.broadcast_to(np.array(self.colour, np.float32)[:, None], points.shape)


def noise(u: Array, v: Array) -> Array:
    """Smooth noise in −1 … 1 with a period of 16."""
    table = _noise_table()
    size = table.shape[0]
    x, y = u * np.float32(size / 16), v * np.float32(size / 16)
    down, left = np.floor(x), np.floor(y)
    a, b = x - down, y - left
    i, j = down.astype(np.int32), left.astype(np.int32)
    i0, j0, i1, j1 = i % size, j % size, (i + 1) % size, (j + 1) % size
    low = table[i0, j0] * (1 - a) + table[i1, j0] * a
    up = table[i0, j1] * (1 - a) + table[i1, j1] * a
    result: Array = low + (up - low) * b
    return result


@cache
def _noise_table(size: int = 256) -> Array:
    wave = np.fft.rfft2(np.random.default_rng(7).normal(size=(size, size)))
    kx, ky = np.fft.fftfreq(size)[:, None] * size, np.fft.rfftfreq(size)[None, :] * size
    heard = np.fft.irfft2(wave / (6.0 + np.hypot(kx, ky)) ** 1.6, s=(size, size))
    heard -= heard.mean()
    table: Array = (heard / np.abs(heard).max()).astype(np.float32)
    return table


def mix(one: Colour, other: Colour, share: Array) -> Array:
    """Colours between two, by share of the other."""
    a, b = np.array(one, np.float32)[:, None], np.array(other, np.float32)[:, None]
    mixed: Array = a + (b - a) * share
    return mixed


def checker(one: Colour, other: Colour, *, side: float, turn: float = 0.0) -> Pattern:
    """A board of squares on the x–z plane, turned by degrees."""
    c, s = np.float32(np.cos(np.radians(turn)) / side), np.float32(np.sin(np.radians(turn)) / side)

    def pattern(p: Array) -> Array:
        u, v = c * p[0] + s * p[2], c * p[2] - s * p[0]
        odd = (np.floor(u) + np.floor(v)) % 2
        veins = np.float32(0.12) * noise(u * 3 + odd * 5, v * 3)
        return mix(one, other, odd) * (1 + veins)

    return pattern


def wood(light: Colour, dark: Colour, *, grain: float = 1.0, along: int = 0, planks: float = 0.0) -> Pattern:
    """Timber whose fibres run along one axis, in planks of the given width when it is not nought."""
    across = 2 if along == 0 else 0

    def pattern(p: Array) -> Array:
        x, y = p[along], p[across] + p[1]
        if planks:
            number = np.floor(y / np.float32(planks))
            x, seam = x + number * 5.3, np.abs(y / np.float32(planks) - number - 0.5) > 0.5 - 0.012 / planks
        else:
            number, seam = np.zeros_like(x), np.zeros(x.shape, bool)
        warp = noise(x * 0.5 * grain, y * 2.0 * grain + number * 3.7)
        rings = 0.5 + 0.5 * np.sin((y * 9.0 * grain + warp * 5.5 + number * 2.1) * np.float32(2.2))
        fibre = noise(x * 1.5 * grain, y * 40.0 * grain)
        share = np.clip(0.25 + 0.45 * rings + 0.35 * fibre + 0.35 * np.sin(number * 12.9), 0, 1)
        shade = np.where(seam, np.float32(0.35), np.float32(1))
        painted: Array = mix(light, dark, share) * shade
        return painted

    return pattern


def plaster(colour: Colour, *, depth: float = 0.1) -> Pattern:
    """A wall brushed by hand."""

    def pattern(p: Array) -> Array:
        cloud = noise(p[0] * 0.7 + p[2] * 0.3, p[1] * 0.7 + p[2] * 0.5)
        brush = noise(p[0] * 5 + p[1] * 2 + p[2], p[1] * 6 - p[0] + p[2] * 4)
        return np.array(colour, np.float32)[:, None] * (1 + np.float32(depth) * (cloud + np.float32(0.5) * brush))

    return pattern
