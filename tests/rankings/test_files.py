"""Files of judgements: what is read, where a file is refused, and that it is the library's own fit."""

import csv
import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import rankings
from rankings import RankingError
from rankings.files import JUDGEMENTS, RATINGS, by_unit, fit, read, sources

ORDERS = "ranking\na>b=c>d\nd > a\n"


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Write a text and return its name, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def written(text, encoding="utf-8"):
        (tmp_path / "told").write_bytes(text.encode(encoding))
        return "told"

    return written


def judgements(file, text, **more):
    return read(file(text), JUDGEMENTS, **more)


PAIRS = [
    ("winner,loser\nx,y\nz,x\n", [1, 1], "bradley-terry", [(0, 1), (2, 0)]),
    ("a,b,outcome\nx,y,tie\nz,x,B\n", [0, -1], "davidson", [(0, 1), (2, 0)]),
    ("a,b,outcome\nx,y,0.0\nz,x,-1\n", [0, -1], "davidson", [(0, 1), (2, 0)]),
    ("model_a,model_b,winner\nx,y,tie (bothbad)\nz,x,model_a\n", [0, 1], "davidson", [(0, 1), (2, 0)]),
    ("a,b,strength\nx,y,-3\nz,x,2.0\n", [-3, 2], "graded", [(0, 1), (2, 0)]),
    (
        '{"a": "x", "b": "y", "strength": -3}\n\n{"b": "x", "a": "z", "strength": 2}\n',
        [-3, 2],
        "graded",
        [(0, 1), (2, 0)],
    ),
    ('{"winner": 7, "loser": 8}\n{"winner": "9", "loser": "7"}', [1, 1], "bradley-terry", [(0, 1), (2, 0)]),
]


@pytest.mark.parametrize(("text", "strength", "model", "sides"), PAIRS)
def test_pairs(file, text, strength, model, sides):
    found = judgements(file, text)

    assert list(zip(found.told.a.tolist(), found.told.b.tolist(), strict=True)) == sides
    assert (found.told.strength.tolist(), found.model, len(found)) == (strength, model, 2)
    assert found.items in (["x", "y", "z"], ["7", "8", "9"])


@pytest.mark.parametrize(
    "text",
    [
        ORDERS,
        'ranking\n"[""a"", [""b"", ""c""], ""d""]"\n"[[""d""], ""a""]"\n',
        '{"ranking": ["a", ["b", "c"], "d"]}\n{"ranking": ["d", "a"]}\n',
        '{"ranking": "a>b=c>d"}\n{"ranking": "d>a"}\n',
        'works,ranks\na|b|c|d,"[1, 2, 2, 3]"\nd|a,"[1, 2]"\n',
        '{"works": [{"work": "a"}, {"work": "b"}, "c", "d"], "ranks": [1, 2, 2, 3]}\n{"works": ["d", "a"], "ranks": [1, 2]}',
    ],
)
def test_orders(file, text):
    found = judgements(file, text)

    assert found.items == ["a", "b", "c", "d"]
    assert [column.tolist() for column in found.told] == [[0, 1, 2, 3, 3, 0], [1, 2, 2, 3, 1, 2], [4, 2]]


@pytest.mark.parametrize(
    "text",
    [
        "set,best,worst\na|b|c,c,a\nb|a,a,b\n",
        '{"set": ["a", "b", "c"], "best": "c", "worst": "a"}\n{"set": ["b", "a"], "best": "a", "worst": "b"}',
    ],
)
def test_best_and_worst(file, text):
    found = judgements(file, text)

    assert [column.tolist() for column in found.told] == [[0, 1, 2, 1, 0], [3, 2], [2, 0], [0, 1]]


def test_what_else_is_told(file):
    found = judgements(file, "a,b,outcome,rater,prompt,weight,first,note\nx,y,a,ann,p,2,x,?\ny,z,b,bob,p,0.5,z,!\n")

    assert {role: column.tolist() for role, column in found.details.items()} == {
        "rater": [0, 1],
        "prompt": [0, 0],
        "weight": [2.0, 0.5],
        "first": [True, False],
    }
    assert found.names["rater"] == ["ann", "bob"]


def test_top_goes_with_orders_alone(file):
    assert judgements(file, "ranking,top\na>b>c,1\na>c,1\n").details["top"].tolist() == [1, 1]
    assert "top" not in judgements(file, "winner,loser,top\na,b,1\n").details


def test_columns_may_have_other_names(file):
    text = "left,right,winner,judge,first\nx,y,left,ann,\ny,x,tie,bob,\n"

    found = judgements(
        file, text, columns={"a": "left", "b": "right", "outcome": "winner", "rater": "judge", "first": ""}
    )

    assert found.told.strength.tolist() == [1, 0]
    assert set(found.details) == {"rater"}


def test_one_column_may_have_two_roles(file):
    found = judgements(file, "model_a,model_b,winner\nx,y,model_b\n", columns={"first": "model_a"})

    assert found.details["first"].tolist() == [True]


def test_rows_that_do_not_fit_are_passed_over(file):
    text = "winner,loser,criterion,form\nx,y,light,pair\ny,x,story,pair\ny,z,light,pair\nz,y,light,set\n"

    found = judgements(file, text, where={"criterion": "light", "form": "pair"})

    assert found.lines.tolist() == [2, 4]
    assert found.items == ["x", "y", "z"]


@pytest.mark.parametrize("chunk", [1, 2, 1000])
def test_chunks_do_not_show(file, monkeypatch, chunk):
    monkeypatch.setattr(sources, "CHUNK", chunk)
    text = 'winner,loser,note\na,b,\n\n"c",a,"two\nlines"\nb,c,\n'

    found = judgements(file, text)
    objects = judgements(
        file, '{"winner": "a", "loser": "b"}\n\n{"winner": "c", "loser": "a"}\n{"winner": "b", "loser": "c"}'
    )

    assert found.lines.tolist() == [2, 5, 6]
    assert objects.lines.tolist() == [1, 3, 4]
    assert found.told.a.tolist() == objects.told.a.tolist() == [0, 2, 1]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffwinner,loser\r\nå,b\r\n",
        "winner;loser\nå;b\n",
        "winner\tloser\tnote\nå\tb\tx,y;z",
        " winner , loser \n å ,b \n",
        '\ufeff{"winner": "å", "loser": "b"}\r\n',
    ],
)
def test_files_of_other_habits(file, text):
    assert judgements(file, text).items == ["å", "b"]


def test_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"winner,loser\nx,y\n")))

    assert read("-", JUDGEMENTS).items == ["x", "y"]


FAULTS = [
    ("", "told: no header; the first line names the columns, or is a JSON object"),
    ("\nwinner,loser\nx,y\n", "told: no header"),
    (
        "x,y\n",
        "told:1: columns x, y; needed are ranking or works,ranks or set,best,worst or a,b,strength or a,b,outcome or",
    ),
    ("left,right\nx,y\n", r"told:1: columns left, right; .*or winner,loser: .*\(--columns winner=…,loser=…\)"),
    ("winner,loser,loser\nx,y,z\n", "told:1: the column loser is there twice"),
    ("winner,loser\n", "told: no judgements"),
    ("winner,loser\nx,y\nx\n", "told:3: 1 cells under 2 columns; quote cells that hold the separator"),
    ('winner,loser\nx,"y\n', "told:2: not CSV: unexpected end of data"),
    ("winner,loser\nx,y\nz,z\n", 'told:3: "z" is compared with itself; leave the line out'),
    ("winner,loser\nx,y\n ,z\n", 'told:3: winner is "\\s?"; write text or a number'),
    (
        "a,b,outcome\nx,y,x\n",
        'told:2: outcome is "x"; write a, tie or b, or 1, 0, -1; names of winners go with columns win',
    ),
    ("a,b,outcome\nx,y,\n", 'told:2: outcome is ""; write text'),
    ("a,b,strength\nx,y,1.5\n", 'told:2: strength is "1.5"; write a whole number'),
    ("a,b,strength\nx,y,inf\n", 'told:2: strength is "inf"'),
    ("a,b,strength\nx,y,101\n", 'told:2: strength is "101"'),
    ("a,b,strength\nx,y,better\n", 'told:2: strength is "better"'),
    ("winner,loser,weight\nx,y,0\n", 'told:2: weight is "0"; weights are finite and above 0'),
    ("winner,loser,first\nx,y,x\nx,y,z\n", 'told:3: first is "z"; name the one of the two items'),
    ("ranking,top\nx>y,0\n", 'told:2: top is "0"; write how many'),
    ("ranking\nx>y\nx\n", r'told:3: ranking is "x"; write two names or more, as a>b=c or \["a", \["b", "c"\]\]'),
    ("ranking\nx>>y\n", 'told:2: ranking is "x>>y"'),
    ("ranking\n[x\n", r'told:2: ranking is "\[x"'),
    ('{"ranking": 7}', "told:1: ranking is 7"),
    ('{"ranking": ["' + "x" * 90 + '"]}', r'told:1: ranking is \["x{55}…; write'),
    ('{"ranking": ["x", {"y": 1}]}', "told:1: ranking is "),
    ("ranking\nx>y=x\n", 'told:2: ranking holds "x" twice; each item has one place'),
    ("set,best,worst\nx|y|z,x,x\n", 'told:2: best "x" and worst "x" must be two of the set'),
    ("set,best,worst\nx|y|z,x,w\n", 'told:2: best "x" and worst "w" must be two of the set'),
    ('{"set": 1, "best": "x", "worst": "y"}', "told:1: set is 1"),
    ('{"works": ["x", "y"], "ranks": null}', "told:1: ranks is null; write a list with the rank of each work"),
    ('{"works": ["x", "y"], "ranks": [1]}', r"told:1: ranks is \[1\]"),
    ('{"works": ["x", "y"], "ranks": [0, 1]}', r"told:1: ranks is \[0, 1\]"),
    ('{"winner": "x", "loser": "y"}\n{"winner": "x"}', 'told:2: no "loser", which the first line has'),
    ('{"winner": "x", "loser": null}', "told:1: loser is null; write text"),
    ('{"winner": "x", "loser": true}', "told:1: loser is true"),
    ('{"winner": "x", "loser": "y"}\n{"winner"', "told:2: not JSON: Expecting ':' delimiter at column 10"),
    ('{"winner": "x", "loser": "y"}\n[1]', "told:2: not an object; write one JSON object"),
    ('[{"winner": "x", "loser": "y"}]', "told:1: not an object"),
]


@pytest.mark.parametrize(("text", "problem"), FAULTS)
def test_faults_are_named_with_their_line(file, text, problem):
    with pytest.raises(RankingError, match=problem):
        judgements(file, text)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"columns": {"judge": "rater"}}, "no column is called judge here; name one of a, b, best, first, loser,"),
        ({"columns": {"rater": "judge"}}, "told:1: the column judge is not among winner, loser"),
        ({"columns": {"top": "winner"}}, "told:1: columns winner, loser; needed are"),
        ({"where": {"criterion": "light"}}, "told:1: the column criterion is not among winner, loser"),
        ({"where": {"winner": "nobody"}}, "told: no judgements where all that is so"),
    ],
)
def test_settings_that_do_not_go_with_the_file(file, asked, problem):
    with pytest.raises(RankingError, match=problem):
        judgements(file, "winner,loser\nx,y\n", **asked)


def test_files_that_cannot_be_read(file, tmp_path):
    with pytest.raises(RankingError, match="nowhere: No such file"):
        read("nowhere", JUDGEMENTS)
    with pytest.raises(RankingError, match=r"told: .*; save it as UTF-8"):
        read(file("winner,loser\nå,b\n", "latin-1"), JUDGEMENTS)


names = some.text(min_size=1, max_size=8).map(str.strip).filter(lambda name: name and "\0" not in name)


@settings(max_examples=50)
@given(pairs=some.lists(some.tuples(names, names).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=20))
def test_any_names_survive_both_forms(tmp_path_factory, pairs):
    path = tmp_path_factory.mktemp("names") / "told"
    known = list(dict.fromkeys(name for pair in pairs for name in pair))
    with path.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("winner", "loser"), *pairs])
    of_csv = read(str(path), JUDGEMENTS)
    path.write_text("\n".join(json.dumps({"winner": winner, "loser": loser}) for winner, loser in pairs))
    of_json = read(str(path), JUDGEMENTS)

    assert of_csv.items == of_json.items == known
    for told in (of_csv.told, of_json.told):
        assert [(known[a], known[b]) for a, b in zip(told.a, told.b, strict=True)] == pairs


CIRCLE = "a,b,{},rater,prompt,first\nx,y,1,ann,p,x\ny,z,1,bob,q,z\nz,x,2,ann,q,z\nx,z,1,bob,p,x\ny,x,-1,ann,p,y\nx,y,0,bob,q,x\n"


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("graded", lambda a, b, said, **more: rankings.graded(a, b, said, levels=2, **more)),
        ("davidson", lambda a, b, said, **more: rankings.davidson(a, b, np.sign(said), **more)),
        ("rao-kupper", lambda a, b, said, **more: rankings.rao_kupper(a, b, np.sign(said), **more)),
    ],
)
def test_fits_of_pairs_are_the_librarys(file, model, expected):
    found = judgements(file, CIRCLE.format("strength"))
    a, b, said = [0, 1, 2, 0, 1, 0], [1, 2, 0, 2, 0, 1], [1, 1, 2, 1, -1, 0]
    first = [True, False, True, True, True, True]

    of_file = fit(found, model, prior_sd=1.5)
    own = expected(a, b, said, first_a=first, rater=[0, 1, 0, 1, 0, 1], prior_sd=1.5)

    assert of_file.values == pytest.approx(own.values, abs=1e-12)
    assert of_file.standard_errors == pytest.approx(own.standard_errors, abs=1e-12)
    assert of_file.position == pytest.approx(own.position, abs=1e-12)


def test_bradley_terry_turns_pairs_so_that_the_winner_leads(file):
    text = "a,b,outcome,first\nx,y,a,x\ny,x,b,x\ny,x,a,x\nx,y,b,y\ny,x,a,y\nx,y,a,y\n"

    of_file = fit(judgements(file, text), "bradley-terry", prior_sd=1.5)
    own = rankings.bradley_terry(
        [0, 0, 1, 1, 1, 0], [1, 1, 0, 0, 0, 1], first=[True, True, False, True, True, False], prior_sd=1.5
    )

    assert of_file.values == pytest.approx(own.values, abs=1e-12)
    assert of_file.position == pytest.approx(own.position, abs=1e-12)


def test_raters_are_fitted_by_their_names(file):
    found = judgements(file, CIRCLE.format("strength"))

    of_file = fit(found, "with-raters", prior_sd=1.5)
    own = rankings.with_raters(
        [0, 1, 2, 0, 1, 0],
        [1, 2, 0, 2, 0, 1],
        [1, 1, 1, 1, -1, 0],
        [0, 1, 0, 1, 0, 1],
        first_a=[True, False, True, True, True, True],
        prior_sd=1.5,
    )

    assert of_file.values == pytest.approx(own.values, abs=1e-12)
    assert of_file.raters.side == pytest.approx(own.raters.side, abs=1e-12)


def test_errors_by_prompt(file):
    found = judgements(file, CIRCLE.format("strength"))

    by_prompt = fit(found, "davidson", prior_sd=1.5, covariance="prompt")
    by_curvature = fit(found, "davidson", prior_sd=1.5, covariance="fisher")

    assert (by_prompt.n_clusters, by_prompt.covariance, by_curvature.covariance) == (2, "rater", "fisher")


def test_fits_of_sets_are_the_librarys(file):
    orders = fit(judgements(file, "ranking,top,weight\na>b=c>d,4,1\nd>a>b,1,2\nc>d>a,3,1\n"), prior_sd=2)
    chosen = fit(judgements(file, "set,best,worst\na|b|c,c,a\nb|a,a,b\nc|b|a,b,c\n"), prior_sd=2)

    assert orders.values == pytest.approx(
        rankings.plackett_luce(
            [[0, (1, 2), 3], [3, 0, 1], [2, 3, 0]], top=[4, 1, 3], weight=[1, 2, 1], prior_sd=2
        ).values,
        abs=1e-12,
    )
    assert chosen.values == pytest.approx(
        rankings.best_worst([[0, 1, 2], [1, 0], [2, 1, 0]], [2, 0, 1], [0, 1, 2], prior_sd=2).values, abs=1e-12
    )


@pytest.mark.parametrize(
    ("text", "asked", "problem"),
    [
        (
            "winner,loser\nx,y\n",
            {"model": "plackett-luce"},
            "told: plackett-luce does not go with its columns, bradley-",
        ),
        ("winner,loser\nx,y\n", {"model": "with-raters"}, "told: with-raters needs a column rater; name it with --col"),
        (
            "winner,loser,rater\nx,y,ann\n",
            {"model": "with-raters", "covariance": "rater"},
            "told: with-raters has a parameter for each rater already; its errors are by fisher",
        ),
        ("winner,loser\nx,y\n", {"covariance": "prompt"}, "told: errors by prompt need a column prompt; name it with"),
        ("a,b,outcome\nx,y,a\nx,y,tie\n", {"model": "bradley-terry"}, "told:3: a tie, of which bradley-terry knows"),
        (
            "a,b,outcome\nx,y,1\nx,y,0\n",
            {},
            "told: outcome is 0 or 1 and never -1; write -1 where b was better, or tie",
        ),
    ],
)
def test_fits_that_the_file_does_not_carry(file, text, asked, problem):
    with pytest.raises(RankingError, match=problem):
        fit(judgements(file, text), **asked)


def test_ratings_stand_by_unit(file):
    found = read(file("rater,unit,rating\nann,p,3\nbob,q,1\nbob,p,2.0\ncy,p,2\n"), RATINGS)

    assert by_unit(found, numbers=True) == pytest.approx(np.array([[3, 1], [2, np.nan], [2, np.nan]]), nan_ok=True)


def test_categories_are_numbered(file):
    found = read(file("rater,unit,rating\nann,p,good\nbob,p,bad\nann,q,2\nbob,q,good\n"), RATINGS)

    assert by_unit(found, numbers=False).tolist() == [[0, 2], [1, 0]]
    with pytest.raises(RankingError, match='told:2: rating is "good"; write a number, or use --scale nominal'):
        by_unit(found, numbers=True)


def test_nobody_rates_a_unit_twice(file):
    with pytest.raises(RankingError, match="told:4: this rater rated this unit before"):
        by_unit(read(file("rater,unit,rating\nann,p,1\nbob,p,2\nann,p,2\n"), RATINGS), numbers=True)
