"""Lays arrays and images one after the other into the bytes of a new model."""

from typing import Any

import numpy as np

from feedback.works.media.solid.document import COMPONENTS, SHAPES, Array
from feedback.works.media.solid.glb import Json

_CODES = {np.dtype(name): code for code, name in COMPONENTS.items()}
_TYPES = {columns: name for name, columns in SHAPES.items()}
_VERTICES, _INDICES = 34962, 34963


class Pack:
    """The buffer views and accessors of a new model, and the bytes they speak of."""

    def __init__(self) -> None:
        self.views: list[Json] = []
        self.accessors: list[Json] = []
        self._parts: list[bytes] = []
        self._length = 0

    @property
    def binary(self) -> bytes:
        return b"".join(self._parts)

    def vertices(self, array: Array, *, normalized: bool, bounded: bool) -> int:
        """An accessor of an attribute; each element begins at a multiple of four bytes."""
        size = array.shape[1] * array.itemsize
        view: Json = {"target": _VERTICES}
        rows = array.view(np.uint8).reshape(len(array), size)
        if size % 4:
            rows = np.pad(rows, ((0, 0), (0, -size % 4)))
        if rows.shape[1] != size:
            view["byteStride"] = rows.shape[1]
        extra: Json = {"normalized": True} if normalized else {}
        if bounded:
            extra |= {"min": array.min(axis=0).tolist(), "max": array.max(axis=0).tolist()}
        return self._accessor(array, self.bytes(rows.tobytes(), **view), **extra)

    def indices(self, array: Array) -> int:
        return self._accessor(array, self.bytes(array.tobytes(), target=_INDICES))

    def matrices(self, array: Array) -> int:
        return self._accessor(array, self.bytes(array.tobytes()))

    def bytes(self, data: bytes, **fields: Any) -> int:
        """A view of these bytes."""
        self.views.append({"buffer": 0, "byteOffset": self._length, "byteLength": len(data), **fields})
        self._parts += [data, bytes(-len(data) % 4)]
        self._length += len(data) + -len(data) % 4
        return len(self.views) - 1

    def _accessor(self, array: Array, view: int, **fields: Any) -> int:
        kind = {"componentType": _CODES[array.dtype], "type": _TYPES[array.shape[1]]}
        self.accessors.append({"bufferView": view, "count": len(array), **kind, **fields})
        return len(self.accessors) - 1
