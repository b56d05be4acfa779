"""Pictures, still or as silent animations."""

from feedback.works.media.picture.recipe import encode, look, medium_of

__all__ = ["encode", "look", "medium_of"]
