"""Every preset, one module for each family."""

from feedback.datasets.presets import graded, media, text
from feedback.datasets.presets.preset import Preset

PRESETS: dict[str, Preset] = {preset.name: preset for preset in (*text.PRESETS, *media.PRESETS, *graded.PRESETS)}

__all__ = ["PRESETS", "Preset"]
