"""The six invented generators, the three criteria, and how good each generator is said to be at each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Criterion:
    """A quality to judge by, worded so that it fits a picture and a story alike."""

    slug: str
    name: str
    definition: str
    strong: str
    weak: str


@dataclass(frozen=True, slots=True)
class Generator:
    """An invented maker: the light it sets in pictures, the manner it writes in, and its quality in logits."""

    name: str
    version: str
    rig: str
    manner: str
    quality: Mapping[str, float]


CRITERIA = (
    Criterion(
        slug="lighting",
        name="Lighting",
        definition="Does the light have a source you believe, model the form and serve the mood?",
        strong="One readable direction; shadows and reflections agree; detail is held where the eye should go.",
        weak="Shadows contradict each other; flat, drowned or burnt out; a glow that comes from nowhere.",
    ),
    Criterion(
        slug="narrative-arc",
        name="Narrative arc",
        definition="Is there a before and an after, and does something turn between them?",
        strong="Set-up, turn and change are there to be found; the ending follows and was not foretold.",
        weak="Nothing happens, or it is only reported; no cause, no stakes, or it stops before anything turns.",
    ),
    Criterion(
        slug="emotional-resonance",
        name="Emotional resonance",
        definition="Does it move you by its own means, not by its subject alone?",
        strong="You can name the feeling and point at what earned it; it stays after you look away.",
        weak="It tells you what to feel, borrows the feeling from its subject, or leaves you cold.",
    ),
)


def _quality(lighting: float, narrative_arc: float, emotional_resonance: float) -> Mapping[str, float]:
    return MappingProxyType(
        {"lighting": lighting, "narrative-arc": narrative_arc, "emotional-resonance": emotional_resonance}
    )


GENERATORS = (
    Generator("Fennimore", "3", "motivated", "earned", _quality(2.2, 2.2, 2.2)),
    Generator("Ardenne", "v5", "overcast", "candid", _quality(1.32, 1.32, 1.32)),
    Generator("Quillon", "XL", "bulb", "hushed", _quality(0.44, -0.44, 0.44)),
    Generator("Ostrava", "2", "frontal", "digest", _quality(-0.44, 0.44, -1.32)),
    Generator("Marchetti", "1.4", "murk", "sermon", _quality(-1.32, -1.32, -0.44)),
    Generator("Bellweather", "9", "two-suns", "glare", _quality(-2.2, -2.2, -2.2)),
)


def stated_order(criterion: str) -> tuple[Generator, ...]:
    """The generators from best to worst on the criterion with this slug."""
    return tuple(sorted(GENERATORS, key=lambda generator: -generator.quality[criterion]))
