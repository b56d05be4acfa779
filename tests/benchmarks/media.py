"""Pictures by our recipe, against Pillow alone."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from feedback.works.media import encode
from feedback.works.media.picture.recipe import METHOD, QUALITY
from tests.benchmarks.measure import Row, beside, each

PICTURES, SIZE = 20, (960, 640)


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        paths = [_picture(Path(folder), number) for number in range(PICTURES)]
        out = Path(folder) / "out.webp"

        def ours() -> None:
            for path in paths:
                encode(path, out)

        def bare() -> None:
            for path in paths:
                with Image.open(path) as image:
                    image.save(out, "WEBP", quality=QUALITY, method=METHOD)

        yield beside(
            f"A picture of {SIZE[0]} × {SIZE[1]} by our recipe",
            ours,
            bare,
            against=f"Pillow: open, save as WebP of quality {QUALITY}, method {METHOD}",
            tell=each(PICTURES),
            runs=5,
        )


def _picture(folder: Path, number: int) -> Path:
    """Soft shapes with a little grain, as light on things has."""
    chance = np.random.default_rng(number)
    shapes = Image.fromarray(chance.integers(256, size=(20, 30, 3), dtype=np.uint8))
    soft = np.asarray(shapes.resize(SIZE, Image.Resampling.BICUBIC), dtype=np.float64)
    path = folder / f"{number}.png"
    Image.fromarray((soft + chance.normal(0, 2, soft.shape)).clip(0, 255).astype(np.uint8)).save(path)
    return path
