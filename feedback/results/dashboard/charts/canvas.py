"""A little SVG: every mark carries its own colours, and the page's style sheet puts the theme's in their place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

INK, GREY, LINE, ACCENT, PAPER = "#1f1a15", "#5a544d", "#d9d4cb", "#c23b16", "#f8f4ee"
USE, READ = (
    "'Instrument Sans Variable', 'Instrument Sans', sans-serif",
    "'Newsreader Variable', Newsreader, Georgia, serif",
)

# What a mark of each kind looks like on paper. static/css/parts/charts.css has the same names.
PAINTS: Mapping[str, str] = {
    "grid": f'stroke="{LINE}"',
    "axis": f'stroke="{LINE}"',
    "curve": f'fill="none" stroke="{INK}" stroke-width="1.75" stroke-linejoin="round"',
    "forecast": f'fill="none" stroke="{GREY}" stroke-width="1.5" stroke-dasharray="2 4" stroke-linecap="round"',
    "target": f'stroke="{GREY}" stroke-dasharray="5 4"',
    "band": f'fill="{INK}" fill-opacity="0.1"',
    "line": f'stroke="{ACCENT}" stroke-width="1.25"',
    "tie": f'stroke="{INK}" stroke-width="2"',
    "whisker": f'stroke="{INK}" stroke-width="1.5"',
    "dot": f'fill="{INK}"',
    "hollow": f'fill="{PAPER}" stroke="{GREY}" stroke-width="1.25"',
    "goal": f'fill="{PAPER}" stroke="{ACCENT}" stroke-width="2"',
    "cell": f'fill="{INK}"',
    "bar": f'fill="{GREY}" fill-opacity="0.28"',
    "edge": f'stroke="{INK}"',
    "node": f'fill="{PAPER}" stroke="{INK}" stroke-width="1.5"',
    "name": f'fill="{INK}" font-size="13"',
    "value": f'fill="{GREY}" font-size="12"',
    "tick": f'fill="{GREY}" font-size="11"',
    "note": f'fill="{GREY}" font-size="13" font-style="italic" font-family="{READ}"',
}
WIDE = {
    "m": 13.0,
    "w": 11.0,
    "M": 13.0,
    "W": 13.5,
    "i": 4.0,
    "l": 4.0,
    "j": 4.5,
    "t": 5.5,
    "f": 5.0,
    "r": 5.5,
    " ": 4.5,
}


@dataclass
class Canvas:
    """Marks one after another, in pixels from the top left."""

    width: float
    height: float
    marks: list[str] = field(default_factory=list)

    def line(self, kind: str, x1: float, y1: float, x2: float, y2: float, *, more: str = "") -> None:
        ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        self.marks.append(f'<line class="{kind}" {PAINTS[kind]} {ends}{more}/>')

    def path(self, kind: str, points: Sequence[tuple[float, float]], *, closed: bool = False) -> None:
        """Straight from point to point."""
        way = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        self.marks.append(f'<path class="{kind}" {PAINTS[kind]} d="M{way}{"Z" if closed else ""}"/>')

    def circle(self, kind: str, x: float, y: float, radius: float) -> None:
        self.marks.append(f'<circle class="{kind}" {PAINTS[kind]} cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>')

    def box(self, kind: str, x: float, y: float, width: float, height: float) -> None:
        place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
        self.marks.append(f'<rect class="{kind}" {PAINTS[kind]} {place}/>')

    def squares(self, kind: str, corners: Sequence[tuple[float, float]], side: float, dark: float) -> None:
        """Many of one shade."""
        round_it = f"h{side:.1f}v{side:.1f}h-{side:.1f}z"
        way = "".join([f"M{x:.1f} {y:.1f}{round_it}" for x, y in corners])
        self.marks.append(f'<path class="{kind}" {PAINTS[kind]} fill-opacity="{dark:.2f}" d="{way}"/>')

    def text(self, kind: str, x: float, y: float, words: str, anchor: str = "start") -> None:
        place = f'x="{x:.1f}" y="{y:.1f}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
        self.marks.append(f'<text class="{kind}" {PAINTS[kind]} {place}>{escape(words)}</text>')

    def svg(self, spoken: str) -> str:
        """The picture, with what is said of it to those who cannot see it."""
        size = f'width="{self.width:g}" height="{self.height:g}" viewBox="0 0 {self.width:g} {self.height:g}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" {size} font-family="{USE}" role="img" '
        return f'{head}aria-label="{escape(spoken)}">{"".join(self.marks)}</svg>'


def as_file(svg: str) -> str:
    """A picture on paper of its own, as it is kept in a file."""
    head, marks = svg.split(">", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}><rect width="100%" height="100%" fill="{PAPER}"/>{marks}\n'


def width_of(words: str, size: float = 13) -> float:
    """About how wide a text is, in pixels."""
    return sum(WIDE.get(letter, 8.2 if letter.isupper() else 7.0) for letter in words) * size / 13


def fitted(words: str, room: float, size: float = 13) -> str:
    """The words, cut with an ellipsis where they would not fit."""
    if width_of(words, size) <= room:
        return words
    while words and width_of(words + "…", size) > room:
        words = words[:-1]
    return words.rstrip() + "…"
