"""The demonstration study: still lifes and stories about light, made here, with a known truth."""

from .build import SLUG, TITLE, write_demonstration
from .panel import CRITERIA, GENERATORS, Criterion, Generator, stated_order

__all__ = [
    "CRITERIA",
    "GENERATORS",
    "SLUG",
    "TITLE",
    "Criterion",
    "Generator",
    "stated_order",
    "write_demonstration",
]
