"""Things turned on a lathe, written as GLB: smooth, lumpy, faceted, or with a gap in the wall."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .manners import Manner

FINE, COARSE = (48, 96), (7, 9)  # rings and spokes
GAP = (0.3, 0.5)  # of the way round, where the wall of a broken form is missing
FLOAT, UINT, VERTICES, ELEMENTS, TRIANGLES = 5126, 5125, 34962, 34963, 4

Array = NDArray[np.floating[Any]]
Profile = Callable[[Array], tuple[Array, Array]]


def cup(way: Array) -> tuple[Array, Array]:
    """Radius and height along the profile of a cup: up the outside, over the rim, down inside."""
    outside = way < 0.55
    up, down = way / 0.55, (way - 0.55) / 0.45
    radius = np.where(outside, 0.32 + 0.26 * np.sqrt(up), 0.545 - 0.5 * down**3)
    height = np.where(outside, up, 1 - 0.92 * np.sqrt(np.clip(down, 0, 1)))
    return np.where(way == 0, 0.0, radius), height


def shell(way: Array) -> tuple[Array, Array]:
    """A form that swells three times and closes, as if it had grown."""
    return np.sin(np.pi * way) * (0.5 + 0.13 * np.sin(6 * np.pi * way + 0.6)) * (1.25 - 0.5 * way), 1.3 * way


FORMS: dict[str, tuple[str, Profile, tuple[float, float, float]]] = {
    "cup": ("A cup that was mended, and is used.", cup, (0.62, 0.36, 0.24)),
    "shell": ("Something that grew in the dark.", shell, (0.82, 0.74, 0.62)),
}


def turn(profile: Profile, colour: tuple[float, float, float], manner: Manner, file: Path, *, seed: int) -> None:
    """Write the form as the generator would turn it."""
    rings, spokes = COARSE if manner.coarse else FINE
    chance = np.random.default_rng(seed)
    radius, height = profile(np.linspace(0, 1, rings))
    angle = np.linspace(0, 2 * np.pi, spokes, endpoint=False)
    radii = radius[:, None] * (1 + 0.25 * manner.flicker * chance.uniform(-1, 1, (rings, spokes)))
    heights = np.broadcast_to(height[:, None] - height.mean(), radii.shape)
    points = np.stack([radii * np.cos(angle), heights, radii * np.sin(angle)], axis=-1)
    file.write_bytes(_glb(points.reshape(-1, 3).astype("<f4"), _faces(rings, spokes, broken=manner.breaks), colour))


def _faces(rings: int, spokes: int, *, broken: bool) -> NDArray[np.uint32]:
    """Two triangles for each field between rings and spokes."""
    ring, spoke = (axis.ravel() for axis in np.mgrid[0 : rings - 1, 0:spokes])
    if broken:
        kept = (spoke / spokes < GAP[0]) | (spoke / spokes > GAP[1]) | (ring < rings // 3)
        ring, spoke = ring[kept], spoke[kept]
    here, beside = ring * spokes + spoke, ring * spokes + (spoke + 1) % spokes
    above, across = here + spokes, beside + spokes
    return np.concatenate(
        [np.stack(three, axis=-1) for three in ((here, above, beside), (beside, above, across))]
    ).astype("<u4")


def _normals(points: Array, faces: NDArray[np.uint32]) -> Array:
    """The mean direction of the faces that meet at each point."""
    corners = points[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(points)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], across)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.where(length > 0, normals / np.maximum(length, 1e-12), [0, 1, 0]).astype("<f4")


def _glb(points: Array, faces: NDArray[np.uint32], colour: tuple[float, float, float]) -> bytes:
    """One mesh of one material as binary glTF 2.0."""
    parts = [points.tobytes(), _normals(points, faces).tobytes(), faces.tobytes()]
    starts = np.cumsum([0, *map(len, parts)]).tolist()
    material = {"baseColorFactor": [*colour, 1], "metallicFactor": 0, "roughnessFactor": 0.55}
    vector = {"componentType": FLOAT, "count": len(points), "type": "VEC3"}
    bounds = {"min": points.min(axis=0).tolist(), "max": points.max(axis=0).tolist()}
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [
            {
                "primitives": [
                    {"attributes": {"POSITION": 0, "NORMAL": 1}, "indices": 2, "material": 0, "mode": TRIANGLES}
                ]
            }
        ],
        "materials": [{"pbrMetallicRoughness": material, "doubleSided": True}],
        "buffers": [{"byteLength": starts[-1]}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": starts[at], "byteLength": len(part), "target": target}
            for at, (part, target) in enumerate(zip(parts, (VERTICES, VERTICES, ELEMENTS), strict=True))
        ],
        "accessors": [
            {"bufferView": 0, **vector, **bounds},
            {"bufferView": 1, **vector},
            {"bufferView": 2, "componentType": UINT, "count": faces.size, "type": "SCALAR"},
        ],
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    body = b"".join(parts)
    header = struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + len(body))
    return header + struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(body), b"BIN\0") + body
