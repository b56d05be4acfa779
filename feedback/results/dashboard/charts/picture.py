"""A picture with its words and its table."""

from collections.abc import Callable
from dataclasses import dataclass

from feedback.results.dashboard.charts.canvas import Canvas
from feedback.results.dashboard.charts.table import Table

WIDE, NARROW = 592, 342


@dataclass(frozen=True)
class Picture:
    """`name` is what it is called in addresses; `spoken` is said in its place; it is drawn for a desk and for a hand."""

    name: str
    title: str
    spoken: str
    draw: Callable[[float], Canvas]
    tabled: Callable[[], Table]
    may_scroll: bool = False  # in a hand it may be wider than the page
    caption: str = ""  # how to read it

    @property
    def table(self) -> Table:
        """The numbers behind it."""
        return self.tabled()

    @property
    def wide(self) -> str:
        return self.draw(WIDE).svg(f"{self.title}. {self.spoken}")

    @property
    def narrow(self) -> str:
        return self.draw(NARROW).svg(f"{self.title}. {self.spoken}")
