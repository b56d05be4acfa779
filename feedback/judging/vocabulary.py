"""The words that reasons are tagged with where a study names none: by medium, and by criterion within it."""

from collections.abc import Mapping, Sequence

type Words = tuple[str, ...]

# Of each medium: what any criterion may be about, then what belongs to one criterion, by its usual slug.
_PICTURE: Mapping[str, Words] = {
    "": ("focus", "crop", "texture", "artefact", "invented text"),
    "lighting": ("light direction", "shadow", "reflection", "exposure", "contrast", "glow without source"),
    "composition": ("balance", "depth", "framing", "negative space", "tangent", "subject"),
    "colour": ("colour harmony", "palette", "skin tone", "banding", "saturation"),
    "anatomy": ("anatomy", "hands", "face", "proportion", "contact", "weight", "missing part", "extra part"),
    "style": ("weight of line", "edge", "brushwork", "material", "lens"),
    "prompt-fit": ("subject", "count", "attribute", "relation", "action"),
    "emotional-resonance": ("expression", "gesture", "mood", "gaze"),
}
_FILM: Mapping[str, Words] = {
    "temporal-consistency": ("flicker", "morphing", "popping", "identity", "count", "texture crawl"),
    "physical-plausibility": ("contact", "weight", "gravity", "collision", "cloth", "fluid"),
    "motion": ("camera move", "easing", "stutter", "motion blur", "timing"),
    "narrative-arc": ("opening", "turning point", "climax", "resolution", "pacing", "cut", "continuity"),
    "sound": ("sync", "level", "noise", "voice"),
}
_SOUND: Mapping[str, Words] = {
    "": ("noise", "click", "clipping", "level", "silence"),
    "production-quality": ("mix", "balance", "stereo", "reverb", "distortion", "bandwidth"),
    "musicality": ("pitch", "rhythm", "tempo", "harmony", "phrasing", "dynamics"),
    "structure": ("intro", "build", "drop", "turning point", "ending", "repetition", "pacing"),
    "voice": ("intonation", "breath", "pronunciation", "pause", "emphasis", "robotic"),
    "emotional-resonance": ("mood", "tension", "release"),
}
_TEXT: Mapping[str, Words] = {
    "": ("opening", "ending", "repetition", "error"),
    "narrative-arc": ("inciting event", "turning point", "climax", "resolution", "pacing", "stakes", "foreshadowing"),
    "character": ("voice", "dialogue", "motive", "subtext"),
    "style": ("word choice", "cliché", "purple prose", "rhythm", "image", "exposition", "sentence structure"),
    "originality": ("surprise", "template"),
    "emotional-resonance": ("mood", "tension", "tenderness", "sentimentality"),
    "coherence": ("contradiction", "tense", "point of view", "missing link"),
}
_MODEL: Mapping[str, Words] = {
    "": ("artefact", "scale"),
    "geometry": ("silhouette", "proportion", "intersection", "hole", "floating part", "smoothness"),
    "topology": ("edge flow", "density", "normals", "shading error"),
    "texture": ("seam", "stretching", "resolution", "material", "baked light"),
    "consistency": ("other side", "symmetry", "janus face"),
    "lighting": ("light response", "roughness", "metalness"),
}
TAGS: Mapping[str, Mapping[str, Words]] = {
    "image": _PICTURE,
    "motion": {**_PICTURE, **_FILM},
    "video": {**_PICTURE, **_FILM},
    "audio": _SOUND,
    "text": _TEXT,
    "model": _MODEL,
}


def tags_of(own: Sequence[str], medium: str, criterion: str = "") -> Words:
    """The tags a mark on this medium may have: the study's `own`, else the defaults, those of the criterion first."""
    if own:
        return tuple(own)
    words = TAGS.get(medium, {})
    return tuple(dict.fromkeys([*words.get(criterion, ()), *(word for some in words.values() for word in some)]))
