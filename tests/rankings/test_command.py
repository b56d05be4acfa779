"""The command line: `python -m rankings`."""

import csv
import io
import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import rankings
from rankings.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
RING = (
    "a,b,outcome,rater\ngpt,bee,1,ann\nbee,cat,a,bob\ncat,gpt,1,ann\ngpt,cat,tie,bob\ngpt,bee,1,bob\nbee,cat,-1,ann\n"
)
TWO_RINGS = RING.replace(",rater", "").replace(",ann", "").replace(",bob", "") + "w,v,a\nv,w,a\nw,v,a\n"


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Write a text and return its name, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def written(text):
        Path("told.csv").write_text(text)
        return "told.csv"

    return written


def test_a_table_of_strengths(told, capsys):
    assert main(["fit", told(RING), "--covariance", "fisher"]) == 0

    lines = capsys.readouterr().out.splitlines()
    fit = rankings.davidson([0, 1, 2, 0, 0, 1], [1, 2, 0, 2, 1, 2], [1, 1, 1, 0, 1, -1])
    low, high = fit.interval()[0]

    assert lines[:4] == [
        "davidson: 6 judgements of 3 items",
        "logits, mean zero; no prior; fisher errors",
        "",
        "rank  item  strength   error     95 % interval  ranks",
    ]
    assert lines[4] == (
        f"   1  gpt   {fit.values[0]:8.3f}  {fit.standard_errors[0]:6.3f}  {f'{low:.2f} to {high:.2f}':>16}  1 to 3"
    )
    assert lines[-2:] == ["", f"tie nu {fit.tie:.3f}"]


def test_parts_are_ranked_apart(told, capsys):
    main(["fit", told(TWO_RINGS), "--level", "0.9"])

    lines = capsys.readouterr().out.splitlines()

    assert lines[1] == "logits, mean zero in each of 2 parts, which are not comparable; no prior; fisher errors"
    assert lines[3].split("  ")[:3] == ["part", "rank", "item"]
    assert "90 % interval" in lines[3]
    assert [tuple(line.split()[:3]) for line in lines[4:9]] == [
        ("1", "1", "gpt"),
        ("1", "2", "cat"),
        ("1", "3", "bee"),
        ("2", "1", "w"),
        ("2", "2", "v"),
    ]


def test_what_items_share_is_told(told, capsys):
    text = "a,b,strength,first\nx,y,1,x\ny,x,1,x\nx,y,2,y\ny,x,-2,y\nx,y,-1,x\nx,y,-2,x\nx,y,0,y\n"

    main(["fit", told(text), "--prior-sd", "1.5"])
    lines = capsys.readouterr().out.splitlines()

    assert lines[0].startswith("graded: 7 judgements")
    assert lines[1] == "logits, mean zero; prior sd 1.5; fisher errors"
    assert lines[-2].startswith("cut-points ")
    assert lines[-1].startswith("shown first ")


def test_a_table_without_anything_shared_ends_with_its_items(told, capsys):
    main(["fit", told("winner,loser\nx,y\ny,x\n")])

    assert capsys.readouterr().out.splitlines()[-1].split()[:4] == ["2", "y", "0.000", "0.707"]


def test_json_says_everything(told, capsys):
    main(["fit", told(RING), "--json"])
    found = json.loads(capsys.readouterr().out)
    fit = rankings.davidson([0, 1, 2, 0, 0, 1], [1, 2, 0, 2, 1, 2], [1, 1, 1, 0, 1, -1], rater=[0, 1, 0, 1, 1, 0])
    ends, ranks = fit.interval(), fit.rank_interval()

    assert {key: found[key] for key in ("model", "judgements", "level", "covariance", "prior_sd")} == {
        "model": "davidson",
        "judgements": 6,
        "level": 0.95,
        "covariance": "rater",
        "prior_sd": None,
    }
    assert found["log_likelihood"] == pytest.approx(fit.log_likelihood)
    assert (found["tie"], found["tie_error"]) == pytest.approx((fit.tie, fit.tie_error))
    assert found["items"][0] == pytest.approx(
        {
            "part": 1,
            "rank": 1,
            "item": "gpt",
            "strength": fit.values[0],
            "error": fit.standard_errors[0],
            "low": ends[0, 0],
            "high": ends[0, 1],
            "best_rank": ranks[0, 0],
            "worst_rank": ranks[0, 1],
        }
    )


def test_a_cut_point_at_infinity_is_null_in_json(told, capsys):
    main(["fit", told("a,b,strength\nx,y,2\ny,x,2\nx,y,-2\n"), "--json"])

    assert json.loads(capsys.readouterr().out)["cut_points"] == [0, 0]


def test_raters_are_told_by_name(told, capsys):
    main(["fit", told(RING), "--model", "with-raters", "--prior-sd", "1.5"])
    lines = capsys.readouterr().out.splitlines()
    main(["fit", "told.csv", "--model", "with-raters", "--prior-sd", "1.5", "--json"])
    found = json.loads(capsys.readouterr().out)["raters"]

    assert lines[-3] == "rater  judgements  reliability   error    side   error"
    assert [line.split()[:2] for line in lines[-2:]] == [["ann", "3"], ["bob", "3"]]
    assert [rater["rater"] for rater in found] == ["ann", "bob"]
    assert float(lines[-1].split()[2]) == pytest.approx(found[1]["reliability"], abs=5e-4)


def test_an_infinite_error_is_null_in_json(told, capsys):
    main(["fit", told("winner,loser,rater\nx,y,ann\ny,x,ann\nx,w,bob\nw,x,cy\nx,w,cy\n"), "--json"])
    errors = {line["item"]: line["error"] for line in json.loads(capsys.readouterr().out)["items"]}

    assert errors["y"] is None
    assert errors["x"] > 0


def test_csv_has_a_line_for_each_item(told, capsys):
    main(["fit", told(RING.replace("gpt", '"gpt, 4"')), "--csv"])
    found = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))

    assert [row["item"] for row in found] == ["gpt, 4", "cat", "bee"]
    assert list(found[0]) == ["part", "rank", "item", "strength", "error", "low", "high", "best_rank", "worst_rank"]


def test_columns_and_rows_are_chosen(told, capsys):
    text = "chosen,rejected,criterion\nx,y,light\ny,x,light\nz,x,story\n"

    main(["fit", told(text), "--columns", "winner=chosen,loser=rejected", "--where", "criterion=light", "--csv"])

    assert [line.split(",")[2] for line in capsys.readouterr().out.splitlines()[1:]] == ["x", "y"]


def test_agreement_of_ratings(told, capsys):
    units = [
        (1, 1, 2),
        (2, 2, 2),
        (3, 3, 3),
        (1, 2, 1),
        (3, 3, 1),
        (2, 2, 1),
        (3, 2, 3),
        (1, 1, 1),
        (2, 3, 3),
        (1, 1, 3),
    ]
    rows = [f"r{rater},u{unit},{said}" for unit, told_on in enumerate(units) for rater, said in enumerate(told_on)]
    path = told("\n".join(["rater,unit,rating", *rows]))
    alpha = rankings.agreement.krippendorff_alpha(list(map(list, zip(*units, strict=True))), "ordinal")
    low, high = alpha.interval(0.9)

    main(["agreement", path, "--scale", "ordinal", "--level", "0.9"])
    assert capsys.readouterr().out.splitlines() == [
        f"Krippendorff's alpha (ordinal) {alpha.value:.3f}, 90 % interval {low:.3f} to {high:.3f}",
        "30 ratings of 10 units with two or more, by 3 raters",
    ]
    main(["agreement", path, "--scale", "ordinal", "--level", "0.9", "--json"])
    assert json.loads(capsys.readouterr().out) == {
        "measure": "Krippendorff's alpha (ordinal)",
        "value": alpha.value,
        "low": low,
        "high": high,
        "level": 0.9,
        "units": 10,
        "raters": 3,
        "ratings": 30,
    }


def test_parts_and_what_would_join_them(told, capsys):
    many = "".join(f"x,y{number}\n" for number in range(9))
    main(["connect", told(f"winner,loser\n{many}w,v\nv,w\nv,u\n")])

    *lines, last = capsys.readouterr().out.splitlines()
    assert lines == [
        "12 judgements of 13 items",
        "",
        "part   items",
        "   1      10  x, y0, y1, y2, y3, y4, y5, y6, …",
        "   2       3  v, w, u",
        "",
        "Judgements of these pairs would join them; ask for several of each:",
    ]
    assert {name.strip() for name in last.split("–")} == {"x", "v"}


def test_one_part_needs_nothing(told, capsys):
    main(["connect", told(RING)])

    assert capsys.readouterr().out.splitlines()[-1] == "   1       3  gpt, bee, cat"


def test_parts_as_json(told, capsys):
    main(["connect", told("set,best,worst\na|b|c,a,b\nd|e,d,e\nc|d,c,d\n"), "--json"])
    assert json.loads(capsys.readouterr().out) == {"parts": [["b", "c", "d", "a", "e"]], "joins": []}

    main(["connect", told("ranking\na>b\nc>d>e\n")])
    assert capsys.readouterr().out.splitlines()[3:5] == ["   1       3  d, c, e", "   2       2  a, b"]


REFUSALS = [
    ("winner,loser\nx,x\n", [], (2, 'told.csv:2: "x" is compared with itself; leave the line out')),
    ("winner,loser\nx,y\ny,x\n", ["--level", "2"], (2, "level must be between 0 and 1, not 2.0")),
    ("winner,loser\nx,y\ny,x\n", ["--prior-sd", "0"], (2, "--prior-sd must be finite and above 0 logits")),
    ("winner,loser\nx,y\ny,z\nz,y\n", [], (3, "x: always above or always below others in their part, so th")),
    ("winner,loser\nx,y\n", [], (3, "no finite value; pass --prior-sd (logits, for example 1.5) or leave them out")),
    (
        "winner,loser\n" + "".join(f"x,y{i}\n" for i in range(11)),
        [],
        (3, "x, y0, y1, y2, y3, y4, y5, y6, y7, y8 and 2 more: "),
    ),
    ("winner,loser,rater\nx,y,ann\ny,x,ann\nv,w,bob\nw,v,cy\n", [], (3, "x, y: judged by one cluster only")),
    ("winner,loser,rater\nx,y,ann\ny,x,ann\nv,w,bob\nw,v,cy\n", [], (3, "or pass --covariance fisher")),
    ("a,b,outcome\nx,y,tie\n", [], (4, "every judgement is a tie")),
]


@pytest.mark.parametrize(("text", "options", "refused"), REFUSALS)
def test_refusals_have_names_and_codes(told, capsys, text, options, refused):
    code, problem = refused

    assert main(["fit", told(text), *options]) == code

    output = capsys.readouterr()
    assert output.err.startswith("rankings: ")
    assert problem in output.err
    assert output.out == ""


@pytest.mark.parametrize(
    "options", [["--columns", "winner"], ["--where", "light"], ["--model", "elo"], ["--json", "--csv"]]
)
def test_options_that_make_no_sense(told, capsys, options):
    with pytest.raises(SystemExit, match="2"):
        main(["fit", told(RING), *options])

    assert "error: argument" in capsys.readouterr().err


def test_a_reader_who_has_seen_enough(told, monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        assert main(["fit", told(RING)]) == 0


def test_help_is_one_screen():
    told = subprocess.run(
        [sys.executable, "-m", "rankings", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert len(told) <= 32
    assert max(map(len, told)) <= 80


def test_python_m_rankings_answers_for_itself(told, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["rankings", "fit", told(RING), "--csv"])

    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "rankings/__main__.py"), run_name="__main__")

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("part,rank,item")
