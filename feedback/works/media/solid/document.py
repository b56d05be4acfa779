"""Reads a glTF document, trusting nothing that it says of itself."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback.works.media.limits import MediaLimits, MediaRefused
from feedback.works.media.solid.glb import Json

type Array = NDArray[Any]

COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
SHAPES = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
QUANTIZED = "KHR_mesh_quantization"
_SELF_CONTAINED = "export it as one self-contained GLB"


class Document:
    """A glTF document with its bytes. What it refers to is looked up here, within bounds and limits."""

    def __init__(self, document: Json, binary: bytes, limits: MediaLimits) -> None:
        self._document = document
        self._binary = binary
        self._limits = limits
        self._unpacked = 0
        self._check()

    def _check(self) -> None:
        version = str(self._document["asset"].get("version", ""))
        if not version.startswith("2."):
            raise MediaRefused(f"glTF of version {version or 'unknown'}", "export it as glTF 2.0")
        for name in self._document.get("extensionsRequired", []):
            known = name in {QUANTIZED, "KHR_texture_transform"} or str(name).startswith("KHR_materials_")
            if not known:
                raise MediaRefused(
                    f"a model that needs the extension {str(name)[:60]}", f"{_SELF_CONTAINED}, without it"
                )
        for one in [*self.all("buffers"), *self.all("images")]:
            if "uri" in one:
                raise MediaRefused("a model that refers to something outside its own bytes", _SELF_CONTAINED)
        for buffer in self.all("buffers")[:1]:
            if whole(buffer["byteLength"]) > len(self._binary):
                raise ValueError(f"{buffer['byteLength']:,} bytes are announced and {len(self._binary):,} are there")
        for kind in ("nodes", "meshes", "materials", "skins"):
            if len(self.all(kind)) > self._limits.nodes:
                raise MediaRefused(
                    f"a model of {len(self.all(kind)):,} {kind}", f"at most {self._limits.nodes:,} are taken"
                )

    def all(self, kind: str) -> list[Json]:
        found: list[Json] = self._document.get(kind, [])
        return found

    def one(self, kind: str, index: object) -> Json:
        """The item that an index points to."""
        items = self.all(kind)
        if whole(index) >= len(items):
            raise ValueError(f"{kind} has no item {index}")
        return items[whole(index)]

    @property
    def roots(self) -> list[int]:
        """The nodes at the top of what is shown first."""
        scenes = self.all("scenes")
        if scenes:
            return [whole(node) for node in self.one("scenes", self._document.get("scene", 0)).get("nodes", [])]
        children = {child for node in self.all("nodes") for child in node.get("children", [])}
        return [number for number in range(len(self.all("nodes"))) if number not in children]

    def view(self, index: object) -> memoryview:
        """The bytes of a buffer view."""
        view = self.one("bufferViews", index)
        if whole(view["buffer"]) != 0:
            raise MediaRefused("a model of several buffers", _SELF_CONTAINED)
        start, length = whole(view.get("byteOffset", 0)), whole(view["byteLength"])
        if start + length > len(self._binary):
            raise ValueError(f"a view of the bytes {start:,} to {start + length:,} of {len(self._binary):,}")
        return memoryview(self._binary)[start : start + length]

    def array(self, index: object) -> Array:
        """What an accessor stands for, one row for each element, sparse ones filled in."""
        accessor = self.one("accessors", index)
        columns, kind = SHAPES[accessor["type"]], np.dtype(COMPONENTS[accessor["componentType"]])
        count = whole(accessor["count"])
        self._unpacked += count * columns * kind.itemsize
        if self._unpacked > self._limits.solid_bytes:
            raise MediaRefused("a model of too many vertices", f"at most {self._limits.solid_bytes:,} bytes are taken")
        if "bufferView" in accessor:
            array = self._strided(accessor, count, columns, kind)
        else:
            array = np.zeros((count, columns), kind)
        if "sparse" in accessor:
            self._fill(array, accessor["sparse"])
        if kind.kind == "f" and not np.isfinite(array).all():
            raise MediaRefused("a model with vertices that are no numbers (NaN or infinity)", "repair the mesh")
        return array

    def _strided(self, accessor: Json, count: int, columns: int, kind: np.dtype[Any]) -> Array:
        data = self.view(accessor["bufferView"])
        start, size = whole(accessor.get("byteOffset", 0)), columns * kind.itemsize
        stride = whole(self.one("bufferViews", accessor["bufferView"]).get("byteStride", 0)) or size
        end = start + (count - 1) * stride + size
        if count < 1 or stride < size or end > len(data):
            raise ValueError(f"an accessor reaches to byte {end:,} of {len(data):,}")
        return np.ndarray((count, columns), kind, data, start, (stride, kind.itemsize)).copy()

    def _fill(self, array: Array, sparse: Json) -> None:
        count, where, what = whole(sparse["count"]), sparse["indices"], sparse["values"]
        if not 1 <= count <= len(array):
            raise ValueError("more sparse elements than elements")
        kind = np.dtype(COMPONENTS[where["componentType"]])
        indices = self._strided(where, count, 1, kind)[:, 0]
        array[indices] = self._strided(what, count, array.shape[1], array.dtype)


def whole(value: object) -> int:
    """A whole number from nought; raises ValueError for anything else, such as an index counted from the end."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{value!r:.40} where a whole number is expected")
    return value


def numbers(value: object, count: int | None = None) -> Any:
    """A number, a yes or no, or a short list of numbers, as it is."""
    each = value if isinstance(value, list) else [value]
    sound = all(isinstance(one, int | float) and math.isfinite(one) for one in each)
    if not sound or len(each) > 64 or (count is not None and len(each) != count):
        raise ValueError(f"{str(value)[:40]!r} where {count or 'some'} numbers are expected")
    return value
