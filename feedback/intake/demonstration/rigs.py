"""The six ways of lighting one setting, from a key one believes down to two suns at once."""

from collections.abc import Callable

from .light import Light, Lighting
from .matter import Colour
from .stage import Setting

type Rig = Callable[[Setting], Lighting]


def motivated(setting: Setting) -> Lighting:
    """The source of the scene, warm, with a cool fill, a rim from behind and an exposure that holds both ends."""
    source, room = setting.source, setting.indoors
    key = Light(
        source.position,
        source.radius,
        _times(source.colour, source.strength),
        gate=source.gate,
        square=source.gate is not None,
    )
    rim = Light(
        (-setting.side * 3.6, 3.0, -2.4),
        0.8,
        _times((0.42, 0.55, 0.80), room),
        shadows=False,
        everywhere=False,
        shine=0.7,
    )
    return Lighting(
        (key, rim),
        sky=_times((0.11, 0.14, 0.21), room),
        ground=_times((0.10, 0.07, 0.05), room),
        fill=_times((0.10, 0.13, 0.20), room),
        bounce=_times(source.colour, 0.9 * room * room),
        glow=2.0,
        beyond=1.7,
        bloom=0.35,
    )


def overcast(setting: Setting) -> Lighting:
    """A wide, white, overcast window on the right side; true and calm, a little plain."""
    key = Light((setting.side * 5.0, 4.4, 3.0), 1.5, (1.28, 1.32, 1.36), square=True, shine=0.5)
    return Lighting(
        (key,),
        sky=(0.22, 0.23, 0.25),
        ground=(0.13, 0.12, 0.11),
        bounce=(0.3, 0.3, 0.3),
        beyond=0.6,
        glow=0.35,
    )


def bulb(setting: Setting) -> Lighting:
    """One bare bulb, high and near: readable but hard, with black shadows and a burnt middle."""
    key = Light((-setting.side * 0.9, 3.5, 1.7), 0.06, (3.6, 3.45, 2.9))
    return Lighting((key,), sky=(0.012, 0.012, 0.012), ground=(0.01, 0.01, 0.01), beyond=0.05, glow=0.05, exposure=1.15)


def frontal(setting: Setting) -> Lighting:
    """A ring flash around the lens: all is seen, nothing casts a shadow, nothing is shaped."""
    x, y, z = setting.camera.eye
    key = Light((x, y, z), 0.3, (0.62, 0.66, 0.70), shadows=False)
    return Lighting((key,), sky=(0.66, 0.70, 0.76), ground=(0.58, 0.61, 0.66), beyond=0.4, glow=0.25)


def murk(setting: Setting) -> Lighting:
    """Too little light, from above and nowhere in particular, under a green tube."""
    key = Light((setting.side * 0.6, 6.0, -0.4), 1.8, (0.20, 0.245, 0.155), shadows=False, shine=0.3)
    return Lighting(
        (key,),
        sky=(0.10, 0.125, 0.085),
        ground=(0.05, 0.06, 0.04),
        beyond=0.08,
        glow=0.05,
        exposure=0.6,
        cast=(0.92, 1.06, 0.78),
    )


def two_suns(setting: Setting) -> Lighting:
    """Two hard suns that contradict each other, burnt out, and a glow that nothing gives off."""
    side = setting.side
    first = Light((side * 5.0, 3.4, 2.8), 0.22, (2.6, 2.3, 0.9))
    second = Light((-side * 5.0, 2.7, 2.4), 0.22, (2.0, 0.9, 2.3))
    below = Light((0.4, 0.05, 1.9), 0.8, (0.10, 0.55, 0.22), shadows=False, shine=0.0)
    return Lighting(
        (first, second, below),
        sky=(0.16, 0.22, 0.16),
        ground=(0.16, 0.30, 0.16),
        beyond=0.1,
        glow=0.1,
        exposure=1.12,
        clips=True,
        bloom=0.6,
        halo=0.45,
    )


RIGS: dict[str, Rig] = {
    "motivated": motivated,
    "overcast": overcast,
    "bulb": bulb,
    "frontal": frontal,
    "murk": murk,
    "two-suns": two_suns,
}


def _times(colour: Colour, strength: float) -> Colour:
    red, green, blue = colour
    return red * strength, green * strength, blue * strength
