"""Models: solids to be turned round."""

from pathlib import Path

from feedback.works.media.derivative import Derivative, Look, checksum
from feedback.works.media.limits import MediaLimits
from feedback.works.media.solid.model import rewritten

__all__ = ["encode", "look"]

_LOOK = Look(medium="model", media_type="model/gltf-binary")


def look(path: Path, *, limits: MediaLimits) -> Look:
    """What the model is, having read all of it."""
    rewritten(path, limits)
    return _LOOK


def encode(path: Path, destination: Path, *, limits: MediaLimits) -> tuple[Look, Derivative]:
    """Write what raters see in place of `path`."""
    model = rewritten(path, limits)
    destination.write_bytes(model.data)
    return _LOOK, Derivative(
        media_type=_LOOK.media_type,
        path=destination,
        sha256=checksum(destination),
        bytes=len(model.data),
        facts=model.facts,
    )
