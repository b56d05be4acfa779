"""Renders each setting once and develops it under every rig."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .film import develop, finish
from .light import shade
from .rigs import RIGS
from .scenes import Scene
from .shapes import Array, unit
from .stage import Camera, Setting
from .tracer import Surface, see

WIDTH, HEIGHT = 960, 640
TILE = 160
# Eight places within a pixel, one to each row and column.
PLACES = (np.array([[0, 3], [1, 6], [2, 1], [3, 4], [4, 7], [5, 2], [6, 5], [7, 0]], np.float32) + 0.5) / 8 - 0.5


def render(scenes: Sequence[Scene], *, workers: int = 2) -> Iterator[tuple[str, str, Image.Image]]:
    """Each scene under each rig: (scene, rig, picture)."""
    with ThreadPoolExecutor(workers) as pool:
        for scene in scenes:
            setting = scene.build()
            lightings = {rig: light(setting) for rig, light in RIGS.items()}
            tones = {rig: np.empty((HEIGHT, WIDTH, 3), np.uint8) for rig in RIGS}
            corners = [(x, y) for y in range(0, HEIGHT, TILE) for x in range(0, WIDTH, TILE)]
            for (x, y), tiles in zip(corners, pool.map(partial(_tile, setting, lightings), corners), strict=True):
                for rig, tile in tiles.items():
                    tones[rig][y : y + TILE, x : x + TILE] = tile
            for rig, lighting in lightings.items():
                yield scene.slug, rig, finish(tones[rig], lighting)


def _tile(setting: Setting, lightings: dict[str, object], corner: tuple[int, int]) -> dict[str, NDArray[np.uint8]]:
    x, y = corner
    rows, columns = np.mgrid[y - 1 : y + TILE + 1, x - 1 : x + TILE + 1].astype(np.float32)
    plain = _look(setting, columns.ravel(), rows.ravel())
    edge = _edges(plain, rows.shape)
    row, column = np.nonzero(edge)
    fine = _look(
        setting,
        (column + x)[:, None].astype(np.float32) + PLACES[:, 0],
        (row + y)[:, None].astype(np.float32) + PLACES[:, 1],
    )
    tiles = {}
    for rig, lighting in lightings.items():
        tones = develop(shade(setting, plain, lighting), lighting).reshape(3, *rows.shape)[:, 1:-1, 1:-1]
        tile = np.ascontiguousarray(tones.transpose(1, 2, 0))
        if row.size:
            mean = develop(shade(setting, fine, lighting), lighting).reshape(3, -1, len(PLACES)).mean(axis=2)
            tile[row, column] = np.rint(mean).T
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
    return unit(axes @ np.stack([u, v, np.ones_like(u)]))


def _edges(surface: Surface, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The inner pixels whose neighbours differ in what is seen, how it lies or what it is painted."""
    marks = [surface.name.astype(np.float32), *(surface.normal * 6), *(surface.albedo * 5)]
    behind = np.zeros(surface.name.shape, np.float32)
    for branch in surface.branches:
        behind[branch.where] += branch.surface.name + branch.surface.albedo[1] * 3
    edge = np.zeros((shape[0] - 2, shape[1] - 2), bool)
    for mark in (*marks, behind):
        grid = mark.reshape(shape)
        inner = grid[1:-1, 1:-1]
        for near in (grid[:-2, 1:-1], grid[2:, 1:-1], grid[1:-1, :-2], grid[1:-1, 2:]):
            edge |= np.abs(near - inner) > 0.6
    return edge
