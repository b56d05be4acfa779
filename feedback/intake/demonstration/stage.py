"""The set of a still life: where the camera stands, the floor and wall, the things, and where its light comes from."""

from dataclasses import dataclass

from .matter import Colour, Matter
from .shapes import Solid

type Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Camera:
    """A long lens on a tripod; `zoom` is the distance at which the picture is as wide as it is far."""

    eye: Point
    look: Point
    zoom: float


@dataclass(frozen=True, slots=True)
class Gate:
    """A rectangular hole in a screen that light must pass, with as many slats across it as wanted."""

    centre: Point
    right: Point  # unit vector along the width
    up: Point  # unit vector along the height
    width: float
    height: float
    slats: int = 0
    open: float = 0.55  # the open share between slats


@dataclass(frozen=True, slots=True)
class Source:
    """Where the light of this scene believably comes from."""

    position: Point
    radius: float
    colour: Colour
    strength: float
    gate: Gate | None = None


@dataclass(frozen=True, slots=True)
class Doorway:
    """A hole in the wall, standing on the floor, and what is seen through it."""

    left: float
    right: float
    top: float
    beyond: Colour


@dataclass(frozen=True, slots=True)
class Stage:
    """A floor at y = 0 that meets a wall at z = −depth, in a curve when `cove` is not nought."""

    floor: Matter
    wall: Matter
    depth: float
    cove: float = 0.0
    doorway: Doorway | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """All that stays the same whatever the light."""

    camera: Camera
    stage: Stage
    solids: tuple[Solid, ...]
    source: Source
    focus: Point = (0.0, 0.5, 0.0)
    side: float = -1.0  # the side the source is on: −1 left, 1 right
    indoors: float = 1.0  # how much light the room itself gives back
