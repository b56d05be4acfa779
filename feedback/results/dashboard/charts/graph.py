"""Who was compared with whom: generators round a circle, a line as thick as they met often, parts apart."""

import math
from collections.abc import Sequence

from feedback.results.dashboard.charts.canvas import Canvas, fitted, width_of
from feedback.results.dashboard.charts.picture import Picture
from feedback.results.dashboard.charts.table import Column, Table
from feedback.results.dashboard.facts import Facts
from feedback.results.dashboard.words import counted

MOST_NAMED = 24


def graph(facts: Facts) -> Picture:
    """The generators of this criterion, part by part."""
    told = facts.part("trust", "coverage")
    edges = [(a, b, n) for a, b, n in told.get("edges") or []]
    nodes = parted([node["id"] for node in told.get("nodes") or []], edges)
    parts = told.get("parts") or 1
    spoken = f"{len(nodes)} generators in {counted(parts)} part{'s' if parts > 1 else ''}."
    names = [facts.names.generator(node) for node in nodes]
    return Picture(
        "connections",
        "Who was compared with whom",
        spoken,
        lambda width: _draw(nodes, names, edges, width),
        lambda: _table(facts, edges),
        caption="Who was compared with whom: the thicker a line, the more often.",
    )


def _table(facts: Facts, edges: Sequence[tuple[int, int, int]]) -> Table:
    columns = [
        Column("Generator", "generator"),
        Column("and", "other"),
        Column("Compared", "judgements", "{:,}".format),
    ]
    rows = [(facts.names.generator(a), facts.names.generator(b), n) for a, b, n in edges]
    return Table("How often two generators were compared", columns, rows)


def parted(nodes: Sequence[int], edges: Sequence[tuple[int, int, int]]) -> list[int]:
    """The nodes with those of a part together, in the order they came."""
    root = {node: node for node in nodes}

    def find(node: int) -> int:
        while root[node] != node:
            node = root[node]
        return node

    for a, b, _ in edges:
        if a in root and b in root:
            root[find(b)] = find(a)
    first = {find(node): at for at, node in reversed(list(enumerate(nodes)))}
    return sorted(nodes, key=lambda node: first[find(node)])


def _draw(nodes: Sequence[int], names: Sequence[str], edges: Sequence[tuple[int, int, int]], width: float) -> Canvas:
    narrow = width < 400
    radius = 82 if narrow else 108
    canvas = Canvas(width, 2 * radius + 60)
    x, y = width / 2, radius + 30
    turns = [2 * math.pi * at / max(1, len(nodes)) - math.pi / 2 for at in range(len(nodes))]
    places = {
        node: (x + radius * math.cos(turn), y + radius * math.sin(turn))
        for node, turn in zip(nodes, turns, strict=True)
    }
    most = max([n for _, _, n in edges], default=1)
    for a, b, n in edges:
        if a in places and b in places:
            weight = f' stroke-width="{0.5 + 4 * n / most:.1f}" stroke-opacity="{0.12 + 0.4 * n / most:.2f}"'
            canvas.line("edge", *places[a], *places[b], more=weight)
    for node, name, turn in zip(nodes, names, turns, strict=True):
        across, down = places[node]
        canvas.circle("node", across, down, 5)
        if len(nodes) <= MOST_NAMED:
            _name(canvas, name, across, down, turn)
    return canvas


def _name(canvas: Canvas, name: str, x: float, y: float, turn: float) -> None:
    """Outside the circle, at the side the node is on."""
    side = math.cos(turn)
    if abs(side) < 0.2:
        canvas.text("value", x, y + (22 if math.sin(turn) > 0 else -12), fitted(name, 140, 12), "middle")
        return
    room = (canvas.width - x if side > 0 else x) - 14
    words = fitted(name, max(room, width_of("MM")), 12)
    canvas.text("value", x + 12 if side > 0 else x - 12, y + 4, words, "start" if side > 0 else "end")
