"""Renders each setting once and develops it under every rig."""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import accumulate
from multiprocessing import current_process, get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .film import develop, finish
from .light import Lighting, shade
from .matter import Array
from .rigs import RIGS
from .scenes import SCENES
from .shadows import Mesh
from .shapes import turn, unit
from .stage import Camera, Setting
from .tracer import Surface, see

WIDTH, HEIGHT = 960, 640
TILE = 160
# Four places within a pixel, besides its middle, each in a row and a column of its own.
PLACES = np.array([[-0.38, -0.13], [0.13, -0.38], [0.38, 0.13], [-0.13, 0.38]], np.float32)


def paint(files: Mapping[tuple[str, str], Path]) -> Iterator[int]:
    """Write the picture of each (scene, rig) to its file; yield how many are done, scene by scene."""
    jobs = [(scene.slug, {rig: files[scene.slug, rig] for rig in RIGS}) for scene in SCENES]
    if current_process().daemon:  # a daemon may not have children of its own
        yield from accumulate(_paint_scene(*job) for job in jobs)
        return
    with ProcessPoolExecutor(min(len(jobs), os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_paint_scene, *job) for job in jobs]
        yield from accumulate(job.result() for job in as_completed(waiting))


def _paint_scene(slug: str, files: Mapping[str, Path]) -> int:
    """Render one scene under every rig and save the pictures."""
    for rig, picture in pictures(slug).items():
        save(picture, files[rig])
    return len(files)


def save(picture: Image.Image, file: Path) -> None:
    """Write a PNG, quickly rather than small."""
    picture.save(file, compress_level=2)


def pictures(slug: str) -> dict[str, Image.Image]:
    """One scene under every rig; what the rays meet is worked out once."""
    setting = next(scene for scene in SCENES if scene.slug == slug).build()
    lightings = {name: rig(setting) for name, rig in RIGS.items()}
    tones = {name: np.empty((HEIGHT, WIDTH, 3), np.uint8) for name in RIGS}
    for y in range(0, HEIGHT, TILE):
        for x in range(0, WIDTH, TILE):
            for name, tile in _tile(setting, lightings, x, y).items():
                tones[name][y : y + TILE, x : x + TILE] = tile
    return {name: finish(tones[name], lighting) for name, lighting in lightings.items()}


def _tile(setting: Setting, lightings: Mapping[str, Lighting], x: int, y: int) -> dict[str, NDArray[np.uint8]]:
    """The tones of one square of the picture under every rig."""
    rows, columns = np.mgrid[y - 1 : y + TILE + 1, x - 1 : x + TILE + 1].astype(np.float32)
    plain = _look(setting, columns.ravel(), rows.ravel())
    edge, mesh = _edges(plain, rows.shape)
    row, column = np.nonzero(edge)
    fine = _look(
        setting,
        (column + x)[:, None].astype(np.float32) + PLACES[:, 0],
        (row + y)[:, None].astype(np.float32) + PLACES[:, 1],
    )
    tiles = {}
    for rig, lighting in lightings.items():
        tones = develop(shade(setting, plain, lighting, mesh), lighting).reshape(3, *rows.shape)[:, 1:-1, 1:-1]
        tile = np.ascontiguousarray(tones.transpose(1, 2, 0))
        if row.size:
            parts = develop(shade(setting, fine, lighting), lighting).reshape(3, -1, len(PLACES)).sum(axis=2)
            tile[row, column] = np.rint((tile[row, column] + parts.T) / (len(PLACES) + 1))
        tiles[rig] = tile
    return tiles


def _look(setting: Setting, column: Array, row: Array) -> Surface:
    toward = _rays(setting.camera, column.ravel(), row.ravel())
    eye = np.array(setting.camera.eye, np.float32)[:, None]
    return see(setting, np.broadcast_to(eye, toward.shape), toward)


def _rays(camera: Camera, column: Array, row: Array) -> Array:
    ahead = np.subtract(camera.look, camera.eye)
    ahead /= np.linalg.norm(ahead)
    right = np.cross(ahead, (0, 1, 0))
    right /= np.linalg.norm(right)
    up = np.cross(right, ahead)
    u = (column + np.float32(0.5 - WIDTH / 2)) / np.float32(WIDTH)
    v = (row + np.float32(0.5 - HEIGHT / 2)) / np.float32(-WIDTH)
    axes = np.stack([right, up, ahead * camera.zoom], axis=1).astype(np.float32)
    return unit(turn(axes, np.stack([u, v, np.ones_like(u)])))


def _edges(surface: Surface, shape: tuple[int, ...]) -> tuple[NDArray[np.bool_], Mesh]:
    """The inner pixels that need more rays, and a mesh over those of smooth surface."""
    form = _jumps((surface.name, *(surface.normal * 6)), shape)
    behind = np.zeros(surface.name.shape, np.float32)
    for branch in surface.branches:
        behind[branch.where] += branch.surface.name + branch.surface.albedo[1] * 3
    paint = _jumps((*(surface.albedo * 5), behind), shape)
    uneven = np.ones(shape, bool)
    uneven[1:-1, 1:-1] = form
    return form | paint, Mesh.over(uneven)


def _jumps(marks: Iterable[NDArray[np.generic]], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The inner pixels at which one of the marks differs much from a neighbour's."""
    jump = np.zeros((shape[0] - 2, shape[1] - 2), bool)
    for mark in marks:
        grid = mark.reshape(shape).astype(np.float32)
        inner = grid[1:-1, 1:-1]
        for near in (grid[:-2, 1:-1], grid[2:, 1:-1], grid[1:-1, :-2], grid[1:-1, 2:]):
            jump |= np.abs(near - inner) > 0.6
    return jump
