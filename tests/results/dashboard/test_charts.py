"""Pictures say what their numbers say, and can be kept."""

import csv
import io
import itertools
import re
from xml.etree import ElementTree as ET

import pytest

from feedback.results.dashboard.charts.axis import Axis, ticks
from feedback.results.dashboard.charts.canvas import PAINTS, as_file, fitted, width_of
from feedback.results.dashboard.charts.curve import curve
from feedback.results.dashboard.charts.dumbbell import dumbbell
from feedback.results.dashboard.charts.forest import forest, ties
from feedback.results.dashboard.charts.graph import parted
from feedback.results.dashboard.charts.matrix import matrix, shade
from feedback.results.dashboard.charts.picture import NARROW, WIDE
from feedback.results.dashboard.charts.table import Column, Table
from feedback.results.dashboard.facts import Names, facts_of
from feedback.results.dashboard.page import PICTURES, TABLES, table_of
from tests.results.dashboard.told import MAKERS, NAMES, board, facts, told

SAME = ("id", "rater", "n", "step", "from", "generators", "subject")  # who, how many bars, and when
SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str, kind: str) -> list[ET.Element]:
    return [mark for mark in ET.fromstring(svg) if mark.get("class") == kind]


def plain(shown):
    return forest(shown, MAKERS, name="generators", title="Strength", what="generators")


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_picture_is_well_formed_stays_within_and_is_spoken(name, width):
    picture = PICTURES[name](facts())

    root = ET.fromstring(picture.draw(width).svg(picture.spoken))

    assert root.get("role") == "img"
    assert root.get("aria-label") == picture.spoken
    assert len(root) > 5
    for mark in root:
        for key in ("x", "x1", "x2", "cx"):
            assert -1 <= float(mark.get(key, 0)) <= float(root.get("width")) + 1, (mark.tag, mark.attrib)


@pytest.mark.parametrize("name", PICTURES)
def test_a_kept_picture_needs_no_style_sheet_and_runs_nothing(name):
    kept = as_file(PICTURES[name](facts()).wide)

    marks = [mark for mark in ET.fromstring(kept.encode()).iter() if mark.tag != f"{SVG}svg"]

    assert all(mark.get("fill") or mark.get("stroke") for mark in marks)
    assert " style=" not in kept
    assert "<script" not in kept
    assert "href" not in kept


def test_the_style_sheet_knows_every_kind_of_mark():
    from pathlib import Path

    style = (Path(__file__).parents[3] / "static/css/parts/charts.css").read_text()

    assert {kind for kind in PAINTS if f".{kind}" not in style} == set()


def test_a_name_cannot_break_out_of_a_picture():
    shown = forest(board(), ["<script>x</script>"] * 7, name="g", title="T & T", what="generators")

    assert "<script>" not in shown.wide
    assert "T &amp; T" in shown.wide


def test_dots_lie_in_proportion_between_their_whiskers():
    svg = plain(board()).wide

    dots = [float(dot.get("cx")) for dot in drawn(svg, "dot")]
    ends = [(float(one.get("x1")), float(one.get("x2"))) for one in drawn(svg, "whisker")]

    assert dots == sorted(dots, reverse=True)
    assert all(low < dot < high for dot, (low, high) in zip(dots, ends, strict=True))
    values = [row["value"] for row in board()["rows"]]
    assert (dots[0] - dots[2]) / (dots[2] - dots[6]) == pytest.approx(
        (values[0] - values[2]) / (values[2] - values[6]), abs=0.01
    )


def test_tie_bars_join_the_widest_runs_that_nothing_tells_apart():
    assert ties(board()["rows"]) == [(0, 1), (3, 4)]
    assert len(drawn(plain(board()).wide, "tie")) == 2


def test_tie_bars_hold_none_that_can_be_told_apart_and_lie_beside_one_another():
    shown = board()
    for row, group in zip(shown["rows"], [(1, 2), (1, 3), (2, 3), (4, 4), (5, 5), (6, 6), (7, 7)], strict=True):
        row["group"] = list(group)

    bars = drawn(plain(shown).wide, "tie")

    assert ties(shown["rows"]) == [(0, 1), (1, 2)]
    assert len({bar.get("x1") for bar in bars}) == 2


def test_of_many_generators_the_first_are_drawn_and_the_rest_counted():
    shown = board()
    shown["rows"] = [row | {"group": [1, 49]} for row in shown["rows"] * 7]

    svg = forest(shown, MAKERS * 7, name="g", title="Strength", what="generators").wide

    assert len(drawn(svg, "dot")) == 40
    assert "and 9 more, in the table" in svg


def test_parts_stand_apart_and_are_never_joined():
    shown = board()
    for row in shown["rows"][4:]:
        row["component"] = 1
        row["group"] = [1, 3]
    heights = [float(dot.get("cy")) for dot in drawn(plain(shown).wide, "dot")]

    assert ties(shown["rows"])[-1] == (4, 6)
    assert heights[4] - heights[3] > heights[1] - heights[0]


def test_the_line_is_drawn_only_where_the_panel_drew_one():
    assert len(drawn(plain(board()).wide, "line")) == 1
    assert drawn(plain(board() | {"line": None}).wide, "line") == []


def test_the_goal_lies_where_the_forecast_meets_the_target():
    picture = curve(facts("emotional-resonance"))

    [goal], [today] = drawn(picture.wide, "goal"), drawn(picture.wide, "line")
    there, last = float(today.get("x1")), 592 - 14
    assert float(goal.get("cx")) == pytest.approx(there + (there - 34) * 214 / 3772, abs=1)
    assert float(goal.get("cx")) < last
    assert "after 214" in "".join(ET.fromstring(picture.wide).itertext())
    assert drawn(curve(facts("narrative-arc")).wide, "goal") == []


def test_more_agreement_is_darker_and_camps_stand_apart():
    assert shade(0.5, 0.5, 0.8) < shade(0.6, 0.5, 0.8) < shade(0.8, 0.5, 0.8) < 1
    cells = drawn(matrix(facts()).wide, "cell")
    corners = [re.findall(r"M([\d.]+) ([\d.]+)", cell.get("d")) for cell in cells]

    shown = {cell.get("fill-opacity"): len(at) for cell, at in zip(cells[:-5], corners, strict=False)}
    across = sorted({float(x) for at in corners[:-5] for x, _ in at})
    steps = [round(b - a) for a, b in itertools.pairwise(across)]

    assert shown == {"0.90": 5 * 4 + 3 * 2, "0.30": 2 * 5 * 3, "0.10": 2 * 8}
    assert steps.count(max(steps)) == 2


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_of_many_raters_each_name_can_still_be_read(width):
    shown = told()
    n = 30
    shown["by"]["lighting"]["differ"]["matrix"] = {
        "raters": list(range(1, n + 1)),
        "agreement": [[None if i == j else 0.7 for j in range(n)] for i in range(n)],
        "n": [[9] * n] * n,
    }
    svg = matrix(facts_of(shown, "lighting", NAMES)).draw(width).svg("")

    heights = sorted(float(one.get("y")) for one in drawn(svg, "value"))

    assert len(heights) == n
    assert min(b - a for a, b in itertools.pairwise(heights)) >= 12


def test_a_dumbbell_joins_the_score_with_a_rater_to_that_without():
    picture = dumbbell([("Kodiak 3", 1.0, 0.5), ("Vellum", -1.0, -0.9), ("Alone", 0.2, None)], of="Lighting")

    bars = [(float(one.get("x1")), float(one.get("x2"))) for one in drawn(picture.wide, "whisker")]
    rings = [float(one.get("cx")) for one in drawn(picture.wide, "hollow")][1:]
    dots = [float(one.get("cx")) for one in drawn(picture.wide, "dot")][1:]

    assert bars == list(zip(rings, dots, strict=False))
    assert (dots[0] - rings[0]) / (dots[1] - rings[1]) == pytest.approx(-5, abs=0.1)
    assert picture.spoken == "Kodiak 3 moves most, by −0.50."
    assert [row[3] for row in picture.table.rows] == [-0.5, pytest.approx(0.1), None]


def test_marks_stand_among_the_checks_where_two_raters_marked():
    told_of_marks = [row for row in table_of(facts(), "checks").rows if "overlap" in row[0]]

    assert [row[:2] for row in told_of_marks] == [
        ("Regions marked overlap, IoU", ".62\u00a0±\u00a0.07"),
        ("Words marked overlap, F1", ".41\u00a0±\u00a0.11"),
    ]


def test_parts_of_the_graph_stand_together():
    assert parted([1, 2, 3, 4], [(1, 3, 5), (2, 4, 5)]) == [1, 3, 2, 4]


@pytest.mark.parametrize("name", [*PICTURES, *TABLES])
def test_every_table_reads_back_from_its_file_with_the_numbers_of_the_report(name):
    table = table_of(facts(), name)

    rows = list(csv.reader(io.StringIO(table.csv())))

    assert rows[0] == [column.key for column in table.columns]
    assert len(rows) == 1 + len(table.rows) > 1
    assert [["" if one is None else str(one) for one in row] for row in table.rows] == [
        [cell.removeprefix("'") for cell in row] for row in rows[1:]
    ]
    assert all(len(row) == len(table.columns) for row in table.said())


def test_a_spreadsheet_computes_nothing_of_ours():
    table = Table("", [Column("", "name")], [("=HYPERLINK(1)",), ("-plain",), ("plain",)])

    assert table.csv().splitlines() == ["name", "'=HYPERLINK(1)", "'-plain", "plain"]


def test_the_board_in_the_file_is_the_report():
    rows = list(csv.DictReader(io.StringIO(table_of(facts(), "generators").csv())))

    assert [float(row["value"]) for row in rows] == [row["value"] for row in board()["rows"]]
    assert [row["name"] for row in rows] == list(MAKERS)


@pytest.mark.parametrize("name", [*PICTURES, *TABLES])
def test_nothing_known_is_drawn_and_listed_as_nothing(name):
    nothing = facts_of({}, "lighting", Names({"lighting": "Lighting"}))

    table = table_of(nothing, name)

    assert list(table.rows) == []
    if name in PICTURES:
        ET.fromstring(PICTURES[name](nothing).wide)


def zeroed(told):
    """The same with a nought for every measured number."""
    if isinstance(told, dict):
        return {key: one if key in SAME else zeroed(one) for key, one in told.items()}
    if isinstance(told, list):
        return [zeroed(one) for one in told]
    return 0.0 if isinstance(told, float | int) and not isinstance(told, bool) else told


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", PICTURES)
def test_a_report_of_noughts_is_drawn(name, width):
    picture = PICTURES[name](facts_of(zeroed(told()), "lighting", NAMES))

    ET.fromstring(picture.draw(width).svg(picture.spoken))


def test_answers_given_in_no_time_lie_on_the_floor():
    shown = told()
    for row in shown["raters"]:
        row["timeline"]["seconds"] = [0.0] * len(row["timeline"]["n"])

    svg = PICTURES["timeline"](facts_of(shown, "lighting", NAMES)).wide

    assert len(drawn(svg, "curve")) == len(drawn(svg, "axis"))
    assert "0 s" in {mark.text for mark in drawn(svg, "value")}


def test_nulls_in_a_report_are_dashes():
    shown = told()
    shown["raters"][0] |= dict.fromkeys(("infit", "tau", "gold", "seconds", "reliability", "side"))

    rows = table_of(facts_of(shown, "lighting", NAMES), "raters").said()

    assert any(said == "–" for row in rows for _, said in row)


def test_ticks_are_round_and_few():
    assert ticks(-2.1, 1.8, 7) == [-2, -1, 0, 1]
    assert ticks(-0.31, 0.34, 7) == [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]
    assert ticks(0, 6000, 6) == [0, 2000, 4000, 6000]


def test_an_axis_is_straight():
    axis = Axis(-1, 1, 100, 300)

    assert [axis(-1), axis(0), axis(1)] == [100, 200, 300]


def test_long_names_are_cut_where_they_end():
    assert fitted("Kodiak", 100) == "Kodiak"
    cut = fitted("A very long name of a generator", 100)
    assert cut.endswith("…")
    assert width_of(cut) <= 100
