"""Follows rays from the camera to surfaces, and on through glass and mirrors; knows nothing of light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .matter import Array
from .shapes import Solid, dot, unit
from .stage import Setting, Stage

NOWHERE, FLOOR, WALL, BEYOND, FIRST_SOLID = 0, 1, 2, 3, 4
FAR = np.float32(60.0)
NEAR = np.float32(0.004)
GLASS_INDEX = 1.46


@dataclass(frozen=True, slots=True)
class Branch:
    """What is also seen at some points of a surface, by reflection or through glass."""

    where: NDArray[np.intp]
    weight: Array
    surface: Surface
    faint: bool = False  # so weak that shadows on the floor and wall in it may be left out


@dataclass(frozen=True, slots=True)
class Surface:
    """The points that a bundle of rays sees, and all that light needs to know about them."""

    name: NDArray[np.int16]
    point: Array
    normal: Array
    toward: Array  # the rays' directions, pointing away from the eye
    albedo: Array
    gloss: Array
    rough: Array
    glow: Array
    openness: Array  # 1 in the open, towards 0 in corners
    bleed: Array  # colour that neighbours would cast here under a light of one
    branches: tuple[Branch, ...]


def see(setting: Setting, origin: Array, toward: Array, *, depth: int = 0) -> Surface:
    """The surface that these rays meet first, with what it mirrors or lets through."""
    name, distance = nearest(setting, origin, toward)
    point = origin + toward * distance
    normal, albedo = np.zeros_like(point), np.zeros_like(point)
    gloss, rough, glow = np.zeros_like(distance), np.full_like(distance, 0.5), np.zeros_like(distance)
    stage, solids = setting.stage, setting.solids
    beyond = name == BEYOND
    if stage.doorway is not None and beyond.any():
        albedo[:, beyond], normal[2, beyond] = np.array(stage.doorway.beyond, np.float32)[:, None], 1.0
        glow[beyond] = -1.0  # lit by whatever is out there
    for key, matter in ((FLOOR, stage.floor), (WALL, stage.wall)):
        at = np.flatnonzero(name == key)
        if at.size:
            albedo[:, at] = matter.paint(point[:, at])
            gloss[at], rough[at] = matter.gloss, matter.rough
            normal[:, at] = _stage_normals(stage, point[:, at])
    for number, solid in enumerate(solids):
        at = np.flatnonzero(name == FIRST_SOLID + number)
        if at.size:
            normal[:, at] = solid.normals(point[:, at])
            albedo[:, at] = solid.matter.paint(solid.local(point[:, at])) if solid.matter.glass is None else 0.0
            gloss[at], rough[at], glow[at] = solid.matter.gloss, solid.matter.rough, solid.matter.glow
    openness, bleed = np.ones_like(distance), np.zeros_like(point)
    if depth == 0:
        openness, bleed = _surroundings(setting, name, point, normal)
    branches = tuple(_branches(setting, name, point, normal, toward, depth=depth)) if depth < 2 else ()
    return Surface(name, point, normal, toward, albedo, gloss, rough, glow, openness, bleed, branches)


def nearest(setting: Setting, origin: Array, toward: Array, *, without: int = -1) -> tuple[NDArray[np.int16], Array]:
    """Which thing each ray meets first, and how far away; one solid can be left out."""
    name, distance = _meet_stage(setting.stage, origin, toward)
    for number, solid in enumerate(setting.solids):
        if number != without:
            at, t = march(solid, origin, toward, distance)
            name[at], distance[at] = FIRST_SOLID + number, t
    return name, distance


def march(solid: Solid, origin: Array, toward: Array, limit: Array) -> tuple[NDArray[np.intp], Array]:
    """Step along those rays that may meet the solid; return the indices of those that do, and how far away."""
    offset = origin - np.array(solid.centre, np.float32)[:, None]
    along, apart = -dot(offset, toward), dot(offset, offset)
    chord = along * along - apart + np.float32(solid.reach) ** 2
    at = np.flatnonzero((chord > 0) & (along + np.sqrt(np.maximum(chord, 0)) > NEAR))
    half = np.sqrt(chord[at])
    t, end = np.maximum(along[at] - half, NEAR), np.minimum(along[at] + half, limit[at])
    o, d = solid.local_direction(offset[:, at]), solid.local_direction(toward[:, at])
    met_at, met_t = [at[:0]], [t[:0]]
    for _ in range(10):
        if not at.size:
            break
        for _ in range(7):
            h = solid.field(o + d * t)
            t = t + h * np.float32(0.96)
        met = (np.abs(h) < 0.0012) & (t < end)
        met_at.append(at[met])
        met_t.append(t[met])
        keep = np.flatnonzero(~met & (t < end))
        at, t, end, o, d = at[keep], t[keep], end[keep], o[:, keep], d[:, keep]
    return np.concatenate(met_at), np.concatenate(met_t)


def _meet_stage(stage: Stage, origin: Array, toward: Array) -> tuple[NDArray[np.int16], Array]:
    name = np.zeros(origin.shape[1], np.int16)
    distance = np.full(origin.shape[1], FAR, np.float32)
    cove, wall = np.float32(stage.cove), np.float32(-stage.depth)
    with np.errstate(divide="ignore", invalid="ignore"):  # rays along a plane never meet it
        t_floor, t_wall = -origin[1] / toward[1], (wall - origin[2]) / toward[2]
    floor = (toward[1] < 0) & (t_floor > NEAR) & (origin[2] + toward[2] * t_floor >= wall + cove)
    name[floor], distance[floor] = FLOOR, t_floor[floor]
    up = origin[1] + toward[1] * t_wall
    back = (toward[2] < 0) & (t_wall > NEAR) & (up >= cove) & (t_wall < distance)
    if stage.doorway is not None:
        side = origin[0] + toward[0] * t_wall
        gap = back & (side > stage.doorway.left) & (side < stage.doorway.right) & (up < stage.doorway.top)
        back &= ~gap
        seen = gap & ((toward[1] >= 0) | (t_floor > t_wall))
        name[seen], distance[seen] = BEYOND, t_wall[seen] + np.float32(3)
        low = seen & (toward[1] < 0) & (t_floor < t_wall + np.float32(3))
        name[low], distance[low] = FLOOR, t_floor[low]
    name[back], distance[back] = WALL, t_wall[back]
    if stage.cove:
        bend = np.flatnonzero(name == NOWHERE)
        y, z = origin[1, bend] - cove, origin[2, bend] - wall - cove
        dy, dz = toward[1, bend], toward[2, bend]
        a, b, c = dy * dy + dz * dz, dy * y + dz * z, y * y + z * z - cove * cove
        t = (-b + np.sqrt(np.maximum(b * b - a * c, 0))) / np.maximum(a, np.float32(1e-12))
        met = (t > NEAR) & (dz < 0) & (y + dy * t <= 0)
        name[bend[met]], distance[bend[met]] = FLOOR, t[met]
    return name, distance


def _stage_normals(stage: Stage, point: Array) -> Array:
    """Up on the floor, forward on the wall, and turning from one to the other in the cove."""
    cove, wall = max(stage.cove, 1e-3), -stage.depth
    normal = np.zeros_like(point)
    normal[1] = np.clip((cove - point[1]) / cove, 0, 1)
    normal[2] = np.clip((wall + cove - point[2]) / cove, 0, 1)
    if not stage.cove:
        on_wall = point[2] < wall + 1e-3
        normal[1], normal[2] = ~on_wall, on_wall
        normal[1, point[1] < 1e-3], normal[2, point[1] < 1e-3] = 1.0, 0.0
    return unit(normal)


def _surroundings(setting: Setting, name: NDArray[np.int16], point: Array, normal: Array) -> tuple[Array, Array]:
    """How open each point lies, and the colour that solids nearby would cast on it."""
    reaches = [np.float32(r) for r in (0.06, 0.16, 0.4)]
    wall = point[2] + np.float32(setting.stage.depth)
    gaps = [np.minimum(point[1] + normal[1] * r, wall + normal[2] * r) for r in reaches]
    if setting.stage.doorway is not None:
        gaps = [np.where(wall < 0, r, gap) for gap, r in zip(gaps, reaches, strict=True)]
    if setting.stage.cove:
        gaps = [np.full_like(wall, r) for r in reaches]
    bleed = np.zeros_like(point)
    for number, solid in enumerate(setting.solids):
        offset = np.array(solid.centre, np.float32)[:, None] - point
        apart = dot(offset, offset)
        if solid.matter.glow == 0 and solid.matter.glass is None:
            other = np.flatnonzero((name != FIRST_SOLID + number) & (apart < (solid.reach * 5) ** 2))
            near = apart[other]
            facing = np.maximum(dot(offset[:, other], normal[:, other]), 0) / np.sqrt(near)
            colour = solid.matter.paint(np.zeros((3, 1), np.float32))
            bleed[:, other] += colour * (facing * np.minimum(np.float32(solid.reach * 0.7) ** 2 / near, 1))
        at = np.flatnonzero(apart < (solid.reach + 0.4) ** 2)
        if at.size and solid.matter.glass is None and solid.casts:
            base, direction = solid.local(point[:, at]), solid.local_direction(normal[:, at])
            for gap, r in zip(gaps, reaches, strict=True):
                gap[at] = np.minimum(gap[at], solid.field(base + direction * r))
    weights = zip(gaps, reaches, (0.3, 0.35, 0.35), strict=True)
    openness = 1 - sum(np.float32(w) * np.clip(1 - gap / r, 0, 1) for gap, r, w in weights)
    return np.asarray(openness, np.float32), bleed


def _branches(
    setting: Setting, name: NDArray[np.int16], point: Array, normal: Array, toward: Array, *, depth: int
) -> list[Branch]:
    found = []
    stage = setting.stage
    matters = {FLOOR: stage.floor, WALL: stage.wall}
    matters |= {FIRST_SOLID + number: solid.matter for number, solid in enumerate(setting.solids)}
    for key, matter in matters.items():
        if not (matter.mirrors or matter.glass):
            continue
        at = np.flatnonzero(name == key)
        if not at.size:
            continue
        p, n, d = point[:, at], normal[:, at], toward[:, at]
        facing = np.clip(-dot(n, d), 0, 1)
        shine = fresnel(np.float32(matter.gloss), facing)
        if matter.mirrors:
            away = unit(d + n * (2 * facing))
            seen = see(setting, p + n * np.float32(0.006), away, depth=depth + 1)
            found.append(Branch(at, np.broadcast_to(shine, p.shape), seen, faint=True))
        if matter.glass is not None:
            number = key - FIRST_SOLID
            leave, away, tint = _through(setting.solids[number], matter.glass, p, n, d, facing=facing)
            seen = see(setting, leave, away, depth=depth + 1)
            found.append(Branch(at, tint * (1 - shine), seen))
    return found


def fresnel(gloss: Array | np.float32, facing: Array) -> Array:
    """The share of light a surface mirrors, more at grazing angles."""
    share: Array = gloss + (1 - gloss) * (1 - facing) ** 5
    return np.where(gloss > 0, share, np.float32(0)).astype(np.float32)


def _through(
    solid: Solid, tint: tuple[float, float, float], point: Array, normal: Array, toward: Array, *, facing: Array
) -> tuple[Array, Array, Array]:
    """Where and in which direction rays leave a glass body, and the colour they keep."""
    inside = _refract(toward, normal, facing, 1 / GLASS_INDEX)
    o, d = solid.local(point - normal * np.float32(0.004)), solid.local_direction(inside)
    t = np.zeros_like(facing)
    for _ in range(28):
        t += np.maximum(-solid.field(o + d * t), np.float32(0.0008))
        t = np.minimum(t, np.float32(2 * solid.reach))
    leave = point + inside * t
    out = -solid.normals(leave)
    straight = np.clip(-dot(out, inside), 0, 1)
    away = unit(_refract(inside, out, straight, GLASS_INDEX))
    keep: Array = np.array(tint, np.float32)[:, None] ** t
    return leave + away * np.float32(0.012), away, keep


def _refract(toward: Array, normal: Array, facing: Array, ratio: float) -> Array:
    """Bend rays at a boundary; where nothing passes, mirror them."""
    bend = 1 - np.float32(ratio * ratio) * (1 - facing * facing)
    through = np.float32(ratio) * toward + (np.float32(ratio) * facing - np.sqrt(np.maximum(bend, 0))) * normal
    return np.where(bend > 0, through, toward + 2 * facing * normal).astype(np.float32)
