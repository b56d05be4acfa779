"""Solids as signed distance fields: balls, blocks, rods, rings, stones, hulls and anything turned on a lathe."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .matter import Array, Matter

type Field = Callable[[Array], Array]

CELL = 0.0125  # the pitch of a lathe's distance table, in scene units
MARGIN = 0.4  # how far around the body the table reaches


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """A distance field in its own frame, inside a ball of radius `reach`, put somewhere in the scene."""

    field: Field
    reach: float
    matter: Matter
    quick: Field | None = None  # a rougher field that is good enough for soft shadows
    thin: bool = False  # walls that a coarse step would pass
    girth: float | None = None  # of an upright cylinder around the solid, where that is tighter than the ball
    casts: bool = True
    centre: tuple[float, float, float] = (0.0, 0.0, 0.0)
    frame: Array | None = None  # columns are the solid's own axes; None stands for upright

    def at(self, x: float, y: float, z: float, *, tilt: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Self:
        """Put the solid's centre there, turned by degrees about x, then y, then z."""
        return replace(self, centre=(x, y, z), frame=rotation(*tilt) if any(tilt) else None)

    def local(self, points: Array) -> Array:
        """Points of the scene in the solid's own frame."""
        return self.local_direction(points - np.array(self.centre, np.float32)[:, None])

    def local_direction(self, directions: Array) -> Array:
        return directions if self.frame is None else turn(self.frame.T, directions)

    def normals(self, points: Array) -> Array:
        """Unit normals at points of the surface, from four samples of the field around each."""
        inside = self.local(points)
        total: Array = np.zeros_like(inside)
        for corner in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
            step = np.array(corner, np.float32)[:, None]
            total += step * self.field(inside + step * np.float32(0.01))
        return unit(total if self.frame is None else turn(self.frame, total))


def dot(a: Array, b: Array) -> Array:
    """The scalar product of each column of `a` with the same column of `b`."""
    product: Array = a[0] * b[0]
    product += a[1] * b[1]
    product += a[2] * b[2]
    return product


def turn(matrix: Array, a: Array) -> Array:
    """The matrix times each column; a plain loop, for a threaded product costs more and may round otherwise."""
    turned: Array = np.einsum("ij,jn->in", matrix, a)
    return turned


def unit(a: Array) -> Array:
    """Each column at length one."""
    length: Array = np.sqrt(dot(a, a) + np.float32(1e-20))
    scaled: Array = np.divide(a, length)
    return scaled


def rotation(x: float, y: float, z: float) -> Array:
    """The matrix that turns about x, then y, then z, by degrees."""
    matrix = np.eye(3)
    for axis, degrees in enumerate((x, y, z)):
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        i, j = (axis + 1) % 3, (axis + 2) % 3
        step = np.eye(3)
        step[i, i], step[i, j], step[j, i], step[j, j] = c, -s, s, c
        matrix = step @ matrix
    return matrix.astype(np.float32)


def ball(radius: float, matter: Matter) -> Solid:
    """A sphere."""
    return Solid(lambda p: np.sqrt(dot(p, p)) - np.float32(radius), radius, matter)


def block(x: float, y: float, z: float, matter: Matter, *, soft: float = 0.03) -> Solid:
    """A box with these half sides and rounded edges."""
    core = np.array([[x - soft], [y - soft], [z - soft]], np.float32)

    def field(p: Array) -> Array:
        q = np.abs(p) - core
        out = np.maximum(q, 0)
        distance: Array = np.sqrt(dot(out, out)) + np.minimum(q.max(axis=0), 0) - np.float32(soft)
        return distance

    return Solid(field, float(np.hypot(np.hypot(x, y), z)), matter, thin=min(x, y, z) < 0.06)


def rod(radius: float, half: float, matter: Matter, *, soft: float = 0.02) -> Solid:
    """An upright cylinder with rounded rims."""

    def field(p: Array) -> Array:
        a = np.sqrt(p[0] * p[0] + p[2] * p[2]) - np.float32(radius - soft)
        b = np.abs(p[1]) - np.float32(half - soft)
        outside = np.sqrt(np.maximum(a, 0) ** 2 + np.maximum(b, 0) ** 2)
        distance: Array = outside + np.minimum(np.maximum(a, b), 0) - np.float32(soft)
        return distance

    return Solid(field, float(np.hypot(radius, half)), matter, girth=radius)


def ring(radius: float, thickness: float, matter: Matter) -> Solid:
    """A torus lying flat."""

    def field(p: Array) -> Array:
        a = np.sqrt(p[0] * p[0] + p[2] * p[2]) - np.float32(radius)
        distance: Array = np.sqrt(a * a + p[1] * p[1]) - np.float32(thickness)
        return distance

    return Solid(field, radius + thickness, matter)


def arch(x: float, y: float, z: float, hole: float, matter: Matter) -> Solid:
    """A block with a round gate cut through it along z, from below."""
    whole = block(x, y, z, matter).field

    def field(p: Array) -> Array:
        cut = np.float32(hole) - np.sqrt(p[0] * p[0] + (p[1] + np.float32(y)) ** 2)
        distance: Array = np.maximum(whole(p), cut)
        return distance

    return Solid(field, float(np.hypot(np.hypot(x, y), z)), matter)


def hull(length: float, beam: float, depth: float, matter: Matter) -> Solid:
    """A little boat's body, hollowed from above; its deck is at y = 0 and its bow at +x."""
    bow = np.float32(length * 0.5)
    radius = np.float32((length * length / 4 + beam * beam) / (2 * beam))  # of the arcs that bound the deck

    def shell(p: Array, inset: float) -> Array:
        deep = np.clip(-p[1] / np.float32(depth), 0, 1)
        narrow = radius - np.float32(beam) * (1 - np.float32(0.45) * deep * deep) + np.float32(inset)
        side: Array = np.sqrt(p[0] * p[0] + (np.abs(p[2]) + narrow) ** 2) - radius
        bottom = -p[1] - np.float32(depth - inset)
        outside: Array = np.maximum(side, bottom)
        return outside

    def field(p: Array) -> Array:
        sheer = np.float32(0.16) * (p[0] / bow) ** 2
        body = np.maximum(shell(p, 0.0), p[1] - sheer)
        distance: Array = np.maximum(body, -shell(p, 0.055)) * np.float32(0.8)
        return distance

    return Solid(field, float(np.hypot(bow, depth) + 0.15), matter, thin=True)


def sail(foot: float, height: float, matter: Matter) -> Solid:
    """A thin, gently bellied triangle; its tack is at the origin, its foot runs along −x and its luff along y."""
    slope = unit(np.array([[-height], [foot], [0.0]], np.float32))[:, 0]

    def field(p: Array) -> Array:
        belly = np.float32(0.12) * np.sin(np.clip(-p[0] / np.float32(foot), 0, 1) * np.float32(np.pi))
        thick = np.abs(p[2] - belly * (1 - np.clip(p[1] / np.float32(height), 0, 1))) - np.float32(0.008)
        leech = slope[0] * p[0] + slope[1] * (p[1] - np.float32(height))
        edges = np.maximum(np.maximum(p[0], -p[1]), leech)
        distance: Array = np.maximum(edges, thick) * np.float32(0.8)
        return distance

    return Solid(field, float(np.hypot(foot, height)), matter, thin=True)


def lathe(profile: Sequence[tuple[float, float]], matter: Matter, *, smooth: int = 2, thin: bool = False) -> Solid:
    """A body turned about y from (radius, height) points, read from a table of distances; its centre is half way up."""
    outline = np.array(profile, np.float64)
    outline[:, 1] -= (outline[:, 1].min() + outline[:, 1].max()) / 2
    for _ in range(smooth):
        outline = _corner_cut(outline)
    wide, high = outline[:, 0].max() + MARGIN, np.abs(outline[:, 1]).max() + MARGIN
    radii, heights = np.arange(0, wide, CELL), np.arange(-high, high, CELL)
    table = _distances(outline, *np.meshgrid(radii, heights, indexing="ij")).astype(np.float32)
    field = _table_field(table, high)
    reach, girth = float(np.hypot(outline[:, 0], outline[:, 1]).max()), float(outline[:, 0].max())
    return Solid(field, reach, matter, _quick_field(table, high), thin, girth)


def _table_field(table: Array, high: float) -> Field:
    """Distances between the entries of a table, mixed from four neighbours."""
    flat, columns = table.ravel(), np.int32(table.shape[1])
    last = np.array(table.shape, np.float32) - np.float32(1.001)

    def field(p: Array) -> Array:
        a = np.sqrt(p[0] * p[0] + p[2] * p[2]) * np.float32(1 / CELL)
        b = (p[1] + np.float32(high)) * np.float32(1 / CELL)
        u, v = np.minimum(a, last[0]), np.clip(b, np.float32(0), last[1])
        i, j = u.astype(np.int32), v.astype(np.int32)
        u_part, v_part = u - i.astype(np.float32), v - j.astype(np.float32)
        at = i * columns + j
        low = flat.take(at) * (1 - u_part) + flat.take(at + columns) * u_part
        up = flat.take(at + 1) * (1 - u_part) + flat.take(at + columns + 1) * u_part
        beyond = (np.abs(a - u) + np.abs(b - v)) * np.float32(CELL * 0.7)
        distance: Array = low + (up - low) * v_part + beyond
        return distance

    return field


def _quick_field(table: Array, high: float) -> Field:
    """Distances from the nearest entry of a table three times as fine."""
    fine = _thirds(_thirds(table).T).T
    flat, columns = fine.ravel(), np.int32(fine.shape[1])
    last = np.array(fine.shape, np.float32) - np.float32(0.51)
    scale = np.float32(3 / CELL)

    def field(p: Array) -> Array:
        a = np.sqrt(p[0] * p[0] + p[2] * p[2])
        a *= scale
        a += np.float32(0.5)
        b = p[1] * scale
        b += np.float32(high) * scale + np.float32(0.5)
        u, v = np.minimum(a, last[0]), np.minimum(np.maximum(b, np.float32(0)), last[1])
        at = u.astype(np.int32)
        at *= columns
        at += v.astype(np.int32)
        distance: Array = flat.take(at)
        u -= a
        v -= b
        beyond = np.sqrt(u * u + v * v)
        beyond /= scale
        distance += beyond
        return distance

    return field


def _thirds(table: Array) -> Array:
    """Two mixed rows between each two of a table."""
    fine = np.empty((3 * len(table) - 2, table.shape[1]), np.float32)
    fine[::3] = table
    fine[1::3] = (2 * table[:-1] + table[1:]) / 3
    fine[2::3] = (table[:-1] + 2 * table[1:]) / 3
    return fine


def _corner_cut(outline: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut every corner but the ends once, so that the profile curves."""
    start, end = outline[:-1], outline[1:]
    cuts = np.stack([0.8 * start + 0.2 * end, 0.2 * start + 0.8 * end], axis=1).reshape(-1, 2)
    return np.concatenate([outline[:1], cuts[1:-1], outline[-1:]])


def _distances(outline: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Signed distance of each (x, y) to the closed outline, negative within."""
    nearest = np.full(x.shape, np.inf)
    within = np.zeros(x.shape, bool)
    closing = zip(outline, np.roll(outline, -1, axis=0), strict=True)
    for k, ((ax, ay), (bx, by)) in enumerate(closing):
        if k < len(outline) - 1:  # the last edge runs down the axis and is no surface
            ex, ey = bx - ax, by - ay
            along = np.clip(((x - ax) * ex + (y - ay) * ey) / max(ex * ex + ey * ey, 1e-12), 0, 1)
            nearest = np.minimum(nearest, np.hypot(x - ax - along * ex, y - ay - along * ey))
        if ay != by:
            crosses = ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
            within ^= crosses
    return np.where(within, -nearest, nearest)
