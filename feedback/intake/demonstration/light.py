"""Lights a seen surface: soft shadows, highlights, fill, bounce, and what shines through or mirrors."""

from dataclasses import dataclass

import numpy as np

from .matter import Colour
from .shapes import Array, Solid, dot, unit
from .stage import Gate, Point, Setting
from .tracer import BEYOND, FLOOR, NOWHERE, Surface, fresnel

STEPS = 18


@dataclass(frozen=True, slots=True)
class Light:
    """A ball or panel of light; `colour` is what arrives at the focus of the scene."""

    position: Point
    radius: float
    colour: Colour
    shadows: bool = True
    gate: Gate | None = None
    shine: float = 1.0  # strength of its highlights
    square: bool = False  # highlights look like a window


@dataclass(frozen=True, slots=True)
class Lighting:
    """Everything about the light of one picture."""

    lights: tuple[Light, ...]
    sky: Colour
    ground: Colour
    bounce: float = 0.3
    glow: float = 0.0  # of lamps in the picture
    beyond: float = 0.2  # of what lies outside an open door
    exposure: float = 1.0
    clips: bool = False
    cast: Colour = (1.0, 1.0, 1.0)
    bloom: float = 0.0
    halo: float = 0.0  # a glow that nothing gives off


def shade(setting: Setting, surface: Surface, lighting: Lighting) -> Array:
    """The light that comes back along each ray, linear, shape (3, n)."""
    facing = np.clip(-dot(surface.normal, surface.toward), 0, 1)
    mirror = surface.toward + surface.normal * (2 * facing)
    shine = fresnel(surface.gloss, facing)
    height = surface.normal[1] * np.float32(0.5) + np.float32(0.5)
    arriving = (_column(lighting.ground) + (_column(lighting.sky) - _column(lighting.ground)) * height) * surface.openness
    brightest = np.max([light.colour for light in lighting.lights], axis=0).astype(np.float32)[:, None]
    arriving += surface.bleed * brightest * np.float32(lighting.bounce)
    above = np.clip(mirror[1] * np.float32(0.5) + np.float32(0.5), 0, 1)
    room = _column(lighting.ground) + (_column(lighting.sky) - _column(lighting.ground)) * above
    traced = np.zeros(facing.shape, bool)
    for branch in surface.branches:
        traced[branch.where] = True
    shining = room * (shine * surface.openness * np.where(traced, np.float32(0), np.float32(0.8)))
    for light in lighting.lights:
        _add_light(setting, surface, light, mirror, shine, arriving, shining)
    colour = surface.albedo * (1 - shine) * arriving + shining
    _add_glow(setting, surface, lighting, colour)
    for branch in surface.branches:
        colour[:, branch.where] += branch.weight * shade(setting, branch.surface, lighting)
    nowhere = surface.name == NOWHERE
    if nowhere.any():
        colour[:, nowhere] = room[:, nowhere] * 0 + _sky(lighting, surface.toward[:, nowhere])
    return colour


def _column(colour: Colour) -> Array:
    return np.array(colour, np.float32)[:, None]


def _sky(lighting: Lighting, toward: Array) -> Array:
    """What a ray sees that leaves the set: the room behind the camera."""
    height = np.clip(toward[1] * np.float32(0.6) + np.float32(0.5), 0, 1)
    seen: Array = _column(lighting.ground) + (_column(lighting.sky) - _column(lighting.ground)) * height
    for light in lighting.lights:
        if light.gate is None and light.shine:
            line = unit(_column(light.position))
            seen += _column(light.colour) * np.clip((dot(line * np.ones_like(toward), toward) - 0.93) * 20, 0, 1) * light.shine
    return seen


def _add_glow(setting: Setting, surface: Surface, lighting: Lighting, colour: Array) -> None:
    lamp = np.flatnonzero(surface.glow > 0)
    if lamp.size:
        edge = np.clip(-dot(surface.normal[:, lamp], surface.toward[:, lamp]), 0, 1)
        warm = _column(setting.source.colour)
        colour[:, lamp] += warm * (surface.glow[lamp] * np.float32(lighting.glow) * (np.float32(0.55) + np.float32(0.45) * edge))
    outside = np.flatnonzero(surface.name == BEYOND)
    if outside.size:
        rise = np.clip(1.15 - 0.12 * surface.point[1, outside], 0, 2)
        colour[:, outside] = surface.albedo[:, outside] * np.float32(lighting.beyond) * rise


def _add_light(
    setting: Setting, surface: Surface, light: Light, mirror: Array, shine: Array, arriving: Array, shining: Array
) -> None:
    """Add one light to what arrives at the surface and to what it mirrors."""
    line = _column(light.position) - surface.point
    far = np.sqrt(dot(line, line))
    line /= far
    reference = np.linalg.norm(np.subtract(light.position, setting.focus))
    wide = np.float32(light.radius) / far
    slope = dot(surface.normal, line)
    falling = np.where(np.abs(slope) < wide, (slope + wide) ** 2 / (4 * wide), np.maximum(slope, 0))
    falling *= np.minimum((np.float32(reference) / far) ** 2, np.float32(6))
    at = np.flatnonzero(falling > 0.002)
    if not at.size:
        return
    passing = np.ones((3, at.size), np.float32)
    if light.shadows:
        passing *= _shadow(setting.solids, surface.point[:, at] + surface.normal[:, at] * np.float32(0.008), line[:, at], far[at], wide[at])
    if light.gate is not None:
        passing *= passed(light.gate, surface.point[:, at], line[:, at], far[at], light.radius)
    received = passing * _column(light.colour)
    arriving[:, at] += received * falling[at]
    if light.shine:
        glance = _highlight(line[:, at], wide[at], surface.rough[at], mirror[:, at], square=light.square)
        shining[:, at] += received * (glance * shine[at] * np.float32(light.shine))


def _highlight(line: Array, wide: Array, rough: Array, mirror: Array, *, square: bool) -> Array:
    """How brightly the light is seen in the surface: its shape, blurred and dimmed by roughness."""
    blur = rough * np.float32(0.5)
    size = np.minimum(wide, np.float32(0.35))
    strength = np.float32(1.2) / ((size + blur) ** 2 * np.float32(3.0) + np.float32(0.02))
    if not square:
        angle = np.sqrt(np.maximum(2 - 2 * dot(line, mirror), 0))
        return _soft_step(size + blur - angle, blur + np.float32(0.01)) * strength
    right = unit(np.stack([line[2], np.zeros_like(line[0]), -line[0]]))
    up = np.stack([line[1] * right[2], line[2] * right[0] - line[0] * right[2], -line[1] * right[0]])
    a, b = dot(right, mirror), dot(up, mirror)
    edge = blur + np.float32(0.012)
    shape = _soft_step(size - np.abs(a), edge) * _soft_step(size * np.float32(1.25) - np.abs(b), edge)
    bars = (1 - _soft_step(size * np.float32(0.07) - np.abs(a), edge)) * (1 - _soft_step(size * np.float32(0.07) - np.abs(b), edge))
    return shape * bars * (dot(line, mirror) > 0) * strength


def _soft_step(x: Array, edge: Array) -> Array:
    t = np.clip(x / edge * np.float32(0.5) + np.float32(0.5), 0, 1)
    step: Array = t * t * (3 - 2 * t)
    return step


def _shadow(solids: tuple[Solid, ...], point: Array, line: Array, far: Array, wide: Array) -> Array:
    """The share of each colour of a round light that passes the solids on its way to each point."""
    clear = np.ones(far.shape, np.float32)
    tinted = np.ones(point.shape, np.float32)
    for solid in solids:
        if not solid.casts:
            continue
        offset = np.array(solid.centre, np.float32)[:, None] - point
        along = dot(offset, line)
        aside = dot(offset, offset) - along * along
        reach = np.float32(solid.reach) + wide * np.maximum(along, 0)
        at = np.flatnonzero((aside < reach * reach) & (along > -solid.reach) & (along < far + np.float32(solid.reach)))
        if not at.size:
            continue
        free, deep = _pass(solid, offset[:, at], line[:, at], along[at], reach[at], far[at], wide[at])
        if solid.matter.glass is None:
            clear[at] = np.minimum(clear[at], free)
        else:
            focus = np.float32(0.25) + np.float32(1.5) * np.clip(deep, 0, 1) ** 2
            colour = _column(solid.matter.glass) ** np.float32(solid.reach) * focus
            tinted[:, at] *= free + (1 - free) * colour
    return tinted * _rounded(clear)


def _pass(
    solid: Solid, offset: Array, line: Array, along: Array, reach: Array, far: Array, wide: Array
) -> tuple[Array, Array]:
    """How freely rays pass one solid, −1 … 1, and how deep they go into it as a share of its reach."""
    o, d = -solid.local_direction(offset), solid.local_direction(line)
    t = np.maximum(along - reach, np.float32(0.02))
    end = np.minimum(along + reach, far)
    free = np.ones_like(t)
    deepest = np.zeros_like(t)
    least, most = np.float32(solid.reach / 14), np.float32(solid.reach / 2.5)
    for _ in range(STEPS):
        h = solid.field(o + d * t)
        live = t < end
        free = np.where(live, np.minimum(free, h / (wide * t + np.float32(1e-4))), free)
        if solid.matter.glass is not None:
            deepest = np.where(live, np.maximum(deepest, -h), deepest)
        t += np.clip(np.abs(h), least, most)
    if solid.matter.glass is not None:
        return _rounded(np.maximum(free, -1)), deepest * np.float32(2.2 / solid.reach)
    return np.maximum(free, -1), deepest


def _rounded(free: Array) -> Array:
    """The visible share of a round light whose middle is this far clear of an edge."""
    share: Array = np.float32(0.25) * (1 + free) ** 2 * (2 - free)
    return share


def passed(gate: Gate, point: Array, line: Array, far: Array, radius: float) -> Array:
    """The share of a round light that reaches each point through the gate."""
    right, up = _column(gate.right), _column(gate.up)
    ahead = np.cross(gate.right, gate.up).astype(np.float32)[:, None]
    slope = dot(ahead, line)
    offset = _column(gate.centre) - point
    t = dot(ahead, offset) / np.where(np.abs(slope) < 1e-5, np.float32(1e-5), slope)
    between = (t > 0) & (t < far)
    meet = line * t - offset
    a, b = dot(right, meet) / np.float32(gate.width), dot(up, meet) / np.float32(gate.height)
    blur = np.maximum(np.float32(radius) * t / far, np.float32(1e-3))
    open_ = _span(a, blur / np.float32(gate.width), gate.bars[0], 0.94)
    if gate.slats:
        open_ *= _span(b, blur / np.float32(gate.height), gate.slats, gate.open)
    else:
        open_ *= _span(b, blur / np.float32(gate.height), gate.bars[1], 0.94)
    return np.where(between, open_, np.float32(1)).astype(np.float32)


def _span(x: Array, blur: Array, count: int, open_: float) -> Array:
    """The open share of −½ … ½ between x − blur and x + blur, when it is cut into `count` panes."""
    share = (_opened(x + blur, count, open_) - _opened(x - blur, count, open_)) / (2 * blur)
    return np.clip(share, 0, 1)


def _opened(x: Array, count: int, open_: float) -> Array:
    """How much lies open between −½ and x."""
    y = np.clip((x + np.float32(0.5)) * count, 0, count)
    whole = np.minimum(np.floor(y), count - 1)
    edge = np.float32((1 - open_) / 2)
    opened: Array = (whole * np.float32(open_) + np.clip(y - whole - edge, 0, np.float32(open_))) / count
    return opened


__all__ = ["FLOOR", "Light", "Lighting", "passed", "shade"]
