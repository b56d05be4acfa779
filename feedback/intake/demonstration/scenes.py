"""Six still lifes, each with a before and an after in the frame."""

from collections.abc import Callable
from dataclasses import dataclass

from .matter import Matter, checker, plaster, wood
from .props import (
    BOTTLE,
    CONE,
    FLASK,
    HAT,
    JAR,
    LAMP_FOOT,
    PHIAL,
    PIECES,
    glazed,
    grouped,
    king,
    lying,
    stained,
    swirl,
    turned,
)
from .shapes import Solid, arch, ball, block, hull, lathe, ring, rod, sail
from .stage import Camera, Doorway, Gate, Setting, Source, Stage


@dataclass(frozen=True, slots=True)
class Scene:
    """A brief and the setting that answers it."""

    slug: str
    text: str
    build: Callable[[], Setting]


def fallen_king() -> Setting:
    """Chessmen on a polished board."""
    ivory, ebony = glazed((0.78, 0.66, 0.48), rough=0.14), glazed((0.026, 0.016, 0.013), gloss=0.06, rough=0.11)
    board = Matter(
        checker((0.62, 0.49, 0.33), (0.10, 0.055, 0.035), side=0.92, turn=24), gloss=0.05, rough=0.1, mirrors=True
    )
    wall = Matter(plaster((0.16, 0.20, 0.20)), rough=0.6)
    men = (
        turned(PIECES["queen"], ebony, -0.95, -0.25),
        turned(PIECES["rook"], ebony, -2.0, -1.05),
        turned(PIECES["pawn"], ebony, -0.15, -1.35),
        turned(PIECES["bishop"], ivory, 1.35, -0.95),
        turned(PIECES["pawn"], ivory, 2.05, 0.0),
    )
    fallen = grouped(king(ivory), -0.62, 0.345, 0.95, tilt=(0, -20, -95))
    return Setting(
        Camera((0.35, 1.9, 6.6), (0.25, 0.52, 0.0), 1.62),
        Stage(board, wall, depth=4.2, cove=0.0),
        (*men, *fallen),
        Source((-5.0, 3.2, 3.6), 0.5, (1.0, 0.68, 0.38), 2.7),
        focus=(0.2, 0.4, 0.4),
    )


def spilled_marbles() -> Setting:
    """A celadon jar on its side, and what was in it."""
    celadon = glazed((0.22, 0.40, 0.38), gloss=0.06, rough=0.1)
    table = Matter(plaster((0.60, 0.53, 0.45), depth=0.05), gloss=0.0, rough=0.5)
    jar = lying(JAR, celadon, -1.40, -0.50, tilt=(91.5, 58, 0))
    glass = [Matter((0, 0, 0), gloss=0.05, rough=0.03, glass=tint) for tint in ((0.25, 0.62, 0.75), (0.85, 0.50, 0.16))]
    coats = (
        glazed((0.62, 0.10, 0.07)),
        Matter(swirl((0.75, 0.72, 0.66), (0.08, 0.18, 0.42)), gloss=0.05, rough=0.07),
        glazed((0.80, 0.58, 0.16)),
        Matter(swirl((0.10, 0.26, 0.22), (0.78, 0.70, 0.52)), gloss=0.05, rough=0.07),
        glazed((0.06, 0.11, 0.20)),
    )
    spots = (
        (-0.62, -0.02, 0.21, coats[2]), (-0.32, 0.72, 0.24, glass[0]), (0.28, -0.30, 0.24, coats[0]), (0.72, 0.55, 0.26, glass[1]),
        (1.32, -0.05, 0.22, coats[1]), (1.72, -0.85, 0.22, coats[2]), (2.25, 0.30, 0.24, coats[3]),
        (0.12, 1.35, 0.22, coats[4]), (1.55, 1.05, 0.20, coats[0]), (0.80, -1.15, 0.22, coats[4]),
    )  # fmt: skip
    marbles = tuple(ball(r, coat).at(x, r, z, tilt=(20, 40 * i, 10)) for i, (x, z, r, coat) in enumerate(spots))
    return Setting(
        Camera((0.3, 2.7, 7.0), (0.24, 0.46, 0.0), 1.52),
        Stage(table, Matter(plaster((0.60, 0.53, 0.45), depth=0.05)), depth=3.6, cove=1.5),
        (jar, *marbles),
        Source((-5.2, 3.6, -0.4), 0.7, (1.0, 0.76, 0.50), 2.6),
        focus=(0.3, 0.2, 0.3),
    )


def door_ajar() -> Setting:
    """A dark room, a lit corridor, a suitcase with a hat on it."""
    boards = Matter(wood((0.30, 0.17, 0.09), (0.13, 0.065, 0.035), along=2, planks=0.5), gloss=0.035, rough=0.3)
    wall = Matter(plaster((0.24, 0.30, 0.31)), rough=0.6)
    leather, strap = glazed((0.34, 0.13, 0.055), rough=0.22), glazed((0.10, 0.045, 0.025), rough=0.2)
    brass, felt = glazed((0.72, 0.50, 0.20), gloss=0.5, rough=0.12), Matter((0.07, 0.075, 0.085), rough=0.6)
    door_paint = glazed((0.52, 0.50, 0.44), gloss=0.04, rough=0.3)
    case = (
        block(0.60, 0.38, 0.19, leather, soft=0.06).at(0, 0.40, 0),
        block(0.045, 0.393, 0.203, strap, soft=0.02).at(-0.34, 0.40, 0),
        block(0.045, 0.393, 0.203, strap, soft=0.02).at(0.34, 0.40, 0),
        ring(0.11, 0.026, strap).at(-0.02, 0.77, 0, tilt=(90, 0, 0)),
        lathe(HAT, felt).at(0.30, 0.955, 0.02, tilt=(0, 0, -4)),
    )
    leaf = (
        block(0.80, 1.55, 0.045, door_paint, soft=0.012).at(-0.80, 1.56, 0),
        block(0.52, 0.56, 0.03, door_paint, soft=0.025).at(-0.80, 2.30, 0.045),
        block(0.52, 0.52, 0.03, door_paint, soft=0.025).at(-0.80, 0.86, 0.045),
        ball(0.065, brass).at(-1.46, 1.48, 0.12),
    )
    letter = block(0.26, 0.006, 0.17, Matter((0.80, 0.76, 0.66)), soft=0.004).at(0.62, 0.008, 1.05, tilt=(0, 28, 0))
    return Setting(
        Camera((-0.9, 2.1, 9.4), (0.05, 1.12, 0.0), 1.72),
        Stage(boards, wall, depth=2.0, doorway=Doorway(0.0, 1.6, 3.12, (1.0, 0.66, 0.32))),
        (*grouped(case, -0.50, 0, 0.35, tilt=(0, 20, 0)), *grouped(leaf, 1.6, 0, -1.96, tilt=(0, 58, 0)), letter),
        Source(
            (0.15, 4.3, -6.4), 0.22, (1.0, 0.68, 0.36), 6.5, Gate((0.8, 1.56, -2.01), (1, 0, 0), (0, 1, 0), 1.6, 3.12)
        ),
        focus=(0.4, 0.0, 0.8),
        side=1.0,
        indoors=0.75,
    )


def three_bottles() -> Setting:
    """Coloured glass in the stripes of a blind."""
    table = Matter(
        stained(wood((0.50, 0.31, 0.17), (0.30, 0.165, 0.08), planks=0.9), 1.35, 0.62, 0.33), gloss=0.035, rough=0.25
    )
    wall = Matter(plaster((0.66, 0.60, 0.51)), rough=0.6)
    green, amber, blue = (0.16, 0.52, 0.26), (0.80, 0.36, 0.08), (0.06, 0.17, 0.52)
    glass = [Matter((0, 0, 0), gloss=0.045, rough=0.03, glass=tint) for tint in (green, amber, blue)]
    cork = Matter((0.52, 0.35, 0.2), rough=0.6)
    return Setting(
        Camera((0.3, 1.85, 7.2), (0.38, 0.84, 0.0), 1.72),
        Stage(table, wall, depth=1.5),
        (
            turned(BOTTLE, glass[0], -1.05, -0.25, smooth=4),
            turned(FLASK, glass[1], -0.1, 0.15, smooth=4),
            turned(PHIAL, glass[2], 0.72, -0.35, smooth=4),
            rod(0.10, 0.15, cork).at(2.0, 0.10, 0.35, tilt=(0, 35, 90)),
        ),
        Source(
            (-6.4, 4.9, 4.6),
            0.14,
            (1.0, 0.80, 0.54),
            2.7,
            Gate((-3.0, 2.42, 2.1), (0.58, 0.0, 0.814), (0.0, 1.0, 0.0), 3.2, 3.3, 11, 0.58),
        ),
        focus=(0.0, 0.6, -0.4),
    )


def leaning_tower() -> Setting:
    """Painted blocks, and the ball that has just touched them."""
    sage, brick, mustard = (
        glazed((0.28, 0.38, 0.30), rough=0.3),
        glazed((0.52, 0.14, 0.08), rough=0.3),
        glazed((0.72, 0.47, 0.12), rough=0.3),
    )
    navy, cream = glazed((0.07, 0.12, 0.22), rough=0.3), glazed((0.74, 0.67, 0.54), rough=0.3)
    floor = Matter(plaster((0.36, 0.34, 0.33), depth=0.05), rough=0.5)
    tower = (
        block(0.52, 0.26, 0.30, navy).at(0.0, 0.26, 0.0),
        arch(0.55, 0.30, 0.28, 0.27, cream).at(0.05, 0.82, 0.0, tilt=(0, 6, -1.5)),
        block(0.30, 0.30, 0.30, brick).at(0.14, 1.415, 0.02, tilt=(0, 24, -3)),
        rod(0.27, 0.22, mustard).at(0.26, 1.935, 0.0, tilt=(0, 0, -6)),
        block(0.46, 0.12, 0.27, sage).at(0.41, 2.28, 0.0, tilt=(0, -12, -9)),
        lathe(CONE, brick, smooth=1).at(0.66, 2.69, 0.0, tilt=(0, 0, -15)),
    )
    return Setting(
        Camera((0.2, 1.9, 8.6), (0.38, 1.46, 0.0), 1.6),
        Stage(floor, floor, depth=3.0, cove=1.4),
        (
            *tower,
            ball(0.34, glazed((0.62, 0.09, 0.05), rough=0.1)).at(-0.93, 0.34, 0.22),
            block(0.30, 0.14, 0.28, mustard).at(1.75, 0.14, 0.62, tilt=(0, 35, 0)),
            rod(0.2, 0.3, sage).at(2.25, 0.2, -0.45, tilt=(0, 60, 90)),
        ),
        Source((-5.2, 4.4, 2.6), 0.6, (1.0, 0.78, 0.52), 2.5),
        focus=(0.2, 1.0, 0.0),
    )


def boat_by_lamp() -> Setting:
    """A toy boat in dry dock on a table at night."""
    table = Matter(wood((0.36, 0.19, 0.10), (0.17, 0.08, 0.04), planks=1.1), gloss=0.04, rough=0.16, mirrors=True)
    wall = Matter(plaster((0.10, 0.16, 0.22)), rough=0.6)
    red, oak = (
        glazed((0.46, 0.075, 0.045), rough=0.2),
        Matter(wood((0.55, 0.36, 0.2), (0.35, 0.2, 0.1), grain=3), rough=0.4),
    )
    canvas, brass = Matter((0.78, 0.72, 0.60), rough=0.6), glazed((0.62, 0.42, 0.17), gloss=0.45, rough=0.14)
    boat = (
        hull(2.1, 0.42, 0.40, red).at(0, 0, 0),
        rod(0.028, 0.95, oak, soft=0.01).at(0.16, 0.66, 0),
        sail(0.88, 1.30, canvas).at(0.11, 0.24, 0),
        sail(0.58, 1.0, canvas).at(0.84, 0.24, 0, tilt=(0, 4, 0)),
        *(block(0.04, 0.16, 0.30, oak).at(x, -0.38, 0) for x in (-0.5, 0.5)),
    )
    return Setting(
        Camera((0.1, 1.75, 7.6), (0.22, 0.98, 0.0), 1.68),
        Stage(table, wall, depth=2.4),
        (
            *grouped(boat, -0.62, 0.54, -0.25, tilt=(0, 20, 0)),
            turned(LAMP_FOOT, brass, 1.62, 0.1),
            Solid(
                ball(0.36, brass).field, 0.36, Matter((0.9, 0.85, 0.75), gloss=0.04, rough=0.1, glow=1.0), casts=False
            ).at(1.62, 1.66, 0.1),
            block(0.42, 0.008, 0.28, Matter((0.72, 0.67, 0.56)), soft=0.004).at(1.15, 0.008, 0.95, tilt=(0, -16, 0)),
        ),
        Source((1.62, 1.66, 0.1), 0.34, (1.0, 0.66, 0.34), 3.3),
        focus=(-0.3, 0.6, 0.3),
        side=1.0,
        indoors=0.7,
    )


SCENES = (  # the slowest to render come first, so that two workers finish together
    Scene("fallen-king", "A game left at dusk: the pieces keep their places, only the king lies down.", fallen_king),
    Scene("three-bottles", "Three bottles by the kitchen window; the fourth has left its ring.", three_bottles),
    Scene("boat-by-lamp", "A toy boat by the lamp, on the night before the sea.", boat_by_lamp),
    Scene("door-ajar", "A door ajar, a dark room, and the suitcase still where it was put down.", door_ajar),
    Scene("spilled-marbles", "A jar tipped over; the marbles have run as far as they will.", spilled_marbles),
    Scene("leaning-tower", "A tower of painted blocks, one breath before it falls.", leaning_tower),
)
