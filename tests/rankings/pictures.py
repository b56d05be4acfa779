"""Draws the pictures of docs/rankings.md from what the library computes: `python -m tests.rankings.pictures`.

They are SVG in the colours of the site, by day and by night (static/css/tokens.css), and come out the same every time.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
from scipy.special import expit
from scipy.stats import kendalltau

import rankings
from rankings import selection, simulate
from rankings.panel.raters import with_raters

FOLDER = Path(__file__).resolve().parents[2] / "docs/pictures"

STYLE = """\
:root { --paper: #f8f5f1; --ink: #1d1712; --ink-2: #58514c; --line: #d8d4cd; --accent: #c12c01; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161311; --ink: #ebe7e2; --ink-2: #a9a49e; --line: #332f2c; --accent: #f47249; }
}
text { font: 13px "Instrument Sans Variable", system-ui, sans-serif; fill: var(--ink-2); }
.paper { fill: var(--paper); }
.grid { stroke: var(--line); }
.ink { stroke: var(--ink); }
.quiet { stroke: var(--ink-2); stroke-dasharray: 5 4; }
.accent { stroke: var(--accent); }
path, line { fill: none; stroke-width: 2; }
line.grid, path.thin { stroke-width: 1; }
circle.ink, rect.ink, path.fill-ink { fill: var(--ink); stroke: none; }
circle.accent, rect.accent, path.fill-accent { fill: var(--accent); stroke: none; }
rect.grid { fill: var(--line); stroke: none; }
circle { fill-opacity: .55; }
text.ink { fill: var(--ink); stroke: none; }
text.accent { fill: var(--accent); stroke: none; }
text.paper { fill: var(--paper); }"""


@dataclass
class Picture:
    """A drawing with axes.

    Attributes
    ----------
    title : str
        What a screen reader says.
    x, y : (float, float)
        The data at the left and right, and at the bottom and top, of the box.
    box : (float, float, float, float)
        Left, top, right and bottom in pixels.
    """

    title: str
    x: tuple[float, float] = (0, 1)
    y: tuple[float, float] = (0, 1)
    box: tuple[float, float, float, float] = (60, 24, 690, 250)
    height: int = 300
    parts: list[str] = field(default_factory=list)

    def at(self, x, y):
        """Turn data into pixels."""
        left, top, right, bottom = self.box
        across = left + (np.asarray(x, float) - self.x[0]) / (self.x[1] - self.x[0]) * (right - left)
        down = bottom - (np.asarray(y, float) - self.y[0]) / (self.y[1] - self.y[0]) * (bottom - top)
        return across, down

    def add(self, element: str, name: str, inner: str = "", **attributes: object) -> None:
        words = " ".join(f'{key.replace("_", "-")}="{_written(value)}"' for key, value in attributes.items())
        self.parts.append(f'<{element} class="{name}" {words}' + (f">{escape(inner)}</{element}>" if inner else "/>"))

    def line(self, x, y, name: str) -> None:
        self.add("path", name, d="M" + " ".join(_points(*self.at(x, y))))

    def area(self, x, low, high, name: str, opacity: float) -> None:
        there, back = _points(*self.at(x, high)), _points(*self.at(x[::-1], low[::-1]))
        self.add("path", name, d="M" + " ".join([*there, *back]) + "Z", fill_opacity=opacity)

    def dots(self, x, y, radius, name: str) -> None:
        for cx, cy, r in np.broadcast(*self.at(x, y), radius):
            self.add("circle", name, cx=cx, cy=cy, r=r)

    def text(self, x: float, y: float, words: str, name: str = "", anchor: str = "start") -> None:
        across, down = self.at(x, y)
        self.add("text", name, words, x=across, y=down + 4, text_anchor=anchor)

    def axes(self, across: Iterable[float], down: Iterable[float], x_name: str, y_name: str) -> None:
        """Draw grid lines, their numbers and the names of both axes."""
        left, top, right, bottom = self.box
        for value in down:
            level = float(self.at(0, value)[1])
            self.add("line", "grid", x1=left, x2=right, y1=level, y2=level)
            self.add("text", "", f"{value:g}".replace("-", "−"), x=left - 8, y=level + 4, text_anchor="end")
        for value in across:
            place = float(self.at(value, 0)[0])
            self.add("line", "grid", x1=place, x2=place, y1=top, y2=bottom)
            self.add("text", "", f"{value:g}".replace("-", "−"), x=place, y=bottom + 18, text_anchor="middle")
        self.add("text", "", x_name, x=(left + right) / 2, y=bottom + 38, text_anchor="middle")
        self.add("text", "", y_name, x=left, y=top - 9)

    def __str__(self) -> str:
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {self.height}" role="img">'
        paper = '<rect class="paper" width="720" height="100%" rx="6"/>'
        return "\n".join(
            [
                head,
                f"<title>{escape(self.title)}</title>",
                f"<style>\n{STYLE}\n</style>",
                paper,
                *self.parts,
                "</svg>\n",
            ]
        )


def _written(value: object) -> str:
    return f"{float(value):.1f}".removesuffix(".0") if isinstance(value, int | float | np.floating) else str(value)


def _points(x, y) -> Iterator[str]:
    return (f"{across:.1f},{down:.1f}" for across, down in zip(x, y, strict=True))


def bradley_terry() -> Picture:
    """Shares won over fitted differences, with the curve of what is shown first."""
    told = simulate.pairs(np.linspace(-1.6, 1.6, 8), 3000, seed=4, position=0.6)
    shown, other = np.where(told.first_a, (told.a, told.b), (told.b, told.a))
    won = (told.outcome == 1) == told.first_a
    fit = rankings.bradley_terry(np.where(won, shown, other), np.where(won, other, shown), first=won, n_items=8)
    key = shown * 8 + other
    count = np.bincount(key, minlength=64)
    there = np.flatnonzero(count)
    drop = fit.values[there // 8] - fit.values[there % 8]
    picture = Picture("Share of judgements won by what was shown first, over the difference of the strengths", (-4, 4))
    picture.axes(
        range(-4, 5),
        (0, 0.25, 0.5, 0.75, 1),
        "strength of the first minus strength of the second, logits",
        "share won by the first",
    )
    grid = np.linspace(-4, 4, 81)
    picture.line(grid, expit(grid), "quiet")
    picture.line(grid, expit(grid + fit.position), "accent")
    picture.dots(drop, np.bincount(key, won, 64)[there] / count[there], np.sqrt(count[there]) / 1.5, "ink")
    picture.text(-0.75, 0.72, f"with the fitted position effect, {fit.position:+.2f}", "accent", "end")
    picture.text(0.95, 0.6, "without it", "")
    return picture


def ties() -> Picture:
    """The chance of a tie in two models that agree between equals."""
    nu = 6 / 7
    cut = 2 * np.arctanh(0.3)
    drop = np.linspace(-7, 7, 141)
    picture = Picture(
        "Chance of a tie over the difference of the strengths, after Davidson and after Rao and Kupper",
        (-7, 7),
        (0, 0.35),
    )
    picture.axes(range(-6, 7, 2), (0, 0.1, 0.2, 0.3), "difference of the strengths, logits", "chance of a tie")
    picture.line(drop, expit(drop + cut) - expit(drop - cut), "ink")
    picture.line(drop, nu / (nu + 2 * np.cosh(drop / 2)), "accent")
    picture.text(2.4, 0.23, "Davidson", "accent")
    picture.text(0, 0.1, "Rao and Kupper", "ink", "middle")
    return picture


def graded() -> Picture:
    """The chances of seven answers."""
    cuts = np.array([0.5, 1.5, 3.0])
    drop = np.linspace(-6, 6, 121)
    beyond = np.column_stack(
        [np.ones_like(drop), expit(drop[:, None] - np.concatenate([-cuts[::-1], cuts])), np.zeros_like(drop)]
    )
    picture = Picture("Chances of the seven answers over the difference of the strengths", (-6, 6))
    for answer in range(-3, 4):
        high, low = beyond[:, answer + 3], beyond[:, answer + 4]
        name = "fill-accent" if answer > 0 else "fill-ink"
        picture.area(drop, low, high, name, (0.06, 0.25, 0.5, 0.85)[abs(answer)])
    picture.axes(range(-6, 7, 2), (0, 0.5, 1), "strength of a minus strength of b, logits", "chance of each answer")
    for place, level, words in (
        (4.2, 0.4, "+3"),
        (2.4, 0.44, "+2"),
        (1.05, 0.42, "+1"),
        (0, 0.5, "0"),
        (-1.05, 0.58, "−1"),
        (-2.4, 0.56, "−2"),
        (-4.2, 0.6, "−3"),
    ):
        picture.text(place, level, words, "paper" if "3" in words else "ink", "middle")
    return picture


def plackett_luce() -> Picture:
    """One ranking as the choices it is."""
    names, values = "ABCD", np.array([1.0, 0.5, -0.2, -0.9])
    order, left = [1, 0, 2, 3], [0, 1, 2, 3]
    picture = Picture("The ranking B, A, C, D as three choices from what is left", (0, 3), (0, 1), (60, 44, 690, 250))
    picture.axes((), (0, 0.25, 0.5, 0.75, 1), "", "")
    chances = []
    for stage, best in enumerate(order[:3]):
        worths = np.exp(values[left]) / np.exp(values[left]).sum()
        for slot, (item, chance) in enumerate(zip(left, worths, strict=True)):
            across, down = picture.at(stage + 0.12 + 0.19 * slot, chance)
            picture.add("rect", "accent" if item == best else "grid", x=across, y=down, width=30, height=250 - down)
            picture.add("text", "ink" if item == best else "", names[item], x=across + 15, y=268, text_anchor="middle")
        chances.append(worths[left.index(best)])
        words = ("first", "then", "then")[stage]
        picture.add(
            "text", "", f"{words} {names[best]}: {chances[-1]:.3f}", x=float(picture.at(stage + 0.12, 0)[0]), y=34
        )
        left.remove(best)
    told = " × ".join(f"{chance:.3f}" for chance in chances)
    picture.add("text", "ink", f"P(B > A > C > D) = {told} = {np.prod(chances):.3f}", x=690, y=290, text_anchor="end")
    return picture


def best_worst() -> Picture:
    """The chances of all pairs of a best and a worst."""
    names, values = "ABCD", np.array([1.0, 0.5, -0.2, -0.9])
    chance = np.exp(values[:, None] - values) * ~np.eye(4, dtype=bool)
    chance /= chance.sum()
    picture = Picture("Chance of each pair of a best and a worst item in a set of four", height=272)
    for best in range(4):
        picture.add("text", "ink", names[best], x=208, y=76 + 48 * best, text_anchor="middle")
        picture.add("text", "ink", names[best], x=268 + 84 * best, y=36, text_anchor="middle")
        for worst in range(4):
            x, y, share = 230 + 84 * worst, 48 + 48 * best, chance[best, worst]
            picture.add(
                "rect", "accent", x=x, y=y, width=78, height=42, style=f"fill-opacity: {share / chance.max():.2f}"
            )
            picture.add(
                "text", "ink", f"{share:.2f}" if best != worst else "–", x=x + 39, y=y + 26, text_anchor="middle"
            )
    picture.add("text", "", "best", x=180, y=148, text_anchor="end")
    picture.add("text", "", "worst", x=395, y=258, text_anchor="middle")
    return picture


def raters() -> Picture:
    """What was found out about each of twenty raters."""
    kind = simulate.Raters
    panel = kind.good(14) + kind.noisy(2) + kind.random(1) + kind.reversed(1) + kind.alike(2, side=1.5)
    told = simulate.pairs(np.linspace(1.5, -1.5, 10), 6000, seed=9, raters=panel)
    found = with_raters(told.a, told.b, told.outcome, told.rater, first_a=told.first_a).raters
    picture = Picture(
        "Each rater's reliability and side, with errors, and how they were simulated", (-1.6, 1.8), (-1, 2.4)
    )
    picture.axes(np.arange(-1.5, 2, 0.5), range(-1, 3), "reliability", "leaning to what is shown first, logits")
    marks = (found.reliability, found.side, found.reliability_error, found.side_error)
    for x, y, x_error, y_error in zip(*marks, strict=True):
        picture.line([x - x_error, x + x_error], [y, y], "ink thin")
        picture.line([x, x], [y - y_error, y + y_error], "ink thin")
    picture.dots(found.reliability, found.side, 3.5, "ink")
    for x, y, words in (
        (1, -0.62, "good"),
        (0.4, -0.62, "noisy"),
        (0, 0.62, "clicks at random"),
        (-1, 0.62, "reversed"),
    ):
        picture.text(x, y, words, "", "middle")
    picture.text(0.55, 1.5, "prefers the first", "", "end")
    return picture


def intervals() -> Picture:
    """Strengths with their intervals, the truth and the ranks that each may have."""
    truth = np.concatenate([np.linspace(1.6, -1.6, 7), np.linspace(1.0, -1.0, 4)])
    one = simulate.design("uniform", 7, 300, seed=7)
    two = simulate.design("uniform", 4, 60, seed=7) + 7
    told = simulate.pairs(truth, np.concatenate([one, two]), seed=8, tie=0.5)
    fit = rankings.davidson(told.a, told.b, told.outcome)
    ends, ranks = fit.interval(), fit.rank_interval()
    order = np.lexsort((-fit.values, fit.components))
    picture = Picture(
        "Strengths of two parts with their intervals, the truth, and the ranks each may have",
        (-3, 3),
        (12.5, -0.8),
        (110, 24, 560, 300),
        350,
    )
    picture.axes(range(-3, 4), (), "strength, logits, mean zero in each part", "")
    picture.add("text", "", "ranks it may have", x=640, y=15, text_anchor="middle")
    for row, item in enumerate(order):
        level = row + 1.0 * fit.components[item]
        (left, right), height = picture.at(ends[item], level)[0], float(picture.at(0, level)[1])
        picture.add("line", "ink", x1=left, x2=right, y1=height, y2=height)
        picture.dots([fit.values[item]], [level], 4, "ink")
        across = float(picture.at(truth[item], 0)[0])
        picture.add("line", "accent", x1=across, x2=across, y1=height - 6, y2=height + 6)
        picture.add("text", "", f"{'AB'[fit.components[item]]}{item % 7 + 1}", x=96, y=height + 4, text_anchor="end")
        best, worst = ranks[item]
        picture.add(
            "text",
            "ink",
            f"{best} to {worst}" if best < worst else f"{best}",
            x=640,
            y=height + 4,
            text_anchor="middle",
        )
    return picture


def asking() -> Picture:
    """How the order comes out as judgements arrive, asked by chance and by what they tell of it."""
    picture = Picture(
        "Kendall's correlation of the fitted with the true order over judgements per item", (0, 40), (0.25, 1)
    )
    picture.axes(
        range(0, 41, 10),
        (0, 0.25, 0.5, 0.75, 1),
        "judgements that each item takes part in",
        "correlation with the true order, τ",
    )
    for sd, level, words in ((3.0, 0.975, "strengths far apart (sd 3)"), (1.0, 0.69, "close together (sd 1)")):
        told = np.mean([[_orders_found(sd, informed, seed) for informed in (False, True)] for seed in range(8)], axis=0)
        picture.line(np.arange(2, 41, 2), told[0], "quiet")
        picture.line(np.arange(2, 41, 2), told[1], "accent")
        picture.text(39, level, words, "", "end")
    picture.text(39, 0.41, "asked by chance", "", "end")
    picture.text(39, 0.33, "by what they tell of the order, a fifth by chance", "accent", "end")
    return picture


def _orders_found(sd: float, informed: bool, seed: int, n_items: int = 50) -> list[float]:
    """Ask for one judgement per item, twenty times; return how well the order was known each time."""
    truth, asked, told, found = sd * np.random.default_rng(seed).normal(size=n_items), [], [], []
    for turn in range(20):
        number = 100 * seed + turn
        batch = (
            selection.order_gain(found[-1], n_items, seed=number)
            if informed and found
            else selection.uniform(n_items, n_items, seed=number)
        )
        asked.append(batch.sets)
        told.append(simulate.pairs(truth, batch.sets, seed=number).outcome)
        pairs = np.concatenate(asked)
        found.append(rankings.davidson(*pairs.T, np.concatenate(told), n_items=n_items, prior_sd=1.5))
    return [float(kendalltau(fit.values, truth).statistic) for fit in found]


PICTURES: dict[str, Callable[[], Picture]] = {
    "bradley-terry": bradley_terry,
    "ties": ties,
    "graded": graded,
    "plackett-luce": plackett_luce,
    "best-worst": best_worst,
    "raters": raters,
    "asking": asking,
    "intervals": intervals,
}


def main() -> None:
    for name, draw in PICTURES.items():
        (FOLDER / f"rankings-{name}.svg").write_text(str(draw()))


if __name__ == "__main__":
    main()
