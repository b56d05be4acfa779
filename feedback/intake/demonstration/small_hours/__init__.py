"""The second demonstration: films, sounds and forms by four of the invented generators, all made by code."""

from .build import SLUG, write_small_hours

__all__ = ["SLUG", "write_small_hours"]
