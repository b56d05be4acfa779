"""The nodes of what is shown: a tree, checked to be one, with the place of each in the world."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.works.media.limits import MediaRefused
from feedback.works.media.solid.document import Document, numbers, whole
from feedback.works.media.solid.glb import Json

type Matrix = NDArray[np.float64]

_DEEPEST = 256


@dataclass(frozen=True, slots=True)
class Placed:
    """A node of the original, and where it stands."""

    node: Json
    matrix: Matrix


def placed(document: Document) -> dict[int, Placed]:
    """The nodes reached from the top, by their number in the original, in that order."""
    found: dict[int, Placed] = {}
    waiting = [(root, np.eye(4), 0) for root in document.roots]
    while waiting:
        number, above, depth = waiting.pop()
        if number in found:
            raise MediaRefused(
                "a model whose nodes form a loop, or share a child", "export it again as a tree of nodes"
            )
        if depth > _DEEPEST:
            raise MediaRefused(f"a model whose nodes lie more than {_DEEPEST} deep", "flatten its tree of nodes")
        node = document.one("nodes", number)
        found[number] = Placed(node, above @ _own_matrix(node))
        waiting += [(whole(child), found[number].matrix, depth + 1) for child in node.get("children", [])]
    return dict(sorted(found.items()))


def written(nodes: dict[int, Placed], skins: dict[int, int]) -> list[Json]:
    """The nodes as they are written, numbered anew without gaps."""
    numbers_ = {number: place for place, number in enumerate(nodes)}
    made = []
    for one in nodes.values():
        kept = {key: numbers(one.node[key]) for key in (*_SIZES, "weights") if key in one.node}
        if children := one.node.get("children"):
            kept["children"] = [numbers_[child] for child in children]
        if "mesh" in one.node:
            kept["mesh"] = whole(one.node["mesh"])
            if "skin" in one.node:
                kept["skin"] = skins[whole(one.node["skin"])]
        made.append(kept)
    return made


_SIZES = {"matrix": 16, "translation": 3, "rotation": 4, "scale": 3}


def _own_matrix(node: Json) -> Matrix:
    for key, size in _SIZES.items():
        if key in node:
            numbers(node[key], size)
    if "matrix" in node:
        return np.array(node["matrix"], np.float64).reshape(4, 4).T
    matrix = np.eye(4)
    matrix[:3, :3] = _turn(node.get("rotation", [0, 0, 0, 1])) * np.array(node.get("scale", [1, 1, 1]), np.float64)
    matrix[:3, 3] = node.get("translation", [0, 0, 0])
    return matrix


def _turn(quaternion: list[float]) -> Matrix:
    """The rotation of a unit quaternion x, y, z, w."""
    x, y, z, w = quaternion
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
