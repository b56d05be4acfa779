"""Things to light: chess pieces, bottles, a bowl, a lamp, and the finishes they come in."""

from dataclasses import replace

import numpy as np

from .matter import Array, Colour, Matter, Pattern, mix, noise
from .shapes import Solid, block, lathe, rotation

type Profile = tuple[tuple[float, float], ...]

FOOT: Profile = ((0, 0), (0.34, 0), (0.36, 0.06), (0.31, 0.13), (0.30, 0.17), (0.22, 0.22))
PIECES: dict[str, Profile] = {
    "pawn": (*FOOT, (0.13, 0.40), (0.105, 0.55), (0.19, 0.58), (0.19, 0.62), (0.10, 0.64), (0.17, 0.70), (0.195, 0.79), (0.16, 0.90), (0.08, 0.95), (0, 0.96)),
    "rook": (*FOOT, (0.18, 0.36), (0.165, 0.70), (0.25, 0.76), (0.26, 1.0), (0.20, 1.0), (0.19, 0.93), (0, 0.92)),
    "bishop": (*FOOT, (0.14, 0.45), (0.105, 0.80), (0.21, 0.84), (0.21, 0.88), (0.12, 0.91), (0.19, 1.0), (0.20, 1.09), (0.12, 1.26), (0.045, 1.33), (0.065, 1.37), (0.05, 1.43), (0, 1.44)),
    "queen": (*FOOT, (0.17, 0.45), (0.12, 0.98), (0.22, 1.03), (0.22, 1.07), (0.13, 1.10), (0.15, 1.22), (0.25, 1.42), (0.19, 1.43), (0.12, 1.47), (0.06, 1.50), (0.075, 1.56), (0.05, 1.62), (0, 1.63)),
    "king": (*FOOT, (0.18, 0.45), (0.13, 1.08), (0.23, 1.13), (0.23, 1.18), (0.14, 1.21), (0.16, 1.32), (0.23, 1.52), (0.21, 1.56), (0.10, 1.62), (0.045, 1.64), (0, 1.65)),
}  # fmt: skip
BOTTLE: Profile = (
    (0, 0),
    (0.30, 0),
    (0.34, 0.04),
    (0.34, 0.98),
    (0.31, 1.12),
    (0.14, 1.34),
    (0.12, 1.46),
    (0.12, 1.78),
    (0.155, 1.79),
    (0.155, 1.88),
    (0.12, 1.90),
    (0, 1.90),
)
FLASK: Profile = (
    (0, 0),
    (0.36, 0),
    (0.46, 0.10),
    (0.49, 0.34),
    (0.40, 0.62),
    (0.17, 0.84),
    (0.12, 0.98),
    (0.12, 1.18),
    (0.17, 1.21),
    (0.17, 1.27),
    (0.12, 1.29),
    (0, 1.29),
)
PHIAL: Profile = ((0, 0), (0.24, 0), (0.27, 0.03), (0.27, 0.62), (0.24, 0.70), (0.13, 0.80), (0.125, 0.93), (0.16, 0.94), (0.16, 1.02), (0.12, 1.03), (0, 1.03))  # fmt: skip
JAR: Profile = (
    (0, 0),
    (0.40, 0),
    (0.47, 0.05),
    (0.60, 0.34),
    (0.63, 0.72),
    (0.54, 1.02),
    (0.44, 1.14),
    (0.45, 1.22),
    (0.51, 1.27),
    (0.51, 1.32),
    (0.44, 1.32),
    (0.38, 1.22),
    (0.375, 1.13),
    (0.46, 0.99),
    (0.555, 0.72),
    (0.53, 0.36),
    (0.42, 0.10),
    (0, 0.08),
)
LAMP_FOOT: Profile = (
    (0, 0),
    (0.42, 0),
    (0.44, 0.05),
    (0.38, 0.10),
    (0.14, 0.16),
    (0.07, 0.30),
    (0.06, 0.62),
    (0.13, 0.80),
    (0.15, 0.92),
    (0.06, 1.0),
    (0.055, 1.22),
    (0.16, 1.26),
    (0.18, 1.32),
    (0, 1.33),
)
HAT: Profile = (
    (0, 0.02),
    (0.46, 0),
    (0.50, 0.015),
    (0.50, 0.035),
    (0.44, 0.05),
    (0.29, 0.06),
    (0.275, 0.10),
    (0.255, 0.30),
    (0.20, 0.35),
    (0.10, 0.335),
    (0, 0.33),
)
CONE: Profile = ((0, 0), (0.36, 0), (0.37, 0.02), (0.03, 0.60), (0, 0.62))


def turned(profile: Profile, matter: Matter, x: float, z: float, *, smooth: int = 2) -> Solid:
    """A turned body standing on the floor."""
    half = max(height for _, height in profile) / 2
    return lathe(profile, matter, smooth=smooth).at(x, half, z)


def lying(profile: Profile, matter: Matter, x: float, z: float, *, tilt: tuple[float, float, float]) -> Solid:
    """A hollow turned body lying on the floor."""
    return lathe(profile, matter, thin=True).at(x, -lowest(profile, tilt), z, tilt=tilt)


def lowest(profile: Profile, tilt: tuple[float, float, float]) -> float:
    """How far the lowest point of a tilted turned body lies from its middle."""
    half = max(height for _, height in profile) / 2
    up = rotation(*tilt)[1]
    side = float(np.hypot(up[0], up[2]))
    return min(float(up[1]) * (height - half) - side * radius for radius, height in profile)


def grouped(
    parts: tuple[Solid, ...], x: float, y: float, z: float, *, tilt: tuple[float, float, float]
) -> tuple[Solid, ...]:
    """Move parts together, turned about their common origin."""
    frame = rotation(*tilt)
    placed = []
    for part in parts:
        centre = frame @ np.array(part.centre, np.float32) + np.array([x, y, z], np.float32)
        own = frame if part.frame is None else frame @ part.frame
        at = float(centre[0]), float(centre[1]), float(centre[2])
        placed.append(replace(part, centre=at, frame=own))
    return tuple(placed)


def king(matter: Matter) -> tuple[Solid, ...]:
    """The king and his cross, standing at the origin."""
    body = turned(PIECES["king"], matter, 0, 0)
    return (
        body,
        block(0.032, 0.13, 0.03, matter, soft=0.015).at(0, 1.76, 0),
        block(0.095, 0.034, 0.03, matter, soft=0.015).at(0, 1.79, 0),
    )


def glazed(colour: Colour, *, gloss: float = 0.05, rough: float = 0.1) -> Matter:
    """Pottery, lacquer, polished wood: a colour under a clear coat."""
    return Matter(colour, gloss=gloss, rough=rough)


def swirl(one: Colour, other: Colour, *, turns: float = 3.0) -> Pattern:
    """The ribbon in a marble."""

    def pattern(p: Array) -> Array:
        angle = np.arctan2(p[2], p[0]) + p[1] * np.float32(turns * 3) + noise(p[0] * 4 + 3, p[1] * 4 + p[2]) * 1.5
        return mix(one, other, np.clip(np.sin(angle * 2) * 4 + 0.5, 0, 1).astype(np.float32))

    return pattern


def stained(wood: Pattern, x: float, z: float, radius: float) -> Pattern:
    """A table that remembers a wet glass."""

    def pattern(p: Array) -> Array:
        away = np.sqrt((p[0] - x) ** 2 + (p[2] - z) ** 2) + 0.02 * noise(p[0] * 6, p[2] * 6)
        ring = np.exp(-(((away - radius) / 0.028) ** 2)) * (0.8 + 0.4 * noise(p[0] * 3 + 1, p[2] * 3))
        marked: Array = (wood(p) * (1 - 0.62 * ring)).astype(np.float32)
        return marked

    return pattern
