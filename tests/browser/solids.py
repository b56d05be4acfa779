"""Small GLB files made here, with what is needed to check a spot on them."""

import io
import json
import struct
from collections.abc import Sequence
from itertools import product
from typing import Any

from PIL import Image

Point = tuple[float, float, float]
Face = tuple[int, int, int]
SHIFT = (0.0, 0.3, 0.0)  # of the second node
CORNERS: list[Point] = [(x, y, z) for x, y, z in product((-1.0, 1.0), repeat=3)]
SIDES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
CUBE: list[Face] = [face for a, b, c, d in SIDES for face in ((a, b, c), (a, c, d))]
TOP: list[Point] = [(-0.6, 1.0, -0.6), (-0.6, 1.0, 0.6), (0.6, 1.0, 0.6), (0.6, 1.0, -0.6), (0.0, 2.2, 0.0)]
ROOF: list[Face] = [(0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4)]
PRIMITIVES = {(0, 0): (CORNERS, CUBE), (1, 0): (CORNERS, CUBE[:2]), (1, 1): (TOP, ROOF)}


def house(colour: Sequence[float] = (0.8, 0.3, 0.2)) -> bytes:
    """A cube under a roof: two meshes, the second of two primitives under a node that is shifted."""
    chunk = _Chunk()
    box = {"primitives": [chunk.primitive(CORNERS, CUBE, 0)]}
    roof = {"primitives": [chunk.primitive(CORNERS, CUBE[:2], 0), chunk.primitive(TOP, ROOF, 0)]}
    return chunk.glb(
        meshes=[box, roof],
        nodes=[{"mesh": 0}, {"mesh": 1, "translation": SHIFT}],
        scenes=[{"nodes": [0, 1]}],
        scene=0,
        materials=[{"pbrMetallicRoughness": {"baseColorFactor": [*colour, 1], "metallicFactor": 0}}],
    )


def gate() -> bytes:
    """Two cubes with nothing between them."""
    chunk = _Chunk()
    box = {"primitives": [chunk.primitive(CORNERS, CUBE, 0)]}
    return chunk.glb(
        meshes=[box],
        nodes=[{"mesh": 0, "translation": (x, 0.0, 0.0)} for x in (-2.5, 2.5)],
        scenes=[{"nodes": [0, 1]}],
        scene=0,
        materials=[{"pbrMetallicRoughness": {"metallicFactor": 0}}],
    )


def poster(colour: tuple[int, int, int] = (30, 160, 60)) -> bytes:
    """A square with a picture inside the file."""
    saved = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(saved, "PNG")
    chunk = _Chunk()
    square = chunk.primitive([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], [(0, 1, 2), (0, 2, 3)], 0)
    corners = chunk.add(struct.pack("<8f", 0, 1, 1, 1, 1, 0, 0, 0), 34962)
    square["attributes"]["TEXCOORD_0"] = chunk.accessor(corners, 5126, 4, "VEC2")
    image = {"bufferView": chunk.add(saved.getvalue()), "mimeType": "image/png"}
    surface = {"baseColorTexture": {"index": 0}, "metallicFactor": 0}
    return chunk.glb(
        meshes=[{"primitives": [square]}],
        nodes=[{"mesh": 0}],
        scenes=[{"nodes": [0]}],
        scene=0,
        images=[image],
        textures=[{"source": 0}],
        materials=[{"pbrMetallicRoughness": surface, "doubleSided": True}],
    )


class _Chunk:
    """The binary half of a GLB while it grows."""

    def __init__(self) -> None:
        self.content = b""
        self.views: list[dict[str, int]] = []
        self.accessors: list[dict[str, object]] = []

    def add(self, content: bytes, target: int | None = None) -> int:
        view = {"buffer": 0, "byteOffset": len(self.content), "byteLength": len(content)}
        self.views.append(view | ({"target": target} if target else {}))
        self.content += content + b"\0" * (-len(content) % 4)
        return len(self.views) - 1

    def accessor(self, view: int, component: int, count: int, kind: str, **more: object) -> int:
        told = {"bufferView": view, "componentType": component, "count": count, "type": kind}
        self.accessors.append(told | more)
        return len(self.accessors) - 1

    def primitive(self, points: Sequence[Point], faces: Sequence[Face], material: int) -> dict[str, Any]:
        values = [value for point in points for value in point]
        indices = [index for face in faces for index in face]
        extent = {
            "min": [min(axis) for axis in zip(*points, strict=True)],
            "max": [max(axis) for axis in zip(*points, strict=True)],
        }
        at = self.add(struct.pack(f"<{len(values)}f", *values), 34962)
        order = self.add(struct.pack(f"<{len(indices)}H", *indices), 34963)
        return {
            "attributes": {"POSITION": self.accessor(at, 5126, len(points), "VEC3", **extent)},
            "indices": self.accessor(order, 5123, len(indices), "SCALAR"),
            "material": material,
        }

    def glb(self, **parts: object) -> bytes:
        told: dict[str, object] = {"asset": {"version": "2.0"}, "buffers": [{"byteLength": len(self.content)}]}
        told |= {"bufferViews": self.views, "accessors": self.accessors} | parts
        text = json.dumps(told).encode()
        text += b" " * (-len(text) % 4)
        chunks = (
            struct.pack("<I4s", len(text), b"JSON")
            + text
            + struct.pack("<I4s", len(self.content), b"BIN\0")
            + self.content
        )
        return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks
