"""Lights a seen surface: keys and rims with their highlights, fill, bounce, and what shines through or mirrors."""

from dataclasses import dataclass

import numpy as np

from .matter import Array, Colour
from .shadows import Indices, Mesh, past_solids, through_gate
from .shapes import dot, unit
from .stage import Gate, Point, Setting
from .tracer import BEYOND, FIRST_SOLID, NOWHERE, Surface, fresnel


@dataclass(frozen=True, slots=True)
class Light:
    """A ball or panel of light; `colour` is what arrives at the focus of the scene."""

    position: Point
    radius: float
    colour: Colour
    shadows: bool = True
    everywhere: bool = True  # or on the solids only, as a rim is
    gate: Gate | None = None
    shine: float = 1.0  # strength of its highlights
    square: bool = False  # highlights look like a window


@dataclass(frozen=True, slots=True)
class Lighting:
    """Everything about the light of one picture."""

    lights: tuple[Light, ...]
    sky: Colour
    ground: Colour
    fill: Colour = (0.0, 0.0, 0.0)  # shadowless, from the front, on the side away from the source
    bounce: Colour = (0.0, 0.0, 0.0)  # what neighbours give back
    glow: float = 0.0  # of lamps in the picture
    beyond: float = 0.2  # of what lies outside an open door
    exposure: float = 1.0
    clips: bool = False
    cast: Colour = (1.0, 1.0, 1.0)
    bloom: float = 0.0
    halo: float = 0.0  # a glow that nothing gives off


@dataclass(frozen=True, slots=True)
class _Tally:
    """What has been added up so far for a surface, and what each light needs to add its own."""

    mirror: Array  # where the eye's ray goes on after the surface
    shine: Array  # the share of light that is mirrored
    arriving: Array
    shining: Array


def shade(
    setting: Setting, surface: Surface, lighting: Lighting, mesh: Mesh | None = None, *, faint: bool = False
) -> Array:
    """The light that comes back along each ray, linear, shape (3, n)."""
    facing = np.clip(-dot(surface.normal, surface.toward), 0, 1)
    mirror = surface.toward + surface.normal * (2 * facing)
    shine = fresnel(surface.gloss, facing)
    ground, sky = column(lighting.ground), column(lighting.sky)
    arriving = ground + (sky - ground) * (surface.normal[1] * np.float32(0.5) + np.float32(0.5))
    if any(lighting.fill):
        front = unit(column((-setting.side * 0.7, 0.35, 0.62)))
        arriving += column(lighting.fill) * np.maximum(dot(front, surface.normal) * 0.6 + np.float32(0.4), 0)
    arriving *= surface.openness
    arriving += surface.bleed * column(lighting.bounce)
    room = shine * surface.openness * np.float32(0.8)
    for branch in surface.branches:
        room[branch.where] = 0
    shining = (ground + (sky - ground) * np.clip(mirror[1] * np.float32(0.5) + np.float32(0.5), 0, 1)) * room
    tally = _Tally(mirror, shine, arriving, shining)
    for light in lighting.lights:
        _add_light(setting, surface, light, tally, mesh, faint=faint)
    colour: Array = surface.albedo * (1 - shine) * arriving + shining
    _add_glow(setting, surface, lighting, colour)
    for branch in surface.branches:
        colour[:, branch.where] += branch.weight * shade(setting, branch.surface, lighting, faint=branch.faint)
    return colour


def column(colour: Colour) -> Array:
    """Three numbers as a column, to stand beside an array of shape (3, n)."""
    stood: Array = np.array(colour, np.float32)[:, None]
    return stood


def _add_glow(setting: Setting, surface: Surface, lighting: Lighting, colour: Array) -> None:
    """Add what shines of itself: a lamp, a lit corridor, the room behind the camera."""
    lamp = np.flatnonzero(surface.glow > 0)
    if lamp.size:
        edge = np.clip(-dot(surface.normal[:, lamp], surface.toward[:, lamp]), 0, 1)
        heat = surface.glow[lamp] * np.float32(lighting.glow) * (np.float32(0.4) + np.float32(0.6) * edge)
        colour[:, lamp] += column(setting.source.colour) * heat
    outside = np.flatnonzero(surface.name == BEYOND)
    if outside.size:
        rise = np.clip(np.float32(1.1) - np.float32(0.11) * surface.point[1, outside], 0, 2)
        colour[:, outside] = surface.albedo[:, outside] * np.float32(lighting.beyond) * rise
    nowhere = np.flatnonzero(surface.name == NOWHERE)
    if nowhere.size:
        height = np.clip(surface.toward[1, nowhere] * np.float32(0.6) + np.float32(0.5), 0, 1)
        colour[:, nowhere] = column(lighting.ground) + column(lighting.sky) * height


def _add_light(
    setting: Setting, surface: Surface, light: Light, tally: _Tally, mesh: Mesh | None, *, faint: bool
) -> None:
    """Add one light to what arrives at the surface and to what it mirrors."""
    line = column(light.position) - surface.point
    far = np.sqrt(dot(line, line))
    line /= far
    wide: Array = np.divide(np.float32(light.radius), far)
    slope = dot(surface.normal, line)
    low = np.clip(slope, -wide, wide)  # while the light sets behind the surface's own horizon
    falling = (low + wide) ** 2 / (4 * wide) + np.maximum(slope - wide, 0)
    reference = np.linalg.norm(np.subtract(light.position, setting.focus))
    falling *= np.minimum((np.float32(reference) / far) ** 2, np.float32(6))
    lit = falling > 0.002
    if not light.everywhere:
        lit &= surface.name >= FIRST_SOLID
    if not lit.any():
        return
    at = np.flatnonzero(lit)
    glass = any(solid.matter.glass for solid in setting.solids)

    def passing(where: Indices) -> Array:
        share = np.ones((3 if glass else 1, where.size), np.float32)
        if light.gate is not None:
            share *= through_gate(light.gate, surface.point[:, where], line[:, where], far[where], light.radius)
        chosen = np.flatnonzero((lit & (surface.name >= FIRST_SOLID) if faint else lit)[where])
        some = where[chosen]
        here = surface.point[:, some] + surface.normal[:, some] * np.float32(0.008)
        share[:, chosen] *= past_solids(setting.solids, here, line[:, some], far[some], wide[some])
        return share

    received = column(light.colour) * np.ones((1, at.size), np.float32)
    if light.shadows:
        received *= passing(at) if mesh is None else mesh.fill(far.size, passing)[:, at]
    tally.arriving[:, at] += received * falling[at]
    polished = np.flatnonzero(tally.shine[at] > 0)
    if light.shine and polished.size:
        some = at[polished]
        glance = _highlight(line[:, some], wide[some], surface.rough[some], tally.mirror[:, some], square=light.square)
        tally.shining[:, some] += received[:, polished] * (glance * tally.shine[some] * np.float32(light.shine))


def _highlight(line: Array, wide: Array, rough: Array, mirror: Array, *, square: bool) -> Array:
    """How brightly the light is seen in the surface: its shape, blurred and dimmed by roughness."""
    blur = rough * np.float32(0.5)
    size = np.minimum(wide, np.float32(0.35))
    strength = np.float32(1.2) / ((size + blur) ** 2 * np.float32(3.0) + np.float32(0.02))
    if not square:
        angle = np.sqrt(np.maximum(2 - 2 * dot(line, mirror), 0))
        disc: Array = _soft_step(size + blur - angle, blur + np.float32(0.01)) * strength
        return disc
    right = unit(np.stack([line[2], np.zeros_like(line[0]), -line[0]]))
    up = np.stack([line[1] * right[2], line[2] * right[0] - line[0] * right[2], -line[1] * right[0]])
    a, b = np.abs(dot(right, mirror)), np.abs(dot(up, mirror))
    edge, bar = blur + np.float32(0.012), size * np.float32(0.06)
    pane = _soft_step(size - a, edge) * _soft_step(size * np.float32(1.25) - b, edge)
    frame = (1 - _soft_step(bar - a, edge)) * (1 - _soft_step(bar - b, edge))
    panes: Array = pane * frame * (dot(line, mirror) > 0) * strength
    return panes


def _soft_step(x: Array, edge: Array) -> Array:
    t = np.clip(x / edge * np.float32(0.5) + np.float32(0.5), 0, 1)
    step: Array = t * t * (3 - 2 * t)
    return step
