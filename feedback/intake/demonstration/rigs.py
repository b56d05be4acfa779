"""The six ways of lighting one setting, from a key one believes down to two suns at once."""

from collections.abc import Callable

from .light import Light, Lighting
from .matter import Colour
from .stage import Setting

type Rig = Callable[[Setting], Lighting]


def motivated(setting: Setting) -> Lighting:
    """The source of the scene, warm, with a cool fill, a rim from behind and an exposure that holds both ends."""
    source, away = setting.source, -setting.side
    key = Light(source.position, source.radius, _times(source.colour, source.strength), gate=source.gate, square=bool(source.gate))
    rim = Light((away * 3.4, 3.2, -2.6), 0.9, (0.34, 0.44, 0.62), shadows=False, shine=0.6)
    fill = Light((away * 6.0, 3.0, 5.0), 2.5, (0.10, 0.13, 0.19), shadows=False, shine=0.15)
    room = setting.indoors
    return Lighting(
        (key, rim, fill),
        sky=_times((0.13, 0.16, 0.23), room),
        ground=_times((0.12, 0.09, 0.065), room),
        bounce=0.42,
        glow=3.4,
        beyond=2.4,
        bloom=0.35,
    )


def window(setting: Setting) -> Lighting:
    """A wide, white, overcast window on the right side; pleasant, even, a little plain."""
    side = setting.side
    key = Light((side * 5.5, 4.2, 3.2), 1.9, (0.98, 1.0, 1.02), square=True, shine=0.6)
    return Lighting(
        (key,), sky=(0.36, 0.37, 0.39), ground=(0.22, 0.215, 0.21), bounce=0.3, beyond=0.55, glow=0.35
    )


def bulb(setting: Setting) -> Lighting:
    """One bare bulb, high and near: readable but hard, with black shadows and a burnt middle."""
    key = Light((-setting.side * 1.1, 3.6, 1.5), 0.035, (2.5, 2.4, 2.2))
    return Lighting((key,), sky=(0.03, 0.03, 0.03), ground=(0.02, 0.02, 0.02), bounce=0.1, beyond=0.06, glow=0.06)


def frontal(setting: Setting) -> Lighting:
    """A flash on the camera: all is seen, nothing is shaped."""
    x, y, z = setting.camera.eye
    key = Light((x + 0.05, y + 0.12, z), 0.12, (0.75, 0.78, 0.82))
    return Lighting(
        (key,), sky=(0.72, 0.75, 0.80), ground=(0.62, 0.64, 0.68), bounce=0.0, beyond=0.4, glow=0.25, exposure=1.1
    )


def murk(setting: Setting) -> Lighting:
    """Too little light, from above and nowhere in particular, under a green tube."""
    key = Light((setting.side * 0.6, 6.0, -0.4), 2.2, (0.30, 0.38, 0.22), shine=0.3)
    return Lighting(
        (key,), sky=(0.085, 0.11, 0.07), ground=(0.03, 0.04, 0.025), beyond=0.06, glow=0.04, exposure=0.62, cast=(0.9, 1.1, 0.78)
    )


def two_suns(setting: Setting) -> Lighting:
    """Two hard suns that contradict each other, burnt out, and a glow that nothing gives off."""
    side = setting.side
    first = Light((side * 5.0, 3.2, 2.6), 0.06, (2.9, 1.5, 0.65))
    second = Light((-side * 5.0, 2.7, 2.2), 0.06, (0.5, 1.6, 2.7))
    return Lighting(
        (first, second),
        sky=(0.5, 0.38, 0.55),
        ground=(0.5, 0.6, 0.4),
        beyond=0.1,
        glow=0.1,
        exposure=1.3,
        clips=True,
        bloom=0.5,
        halo=0.5,
    )


RIGS: dict[str, Rig] = {
    "motivated": motivated,
    "window": window,
    "bulb": bulb,
    "frontal": frontal,
    "murk": murk,
    "two-suns": two_suns,
}


def _times(colour: Colour, strength: float) -> Colour:
    red, green, blue = colour
    return red * strength, green * strength, blue * strength
