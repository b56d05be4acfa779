"""The model raters see: what is drawn, written anew, and nothing else in the file."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from feedback.works.media.limits import MediaLimits, MediaRefused, damaged
from feedback.works.media.solid import glb, scene
from feedback.works.media.solid.document import QUANTIZED, Array, Document, whole
from feedback.works.media.solid.glb import Json
from feedback.works.media.solid.meshes import Mesh, Meshes
from feedback.works.media.solid.packing import Pack
from feedback.works.media.solid.scene import Placed
from feedback.works.media.solid.surfaces import Surfaces

# What reading a document that breaks the rules of glTF runs into.
_DAMAGE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, MemoryError, struct.error)


@dataclass(frozen=True, slots=True)
class Model:
    """A model's new file and what a rater may know of it."""

    data: bytes
    facts: dict[str, Any]


def rewritten(path: Path, limits: MediaLimits) -> Model:
    """Read the model at `path`, check all of it and write it anew; the same model gives the same bytes."""
    try:
        document, binary = glb.read(path)
        return _rewritten(Document(document, binary, limits), document, limits)
    except _DAMAGE as error:
        raise damaged("GLB", error) from error


def _rewritten(document: Document, said: Json, limits: MediaLimits) -> Model:
    pack, surfaces = Pack(), Surfaces(document, limits)
    nodes = scene.placed(document)
    reader = Meshes(document, pack, surfaces)
    meshes = [reader.mesh(mesh) for mesh in document.all("meshes")]
    skins = _Skins(document, nodes, pack)
    facts = _facts(nodes, meshes, skins, limits)
    numbers = {number: place for place, number in enumerate(nodes)}
    images = [{"mimeType": kind, "bufferView": pack.bytes(data)} for kind, data in surfaces.images]
    extensions = surfaces.extensions | ({QUANTIZED} & set(said.get("extensionsUsed", [])))
    made: Json = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [numbers[root] for root in document.roots]}],
        "nodes": scene.written(nodes, skins.places),
        "meshes": [mesh.written for mesh in meshes],
        "skins": skins.written,
        "materials": surfaces.materials,
        "textures": surfaces.textures,
        "samplers": surfaces.samplers,
        "images": images,
        "accessors": pack.accessors,
        "bufferViews": pack.views,
        "buffers": [{"byteLength": len(pack.binary)}],
        "extensionsUsed": sorted(extensions),
        "extensionsRequired": sorted(extensions & {QUANTIZED}),
    }
    return Model(
        glb.written({key: value for key, value in made.items() if value not in ([], None)}, pack.binary), facts
    )


class _Skins:
    """The skins that nodes wear, rewritten; at rest the first joint tells where such a mesh stands."""

    def __init__(self, document: Document, nodes: dict[int, Placed], pack: Pack) -> None:
        self.places: dict[int, int] = {}
        self.written: list[Json] = []
        self.joints: dict[int, int] = {}
        self.matrices: dict[int, scene.Matrix] = {}
        numbers = {number: place for place, number in enumerate(nodes)}
        for index in dict.fromkeys(whole(one.node["skin"]) for one in nodes.values() if "skin" in one.node):
            skin = document.one("skins", index)
            joints = [whole(joint) for joint in skin["joints"]]
            made: Json = {"joints": [numbers[joint] for joint in joints]}
            inverse = np.eye(4)
            if "inverseBindMatrices" in skin:
                bound = document.array(skin["inverseBindMatrices"])
                if bound.shape != (len(joints), 16) or bound.dtype.kind != "f":
                    raise ValueError("a skin whose matrices do not fit its joints")
                made["inverseBindMatrices"] = pack.matrices(bound)
                inverse = bound[0].astype(np.float64).reshape(4, 4).T
            self.places[index] = len(self.written)
            self.written.append(made)
            self.joints[index] = len(joints)
            self.matrices[index] = nodes[joints[0]].matrix @ inverse


def _facts(nodes: dict[int, Placed], meshes: Sequence[Mesh], skins: _Skins, limits: MediaLimits) -> dict[str, Any]:
    """What is drawn: how many triangles, and the sphere around them."""
    triangles = 0
    drawn: list[tuple[Array, scene.Matrix]] = []
    for one in nodes.values():
        if "mesh" not in one.node:
            continue
        mesh = meshes[whole(one.node["mesh"])]
        triangles += mesh.triangles
        if triangles > limits.triangles:
            raise MediaRefused(f"a model of {triangles:,} triangles or more", f"at most {limits.triangles:,} are taken")
        if "skin" in one.node:
            worn = whole(one.node["skin"])
            if mesh.joints >= skins.joints[worn]:
                raise ValueError("a mesh that hangs on a joint its skin has not")
            drawn.append((mesh.corners, skins.matrices[worn]))
        else:
            drawn.append((mesh.corners, one.matrix))
    if not triangles:
        raise MediaRefused("a model without a single triangle", "export the mesh itself")
    centre, radius = _sphere(drawn)
    return {"triangles": triangles, "nodes": len(nodes), "radius": radius, "centre": centre}


def _sphere(drawn: Sequence[tuple[Array, scene.Matrix]]) -> tuple[list[float], float]:
    """The middle of the box around all corners, and how far the farthest of them is from it."""
    lows, highs = zip(*((found.min(axis=0), found.max(axis=0)) for found in map(_stood, drawn)), strict=True)
    centre = (np.min(lows, axis=0) + np.max(highs, axis=0)) / 2
    radius = max(float(np.linalg.norm(_stood(one) - centre, axis=1).max()) for one in drawn)
    if not 1e-12 < radius < 1e12:
        raise MediaRefused(f"a model of radius {radius:g}", "export it at a size that can be looked at")
    return [_rounded(float(part)) for part in centre], _rounded(radius)


def _stood(drawn: tuple[Array, scene.Matrix]) -> Array:
    """The corners where they stand in the world."""
    corners, matrix = drawn
    stood: Array = corners @ matrix[:3, :3].T + matrix[:3, 3]
    return stood


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")
