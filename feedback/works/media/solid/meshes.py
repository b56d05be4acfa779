"""Meshes, checked and packed anew; their order, and that of primitives and faces, stays: marks are pinned to it."""

import re
from dataclasses import dataclass

import numpy as np

from feedback.works.media.limits import MediaRefused
from feedback.works.media.solid.document import Array, Document, numbers, whole
from feedback.works.media.solid.glb import Json
from feedback.works.media.solid.packing import Pack
from feedback.works.media.solid.surfaces import Surfaces

_ATTRIBUTES = re.compile(r"POSITION|NORMAL|TANGENT|TEXCOORD_[0-7]|COLOR_0|JOINTS_0|WEIGHTS_0")
_COLUMNS = {
    "POSITION": {3},
    "NORMAL": {3},
    "TANGENT": {3, 4},
    "TEXCOORD": {2},
    "COLOR": {3, 4},
    "JOINTS": {4},
    "WEIGHTS": {4},
}
_TRIANGLES, _STRIP, _FAN = 4, 5, 6


@dataclass(frozen=True, slots=True)
class Mesh:
    """A mesh as it is written, and what is to be known of it: corners (float), triangles, the highest joint named."""

    written: Json
    corners: Array
    triangles: int
    joints: int


class Meshes:
    """Rewrites meshes; an accessor that several share is written once."""

    def __init__(self, document: Document, pack: Pack, surfaces: Surfaces) -> None:
        self._document = document
        self._pack = pack
        self._surfaces = surfaces
        self._arrays: dict[int, Array] = {}
        self._places: dict[tuple[int, str], int] = {}

    def mesh(self, mesh: Json) -> Mesh:
        primitives = [self._primitive(one) for one in mesh["primitives"]]
        if not primitives:
            raise ValueError("a mesh without primitives")
        written: Json = {"primitives": [one.written for one in primitives]}
        if "weights" in mesh:
            written["weights"] = numbers(mesh["weights"])
        return Mesh(
            written,
            np.concatenate([one.corners for one in primitives]),
            sum(one.triangles for one in primitives),
            max(one.joints for one in primitives),
        )

    def _primitive(self, primitive: Json) -> Mesh:
        count = len(self._array(primitive["attributes"]["POSITION"]))
        mode = whole(primitive.get("mode", _TRIANGLES))
        if mode > _FAN:
            raise ValueError(f"a primitive of mode {mode}")
        made: Json = {"attributes": self._attributes(primitive["attributes"], count), "mode": mode}
        drawn = count
        if "indices" in primitive:
            made["indices"], drawn = self._indices(primitive["indices"], count)
        if "material" in primitive:
            made["material"] = self._surfaces.material(primitive["material"])
        if "targets" in primitive:
            made["targets"] = [self._attributes(target, count) for target in primitive["targets"]]
        triangles = {_TRIANGLES: drawn // 3, _STRIP: max(0, drawn - 2), _FAN: max(0, drawn - 2)}.get(mode, 0)
        joints = self._array(primitive["attributes"]["JOINTS_0"]).max() if "JOINTS_0" in primitive["attributes"] else -1
        return Mesh(made, self._corners(primitive["attributes"]["POSITION"]), triangles, int(joints))

    def _attributes(self, attributes: Json, count: int) -> Json:
        made = {}
        for name, index in attributes.items():
            if not _ATTRIBUTES.fullmatch(name):
                continue
            array = self._array(index)
            if len(array) != count or array.shape[1] not in _COLUMNS[name.partition("_")[0]]:
                raise ValueError(f"{name} of {len(array):,} × {array.shape[1]} for {count:,} vertices")
            made[name] = self._vertices(whole(index), array, bounded=name == "POSITION")
        return made

    def _vertices(self, index: int, array: Array, *, bounded: bool) -> int:
        place = (index, "bounded" if bounded else "")
        if place not in self._places:
            self._places[place] = self._pack.vertices(array, normalized=self._is_normalized(index), bounded=bounded)
        return self._places[place]

    def _indices(self, index: object, count: int) -> tuple[int, int]:
        """The accessor of the indices, and how many there are."""
        array = self._array(index)
        if array.shape[1] != 1 or array.dtype.kind != "u":
            raise ValueError("indices that are no whole numbers")
        if array.max() >= count:
            raise MediaRefused(f"a model whose faces name vertex {array.max():,} of {count:,}", "repair the mesh")
        place = (whole(index), "indices")
        if place not in self._places:
            self._places[place] = self._pack.indices(array)
        return self._places[place], len(array)

    def _corners(self, index: object) -> Array:
        array = self._array(index)
        if self._is_normalized(index) and array.dtype.kind != "f":
            return np.maximum(array / np.iinfo(array.dtype).max, -1.0)
        return array.astype(np.float64)

    def _is_normalized(self, index: object) -> bool:
        return self._document.one("accessors", index).get("normalized", False) is True

    def _array(self, index: object) -> Array:
        key = whole(index)
        if key not in self._arrays:
            self._arrays[key] = self._document.array(key)
        return self._arrays[key]
