"""How much of a light reaches a point: past solids, tinted by glass, and through the panes of a gate."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .matter import Array
from .shapes import Solid, dot
from .stage import Gate

STEPS = 18
ABRUPT = 0.12  # where four corners differ more than this, the middle is worked out and not mixed

type Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Mesh:
    """Lets shadows be worked out at every second pixel and mixed between, where the surface is smooth."""

    first: Indices  # pixels to work out: every second one, and all near an edge
    rest: Indices  # pixels to mix
    corners: Indices  # (4, rest): the pixels to mix from

    @classmethod
    def over(cls, uneven: NDArray[np.bool_]) -> "Mesh":
        """A mesh over a picture, given the pixels where its surface is not smooth."""
        rows, columns = uneven.shape
        row, column = np.mgrid[0:rows, 0:columns]
        kept = uneven | ((row % 2 == 0) & (column % 2 == 0))
        kept[-1] = kept[:, -1] = True
        near = uneven.copy()
        near[1:] |= uneven[:-1]
        near[:-1] |= uneven[1:]
        near[:, 1:] |= near[:, :-1].copy()
        near[:, :-1] |= near[:, 1:].copy()
        kept |= near
        row, column = row[~kept], column[~kept]
        up, left = row & ~1, column & ~1
        down, right = np.minimum(up + 2 * (row & 1), rows - 1), np.minimum(left + 2 * (column & 1), columns - 1)
        corners = np.stack([up * columns + left, up * columns + right, down * columns + left, down * columns + right])
        return cls(np.flatnonzero(kept), np.flatnonzero(~kept), corners)

    def fill(self, count: int, rule: Callable[[Indices], Array]) -> Array:
        """Apply the rule where needed and mix the rest; the result has shape (channels, count)."""
        known = rule(self.first)
        result = np.empty((len(known), count), np.float32)
        result[:, self.first] = known
        values = result[:, self.corners]
        result[:, self.rest] = values.mean(axis=1)
        spread = (values.max(axis=1) - values.min(axis=1)).max(axis=0)
        again = self.rest[spread > ABRUPT]
        if again.size:
            result[:, again] = rule(again)
        return result


def past_solids(solids: tuple[Solid, ...], point: Array, line: Array, far: Array, wide: Array) -> Array:
    """The share of a round light that passes the solids; shape (1, n), or (3, n) when one of them is glass."""
    tinted = np.ones((3 if any(solid.matter.glass for solid in solids) else 1, far.size), np.float32)
    clear = np.ones(far.shape, np.float32)
    for solid in _between(solids, point, line, far, wide):
        offset = np.array(solid.centre, np.float32)[:, None] - point
        along = dot(offset, line)
        aside = dot(offset, offset) - along * along
        reach = (np.float32(solid.reach) + wide * np.maximum(along, 0)) / np.sqrt(np.maximum(1 - wide * wide, 0.2))
        at = np.flatnonzero((aside < reach * reach) & (along > -solid.reach) & (along < far + np.float32(solid.reach)))
        o, d = -solid.local_direction(offset[:, at]), solid.local_direction(line[:, at])
        if solid.girth is not None:
            near = np.flatnonzero(_passes_axis(o, d, np.float32(solid.girth) + wide[at] * (along[at] + reach[at])))
            at, o, d = at[near], o[:, near], d[:, near]
        if not at.size:
            continue
        free, deep = _pass(solid, o, d, along=along[at], reach=reach[at], far=far[at], wide=wide[at])
        if solid.matter.glass is None:
            clear[at] = np.minimum(clear[at], free)
        else:
            focus = np.float32(0.3) + np.float32(1.6) * np.clip(deep, 0, 1) ** 2
            colour = np.array(solid.matter.glass, np.float32)[:, None] ** np.float32(solid.reach) * focus
            share = _rounded(free)
            tinted[:, at] *= share + (1 - share) * colour
    tinted *= _rounded(clear)
    return tinted


def _between(solids: tuple[Solid, ...], point: Array, line: Array, far: Array, wide: Array) -> list[Solid]:
    """The solids that may stand between the light and any of the points: a quick test on the ball around them."""
    if not far.size:
        return []
    light = point[:, 0] + line[:, 0] * far[0]
    middle = point.mean(axis=1)
    away = point - middle[:, None]
    spread = float(np.sqrt(dot(away, away).max()))
    axis = light - middle
    length = float(np.linalg.norm(axis))
    widest = min(float(wide.max()), 0.8)
    found = []
    for solid in solids:
        offset = np.array(solid.centre, np.float32) - middle
        along = float(offset @ axis) / length
        aside = float(np.sqrt(max(float(offset @ offset) - along * along, 0)))
        reach = (solid.reach + widest * max(along + spread, 0)) / np.sqrt(1 - widest * widest)
        if solid.casts and aside < reach + spread and along > -solid.reach - spread:
            found.append(solid)
    return found


def _passes_axis(o: Array, d: Array, girth: Array) -> NDArray[np.bool_]:
    """Which lines come within that distance of the y axis."""
    across = o[0] * d[2] - o[2] * d[0]
    near: NDArray[np.bool_] = across * across < girth * girth * (d[0] * d[0] + d[2] * d[2])
    return near


def _pass(
    solid: Solid, o: Array, d: Array, *, along: Array, reach: Array, far: Array, wide: Array
) -> tuple[Array, Array]:
    """How clear of one solid each local ray stays, −1 … 1, and how deep it goes in as a share of the solid's reach."""
    quick = solid.quick is not None and float(wide.min()) > 0.03  # a hard shadow would show the table's steps
    t = np.maximum(along - reach, np.float32(0.1 if quick else 0.03))
    end = np.minimum(along + reach * (1 + wide), far)
    field, glass = solid.quick if quick and solid.quick else solid.field, solid.matter.glass is not None
    least, most = np.float32(0.012 if solid.thin else solid.reach / 12), np.float32(solid.reach * 0.7)
    spread = wide * np.float32(0.5 if solid.thin else 1)  # a thin wall has no depth that could darken the inner half
    free, deepest = np.ones_like(t), np.zeros_like(t)
    at, now_free, now_deep = np.arange(t.size), free.copy(), deepest.copy()
    for step in range(2 * STEPS if solid.thin else STEPS):
        p = o + d * t
        h = field(p)
        if solid.thin:  # some thin fields fall short of the true distance
            h = np.maximum(h, np.sqrt(dot(p, p)) - np.float32(solid.reach))
        clearance = h / (spread * t)
        np.minimum(now_free, clearance - 1 if solid.thin else clearance, out=now_free)
        if glass:
            np.maximum(now_deep, -h, out=now_deep)
        t += np.minimum(np.maximum(np.abs(h), least), most)
        if step % 2 == 0:
            live = np.flatnonzero(t < end if glass else (t < end) & (now_free > -1))
            if live.size < 0.8 * at.size:
                free[at], deepest[at] = now_free, now_deep
                at, t, end, spread, o, d = at[live], t[live], end[live], spread[live], o[:, live], d[:, live]
                now_free, now_deep = now_free[live], now_deep[live]
            if not at.size:
                break
    free[at], deepest[at] = now_free, now_deep
    return np.maximum(free, -1), deepest * np.float32(2.2 / solid.reach)


def _rounded(free: Array) -> Array:
    """The visible share of a round light whose middle is this far clear of an edge."""
    share: Array = np.float32(0.25) * (1 + free) ** 2 * (2 - free)
    return share


def through_gate(gate: Gate, point: Array, line: Array, far: Array, radius: float) -> Array:
    """The share of a round light that reaches each point through the gate."""
    right, up, ahead = (
        np.array(axis, np.float32)[:, None] for axis in (gate.right, gate.up, np.cross(gate.right, gate.up))
    )
    slope = dot(ahead, line)
    offset = np.array(gate.centre, np.float32)[:, None] - point
    t = dot(ahead, offset) / np.where(np.abs(slope) < 1e-5, np.float32(1e-5), slope)
    meet = line * t - offset
    a, b = dot(right, meet) / np.float32(gate.width), dot(up, meet) / np.float32(gate.height)
    blur: Array = np.maximum(radius * t / far, np.float32(2e-3))
    opened = _span(a, blur / np.float32(gate.width), 1, 1.0)
    opened *= _span(b, blur / np.float32(gate.height), max(gate.slats, 1), gate.open if gate.slats else 1.0)
    return np.where((t > 0) & (t < far), opened, np.float32(1)).astype(np.float32)


def _span(x: Array, blur: Array, count: int, share: float) -> Array:
    """The open share between x − blur and x + blur when −½ … ½ is cut into `count` panes."""
    opened = _opened(x + blur, count, share) - _opened(x - blur, count, share)
    part: Array = np.clip(opened / (2 * blur), 0, 1)
    return part


def _opened(x: Array, count: int, share: float) -> Array:
    """How much lies open between −½ and x."""
    y = np.clip((x + np.float32(0.5)) * count, 0, count)
    whole = np.minimum(np.floor(y), count - 1)
    edge = np.float32((1 - share) / 2)
    opened: Array = (whole * np.float32(share) + np.clip(y - whole - edge, 0, np.float32(share))) / count
    return opened
