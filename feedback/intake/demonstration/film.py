"""Develops light into a picture: exposure, a film's curve, bloom."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from .light import Lighting
from .matter import Array
from .shapes import turn

TONES = 2048
CEILING = 16.0  # the brightest light the tables know, in units of a white sheet
CROSSTALK = np.array([[0.95, 0.04, 0.01], [0.025, 0.95, 0.025], [0.01, 0.05, 0.94]], np.float32)


def develop(light: Array, lighting: Lighting) -> NDArray[np.uint8]:
    """Turn linear light (3, n) into tones 0 … 255 (3, n)."""
    exposed = light * (np.array(lighting.cast, np.float32)[:, None] * np.float32(lighting.exposure))
    if not lighting.clips:
        exposed = turn(CROSSTALK, exposed)
    index = np.sqrt(np.clip(exposed, 0, CEILING) * np.float32(1 / CEILING)) * np.float32(TONES - 1)
    return _CLIPPED[index.astype(np.int32)] if lighting.clips else _FILM[index.astype(np.int32)]


def finish(tones: NDArray[np.uint8], lighting: Lighting) -> Image.Image:
    """The picture from its tones (height, width, 3), with the bloom and the halo of its light."""
    picture = Image.fromarray(tones)
    if lighting.bloom:
        picture = _bloomed(picture, lighting.bloom, threshold=178, spread=5)
    if lighting.halo:
        picture = _bloomed(picture, lighting.halo, threshold=96, spread=3)
    return picture


def _bloomed(picture: Image.Image, strength: float, *, threshold: int, spread: int) -> Image.Image:
    """Let what is bright spill over its edges."""
    small = picture.reduce(8).point(lambda tone: max(0, tone - threshold) * 255 // (255 - threshold))
    soft = small.filter(ImageFilter.GaussianBlur(spread)).point(lambda tone: tone * strength)
    return ImageChops.screen(picture, soft.resize(picture.size, Image.Resampling.BICUBIC))


def _encoded(linear: NDArray[np.float64]) -> NDArray[np.uint8]:
    tones = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)
    return np.clip(np.rint(tones * 255), 0, 255).astype(np.uint8)


_LIGHT = (np.arange(TONES) / (TONES - 1)) ** 2 * CEILING
_CLIPPED = _encoded(np.minimum(_LIGHT, 1.0))
_FILM = _encoded(1.03 * _LIGHT**1.34 / (_LIGHT**1.34 + 0.60))  # toe, straight line and a long shoulder
